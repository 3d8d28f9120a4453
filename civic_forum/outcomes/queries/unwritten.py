"""Decisions and counts without an outcome, at the desk of officials although nobody has begun."""

from datetime import timedelta

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.agendas import labels as agendas
from civic_forum.agendas.models import Agenda
from civic_forum.agendas.rules import AgendaState
from civic_forum.ballots.models import BallotBox
from civic_forum.district.models import Department
from civic_forum.journeys.models import JourneyEntry
from civic_forum.platform.waiting import DeskLine, Waiting
from civic_forum.polls.models import Poll
from civic_forum.polls.queries import deciding

from ..models import Outcome
from ..rules import OutcomeState

WRITTEN_WITHIN = timedelta(days=14)
"""How long people wait to hear what became of a decision or a result."""
DECIDED = (AgendaState.DECIDED, AgendaState.IN_PROGRESS, AgendaState.CLOSED)


def agendas_decided(user: User) -> sa.Select | None:
    """Agendas that moderators brought to a decision, led by these departments or by none."""
    if not user.department_ids():
        return None
    decided = (sa.select(sa.func.min(JourneyEntry.at)).where(
        JourneyEntry.journey_id == Agenda.journey_id,
        JourneyEntry.step.in_([agendas.JOURNEY_STEP[state] for state in DECIDED])).correlate(Agenda).scalar_subquery())
    since = sa.func.coalesce(decided, Agenda.published_at)
    return sa.select(Agenda.id, since, Agenda.slug, Agenda.question, _name(Agenda.lead_department_id, Agenda)).where(
        Agenda.state.in_(DECIDED), Agenda.published_at.is_not(None), Agenda.merged_into_id.is_(None),
        _may_begin(user, Agenda.lead_department_id, "agenda", Agenda.id))


def polls_counted(user: User) -> sa.Select | None:
    """Votes whose result is public, of these departments or of none; the outcome of their agenda says it as well."""
    if not user.department_ids():
        return None
    lead = deciding.led_by()
    said_by_agenda = sa.exists().where(
        deciding.DECIDES_ABOUT, Outcome.subject == "agenda", Outcome.subject_id == Agenda.id,
        Outcome.state == OutcomeState.PUBLISHED).correlate(Poll)
    return sa.select(Poll.id, BallotBox.published_at, Poll.slug, Poll.title, _name(lead, Poll)).join(
        BallotBox, BallotBox.id == Poll.box_id).where(
        BallotBox.published_at.is_not(None), Poll.rehearsal_of_id.is_(None), ~said_by_agenda,
        _may_begin(user, lead, "poll", Poll.id))


def _may_begin(user: User, lead: sa.ColumnElement, subject: str, key: sa.ColumnElement) -> sa.ColumnElement[bool]:
    """No more than a draft is there; what is nobody's belongs to the department that drafts it."""
    own = user.department_ids()
    of_this = sa.and_(Outcome.subject == subject, Outcome.subject_id == key)
    elsewhere = sa.exists().where(of_this, Outcome.department_id.not_in(own))
    return sa.and_(~sa.exists().where(of_this, Outcome.state != OutcomeState.DRAFT),
                   sa.or_(lead.in_(own), sa.and_(lead.is_(None), ~elsewhere)))


def _name(department_id: sa.ColumnElement, of) -> sa.ScalarSelect:
    return sa.select(Department.name).where(Department.id == department_id).correlate(of).scalar_subquery()


def agenda_lines(found: list[Waiting]) -> list[DeskLine]:
    return _lines("agendas", found)


def poll_lines(found: list[Waiting]) -> list[DeskLine]:
    return _lines("polls", found)


def _lines(place: str, found: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/desk/outcomes/{place}/{one.ref}", one.title, (one.note,) if one.note else ())
            for one in found]
