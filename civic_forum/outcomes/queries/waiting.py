"""Work that waits at the desk of officials: outcomes to approve, and promises to report on."""

from datetime import timedelta

import sqlalchemy as sa

from civic_forum.blocks import approval
from civic_forum.district.models import Department
from civic_forum.platform.i18n import _, day
from civic_forum.platform.waiting import DeskLine, Waiting
from civic_forum.platform.waiting import Staff

from ..models import Outcome
from ..rules import Progress
from .subjects import decidable

REPORTED_BEFORE = timedelta(days=30)
"""So long before its day a promise comes to the desk."""


def place() -> sa.ColumnElement[str]:
    """The last two parts of the address of what an outcome is about."""
    return sa.case(*((Outcome.subject == kind.name, sa.literal(f"{decides.place}/") + _correlated(
        decides.name_sql(Outcome.subject_id))) for kind, decides in decidable()))


def _correlated(name: sa.ScalarSelect | sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    return name.correlate(Outcome) if isinstance(name, sa.ScalarSelect) else name


def _own(user: Staff, due: sa.ColumnElement) -> sa.Select | None:
    if not user.department_ids():
        return None
    department = sa.select(Department.name).where(
        Department.id == Outcome.department_id).correlate(Outcome).scalar_subquery()
    return sa.select(Outcome.id, due, place(), Outcome.title, department).where(
        Outcome.department_id.in_(user.department_ids()))


def to_approve(user: Staff) -> sa.Select | None:
    """Outcomes that a colleague wrote or corrected."""
    own = _own(user, Outcome.written_at)
    return own if own is None else own.where(approval.awaiting(Outcome), Outcome.written_by_id != user.id)


def approved_lines(found: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/desk/outcomes/{one.ref}", one.title, (one.note,)) for one in found]


def to_report(user: Staff) -> sa.Select | None:
    """Promises for a day that is near or has passed, and that are not done."""
    own = _own(user, Outcome.promised_on)
    return own if own is None else own.where(
        Outcome.published_at.is_not(None), Outcome.progress != Progress.DONE,
        Outcome.promised_on <= user.today + REPORTED_BEFORE)


def reported_lines(found: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/desk/outcomes/{one.id}/reports", one.title, (one.note,),
                     _("%(day)s까지 하기로 했어요.", day=day(one.due_on))) for one in found]
