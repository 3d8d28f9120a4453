"""Places of those who were chosen, inside the transaction that holds the call and the forum."""

from collections.abc import Sequence

from civic_forum.forums.models import Forum
from civic_forum.forums.registration import operations as registrations
from civic_forum.forums.registration import queries as registered
from civic_forum.forums.registration.models import Registration
from civic_forum.forums.registration.rules import RegistrationRequest, places_of, ways_of
from civic_forum.forums.rules import Stage
from civic_forum.platform.errors import Conflict
from civic_forum.platform.i18n import _
from civic_forum.platform.work import Work

from .events import ChosenRegistered


def give_places(work: Work, forum: Forum, people: Sequence[tuple[int | None, int | None]]) -> list[Registration]:
    """A place for each: an account, which is told, or the submission of somebody without one. Raises Conflict where
    there are not so many places."""
    if forum.stage is not Stage.ANNOUNCED or not ways_of(forum):
        raise Conflict(_("알린 뒤부터 시작하기 전까지, 자리가 있는 모임만 고를 수 있어요."), field="forum")
    way, counts = ways_of(forum)[0], registered.counts(forum.id)
    free = places_of(forum, way) - counts.held.get(way, 0) - counts.waiting.get(way, 0)
    if len(people) > free:
        raise Conflict(_("자리가 %(count)s개 모자라요. 자리를 늘린 뒤에 다시 눌러 주세요.", count=len(people) - max(free, 0)),
                       field="forum")
    places = [registrations.put(work, forum, None, user_id, RegistrationRequest(way), applied_id=applied_id)
              for user_id, applied_id in people]
    for registration in places:
        if registration.user_id is not None:
            work.emit(ChosenRegistered(registration.id))
    return places
