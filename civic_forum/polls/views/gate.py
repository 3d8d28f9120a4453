"""Who gets to see a page of the desk: the reason why not is the page instead."""

from functools import wraps

from flask_login import login_required

from civic_forum.kernel.policy import require
from civic_forum.kernel.web import never_cached, visitor

from ..policy import may_see_desk


def shown_to(predicate=may_see_desk):
    """Decorate a view that only people with this permission reach; services check again what they change."""

    def guard(view):
        @wraps(view)
        def page(*args, **kwargs):
            require(visitor(), predicate)
            return view(*args, **kwargs)

        return never_cached(login_required(page))

    return guard
