"""Who gets to see a page of the desk: the reason why not is the page instead."""

from functools import wraps

from flask_login import login_required

from civic_forum.kernel.policy import require
from civic_forum.kernel.web import never_cached, visitor

from ..policy import may_see_desk


def for_officials(view):
    """Decorate a view of officials; services check again what they change."""

    @wraps(view)
    def page(*args, **kwargs):
        require(visitor(), may_see_desk)
        return view(*args, **kwargs)

    return never_cached(login_required(page))
