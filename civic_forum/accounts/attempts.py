"""Limits on guessing: for each sign-in name, whoever asks and from wherever."""

import logging
import math
from collections.abc import Callable
from hashlib import sha256

from flask import current_app
from limits import RateLimitItemPerMinute
from redis import RedisError

from civic_forum.platform import clock
from civic_forum.platform.errors import TooMany
from civic_forum.platform.i18n import _n
from civic_forum.platform.web import limiter, visitor

from .rules import sign_in_key

log = logging.getLogger(__name__)
MINUTES = 5


def count(kind: str, name: str) -> None:
    """Count one more guess before it is looked at. Raises TooMany with the time to wait."""
    item, key = _item(), _key(name)
    try:
        if limiter.limiter.hit(item, kind, key):
            return
        seconds = limiter.limiter.get_window_stats(item, kind, key).reset_time - _real_time()
    except RedisError as away:
        log.warning("guesses are not counted: %s", type(away).__name__)
        return
    seconds = min(max(1, math.ceil(seconds)), MINUTES * 60)
    minutes = math.ceil(seconds / 60)
    raise TooMany(_n("여러 번 틀려서 잠시 멈췄어요. %(num)s분 뒤에 다시 해 주세요.",
                     "여러 번 틀려서 잠시 멈췄어요. %(num)s분 뒤에 다시 해 주세요.", minutes), retry_after=seconds)


def forget(kind: str, name: str) -> None:
    """It was right: what was counted does not count."""
    try:
        limiter.limiter.clear(_item(), kind, _key(name))
    except RedisError as away:
        log.warning("guesses are not forgotten: %s", type(away).__name__)


def with_password(change: Callable[[], object]) -> None:
    """Carry out what asks for one's own password: whoever found a device signed in does not guess it there."""
    count("password", str(visitor().id))
    change()
    forget("password", str(visitor().id))


def _item() -> RateLimitItemPerMinute:
    return RateLimitItemPerMinute(int(current_app.config["LIMIT_SIGN_IN_NAME"]), MINUTES)


def _key(name: str) -> str:
    """No name lies in the memory of the limits."""
    return sha256((sign_in_key(name) or name).encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _real_time() -> float:
    return clock.now().timestamp() - clock.offset_seconds()
