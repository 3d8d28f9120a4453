"""Answers about things other than proposals: written, approved, corrected, passed on to another department."""

from civic_forum.accounts.models import User
from civic_forum.blocks.approval import Approval, declare
from civic_forum.district import queries as district
from civic_forum.platform import clock, plain_text
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _, _l, local
from civic_forum.platform.personal_numbers import refuse_secret
from civic_forum.platform.policy import require
from civic_forum.platform.text_checks import check_lengths
from civic_forum.platform.work import Work, use_case

from .. import labels, operations, policy, rules
from ..events import DutyGiven, LaterAnswerPublished, LaterAnswerSentBack, LaterAnswerSubmitted
from ..models import Duty, LaterAnswer, LaterAnswerVersion
from ..queries import records as queries
from ..rules import DutyEnd, LaterText, Missing, SignedAs


def preview(duty: Duty, text: LaterText) -> LaterAnswer:
    """The answer that `save` would keep; nothing is kept."""
    return LaterAnswer(department_id=duty.department_id, version=1, text=_checked(text).text,
                       signed_as=text.signed_as)


def pass_on(duty_id: int, department_id: int, *, by: User) -> Duty:
    """Another department owes it, by the same day."""
    with use_case(by) as work:
        duty = queries.locked_duty(duty_id)
        require(by, policy.may_pass_duty_on, duty)
        department = district.open_department(department_id)
        if department is None or department.id == duty.department_id:
            raise Refusal(_("넘겨받을 다른 부서를 골라 주세요."), field="department")
        operations.pass_on(work, duty, department.id)
        work.record("answers.duty_passed_on", duty, department=department.id)
        work.emit(DutyGiven(duty.id))
        return duty


def _held(later_id: int) -> tuple[Duty, LaterAnswer]:
    answer = queries.later_answer(later_id)
    duty = queries.locked_duty(answer.duty_id)
    db.session.refresh(answer)
    return duty, answer


def _checked(text: LaterText) -> LaterText:
    if len(plain_text.clean(text.text, lines=True)) > rules.TEXT_MOST:
        raise Refusal(_("%(most)s자까지 적을 수 있어요. 줄여 주세요.", most=f"{rules.TEXT_MOST:,}"), field="text")
    check_lengths(text, {"document_number": 60, "milestone": 200})
    refuse_secret(text=text.text)
    return text


def _refuse_signing(actor: User, duty: Duty, text: LaterText) -> None:
    """Raises Denied for who does not sign for the mayor or the head of a neighbourhood."""
    if text.signed_as is not SignedAs.DEPARTMENT:
        require(actor, policy.may_sign_for, duty)


def _check_complete(text: LaterText, duty: Duty) -> None:
    if len(text.text) < rules.TEXT_LEAST:
        raise Refusal(labels.MISSING[Missing.TEXT], field="text")
    if not queries.has_outcome(duty):
        return
    if text.outcome is None:
        raise Refusal(labels.MISSING[Missing.OUTCOME], field="outcome")
    if not rules.DOCUMENT_NUMBER.fullmatch(text.document_number or ""):
        raise Refusal(labels.MISSING[Missing.DOCUMENT_NUMBER], field="document_number")
    if bool(text.milestone) != bool(text.milestone_on):
        raise Refusal(_("할 일과 그날을 함께 적어 주세요."), field="milestone" if text.milestone_on else "milestone_on")
    if text.milestone_on and duty.published is None and text.milestone_on < local(clock.now()).date():
        raise Refusal(_("이미 지난 날이에요. 앞으로 지킬 날을 적어 주세요."), field="milestone_on")


def _write(answer: LaterAnswer, text: LaterText) -> None:
    """Write it, with an outcome only where one is asked for."""
    answer.text, answer.signed_as = text.text, text.signed_as
    if queries.has_outcome(answer.duty):
        answer.outcome, answer.document_number = text.outcome, text.document_number
        answer.milestone, answer.milestone_on = text.milestone, text.milestone_on


def _published(work: Work, duty: Duty, _answer: LaterAnswer) -> None:
    operations.end_duties(work.session, [duty], DutyEnd.ANSWERED, at=work.at)


APPROVAL = declare(Approval(
    rights=policy.LATER_RIGHTS, may_write=policy.may_write_later, model=LaterAnswer, text=LaterText,
    versions=LaterAnswerVersion, details="content", kept=("text", "outcome", "document_number"),
    rendered=("text",), why_least=rules.WHY_LEAST, why_most=rules.WHY_MOST, sent_back_most=rules.NOTE_MOST,
    locked=queries.locked_duty, held=_held,
    begin=lambda _work, duty: LaterAnswer(duty=duty, department_id=duty.department_id), check=_checked,
    fixed=("signed_as", "milestone", "milestone_on"), write=_write, check_by=_refuse_signing,
    check_complete=_check_complete, on_published=_published,
    always_asked=lambda answer: answer.signed_as is not SignedAs.DEPARTMENT,
    submitted=lambda answer: LaterAnswerSubmitted(answer.id),
    correction_submitted=lambda answer: LaterAnswerSubmitted(answer.id),
    sent_back=lambda answer: LaterAnswerSentBack(answer.id),
    published=lambda answer: LaterAnswerPublished(answer.id, answer.version),
    changed=_l("그 사이에 다른 담당자가 이 답변을 바꿨어요. 바뀐 내용을 확인한 뒤 다시 해 주세요.")))
