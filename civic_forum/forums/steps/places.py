"""Places of a forum, given in the order in which people asked; the caller holds the lock of the forum."""

from civic_forum.kernel.work import Work

from ..events import PlaceGiven
from ..models import Forum
from ..queries import registering as queries
from ..rules.kinds import Place, Stage, Way
from ..rules.registering import places_of


def fill(work: Work, forum: Forum) -> None:
    """Give the places that are free to those who wait longest, and tell them; nobody is given one once it is over."""
    if forum.stage is Stage.FINISHED:
        return
    work.session.flush()
    held = queries.held(forum.id)
    for way in Way:
        free = places_of(forum, way) - held.get(way, 0)
        for one in queries.waiting_longest(forum.id, way, free):
            one.place = Place.HELD
            work.record("forums.place_given", one)
            work.emit(PlaceGiven(one.id))
