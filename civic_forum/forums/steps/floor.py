"""Turns as they begin and end, inside the caller's use-case and under the forum's lock."""

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.accounts.rules import Role
from civic_forum.kernel.work import Work

from ..models import Forum, ForumDuty, ProgrammeItem, Registration, SpeakingRequest, Turn
from ..rules.kinds import Duty, ForumEventKind, PassedWhy, RequestState
from . import closing, event_log

ROLES = ("host", "panel", "official", "participant")
"""As what somebody speaks."""


def begin(work: Work, forum: Forum, *, key: str | None = None, **facts) -> Turn:
    """Give the floor, after whoever had it. What the ledger needs of an account is written down with it."""
    end_running(work, forum)
    user_id = facts.get("user_id")
    given = user_id and work.session.scalar(sa.select(Registration).filter_by(forum_id=forum.id, user_id=user_id))
    item = work.session.scalar(sa.select(ProgrammeItem.id).where(
        ProgrammeItem.forum_id == forum.id, ProgrammeItem.started_at.is_not(None), ProgrammeItem.ended_at.is_(None)))
    turn = Turn(**{"forum_id": forum.id, "item_id": item, "limit_s": forum.turn_s, "started_at": work.at,
                   "neighbourhood_id": given and given.neighbourhood_id, "age_group": given and given.age_group}
                | facts)
    work.session.add(turn)
    work.session.flush()
    event_log.add(work, forum, ForumEventKind.TURN_STARTED, turn.id, key=key, limit_s=turn.limit_s, why=turn.why)
    work.record("forums.turn_started", turn)
    return turn


def role_of(work: Work, forum: Forum, user: User | None) -> str:
    """As what somebody with an account speaks here."""
    if user is None:
        return "participant"
    duties = set(work.session.scalars(sa.select(ForumDuty.duty).filter_by(forum_id=forum.id, user_id=user.id)))
    if Duty.HOST in duties:
        return "host"
    if Duty.PANEL in duties:
        return "panel"
    return "official" if user.has(Role.OFFICIAL) else "participant"


def running(work: Work, forum: Forum) -> Turn | None:
    return work.session.scalar(sa.select(Turn).filter_by(forum_id=forum.id, ended_at=None))


def end_running(work: Work, forum: Forum) -> None:
    """End the turn that runs, if one does."""
    if turn := running(work, forum):
        turn.ended_at = work.at
        work.session.flush()
        event_log.add(work, forum, ForumEventKind.TURN_ENDED, turn.id,
                       seconds=int((work.at - turn.started_at).total_seconds()))


def end_turn_of(work: Work, forum: Forum, user_id: int) -> None:
    """End the turn of somebody who was silenced. Who still waits keeps the place: it is passed over when it comes,
    unless they may speak again by then."""
    turn = running(work, forum)
    if turn and turn.user_id == user_id:
        end_running(work, forum)


def passed(work: Work, forum: Forum, request: SpeakingRequest, why: PassedWhy, *, key: str | None = None) -> None:
    """Go on without somebody; everybody sees why."""
    request.state, request.passed_why, request.ended_at = RequestState.PASSED, why, work.at
    event_log.add(work, forum, ForumEventKind.FLOOR_PASSED, request.id, key=key, why=why.value)


@closing.ends
def end_floor(work: Work, forum: Forum) -> None:
    """With the forum the turn that runs ends, and who still waits has waited."""
    end_running(work, forum)
    for request in work.session.scalars(sa.select(SpeakingRequest).filter_by(
            forum_id=forum.id, state=RequestState.WAITING).order_by(SpeakingRequest.number)):
        passed(work, forum, request, PassedWhy.NO_TIME)
