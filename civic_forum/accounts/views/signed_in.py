"""The user behind a request: the session's cookie and the table of sessions."""

from functools import partial

from flask import after_this_request, g, request, session

from civic_forum.platform import clock
from civic_forum.platform.i18n import local
from civic_forum.platform.web import login, visitor

from ..devices import device
from ..queries import sessions as queries
from ..services import sessions

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
