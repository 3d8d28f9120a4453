"""Sign-ins that were refused in spite of the right password: for an hour this browser may see why, and nothing else."""

from datetime import timedelta

from flask import session

from civic_forum.platform import clock

from .models import User
from .queries import users

KEY = "turned_away"
REMEMBERED = timedelta(hours=1)


def remember(user_id: int) -> None:
    session[KEY] = [user_id, int((clock.now() + REMEMBERED).timestamp())]


def user() -> User | None:
    """The account whose owner was turned away in this browser lately."""
    user_id, until = session.get(KEY) or (0, 0)
    return users.by_id(user_id) if until > clock.now().timestamp() else None
