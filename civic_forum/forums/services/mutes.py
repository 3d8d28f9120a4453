"""Silencing somebody in one forum, and letting them write and speak again."""

from civic_forum.accounts.models import User
from civic_forum.kernel.errors import Conflict, NotFound, Refusal
from civic_forum.kernel.i18n import _
from civic_forum.kernel.work import use_case

from ..models import ForumMute
from ..policy.acting import ForumContext, runs
from ..policy.mutes import may_mute, may_unmute
from ..queries import mutes, people
from ..rules import mutes as rules
from ..rules.kinds import ForumEventKind
from ..steps import floor, event_log, texts
from . import opening


def mute(forum_id: int, user_id: int, reason: str, minutes: int | None, key: str = "", *, by: User) -> ForumMute:
    """Let somebody listen and not write or speak for so many minutes, or until the end of the forum (None).

    Event and audit entry hold neither name nor reason. Raises Conflict where they are silenced already.
    """
    reason = texts.given(reason, rules.REASON_MOST, "reason")
    if minutes is not None and minutes not in rules.MINUTES:
        raise Refusal(_("얼마 동안인지 골라 주세요."), field="minutes")
    with use_case(by) as work:
        other = work.session.get(User, user_id)
        if other is None:
            raise NotFound(_("없는 분이에요. 새로 고친 뒤 다시 골라 주세요."))
        at = opening.entered(work, forum_id, by, may_mute, lambda forum: runs(
            other, ForumContext(forum, people.standing(forum, other, work.at), work.at)))
        if seen := event_log.known(work, at.forum, key, ForumEventKind.PERSON_MUTED):
            return mutes.held(at.forum.id, seen.details["mute"])
        if people.standing(at.forum, other, work.at).is_muted:
            raise Conflict(_("이미 글과 발언을 멈추게 한 분이에요."))
        made = ForumMute(forum_id=at.forum.id, user_id=other.id, reason=reason, at=work.at, by_id=by.id,
                         until=rules.until(work.at, minutes))
        work.session.add(made)
        work.session.flush()
        event_log.add(work, at.forum, ForumEventKind.PERSON_MUTED, other.id, key=key, mute=made.id, minutes=minutes)
        floor.end_turn_of(work, at.forum, other.id)
        work.record("forums.person_muted", made, user=other.id, minutes=minutes)
        return made


def unmute(forum_id: int, mute_id: int, *, by: User) -> ForumMute:
    """End it before its time. Raises Conflict where it has ended."""
    with use_case(by) as work:
        at = opening.entered(work, forum_id, by, may_unmute)
        found = mutes.held(at.forum.id, mute_id)
        if not rules.holds(found.until, found.ended_at, work.at):
            raise Conflict(_("이미 끝난 조치예요."))
        found.ended_at = work.at
        event_log.add(work, at.forum, ForumEventKind.PERSON_UNMUTED, found.user_id)
        work.record("forums.person_unmuted", found, user=found.user_id)
        return found
