"""Forums: who waited and has a place now, whose place was taken, and who took part, once there are minutes."""

import sqlalchemy as sa

from civic_forum.forums.events import MinutesPublished, PlaceGiven, PlaceTaken
from civic_forum.forums.models import Forum, ForumDuty, ForumTable, Registration
from civic_forum.forums.rules.minutes import corrections_until
from civic_forum.kernel import clock, hooks
from civic_forum.kernel.i18n import local

from .. import steps
from ..queries import recipients
from ..rules import NoticeKind


@hooks.on(PlaceGiven)
def tell_of_place(fact: PlaceGiven, session) -> None:
    _tell(session, fact.registration_id, "forum_place_given", {})


@hooks.on(PlaceTaken)
def tell_of_withdrawal(fact: PlaceTaken, session) -> None:
    _tell(session, fact.registration_id, "forum_place_taken", {"why": fact.reason})


def _tell(session, registration_id: int, step: str, details: dict[str, object]) -> None:
    """Each time anew: a place can be given back and waited for again."""
    one, at = session.get_one(Registration, registration_id), clock.now()
    forum = session.get_one(Forum, one.forum_id)
    steps.tell(session, recipients.one(one.user_id), kind=NoticeKind.FORUM, about=f"forum:{forum.id}", step=step,
               title=forum.title, url=f"/forums/{forum.slug}/registration", details=details,
               once=f"{step}:{one.id}:{at.isoformat()}", at=at)


@hooks.on(MinutesPublished)
def tell_who_took_part(fact: MinutesPublished, session) -> None:
    """Of the draft, that they may correct, and of the signed version."""
    if fact.version > 1 and fact.signed_at is None:
        return
    forum, at = session.get_one(Forum, fact.forum_id), clock.now()
    step = "forum_minutes_signed" if fact.signed_at else "forum_minutes_draft"
    steps.tell(session, _took_part(forum.id), kind=NoticeKind.FORUM, about=f"forum:{forum.id}", step=step,
               title=forum.title, url=f"/forums/{forum.slug}/minutes", once=f"{step}:{forum.id}", at=at,
               details={"until": local(corrections_until(at)).date().isoformat()} if not fact.signed_at else {})


def _took_part(forum_id: int) -> sa.Select:
    """People who came, or did something there."""
    people = sa.union(
        sa.select(Registration.user_id).where(Registration.forum_id == forum_id, Registration.came_at.is_not(None)),
        sa.select(ForumDuty.user_id).where(ForumDuty.forum_id == forum_id, ForumDuty.user_id.is_not(None)),
        sa.select(ForumTable.host_id).where(ForumTable.forum_id == forum_id,
                                            ForumTable.host_id.is_not(None))).subquery()
    return sa.select(people.c[0])
