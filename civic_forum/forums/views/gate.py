"""Beginning of every view of a forum."""

from civic_forum.kernel import clock
from civic_forum.kernel.web import visitor

from ..models import Forum
from ..policy.acting import ForumContext, may_read
from ..queries import people, records


def found(slug: str) -> Forum:
    """The forum at this address, if the visitor may know of it. Raises NotFound."""
    forum = records.by_slug(slug)
    if may_read(visitor(), forum):
        raise records.missing()
    return forum


def at(forum: Forum) -> ForumContext:
    """The forum and what the visitor is there; for what the page shows, not for what is done."""
    now = clock.now()
    return ForumContext(forum, people.standing(forum, visitor(), now), now)
