"""Answers that are late, for everybody to see."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from civic_forum.blocks import listing
from civic_forum.blocks.listing import ISO_DAY, NUMBER, Chosen, Filter, Listing, Order, words
from civic_forum.district import queries as district
from civic_forum.district.models import Department
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _l
from civic_forum.platform.paging import Page
from civic_forum.proposals.models import Proposal

from ..models import Assignment, Duty
from .queue import TODAY

NOBODY = 0
"""Stands for a department where none has it yet."""
UNDECIDED = _l("부서를 정하고 있어요")


def _joined(statement: sa.Select) -> sa.Select:
    lead = sa.and_(Assignment.proposal_id == Duty.proposal_id, Assignment.is_lead, Assignment.ended_at.is_(None))
    return (statement.select_from(Duty).join(Proposal, Proposal.id == Duty.proposal_id)
            .outerjoin(Assignment, lead).outerjoin(Department, Department.id == Assignment.department_id)
            .where(Duty.ended_at.is_(None), Duty.paused_on.is_(None), Duty.due_on < TODAY,
                   Proposal.hidden_at.is_(None)))


def _late() -> sa.Select:
    return _joined(sa.select(Duty.id, Duty.due_on, Proposal.number, Proposal.title, Proposal.support_count,
                             Department.name.label("department")))


def _departments() -> Mapping[int, object]:
    return {NOBODY: UNDECIDED, **district.department_names()}


LATE = listing.declare(Listing(
    "late answers", _late, endpoint="answers.late", size=30,
    filters=(Filter("department", _l("부서"), Department.id, _departments, cases={NOBODY: Department.id.is_(None)}),
             words("q", _l("제목이나 접수번호"), Proposal.title, Proposal.number, most=50)),
    orders=(Order("due_on", _l("기한이 이른 것부터"), (Duty.due_on, Duty.id), (ISO_DAY, NUMBER)),
            Order("newest", _l("기한이 늦은 것부터"), (Duty.due_on.desc(), Duty.id.desc()), (ISO_DAY, NUMBER)),
            Order("supported", _l("공감이 많은 것부터"), (Proposal.support_count.desc(), Duty.id.desc())))))


def late(wanted: Chosen, today: date, after: str | None = None) -> Page[Any]:
    """Rows with number, title, department, day and supports. Raises Invalid for an `after` that is no token."""
    return wanted.page(after, today=today)


def by_department(wanted: Chosen, today: date) -> list[tuple[int, str | None, int]]:
    """Department id (or `NOBODY`), name and how many below the search; the most first."""
    many = sa.func.count()
    statement = _joined(sa.select(sa.func.coalesce(Department.id, NOBODY), Department.name, many)).where(
        *wanted.conditions(but=("department",)))
    return [tuple(row) for row in db.session.execute(
        statement.group_by(Department.id, Department.name).order_by(many.desc(), Department.id), {"today": today})]
