"""Outcomes for officials: what their departments wrote and promised, and what can be decided."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.accounts.models import User
from civic_forum.agendas.models import Agenda
from civic_forum.agendas.rules import AgendaState
from civic_forum.ballots.models import BallotBox
from civic_forum.kernel.base import db
from civic_forum.polls.models import Poll

from ..models import Outcome
from ..rules import OutcomeState, Progress, Subject
from . import participants, unwritten
from .subjects import PLACES, OutcomeCase
from .waiting import place

MOST = 50
OPEN = (AgendaState.IN_DELIBERATION, AgendaState.AT_VOTE, AgendaState.DECIDED, AgendaState.IN_PROGRESS)


@dataclass(frozen=True)
class Decidable:
    """Something that has no outcome yet."""

    subject: Subject
    name: str
    title: str

    @property
    def url(self) -> str:
        return f"/desk/outcomes/{PLACES[self.subject]}/{self.name}"


def of_departments(user: User) -> list[tuple[Outcome, str]]:
    """Work of the departments of this official: drafts, what waits, what is not carried out; each with the place at the
    desk of what it is about."""
    return list(db.session.execute(
        sa.select(Outcome, place()).options(joinedload(Outcome.department), joinedload(Outcome.written_by))
        .where(Outcome.department_id.in_(user.department_ids()),
               sa.or_(Outcome.state != OutcomeState.PUBLISHED, Outcome.correction.is_not(None),
                      sa.and_(Outcome.promised_on.is_not(None), Outcome.progress != Progress.DONE)))
        .order_by(Outcome.state, Outcome.promised_on, Outcome.id).limit(MOST)).all())


def decidable(user: User) -> list[Decidable]:
    """Agendas of these departments, and published votes that are theirs or nobody's, without an outcome yet."""
    own = user.department_ids()
    led = unwritten.led_by()
    agendas = sa.select(sa.literal(Subject.AGENDA.value), Agenda.slug, Agenda.question, Agenda.published_at).where(
        Agenda.published_at.is_not(None), Agenda.merged_into_id.is_(None), Agenda.state.in_(OPEN),
        sa.or_(Agenda.lead_department_id.in_(own), Agenda.lead_department_id.is_(None)),
        ~_has_one(Subject.AGENDA, Agenda.id))
    polls = sa.select(sa.literal(Subject.POLL.value), Poll.slug, Poll.title, BallotBox.published_at).join(
        BallotBox, BallotBox.id == Poll.box_id).where(
        BallotBox.published_at.is_not(None), Poll.rehearsal_of_id.is_(None),
        sa.or_(led.is_(None), led.in_(own)), ~_has_one(Subject.POLL, Poll.id))
    rows = db.session.execute(sa.union_all(agendas, polls).order_by(sa.text("4 DESC, 2")).limit(MOST))
    return [Decidable(Subject(subject), name, title) for subject, name, title, _at in rows]


def _has_one(subject: Subject, key) -> sa.ColumnElement[bool]:
    return sa.exists().where(Outcome.subject == subject, Outcome.subject_id == key)


def how_many_are_told(case: OutcomeCase) -> int:
    """Number of people who took part, beside whoever voted."""
    told = participants.of(Outcome(subject=case.subject, subject_id=case.record.id)).subquery()
    return db.session.scalar(sa.select(sa.func.count()).select_from(told))
