"""SELECTs of applications that were sent to departments."""

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.platform.base import db
from civic_forum.platform.errors import existing
from civic_forum.platform.submission_rows import Submission
from civic_forum.platform.waiting import DeskLine, Staff, Waiting

from ..judging.queries import missing
from ..models import ApplicationStep, Call, CallApplication
from ..rules import ApplicationState

MOST_DEPARTMENTS = 100
_SENT = ApplicationStep.due_on.is_not(None)


def sent(call: Call, number: str, departments: Collection[int]) -> ApplicationStep:
    """The step for which an application was sent to one of these departments, first one that waits. Raises NotFound."""
    return existing(db.session.scalar(sa.select(ApplicationStep).join(ApplicationStep.application).join(
        CallApplication.submission).where(
        CallApplication.call_id == call.id, Submission.number == number, _SENT,
        ApplicationStep.department_id.in_(departments)).order_by(
        ApplicationStep.passed.is_not(None), ApplicationStep.id).options(
        joinedload(ApplicationStep.department)).limit(1)), missing)


def progress(call_id: int) -> Sequence[sa.Row[Any]]:
    """Departments that applications were sent to: id, the last day, how many they answered, of how many."""
    return db.session.execute(sa.select(
        ApplicationStep.department_id.label("id"), sa.func.max(ApplicationStep.due_on).label("due_on"),
        sa.func.count(ApplicationStep.passed).label("answered"), sa.func.count().label("all")).join(
        ApplicationStep.application).where(
        CallApplication.call_id == call_id, CallApplication.state != ApplicationState.WITHDRAWN, _SENT).group_by(
        ApplicationStep.department_id).order_by(ApplicationStep.department_id).limit(MOST_DEPARTMENTS)).all()


def _text(column: Any) -> sa.ScalarSelect[Any]:
    return sa.select(column).select_from(CallApplication).join(CallApplication.call).join(
        CallApplication.submission).where(CallApplication.id == ApplicationStep.application_id).correlate(
        ApplicationStep).scalar_subquery()


def to_review(staff: Staff) -> sa.Select[Any] | None:
    """For the desk: what was sent to one's departments and still stands."""
    if not staff.department_ids():
        return None
    texts = map(_text, (Call.slug + "/reviews/" + Submission.number, CallApplication.title, Call.title))
    return sa.select(ApplicationStep.id, ApplicationStep.due_on, *texts).join(ApplicationStep.application).join(
        CallApplication.call).where(
        ApplicationStep.passed.is_(None), ApplicationStep.department_id.in_(staff.department_ids()),
        CallApplication.state == ApplicationState.RECEIVED, Call.decided_at.is_(None))



def lines(waits: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/desk/calls/{wait.ref}", wait.title or "", (wait.note or "",)) for wait in waits]
