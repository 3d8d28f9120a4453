"""Answers written, approved, published and corrected."""



from civic_forum.blocks.approval import Approval, declare
from civic_forum.district import queries as district
from civic_forum.journeys import operations as journeys
from civic_forum.platform import clock, periods, plain_text
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _, _l, local
from civic_forum.platform.personal_numbers import refuse_secret
from civic_forum.platform.work import Work
from civic_forum.proposals.queries import records as proposals_queries

from .. import labels, operations, rules
from ..events import AnswerPublished, AnswerSentBack, AnswerSubmitted, CorrectionSubmitted, DutyChanged
from ..models import Answer, AnswerVersion
from ..policy import RIGHTS, may_write
from ..queries import records as queries
from ..queries.records import AnswerCase
from ..rules import AnswerKind, AnswerText, Missing
from .cases import locked_case

LONGEST = {"text": rules.TEXT_MOST, "reason": rules.REASON_MOST, "document_number": 60, "team": 60, "phone": 30}


def preview(case: AnswerCase, text: AnswerText) -> Answer:
    """The answer that `save` would keep, for its writer to look at; nothing is kept."""
    answer = Answer(department=case.lead.department, version=1)
    _write(answer, _checked(text))
    return answer


def _held(answer_id: int) -> tuple[AnswerCase, Answer]:
    """The proposal first, as everywhere, then the answer."""
    proposal = proposals_queries.locked(queries.answer(answer_id).proposal_id)
    answer = queries.locked_answer(answer_id)
    return queries.case(proposal), answer


def _write(answer: Answer, text: AnswerText) -> None:
    for name, value in vars(text).items():
        setattr(answer, name, value)
    answer.outcome = text.outcome if text.kind is AnswerKind.FINAL else None


def _published(work: Work, case: AnswerCase, answer: Answer) -> None:
    _refuse_words(answer)
    again = any(earlier.kind is AnswerKind.FINAL for earlier in case.published if earlier is not answer)
    operations.publish(work.session, case.proposal, answer, at=work.at, again=again)
    if answer.kind is AnswerKind.FINAL:
        operations.end_assignments(work.session, case, at=work.at, but_lead=True)
    work.emit(DutyChanged(case.proposal.id))


def _refuse_words(answer: Answer) -> None:
    """Raises Conflict for what was written before a day, a month, a quarter or a year had to be chosen."""
    if answer.by_when and periods.last_day(answer.by_when) is None:
        raise Conflict(_("언제까지인지가 글로 적혀 있어요. 되돌린 뒤 날, 달, 분기, 해 가운데 하나로 골라 주세요."))


def _corrected(work: Work, case: AnswerCase, answer: Answer, _before: AnswerText, why: str) -> None:
    _refuse_words(answer)
    journeys.add(work.session, case.proposal.journey_id, "corrected", at=work.at, evidence=why,
                 link=f"/answers/{answer.id}/versions")


def _checked(text: AnswerText) -> AnswerText:
    """Raises Refusal for a text or a sum that has no room, and for a number that nobody may read."""
    for name, most in LONGEST.items():
        if len(plain_text.clean(getattr(text, name) or "", lines=True)) > most:
            raise Refusal(_("%(most)s자까지 적을 수 있어요. 줄여 주세요.", most=f"{most:,}"), field=name)
    if text.by_when and periods.last_day(text.by_when) is None:
        raise Refusal(_("언제까지인지 날, 달, 분기, 해 가운데 하나로 골라 주세요."), field="by_when")
    if text.cost is not None and not 0 <= text.cost <= rules.MOST_COST:
        raise Refusal(_("드는 돈을 0원부터 10조 원까지 숫자로 적어 주세요."), field="cost")
    refuse_secret(text=text.text, reason=text.reason)
    return text


def _check_complete(text: AnswerText, case: AnswerCase) -> None:
    if (lacks := rules.missing(text)) is not None:
        raise Refusal(labels.MISSING[lacks], field=lacks.field)
    if blank := district.blank_left(text.text):
        raise Refusal(_("아직 채우지 않은 곳이 있어요: %(blank)s", blank=blank), field="text")
    reason = district.reasons().get(text.outcome or "")
    if reason and reason.now != reason.key and reason.key not in {answer.outcome for answer in case.published}:
        raise Refusal(labels.MISSING[Missing.OUTCOME], field="outcome")
    today, last_day = local(clock.now()).date(), periods.last_day(text.by_when)
    if text.dated_on > today:
        raise Refusal(_("오늘까지의 날짜로 적어 주세요."), field="dated_on")
    if last_day and last_day < today and text.by_when not in {answer.by_when for answer in case.published}:
        raise Refusal(_("이미 지난 날이에요. 앞으로 지킬 날을 적어 주세요."), field="by_when")


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
