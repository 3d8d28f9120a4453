"""Cases: what a moderator decides about a thing, and the end of an act."""

from civic_forum.accounts.models import User
from civic_forum.blocks.kinds import Ref
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.work import Work, use_case

from .. import labels, operations, rules
from ..models import ModerationAction
from ..policy import may_keep, may_take_back
from ..queries import actions, cases
from ..queries import queue as reports
from ..rules import ActionKind, Decision, Ended


def decide(subject_kind: str, subject_id: int, decision: Decision, *, seen: int = 0,
           by: User) -> list[ModerationAction]:
    """Hide a text or keep it, warn, mute or block its author, and close the reports that the page showed.

    `seen` is the number of the newest report on the page, 0 where there was none. Raises Conflict where another
    moderator has closed those meanwhile: it says how.
    """
    reason = reason_given(decision)
    with use_case(by) as work:
        cases.require_report(subject_kind, subject_id, by)
        author_id = cases.author_of(subject_kind, subject_id)
        held = operations.hold(work, {author_id} - {None})
        require(held.actor, may_keep, author_id)
        if seen and not reports.is_open(subject_kind, subject_id, seen):
            raise _handled(subject_kind, subject_id)
        if decision.keeps:
            if not operations.close_reports(work, subject_kind, [subject_id], "kept", seen=seen):
                raise _handled(subject_kind, subject_id)
            work.record("moderation.kept", str(Ref(subject_kind, subject_id)))
            return []
        made = [_hide(work, decision, subject_kind, subject_id, reason)] if decision.hide else []
        if decision.account:
            if author_id is None or held.people[author_id].left_at:
                raise Refusal(_("탈퇴한 회원이에요. 글만 가릴 수 있어요."), field="account")
            made.append(operations.act(work, decision.account, "user", author_id, rule=decision.rule, reason=reason,
                                       until=rules.until(decision.account, decision.length, work.at)))
        operations.close_reports(work, subject_kind, [subject_id], "acted", seen=seen)
        return made


def take_back(action_id: int, *, by: User) -> ModerationAction:
    """End an act before its time: what it took comes back. Raises Conflict where it has ended already."""
    with use_case(by) as work:
        action = actions.action(action_id)
        held = operations.hold(work, {action.user_id} - {None})
        require(held.actor, may_take_back, action)
        if action.kind is ActionKind.TAKEDOWN:
            raise Refusal(_("게시중단은 요청을 살펴보는 곳에서 결정해요."))
        operations.end(work, action, Ended.TAKEN_BACK)
        return action


def end_over() -> int:
    """End what has lasted until its moment; returns how many. None where somebody else is just writing that down."""
    try:
        with use_case(None) as work:
            return len(operations.end_over(work))
    except Conflict:
        return 0


def reason_given(decision: Decision) -> str:
    """The reason, cleaned; nothing for a text that is kept. Raises Refusal for what is missing of the decision."""
    if decision.keeps:
        return ""
    if decision.rule is None:
        raise Refusal(_("어긴 원칙을 하나 골라 주세요."), field="rule")
    reason = words_given(decision.reason, rules.REASON_LEAST, rules.REASON_MOST, "reason")
    if decision.account in rules.TIMED and decision.length is None:
        raise Refusal(_("얼마 동안인지 골라 주세요."), field="length")
    if decision.account is ActionKind.MUTE and decision.length is rules.Length.OPEN:
        raise Refusal(_("글쓰기 멈춤은 끝나는 날이 있어야 해요. 기간을 골라 주세요."), field="length")
    return reason


def _hide(work: Work, decision: Decision, subject_kind: str, subject_id: int, reason: str) -> ModerationAction:
    if reports.is_gone(subject_kind, subject_id):
        raise Conflict(_("글쓴이가 이미 지운 글이에요. 그대로 두기로 신고를 마쳐 주세요."))
    return operations.act(work, ActionKind.HIDE, subject_kind, subject_id, rule=decision.rule, reason=reason)


def _handled(subject_kind: str, subject_id: int) -> Conflict:
    """Sentence on what another moderator did first."""
    last = reports.last_closed(subject_kind, subject_id)
    if last is None:
        return Conflict(_("살펴볼 신고가 없어요. 새로 고친 뒤 확인해 주세요."))
    return Conflict(_("다른 운영자가 먼저 살펴봤어요. %(how)s. 아래에서 확인해 주세요.", how=labels.CLOSED[last.closed_how]))
