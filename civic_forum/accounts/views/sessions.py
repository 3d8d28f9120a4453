"""The user behind a request, and devices on which an account was signed in before."""

from datetime import timedelta
from functools import partial
from secrets import token_urlsafe

from flask import after_this_request, g, request, session
from itsdangerous import BadData, URLSafeTimedSerializer

from civic_forum.platform import clock, cookies, keys, session_keys
from civic_forum.platform.i18n import local
from civic_forum.platform.web import login, visitor

from .. import session_cookie
from ..devices import device
from ..queries import sessions as queries
from ..rules import DEVICE_PATH, sign_in_key
from ..rules import DEVICE_COOKIE as COOKIE
from ..services import entry as sessions

login.session_protection = None  # it would tie a session to a network address


@login.user_loader
def load(secret):
    """The user of this secret, with roles, in one statement."""
    user_session = queries.by_secret(secret, opened_after=queries.opened_after()) if isinstance(secret, str) else None
    if user_session is None or not user_session.user.is_active or user_session.user.is_over:
        return None
    user, now = user_session.user, clock.now()
    if user.grants:
        used_at = session_cookie.of_request().used_at
        if queries.is_over_for_staff(user_session.created_at, used_at):
            return None
        if now - (used_at or user_session.created_at) >= session_cookie.NOTED_EVERY:
            after_this_request(partial(put_use, now))
    user.session_key, g.user_session_id = secret, user_session.id
    if user_session.seen_on < local(now).date():
        after_this_request(partial(note_use, user_session.id))
    return user


def put_use(at, answer):
    """Into the cookie, never with a ballot or what tells of one."""
    if "unlogged" not in g:
        session_cookie.note_use(at)
    return answer


def note_use(session_id: int, answer):
    """Once a day, after the page is made; never by casting a ballot."""
    if "unlogged" not in g and answer.status_code < 500:
        sessions.note_use(session_id)
    return answer


def start_session(secret: str) -> None:
    """Give the browser a session of its own: nothing of the one before survives, on the server neither."""
    if visitor().is_authenticated:
        sessions.sign_out(visitor().session_key, by=visitor())
    session.clear()
    g.pop("csrf_token", None)
    session["_user_id"], session["_fresh"], session.permanent = secret, True, True
    login._load_user()


def end_session() -> None:
    """Leave the browser nothing of the session, nor of what it kept meanwhile."""
    session.clear()
    g.pop("csrf_token", None)
    login._load_user()

    @after_this_request
    def clear(answer):
        answer.headers["Clear-Site-Data"] = '"cache"' if ROWS_WAIT in request.cookies else '"cache", "storage"'
        return answer


def page_after(other: str) -> str:
    """The page to which somebody goes on once they have a second factor."""
    return str(session.pop(THEN, other))


def owner_of_ended() -> int | None:
    """Id of whose session this browser had until it ended by itself."""
    secret = session_cookie.of_request().secret
    return queries.owner_of(secret) if secret else None


def session_id() -> int | None:
    """Number of the session that this request came with."""
    visitor()
    return g.get("user_session_id")


def this_device() -> str:
    return device(request.user_agent.string)


THEN = "then"
"""In the cookie: the page for which a second factor is made."""
KEPT_FOR = timedelta(days=180)
ROWS_WAIT = "rows_wait"
"""Cookie of the typing page at the desk while rows wait in the browser: signing out leaves them there."""
MOST_NAMES = 5
"""Accounts that one device knows: those of a household."""


def counted_as(name: str) -> str:
    """Key by which guesses at this name are counted: those of a device that knows it, or those of everywhere else."""
    device, known = _read()
    return f"sign-in on {device}" if device and _knows(known, name) else "sign-in"


def knows(name: str) -> bool:
    """True if the password of this name was right here before, or the account was made here."""
    return _knows(_read()[1], name)


def remember(name: str) -> None:
    """The password was right here, and the code of a second factor where there is one: this device knows the account
    from now on, beside those that share it."""
    device, own = token_urlsafe(12), _hashed(name)
    names = [own[0], *(kept_name for kept_name in _read()[1] if kept_name not in own)][:MOST_NAMES]

    @after_this_request
    def put_cookie(answer):
        cookies.put(answer, COOKIE, _serializer().dumps([device, names]), KEPT_FOR, path=DEVICE_PATH)
        return answer


def _read() -> tuple[str, list[str]]:
    try:
        device, known = _serializer().loads(cookies.value(COOKIE), max_age=int(KEPT_FOR.total_seconds()))
    except (BadData, ValueError, TypeError):
        return "", []
    return device, [known] if isinstance(known, str) else known


def _knows(known: list[str], name: str) -> bool:
    return not set(known).isdisjoint(_hashed(name))


def _hashed(name: str) -> list[str]:
    """By every key, the newest first: cookies live longer than one."""
    return [digest.hex()[:24] for digest in keys.hashes("known-device", (sign_in_key(name) or "").encode())]


def _serializer() -> URLSafeTimedSerializer:
    return session_keys.serializer("known-device")
