"""The user behind a request, and devices on which an account was signed in before."""

from datetime import timedelta
from functools import partial
from secrets import token_urlsafe

from flask import after_this_request, current_app, g, request, session
from itsdangerous import BadData, URLSafeTimedSerializer

from civic_forum.platform import clock, keys
from civic_forum.platform.i18n import local
from civic_forum.platform.web import login, visitor

from ..devices import device
from ..queries import sessions as queries
from ..rules import DEVICE_PATH, sign_in_key
from ..rules import DEVICE_COOKIE as COOKIE
from ..services import entry as sessions

login.session_protection = None  # it would tie a session to a network address


@login.user_loader
def load(secret):
    """The user of this secret, with roles, in one statement."""
    found = queries.by_secret(secret, opened_after=queries.opened_after()) if isinstance(secret, str) else None
    if found is None or not found.user.is_active:
        return None
    user = found.user
    user.session_key, g.user_session_id = secret, found.id
    if found.seen_on < local(clock.now()).date():
        after_this_request(partial(note_use, found.id))
    return user


def note_use(session_id: int, answer):
    """Once a day, after the page is made; never by casting a ballot."""
    if "unlogged" not in g and answer.status_code < 500:
        sessions.note_use(session_id)
    return answer


def start_session(secret: str) -> None:
    """Give the browser a session of its own: nothing of the one before survives."""
    session.clear()
    g.pop("csrf_token", None)
    session["_user_id"], session["_fresh"], session.permanent = secret, True, True
    login._load_user()


def end_session() -> None:
    session.clear()
    g.pop("csrf_token", None)
    login._load_user()


def session_id() -> int | None:
    """Number of the session that this request came with."""
    visitor()
    return g.get("user_session_id")


def this_device() -> str:
    return device(request.user_agent.string)


KEPT_FOR = timedelta(days=180)


def counted_as(name: str) -> str:
    """Key by which guesses at this name are counted: those of a device that knows it, or those of everywhere else."""
    device, known = _read()
    return f"sign-in on {device}" if device and known == _hashed(name) else "sign-in"


def knows(name: str) -> bool:
    """True if the password of this name was right here before."""
    return counted_as(name) != "sign-in"


def remember(name: str) -> None:
    """The password was right here, and the code of a second factor where there is one: this device knows the account
    from now on."""
    device = token_urlsafe(12)

    @after_this_request
    def put_cookie(answer):
        answer.set_cookie(COOKIE, _serializer().dumps([device, _hashed(name)]), max_age=KEPT_FOR, httponly=True,
                          samesite="Lax", secure=current_app.config["COOKIE_SECURE"], path=DEVICE_PATH)
        return answer


def _read() -> tuple[str, str]:
    try:
        device, known = _serializer().loads(request.cookies.get(COOKIE, ""), max_age=int(KEPT_FOR.total_seconds()))
    except (BadData, ValueError, TypeError):
        return "", ""
    return device, known


def _hashed(name: str) -> str:
    return keys.keyed_hash("known-device", (sign_in_key(name) or "").encode()).hex()[:24]


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key, salt="known-device")
