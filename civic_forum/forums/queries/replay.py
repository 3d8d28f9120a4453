"""The events of a forum and what they point at, for playing it again."""

from dataclasses import dataclass

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.kernel.base import db

from ..models import Forum, ForumEvent, SpeakingRequest, Turn
from ..rules.kinds import ForumEventKind
from ..rules.replay import ON_FLOOR, FloorRequest, Facts, Given
from .floor import voices

SHOWN = ON_FLOOR | frozenset((
    ForumEventKind.ITEM_STARTED, ForumEventKind.ITEM_ENDED, ForumEventKind.TURN_ENDED, ForumEventKind.FLOOR_OPENED,
    ForumEventKind.FLOOR_CLOSED,
    ForumEventKind.FORUM_CLOSED, ForumEventKind.PULSE_OPENED, ForumEventKind.PULSE_ANSWERED,
    ForumEventKind.PULSE_CLOSED,
    ForumEventKind.CAPTION_WRITTEN, ForumEventKind.TABLES_OPENED, ForumEventKind.TABLES_CLOSED,
    ForumEventKind.TABLE_PROJECTED))
"""Kinds that change what is played; of the others only the number goes on."""


@dataclass(frozen=True)
class Recording:
    """Everything that is played, read in two statements."""

    events: list[sa.Row]
    facts: Facts
    called: dict[int, tuple[int | None, str | None]]
    """Requests to (id of the user, name without an account): who waits."""


def recording(forum: Forum) -> Recording:
    events = db.session.execute(
        sa.select(ForumEvent.number, ForumEvent.at, ForumEvent.kind, ForumEvent.subject_id, ForumEvent.details)
        .where(ForumEvent.forum_id == forum.id, ForumEvent.kind.in_(SHOWN)).order_by(ForumEvent.number)).all()
    asked = sa.select(
        sa.literal("request").label("what"), SpeakingRequest.id.label("id"), SpeakingRequest.asked_at.label("at"),
        SpeakingRequest.number.label("number"), SpeakingRequest.user_id.label("user_id"),
        SpeakingRequest.name.label("name"), SpeakingRequest.for_group.label("for_group"), sa.null().label("request_id"),
        sa.null().label("why"), User.nickname.label("nickname")).outerjoin(User,
                                                                           User.id == SpeakingRequest.user_id).where(
            SpeakingRequest.forum_id == forum.id)
    given = sa.select(
        sa.literal("turn"), Turn.id, Turn.started_at, sa.null(), Turn.user_id, Turn.name, Turn.for_group,
        Turn.request_id,
        Turn.why, User.nickname).outerjoin(User, User.id == Turn.user_id).where(Turn.forum_id == forum.id)
    requests, turns, called = {}, {}, {}
    for row in db.session.execute(sa.union_all(asked, given)):
        heard = voices(row.user_id, row.nickname or row.name, row.for_group)
        if row.what == "request":
            requests[row.id] = FloorRequest(row.at, row.number, heard)
            called[row.id] = (row.user_id, row.name)
        else:
            turns[row.id] = Given(heard, row.request_id, row.why)
    return Recording(events, Facts(requests, turns), called)
