"""Who gets to see a page of the desk: the reason why not is the page instead."""

from functools import wraps

from flask_login import login_required

from civic_forum.kernel.policy import require
from civic_forum.kernel.web import never_cached, visitor
from civic_forum.proposals import queries as proposals

from .. import queries
from ..policy import may_see_case, may_see_desk


def for_staff(view):
    """Decorate a view of moderators and officials; services check again what they change."""

    @wraps(view)
    def page(*args, **kwargs):
        require(visitor(), may_see_desk)
        return view(*args, **kwargs)

    return never_cached(login_required(page))


def seen_case(number: str) -> queries.Case:
    """The case with this number, if this person may look into it. Raises NotFound and Denied."""
    found = queries.case(proposals.by_number(number))
    require(visitor(), may_see_case, found)
    return found
