"""Mutes at a forum: read, given and ended."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.accounts.models import User
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, NotFound, Refusal, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.work import use_case

from .. import operations
from .. import queries as forums
from ..floor import services as floor
from ..models import Forum
from ..policy import ForumContext, runs
from ..rules import ForumEventKind
from . import rules
from .models import ForumMute
from .policy import may_mute, may_unmute


@dataclass(frozen=True)
class Mutes:
    """Those that hold now. All of them are for those who run the forum, one for whom it is about."""

    standing: Sequence[ForumMute]
    mine: ForumMute | None = None


def part(forum: Forum, viewer) -> Mutes:
    if not viewer.is_authenticated:
        return Mutes([])
    standing = db.session.scalars(sa.select(ForumMute).where(
        ForumMute.forum_id == forum.id, ForumMute.ended_at.is_(None),
        sa.or_(ForumMute.until.is_(None), ForumMute.until > clock.now()))
        .options(joinedload(ForumMute.user)).order_by(ForumMute.id)).all()
    mine = (mute for mute in standing if mute.user_id == viewer.id)
    return Mutes(standing, next(mine, None))


def held(forum_id: int, mute_id: int) -> ForumMute:
    """The mute read again; the forum's lock, which the caller holds, guards it. Raises NotFound."""
    mute = db.session.scalar(sa.select(ForumMute).filter_by(forum_id=forum_id, id=mute_id)
                             .execution_options(populate_existing=True))
    return forums.existing(mute, lambda: NotFound(_("여기에 그런 조치가 없어요. 새로 고친 뒤 확인해 주세요.")))


def mute(forum_id: int, user_id: int, reason: str, minutes: int | None, key: str = "", *, by: User) -> ForumMute:
    """Let somebody listen and not write or speak for so many minutes, or until the end of the forum (None).

    Event and audit entry hold neither name nor reason. Raises Conflict where they are silenced already.
    """
    reason = operations.checked_text(reason, rules.REASON_MOST, "reason")
    if minutes is not None and minutes not in rules.MINUTES:
        raise Refusal(_("얼마 동안인지 골라 주세요."), field="minutes")
    with use_case(by) as work:
        other = existing(work.session.get(User, user_id), lambda: NotFound(_("없는 분이에요. 새로 고친 뒤 다시 골라 주세요.")))
        at = operations.entered(work, forum_id, by, may_mute, lambda forum: runs(
            other, ForumContext(forum, forums.attendance(forum, other, work.at), work.at)))
        if seen := operations.known_event(work, at.forum, key, ForumEventKind.PERSON_MUTED):
            return held(at.forum.id, seen.details["mute"])
        if forums.attendance(at.forum, other, work.at).is_muted:
            raise Conflict(_("이미 글과 발언을 멈추게 한 분이에요."))
        made = work.store(ForumMute(forum_id=at.forum.id, user_id=other.id, reason=reason, at=work.at, by_id=by.id,
                                    until=rules.until(work.at, minutes)))
        operations.add_event(work, at.forum, ForumEventKind.PERSON_MUTED, other.id, key=key, mute=made.id,
                             minutes=minutes)
        floor.end_turn_of(work, at.forum, other.id)
        work.record("forums.person_muted", made, user=other.id, minutes=minutes)
        return made


def unmute(forum_id: int, mute_id: int, *, by: User) -> ForumMute:
    """End it before its time. Raises Conflict where it has ended."""
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, may_unmute)
        mute = held(at.forum.id, mute_id)
        if not rules.holds(mute.until, mute.ended_at, work.at):
            raise Conflict(_("이미 끝난 조치예요."))
        mute.ended_at = work.at
        operations.add_event(work, at.forum, ForumEventKind.PERSON_UNMUTED, mute.user_id)
        work.record("forums.person_unmuted", mute, user=mute.user_id)
        return mute
