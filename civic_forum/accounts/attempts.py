"""Limits on guessing: for each sign-in name, whoever asks and from wherever, and for each address."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256

from flask import current_app
from limits import RateLimitItem, RateLimitItemPerMinute

from civic_forum.platform import clock, security_log
from civic_forum.platform.errors import TooMany
from civic_forum.platform.i18n import _n
from civic_forum.platform.security_log import Refused
from civic_forum.platform.web import address, limiter, visitor

from . import passwords
from .operations import Wrong
from .rules import sign_in_key

MINUTES = 5
GROWING = (MINUTES, 60, 24 * 60)
"""Minutes of the windows in which codes of the second factor are guessed. Each allows LIMIT_SIGN_IN_NAME more than the
one before: whoever goes on waits minutes, then an hour, then a day."""
TOLD_FROM = 3
"""The wrong code of a day from which on the owner is told."""


@contextmanager
def guessing(kind: str, name: str, *, known: bool) -> Iterator[None]:
    """One guess at a password or code: counted before it is looked at, forgotten if it was right.

    Where the device is not `known`, wrong guesses of its address count too. Raises TooMany, and Busy before anything
    is counted.
    """
    failures, here = RateLimitItemPerMinute(int(current_app.config["LIMIT_FAILURES_ADDRESS"]), MINUTES), address()
    if not known:
        _refuse_full(failures, "failures", here)
    passwords.ask_for_room(first=known)
    count(kind, name)
    try:
        yield
    except Wrong:
        security_log.note(Refused.SIGN_IN)
        if not known:
            _counted(failures, "failures", here)
        raise
    forget(kind, name)


@contextmanager
def guessing_code(kind: str, user_id: int, tell: Callable[[], object]) -> Iterator[None]:
    """One guess at a code of the second factor, with waits that grow; `tell` is called after wrong ones, from the third
    of a day on. Raises TooMany."""
    with _growing(kind, _key(str(user_id))) as of_a_day:
        try:
            yield
        except Wrong:
            security_log.note(Refused.SECOND_FACTOR)
            if _reached(of_a_day, kind, _key(str(user_id)), TOLD_FROM):
                tell()
            raise


@contextmanager
def _growing(kind: str, key: str) -> Iterator[RateLimitItem]:
    """One guess, forgotten if it was right; gives the longest window. Raises TooMany, later for longer."""
    limits = [_item(minutes, place) for place, minutes in enumerate(GROWING, start=1)]
    for limit in reversed(limits):  # the longest wait is the true one
        _refuse_full(limit, kind, key)
    for limit in limits:
        _count(limit, kind, key)
    yield limits[-1]
    for limit in limits:
        _forget(limit, kind, key)


def count(kind: str, name: str) -> None:
    """Count one more guess before it is looked at. Raises TooMany with the time to wait."""
    _count(_item(), kind, _key(name))


def forget(kind: str, name: str) -> None:
    """It was right: what was counted does not count."""
    _forget(_item(), kind, _key(name))


def with_password(change: Callable[[], object]) -> None:
    """Carry out what asks for one's own password: whoever found a device signed in guesses neither it nor the code
    there, with waits that grow. Another device of the account waits for none of them, and one more device would take
    the password."""
    with _growing("password", _key(visitor().session_key)):
        try:
            change()
        except Wrong:
            security_log.note(Refused.PROOF)
            raise


def _item(minutes: int = MINUTES, times: int = 1) -> RateLimitItem:
    return RateLimitItemPerMinute(times * int(current_app.config["LIMIT_SIGN_IN_NAME"]), minutes)


def _key(name: str) -> str:
    """No name lies in the memory of the limits."""
    return sha256((sign_in_key(name) or name).encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _count(limit: RateLimitItem, kind: str, key: str) -> None:
    if not _counted(limit, kind, key):
        _refuse(limit, kind, key)


def _refuse_full(limit: RateLimitItem, kind: str, key: str) -> None:
    if _reached(limit, kind, key, limit.amount):
        _refuse(limit, kind, key)


def _counted(limit: RateLimitItem, kind: str, key: str) -> bool:
    return limiter.limiter.hit(limit, kind, key)


def _reached(limit: RateLimitItem, kind: str, key: str, number: int) -> bool:
    return limit.amount - limiter.limiter.get_window_stats(limit, kind, key).remaining >= number


def _refuse(limit: RateLimitItem, kind: str, key: str) -> None:
    seconds = limiter.limiter.get_window_stats(limit, kind, key).reset_time - _real_time()
    seconds = min(max(1, math.ceil(seconds)), limit.get_expiry())
    minutes, hours = math.ceil(seconds / 60), math.ceil(seconds / 3600)
    if minutes <= 60:
        sentence = _n("여러 번 틀려서 잠시 멈췄어요. %(num)s분 뒤에 다시 해 주세요.",
                      "여러 번 틀려서 잠시 멈췄어요. %(num)s분 뒤에 다시 해 주세요.", minutes)
    else:
        sentence = _n("여러 번 틀려서 잠시 멈췄어요. %(num)s시간 뒤에 다시 해 주세요.",
                      "여러 번 틀려서 잠시 멈췄어요. %(num)s시간 뒤에 다시 해 주세요.", hours)
    raise TooMany(sentence, retry_after=seconds)


def _forget(limit: RateLimitItem, kind: str, key: str) -> None:
    limiter.limiter.clear(limit, kind, key)


def _real_time() -> float:
    return clock.now().timestamp() - clock.offset_seconds()
