"""Applications are sent to departments, which answer each; who asked may take back what was not answered.

The call is locked first, then its applications."""

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.blocks.submissions import Submission
from civic_forum.district import queries as district
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _, local
from civic_forum.platform.policy import require
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.work import use_case

from .. import queries as calls
from ..judging import operations
from ..judging import queries as judging
from ..judging.policy import may_judge
from ..judging.operations import holding, refuse_applicants
from ..judging.services import with_values
from ..models import ApplicationStep, Call, CallApplication
from ..rules import REASON_LEAST, REASON_MOST, ApplicationState, Step
from . import queries
from .policy import may_review


def send(slug: str, departments: Collection[int], due_on: date, *, theme: str = "", number: str = "", by: User) -> int:
    """Let departments look at all applications that stand, those of a theme, or one, until this day; how many were
    sent. What a department has already is not sent again. Raises Refusal, Conflict where there is nothing to send."""
    with holding(slug, may_judge, by) as (work, call):
        operations.refuse_listed(call)
        if not call.has_review:
            raise Conflict(_("부서가 검토하지 않는 모집이에요."))
        if not departments or not set(departments) <= district.open_department_names().keys():
            raise Refusal(_("목록에 있는 것을 골라 주세요."), field="departments")
        if due_on < local(work.at).date():
            raise Refusal(_("오늘이나 그 뒤의 날을 골라 주세요."), field="due_on")
        sent = sum(work.session.execute(sa.insert(ApplicationStep).from_select(
            ["application_id", "step", "reason", "department_id", "due_on", "at", "by_id"],
            with_values(_standing(call, department, theme, number), {
                ApplicationStep.step: Step.REVIEW, ApplicationStep.reason: "",
                ApplicationStep.department_id: department, ApplicationStep.due_on: due_on, ApplicationStep.at: work.at,
                ApplicationStep.by_id: by.id})), execution_options={"preserve_rowcount": True}).rowcount
            for department in sorted(set(departments)))
        if not sent:
            raise Conflict(_("새로 보낼 신청이 없어요."))
        call.version += 1
        work.record("calls.review_sent", call, departments=sorted(set(departments)), count=sent)
        return sent


def _standing(call: Call, department: int, theme: str, number: str) -> sa.Select[tuple[int]]:
    """Ids of those that stand and that this department does not have."""
    known = sa.exists().where(ApplicationStep.application_id == CallApplication.id, ApplicationStep.step == Step.REVIEW,
                              ApplicationStep.department_id == department)
    which = Submission.number == number if number else CallApplication.theme == theme if theme else sa.true()
    return sa.select(CallApplication.id).join(CallApplication.submission).where(
        CallApplication.call_id == call.id, CallApplication.state == ApplicationState.RECEIVED, ~known, which)


def take_back(slug: str, department_id: int, *, by: User) -> None:
    """A department is asked no more; what it has answered stays."""
    with holding(slug, may_judge, by) as (work, call):
        work.session.execute(sa.delete(ApplicationStep).where(
            ApplicationStep.department_id == department_id, ApplicationStep.passed.is_(None),
            ApplicationStep.application_id.in_(sa.select(CallApplication.id).filter_by(call_id=call.id))
        ).execution_options(synchronize_session=False))
        call.version += 1
        work.record("calls.review_taken_back", call, department=department_id)


def note(slug: str, number: str, passed: bool, reason: str, *, by: User) -> None:
    """Answer of a department, or anew until the decision. Raises Refusal, NotFound for what it was not sent."""
    reason = words_given(reason, REASON_LEAST, REASON_MOST, "reason")
    call_id = calls.slugged(slug).id
    with use_case(by) as work:
        call = calls.locked(call_id)
        sent = queries.sent(call, number, by.department_ids())
        application = judging.application(call, number, lock=True)
        require(by, may_review, sent)
        refuse_applicants(by, call)
        operations.refuse_listed(call)
        operations.note(work, application, sent, passed, reason)
