"""Who gets to see a page of the desk; services check again what they change."""

from functools import wraps

from flask_login import login_required

from civic_forum.accounts import turned_away
from civic_forum.accounts.models import User
from civic_forum.kernel.policy import require
from civic_forum.kernel.web import never_cached, visitor

from ..policy import may_moderate


def for_moderators(view):
    @wraps(view)
    def page(*args, **kwargs):
        require(visitor(), may_moderate)
        return view(*args, **kwargs)

    return never_cached(login_required(page))


def concerned() -> User | None:
    """Who is signed in, or gave the right password to an account that is blocked."""
    person = visitor()
    return person if person.is_authenticated else turned_away.user()
