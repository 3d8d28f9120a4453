"""Access to pages of the desk: where it is refused, the reason is the page instead."""

from civic_forum.platform import web

from ..policy import may_see_desk


def shown_to(predicate=may_see_desk):
    """For a view that only people with this permission reach."""
    return web.shown_to(predicate)
