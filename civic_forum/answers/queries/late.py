"""Answers that are late, for everybody to see."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from civic_forum.district.models import Department
from civic_forum.kernel import paging
from civic_forum.kernel.base import db
from civic_forum.kernel.paging import Page
from civic_forum.proposals.models import Proposal

from ..models import Assignment, Duty
from .queue import day_in

PAGE = 30
NOBODY = 0
"""Stands for a department where none has it yet."""


@dataclass(frozen=True)
class Late:
    id: int
    number: str
    title: str
    department: str | None
    due_on: date
    supports: int


def _late(columns: list, today: date) -> sa.Select:
    lead = sa.and_(Assignment.proposal_id == Duty.proposal_id, Assignment.is_lead, Assignment.ended_at.is_(None))
    return (sa.select(*columns).select_from(Duty).join(Proposal, Proposal.id == Duty.proposal_id)
            .outerjoin(Assignment, lead).outerjoin(Department, Department.id == Assignment.department_id)
            .where(Duty.ended_at.is_(None), Duty.paused_on.is_(None), Duty.due_on < today,
                   Proposal.hidden_at.is_(None)))


def by_department(today: date) -> list[tuple[int, str | None, int]]:
    """Department id (or `NOBODY`), name and how many; the most first."""
    many = sa.func.count()
    statement = _late([sa.func.coalesce(Department.id, NOBODY), Department.name, many], today)
    return [tuple(row) for row in db.session.execute(
        statement.group_by(Department.id, Department.name).order_by(many.desc(), Department.id))]


def late(today: date, department_id: int | None = None, after: str | None = None) -> Page[Late]:
    statement = _late([Duty.id, Proposal.number, Proposal.title, Department.name, Duty.due_on,
                       Proposal.support_count], today)
    if department_id is not None:
        statement = statement.where(sa.func.coalesce(Department.id, NOBODY) == department_id)
    if (start := paging.parts(after, str, int)) is not None:
        statement = statement.where(sa.tuple_(Duty.due_on, Duty.id) > sa.tuple_(day_in(start[0]), start[1]))
    rows = [Late(*row) for row in db.session.execute(statement.order_by(Duty.due_on, Duty.id).limit(PAGE + 1))]
    return paging.page_of(rows, PAGE, lambda one: (one.due_on.isoformat(), one.id))
