"""Use-cases of a department: an answer written, carried out, its days reckoned."""

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.blocks.approval import Approval, declare
from civic_forum.journeys import operations as journeys
from civic_forum.platform import plain_text
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.personal_numbers import refuse_secret
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case
from civic_forum.proposals import operations as proposals_operations
from civic_forum.proposals import queries as proposals
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import Mover, State

from .. import labels, policy, queries, rules
from .. import operations
from ..events import (AnswerPublished, AnswerSentBack, AnswerSubmitted, CorrectionSubmitted, DutyChanged,
                      ProposalCarriedOn)
from ..models import Answer, AnswerVersion, Duty
from ..policy import RIGHTS, may_write
from ..queries import AnswerCase, cases
from ..rules import AnswerKind, AnswerText
from .triage import locked_case, words_given

LONGEST = {"text": rules.TEXT_MOST, "by_when": 200, "reason": rules.REASON_MOST, "document_number": 60, "team": 60,
           "phone": 30}


def preview(case: AnswerCase, text: AnswerText) -> Answer:
    """The answer that `save` would keep, for its writer to look at; nothing is kept."""
    answer = Answer(department=case.lead.department, version=1)
    _write(answer, _checked(text))
    return answer


def _held(answer_id: int) -> tuple[AnswerCase, Answer]:
    """The proposal first, as everywhere, then the answer."""
    proposal = proposals.locked(cases.answer(answer_id).proposal_id)
    answer = cases.locked_answer(answer_id)
    return queries.case(proposal), answer


def _write(answer: Answer, text: AnswerText) -> None:
    for name, value in vars(text).items():
        setattr(answer, name, value)
    answer.outcome = text.outcome if text.kind is AnswerKind.FINAL else None


def _published(work: Work, case: AnswerCase, answer: Answer) -> None:
    again = any(one.kind is AnswerKind.FINAL for one in case.published if one is not answer)
    operations.publish(work.session, case.proposal, answer, at=work.at, again=again)
    if answer.kind is AnswerKind.FINAL:
        operations.end_assignments(work.session, case, at=work.at, but_lead=True)
    work.emit(DutyChanged(case.proposal.id))


def _corrected(work: Work, case: AnswerCase, answer: Answer, _before: AnswerText, why: str) -> None:
    journeys.add(work.session, case.proposal.journey_id, "corrected", at=work.at, evidence=why,
                 link=f"/answers/{answer.id}/versions")


def _checked(text: AnswerText) -> AnswerText:
    """Raises Refusal for a text or a sum that has no room, and for a number that nobody may read."""
    for name, most in LONGEST.items():
        if len(plain_text.clean(getattr(text, name) or "", lines=True)) > most:
            raise Refusal(_("%(most)s자까지 적을 수 있어요. 줄여 주세요.", most=f"{most:,}"), field=name)
    if text.cost is not None and not 0 <= text.cost <= rules.MOST_COST:
        raise Refusal(_("드는 돈을 0원부터 10조 원까지 숫자로 적어 주세요."), field="cost")
    refuse_secret(text=text.text, reason=text.reason, by_when=text.by_when)
    return text


def _check_complete(text: AnswerText, _case: AnswerCase) -> None:
    if (lacks := rules.missing(text)) is not None:
        raise Refusal(labels.MISSING[lacks], field=lacks.value)


APPROVAL = declare(Approval(
    rights=RIGHTS, may_write=may_write, model=Answer, text=AnswerText, versions=AnswerVersion, details="details",
    kept=("outcome", "by_when", "cost", "reason", "document_number", "dated_on", "team", "phone", "disclosure"),
    kept_apart=("text",), rendered=("text",), fixed=("kind",), keeps_first=False, notes_submission=True,
    why_least=rules.WHY_LEAST, why_most=rules.WHY_MOST, sent_back_most=rules.NOTE_MOST, locked=locked_case, held=_held,
    begin=lambda _work, case: Answer(proposal_id=case.proposal.id, department=case.lead.department),
    check=_checked, check_complete=_check_complete, write=_write, on_published=_published, on_corrected=_corrected,
    audited=lambda answer: (answer.proposal, {"answer": answer.id}),
    submitted=lambda answer: AnswerSubmitted(answer.id, answer.proposal_id),
    correction_submitted=lambda answer: CorrectionSubmitted(answer.id),
    sent_back=lambda answer: AnswerSentBack(answer.id, answer.proposal_id),
    published=lambda answer: AnswerPublished(answer.id, answer.proposal_id, answer.version),
    changed=_l("그 사이에 다른 담당자가 이 답변을 바꿨어요. 바뀐 내용을 확인한 뒤 다시 해 주세요.")))
save, submit, approve, send_back = APPROVAL.save, APPROVAL.submit, APPROVAL.approve, APPROVAL.send_back
correct, approve_correction = APPROVAL.correct, APPROVAL.approve_correction
send_back_correction = APPROVAL.send_back_correction


def carry_on(proposal_id: int, *, evidence: str, by: User) -> Proposal:
    """Decided → being carried out → done, each with what shows it."""
    evidence = words_given(evidence, rules.EVIDENCE_LEAST, rules.EVIDENCE_MOST, "evidence")
    with use_case(by) as work:
        case = locked_case(proposal_id)
        require(by, policy.may_carry_on, case)
        after = State.IN_PROGRESS if case.proposal.state is State.DECIDED else State.DONE
        proposals_operations.move(work.session, case.proposal, after, Mover.OFFICIAL, at=work.at, evidence=evidence)
        work.record("answers.carried_on", case.proposal, state=after)
        work.emit(ProposalCarriedOn(proposal_id))
        return case.proposal


def reckon() -> int:
    """Bring the last day of every running clock in line with the holidays as they are known now; how many moved."""
    running = list(db.session.execute(sa.select(Duty.proposal_id).where(Duty.ended_at.is_(None)).order_by(Duty.id))
                   .scalars())
    return sum(_moved(proposal_id) for proposal_id in running)


def _moved(proposal_id: int) -> bool:
    with use_case(None) as work:
        proposal = proposals.locked(proposal_id)
        duty = queries.open_duty(proposal_id)
        if duty is None:
            return False
        before = duty.due_on
        operations.reckon(duty)
        if duty.due_on == before:
            return False
        work.record("answers.reckoned", proposal, before=before.isoformat(), due_on=duty.due_on.isoformat())
        work.emit(DutyChanged(proposal_id))
        return True
