"""Outcomes at the desk: those not written yet, and those that wait."""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.accounts.models import User
from civic_forum.agendas import labels as agendas
from civic_forum.agendas.models import Agenda
from civic_forum.agendas.rules import AgendaState
from civic_forum.answers.models import Duty
from civic_forum.blocks import approval_models
from civic_forum.blocks.process import Next
from civic_forum.district.models import Department
from civic_forum.district.queries import department_names
from civic_forum.journeys.models import JourneyEntry
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _, day
from civic_forum.platform.waiting import DeskLine, Staff, Waiting
from civic_forum.polls.models import Poll
from civic_forum.polls.queries import results as deciding

from ..models import Outcome
from ..rules import OutcomeState, Progress
from . import participants, records, subjects
from .subjects import OutcomeCase, decidable

MOST = 50


@dataclass(frozen=True)
class Undecided:
    """Something that has no outcome yet."""

    place: str
    subject: str
    name: str
    title: str

    @property
    def url(self) -> str:
        return f"/desk/outcomes/{self.place}/{self.name}"


def of_departments(user: User) -> list[tuple[Outcome, str]]:
    """Work of the departments of this official: drafts, what waits, what is not carried out; each with the place at the
    desk of what it is about."""
    return list(db.session.execute(
        sa.select(Outcome, place()).options(joinedload(Outcome.department), joinedload(Outcome.written_by))
        .where(Outcome.department_id.in_(user.department_ids()),
               sa.or_(Outcome.state != OutcomeState.PUBLISHED, Outcome.correction.is_not(None),
                      sa.and_(Outcome.promised_on.is_not(None), Outcome.progress != Progress.DONE)))
        .order_by(Outcome.state, Outcome.promised_on, Outcome.id).limit(MOST)).all())


def undecided(user: User) -> list[Undecided]:
    """Things that these departments, or nobody in particular, can decide about and have not yet."""
    own, asked = user.department_ids(), []
    for kind, decides in subjects.decidable():
        if decides.offered is not None:
            offers = decides.offered(own).subquery()
            has_one = sa.exists().where(Outcome.subject == kind.name, Outcome.subject_id == offers.c.id)
            columns = (sa.literal(decides.place), sa.literal(kind.name), offers.c.name, offers.c.title, offers.c.since)
            asked.append(sa.select(*columns).where(~has_one))
    rows = db.session.execute(sa.union_all(*asked).order_by(sa.text("5 DESC, 3")).limit(MOST))
    return [Undecided(place, subject, name, title) for place, subject, name, title, _at in rows]


def how_many_are_told(case: OutcomeCase) -> int:
    """Number of people who took part, beside whoever voted."""
    told = participants.of(Outcome(subject=case.subject, subject_id=case.record.id)).subquery()
    return db.session.scalar(sa.select(sa.func.count()).select_from(told))


WRITTEN_WITHIN = timedelta(days=14)
"""Time within which it is written what becomes of a decided agenda."""
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


def polls_counted(user: Staff) -> sa.Select | None:
    """Votes whose result is public, of these departments or of none, by the days that were promised before them."""
    if not user.department_ids():
        return None
    lead = deciding.led_by()
    return sa.select(Duty.id, Duty.due_on, Poll.slug, Poll.title, _name(lead, Poll)).join(
        Poll, Poll.id == Duty.about_id).where(
        Duty.about_kind == "poll", Duty.ended_at.is_(None), _may_begin(user, lead, "poll", Poll.id))


def after_poll(poll: Poll) -> Next:
    """Outcome of a published vote, or the department that has to say it and the day, for whoever ran it."""
    outcome = records.of_vote(poll.id)
    if outcome is not None and outcome.published_at is not None:
        return Next(_("결과를 어떻게 할지 알렸어요"), outcome.title, _("결과 보기"), f"/outcomes/{outcome.id}")
    department = outcome.department.name if outcome else department_names().get(deciding.department_of(poll) or 0)
    until = day(poll.answer_due_on)
    return Next(_("결과를 공개했어요"), _("%(department)s에서 %(day)s까지 결과를 어떻게 할지 써요.", department=department, day=until)
                if department else _("맡은 부서가 없어서 모든 부서의 업무 화면에 있어요. %(day)s까지 써요.", day=until),
                _("투표 결과 쓰기"), f"/desk/outcomes/polls/{poll.slug}", wants="outcomes.see_desk")


def _may_begin(user: User, lead: sa.ColumnElement, subject: str, key: sa.ColumnElement) -> sa.ColumnElement[bool]:
    """No more than a draft is there; what is nobody's belongs to the department that drafts it."""
    own = user.department_ids()
    of_this = sa.and_(Outcome.subject == subject, Outcome.subject_id == key)
    elsewhere = sa.exists().where(of_this, Outcome.department_id.not_in(own))
    return sa.and_(~sa.exists().where(of_this, Outcome.state != OutcomeState.DRAFT),
                   sa.or_(lead.in_(own), sa.and_(lead.is_(None), ~elsewhere)))


def _name(department_id: sa.ColumnElement, of) -> sa.ScalarSelect:
    return sa.select(Department.name).where(Department.id == department_id).correlate(of).scalar_subquery()



def agenda_lines(rows: list[Waiting]) -> list[DeskLine]:
    return _lines("agendas", rows)


def poll_lines(rows: list[Waiting]) -> list[DeskLine]:
    return _lines("polls", rows)


def _lines(place: str, rows: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/desk/outcomes/{place}/{waiting.ref}", waiting.title, (waiting.note,) if waiting.note else ())
            for waiting in rows]


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
    return own if own is None else own.where(approval_models.awaiting(Outcome), Outcome.written_by_id != user.id)


def approved_lines(rows: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/desk/outcomes/{waiting.ref}", waiting.title, (waiting.note,)) for waiting in rows]
