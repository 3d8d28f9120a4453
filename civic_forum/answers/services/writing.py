"""An answer on its way: written, submitted, approved by a second official, published."""

from dataclasses import asdict

from flask import current_app

from civic_forum.accounts.models import User
from civic_forum.kernel import plain_text
from civic_forum.kernel.errors import Conflict, Refusal
from civic_forum.kernel.i18n import _
from civic_forum.kernel.personal_numbers import refuse_secret
from civic_forum.kernel.policy import require
from civic_forum.kernel.work import Work, use_case

from .. import policy, rules, steps, labels
from ..events import AnswerPublished, AnswerSentBack, AnswerSubmitted, DutyChanged
from ..models import Answer
from ..queries import AnswerCase
from ..rules import AnswerKind, AnswerState, AnswerText
from .text_checks import locked_case, words_given

LONGEST = {"text": rules.TEXT_MOST, "by_when": 200, "reason": rules.REASON_MOST, "document_number": 60, "team": 60,
           "phone": 30}


def save(proposal_id: int, text: AnswerText, *, seen: int, by: User) -> Answer:
    """Keep what was typed inside the department. `seen` is the version that the writer had before them, 0 for none."""
    check_lengths(text)
    with use_case(by) as work:
        case = locked_case(proposal_id)
        return _saved(work, case, text, seen)


def preview(case: AnswerCase, text: AnswerText) -> Answer:
    """The answer that `save` would keep, for its writer to look at; nothing is kept."""
    check_lengths(text)
    answer = Answer(department=case.lead.department, version=1)
    _write(answer, text)
    return answer


def submit(proposal_id: int, text: AnswerText, *, seen: int, by: User) -> Answer:
    """Hand it to a second official of the department, or publish it where the setting asks for none."""
    check_lengths(text)
    check_complete(text)
    with use_case(by) as work:
        case = locked_case(proposal_id)
        answer = _saved(work, case, text, seen)
        answer.submitted_at = work.at
        if not current_app.config["ANSWERS_NEED_APPROVAL"]:
            _publish(work, case, answer)
            return answer
        answer.state = AnswerState.AWAITING_APPROVAL
        work.record("answers.submitted", case.proposal, answer=answer.id)
        work.emit(AnswerSubmitted(answer.id, proposal_id))
        return answer


def approve(proposal_id: int, *, seen: int, by: User) -> Answer:
    """Publish what another official wrote, exactly as it was read."""
    with use_case(by) as work:
        case = locked_case(proposal_id)
        require(by, policy.writing.may_approve, case)
        answer = case.draft
        if answer.version != seen:
            raise changed_meanwhile()
        answer.approved_by_id = by.id
        _publish(work, case, answer)
        return answer


def send_back(proposal_id: int, *, seen: int, why: str = "", by: User) -> Answer:
    """Send back what waits for approval: it becomes a draft again, just as it was read; its writer hears of it. Who
    wrote it takes it back without saying why."""
    with use_case(by) as work:
        case = locked_case(proposal_id)
        require(by, policy.writing.may_send_back, case)
        answer = case.draft
        if answer.version != seen:
            raise changed_meanwhile()
        is_own = by.id == answer.written_by_id
        why = words_given(why, 0 if is_own else rules.WHY_LEAST, rules.NOTE_MOST, "reason")
        answer.state, answer.submitted_at, answer.sent_back_why = AnswerState.DRAFT, None, why or None
        answer.version += 1
        work.record("answers.sent_back", case.proposal, answer=answer.id)
        work.emit(AnswerSentBack(answer.id, proposal_id))
        return answer


def _saved(work: Work, case: AnswerCase, text: AnswerText, seen: int) -> Answer:
    require(work.actor, policy.writing.may_write, case)
    if (case.draft.version if case.draft else 0) != seen:
        raise changed_meanwhile()
    answer = case.draft or Answer(proposal_id=case.proposal.id, department=case.lead.department,
                                  state=AnswerState.DRAFT, version=0)
    _write(answer, text)
    answer.version += 1
    answer.written_by_id, answer.written_at = work.actor.id, work.at
    work.session.add(answer)
    work.session.flush()
    work.record("answers.saved", case.proposal, answer=answer.id)
    return answer


def _write(answer: Answer, text: AnswerText) -> None:
    for name, value in asdict(text).items():
        setattr(answer, name, value)
    answer.outcome = text.outcome if text.kind is AnswerKind.FINAL else None


def _publish(work: Work, case: AnswerCase, answer: Answer) -> None:
    answer.version, answer.sent_back_why = 1, None
    steps.publish(work.session, case.proposal, answer, at=work.at, again=case.final is not None)
    if answer.kind is AnswerKind.FINAL:
        steps.end_assignments(work.session, case, at=work.at, but_lead=True)
    work.record("answers.published", case.proposal, answer=answer.id)
    work.emit(AnswerPublished(answer.id, case.proposal.id, answer.version))
    work.emit(DutyChanged(case.proposal.id))


def changed_meanwhile() -> Conflict:
    """For the second of two officials who had read the same version."""
    return Conflict(_("그 사이에 다른 담당자가 이 답변을 바꿨어요. 바뀐 내용을 확인한 뒤 다시 해 주세요."))


def check_lengths(text: AnswerText) -> None:
    """Raises Refusal for a text or a sum that has no room, and for a number that nobody may read."""
    for name, most in LONGEST.items():
        if len(plain_text.clean(getattr(text, name) or "", lines=True)) > most:
            raise Refusal(_("%(most)s자까지 적을 수 있어요. 줄여 주세요.", most=f"{most:,}"), field=name)
    if text.cost is not None and not 0 <= text.cost <= rules.MOST_COST:
        raise Refusal(_("드는 돈을 0원부터 10조 원까지 숫자로 적어 주세요."), field="cost")
    refuse_secret(text=text.text, reason=text.reason, by_when=text.by_when)


def check_complete(text: AnswerText) -> None:
    """Raises Refusal at the field that an answer lacks to be published."""
    if (lacks := rules.missing(text)) is not None:
        raise Refusal(labels.MISSING[lacks], field=lacks.value)
