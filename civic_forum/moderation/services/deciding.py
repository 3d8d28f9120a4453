"""Use-cases of reports, decisions and appeals."""

from civic_forum.accounts.models import User
from civic_forum.blocks.kinds import Ref
from civic_forum.platform import plain_text
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.personal_numbers import refuse_secret
from civic_forum.platform.policy import require
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.work import Work, use_case

from .. import labels, rules, operations
from .. import queries as moderation_queries
from ..events import AppealDecided, AppealMade, ReportMade
from ..models import Appeal, ModerationAction, Report
from ..policy import may_appeal, may_decide, may_keep, may_moderate, may_report, may_take_back
from ..queries import actions, appeals
from ..queries import queue as queries
from ..rules import ActionKind, Decision, Ended, Rule, SENTENCE_MOST, needs_sentence


def decide(subject_kind: str, subject_id: int, decision: Decision, *, seen: int = 0,
           by: User) -> list[ModerationAction]:
    """Hide a text or keep it, warn, mute or block its author, and close the reports that the page showed.

    `seen` is the number of the newest report on the page, 0 where there was none. Raises Conflict where another
    moderator has closed those meanwhile: it says how.
    """
    reason = reason_given(decision)
    with use_case(by) as work:
        author_id = queries.author_of(subject_kind, subject_id)
        held = operations.hold(work, [author_id])
        require(held.actor, may_keep, author_id)
        if seen and not queries.is_open(subject_kind, subject_id, seen):
            raise _handled(subject_kind, subject_id)
        if decision.keeps:
            if not operations.close_reports(work, subject_kind, [subject_id], "kept", seen=seen):
                raise _handled(subject_kind, subject_id)
            work.record("moderation.kept", str(Ref(subject_kind, subject_id)))
            return []
        made = [_hide(work, decision, subject_kind, subject_id, reason)] if decision.hide else []
        if decision.account:
            if held.people[author_id].left_at:
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
    if queries.is_gone(subject_kind, subject_id):
        raise Conflict(_("글쓴이가 이미 지운 글이에요. 그대로 두기로 신고를 마쳐 주세요."))
    return operations.act(work, ActionKind.HIDE, subject_kind, subject_id, rule=decision.rule, reason=reason)


def _handled(subject_kind: str, subject_id: int) -> Conflict:
    """Sentence on what another moderator did first."""
    last = queries.last_closed(subject_kind, subject_id)
    if last is None:
        return Conflict(_("살펴볼 신고가 없어요. 새로 고친 뒤 확인해 주세요."))
    return Conflict(_("다른 운영자가 먼저 살펴봤어요. %(how)s. 아래에서 확인해 주세요.", how=labels.CLOSED[last.closed_how]))


def report(kind: str, subject_id: int, *, rule: Rule, sentence: str = "", by: User) -> Report:
    """Tell the moderators that a thing of a registered kind breaks a rule; once for each user and thing."""
    sentence = plain_text.clean(sentence)
    if len(sentence) > SENTENCE_MOST:
        raise Refusal(_("300자까지 적을 수 있어요. 짧게 줄여 주세요."), field="sentence")
    if needs_sentence(rule) and not sentence:
        raise Refusal(_("어떤 점이 문제인지 한 문장으로 적어 주세요."), field="sentence")
    refuse_secret(sentence=sentence)
    with use_case(by) as work:
        thing = queries.reported(kind, subject_id, by)
        require(by, may_report, thing)
        if queries.report_of(thing, by):
            raise Conflict(_("이미 신고한 글이에요. 운영자가 살펴보고 있으니 기다려 주세요."))
        made = Report(subject_kind=thing.kind, subject_id=thing.id, rule=rule, sentence=sentence, by_id=by.id,
                      at=work.at)
        work.session.add(made)
        work.record("moderation.reported", made, rule=rule)
        work.emit(ReportMade(made.id))
        return made


def appeal(action_id: int, *, text: str, by: User) -> Appeal:
    """Say once why an act on one's own text or account is wrong."""
    text = words_given(text, rules.APPEAL_LEAST, rules.APPEAL_MOST, "text")
    with use_case(by) as work:
        found = moderation_queries.actions.locked([action_id])
        if not found:
            raise moderation_queries.actions.missing()
        if appeals.of_action(action_id) is not None and found[0].user_id == by.id:
            raise Conflict(_("이미 이의를 신청했어요. 다른 운영자의 답을 기다려 주세요."))
        require(by, may_appeal, found[0])
        made = Appeal(action_id=action_id, by_id=by.id, text=text, at=work.at)
        work.session.add(made)
        work.record("moderation.appealed", made, act=action_id)
        work.emit(AppealMade(made.id))
        return made


def decide_appeal(appeal_id: int, *, upheld: bool, decision: str, by: User) -> Appeal:
    """Uphold it, so that everything is as before the act, or keep the act; the reason goes to whom it concerns."""
    decision = words_given(decision, rules.DECISION_LEAST, rules.DECISION_MOST, "decision")
    with use_case(by) as work:
        held = operations.hold(work, {appeals.case(appeal_id).action.user_id} - {None})
        case = appeals.locked(appeal_id)
        require(held.actor, may_moderate)
        if case.appeal.decided_at is not None:
            raise Conflict(_("다른 운영자가 먼저 정했어요. 새로 고친 뒤 확인해 주세요."))
        require(held.actor, may_decide, case.decided)
        if case.action.ended_at is not None:
            raise Conflict(_("이미 끝난 조치예요. 이의를 더 살펴보지 않아도 돼요."))
        made = case.appeal
        made.upheld, made.decision, made.decided_by_id, made.decided_at = upheld, decision, by.id, work.at
        work.session.flush()
        if upheld:
            operations.end(work, case.action, Ended.APPEAL_UPHELD)
        work.record("moderation.appeal_decided", made, upheld=upheld)
        work.emit(AppealDecided(made.id))
        return made
