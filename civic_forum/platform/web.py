"""Shared parts of views: the extensions, who is asking, limits and marks for routes."""

import math
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import current_app, g, request
from flask_limiter import Limiter
from flask_login import LoginManager, current_user, login_required
from flask_wtf import CSRFProtect
from limits import RateLimitItemPerHour
from werkzeug.routing import BaseConverter

from . import clock, settings, static_files
from .errors import Refusal, TooMany
from .i18n import _n, language
from .networks import network
from .policy import require

csrf = CSRFProtect()
login = LoginManager()
SMALL = 512 * 1024
"""Bytes of a request to a form without files."""


def address() -> str:
    """The client's address as a key for limits."""
    return network(request.remote_addr)


def address_limit() -> str:
    return f"{current_app.config['LIMIT_ADDRESS']} per minute"


limiter = Limiter(key_func=address, headers_enabled=False)
by_address = limiter.shared_limit(address_limit, scope="address")
"""Decorates views that sign in, sign up, post or search."""
by_download = limiter.limit(lambda: f"{current_app.config['LIMIT_DOWNLOADS']} per minute")
"""Decorates views that make a table or a file of much."""


def user_limit() -> str:
    return f"{current_app.config['LIMIT_POSTS_USER']} per minute"


def writer() -> str:
    """The signed-in user as a key for limits."""
    return f"user:{current_user.id}"


by_user = limiter.shared_limit(user_limit, scope="posts", key_func=writer, methods=["POST"],
                               exempt_when=lambda: not current_user.is_authenticated)
"""Decorates views by which a user posts proposals, comments or reports."""
by_saver = limiter.shared_limit(lambda: f"{2 * current_app.config['LIMIT_POSTS_USER']} per minute", scope="drafts",
                                key_func=writer, methods=["POST"],
                                exempt_when=lambda: not current_user.is_authenticated)
"""Decorates views that keep what is being written, by themselves every few seconds."""


def count_in_hours(hours: int, what: str, key: str, most: int, *, cost: int = 1,
                   text: Callable[[int], str] | None = None) -> None:
    """Count what somebody sends once more, before it is looked at. Raises TooMany, with the time to wait, after so many
    within these hours. For what costs people's time: the form comes back as it was filled in. `text` makes its own
    sentence of the minutes.
    """
    limit = RateLimitItemPerHour(most, hours)
    if not limiter.enabled or limiter.limiter.hit(limit, what, key, cost=min(cost, most)):
        return
    until = limiter.limiter.get_window_stats(limit, what, key).reset_time
    seconds = min(max(1, math.ceil(until - (clock.now().timestamp() - clock.offset_seconds()))), hours * 3600)
    minutes = math.ceil(seconds / 60)
    raise TooMany(text(minutes) if text else
                  _n("여러 번 보냈어요. %(num)s분 뒤에 다시 해 주세요. 급하면 화면 아래의 연락처로 알려 주세요.",
                     "여러 번 보냈어요. %(num)s분 뒤에 다시 해 주세요. 급하면 화면 아래의 연락처로 알려 주세요.",
                     minutes), retry_after=seconds)


def left_in_hours(hours: int, what: str, key: str, most: int) -> int:
    """Number that `count_in_hours` would still count."""
    if not limiter.enabled:
        return most
    return limiter.limiter.get_window_stats(RateLimitItemPerHour(most, hours), what, key).remaining


def when_again(refusal: Refusal) -> dict[str, str]:
    """The header that says when to try again, if it was too often or too much at once."""
    seconds = getattr(refusal, "retry_after", None)
    return {"Retry-After": str(seconds)} if seconds else {}


def visitor() -> Any:
    """The person behind this request, as a plain object rather than a proxy."""
    return current_user._get_current_object()


def accepts_files(most_bytes: int):
    """Mark a view whose form carries files of at most so many bytes together."""

    def mark(view):
        view.most_bytes = most_bytes
        return view

    return mark


def sign_in_for(why, *, once: bool | Callable[..., bool] = False):
    """Decorates a view for people who are signed in: the page of signing in begins with this sentence. What a stranger
    sends to it is kept, also where nothing is written in it, and goes on once they are in. `once`: it can be done
    without an account by whoever is verified; or a function of what the address names that says so.
    """

    def mark(view):
        view.why_sign_in, view.for_once = why, once
        return view

    return mark


def leads_to(endpoint: str):
    """Decorates a page that everybody reads and on which people sign in for what this view does: what that view says of
    signing in, the page of signing in says to whoever comes from here, while it can be done without an account."""

    def mark(view):
        view.leads_to = endpoint
        return view

    return mark


def never_cached(view):
    """Mark a view whose answer no cache may keep, ours included."""
    view.never_cached = True
    return view


def shown_to(*predicates):
    """Decorates a view that only people reach whom these predicates of a policy let in; everybody else reads why not.
    Services check again what they change.
    """

    def guard(view):
        @wraps(view)
        def page(*args, **kwargs):
            for predicate in predicates:
                require(visitor(), predicate)
            return view(*args, **kwargs)

        return never_cached(login_required(page))

    return guard


def unlogged(view):
    """Decorates a view that takes a ballot or shows a receipt: nothing notes who was here, no length tells what was
    chosen (the answer is not compressed), and no cache keeps it.
    """

    @wraps(view)
    def given(*args, **kwargs):
        g.unlogged = g.uncompressed = True
        return view(*args, **kwargs)

    given.traceless = True
    return never_cached(given)


def set_size_limit() -> None:
    """Before everything that reads the body: how large it may be here."""
    view = current_app.view_functions.get(request.endpoint or "")
    request.max_content_length = getattr(view, "most_bytes", SMALL)


class WordConverter(BaseConverter):
    """One part of an address; nothing has a NUL in its name, and PostgreSQL refuses to look for one."""

    regex, part_isolating = r"[^/\0]+", True


class IdConverter(BaseConverter):
    """A positive row number that every database can hold."""

    regex = r"[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        return int(value)


def district() -> dict[str, object]:
    """The district's own words and settings, in the language of the page."""
    decided = settings.now()
    get = {**current_app.config, **decided.values}.get
    suffix = language().suffix
    return {
        "name": get(f"SITE_NAME{suffix}") or get("SITE_NAME"),
        "area": get(f"DISTRICT_NAME{suffix}") or get("DISTRICT_NAME"),
        "office": get(f"OFFICE_NAME{suffix}") or get("OFFICE_NAME"),
        "phone": get("CONTACT_PHONE"), "email": get("CONTACT_EMAIL"), "sample": get("SAMPLE"),
        "official_banner": get("OFFICIAL_BANNER"), "threshold": get("SUPPORT_THRESHOLD"),
        "support_days": get("SUPPORT_DAYS"), "version": decided.version}


def asset(path: str) -> str:
    """Address of a file below static/, with a mark that changes when the file does."""
    return static_files.address(str(current_app.static_folder), path)


def sheet(*paths: str) -> str:
    """Address of these style sheets in one."""
    return asset(static_files.joined(paths))
