"""Duties whose last day is near or has just passed."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from civic_forum.answers.models import Assignment, Duty, DutyPause
from civic_forum.platform.base import db
from civic_forum.proposals.models import Proposal


@dataclass(frozen=True)
class Deadline:
    duty_id: int
    due_on: date
    proposal_id: int
    number: str
    title: str
    author_id: int
    department_id: int | None
    """Which department has it; None: a moderator has still to give it to one."""


RUNS = sa.and_(Duty.ended_at.is_(None), Duty.paused_on.is_(None))


def between(first: date, last: date, *, after: int, limit: int) -> list[Deadline]:
    """Those that run and are due on these days, in order of number."""
    lead = sa.and_(Assignment.proposal_id == Duty.proposal_id, Assignment.is_lead, Assignment.ended_at.is_(None))
    found = (sa.select(Duty.id, Duty.due_on, Proposal.id, Proposal.number, Proposal.title, Proposal.author_id,
                       Assignment.department_id)
             .join(Proposal, Proposal.id == Duty.proposal_id).outerjoin(Assignment, lead)
             .where(RUNS, Duty.due_on.between(first, last), Duty.id > after).order_by(Duty.id).limit(limit))
    return [Deadline(*row) for row in db.session.execute(found)]


@dataclass(frozen=True)
class Silence:
    """An author was asked to complete a proposal and has not replied."""

    pause_id: int
    proposal_id: int
    number: str
    title: str
    author_id: int


WAITS = sa.and_(DutyPause.to_day.is_(None), Duty.ended_at.is_(None))


def silent(first: date, last: date, *, after: int, limit: int) -> list[Silence]:
    """Those who were asked on these days, in order."""
    found = (sa.select(DutyPause.id, Proposal.id, Proposal.number, Proposal.title, Proposal.author_id)
             .join(Duty, Duty.id == DutyPause.duty_id).join(Proposal, Proposal.id == Duty.proposal_id)
             .where(WAITS, DutyPause.from_day.between(first, last), DutyPause.id > after)
             .order_by(DutyPause.id).limit(limit))
    return [Silence(*row) for row in db.session.execute(found)]


def still_waits(silence: Silence) -> bool:
    return db.session.scalar(sa.select(DutyPause.id).join(Duty, Duty.id == DutyPause.duty_id).where(
        DutyPause.id == silence.pause_id, WAITS).with_for_update(read=True)) is not None


def still_stands(deadline: Deadline) -> bool:
    """True if the duty runs with the same last day."""
    return db.session.scalar(sa.select(Duty.id).where(
        Duty.id == deadline.duty_id, Duty.due_on == deadline.due_on, RUNS).with_for_update(read=True)) is not None
