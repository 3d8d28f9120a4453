"""Subjects of outcomes: an agenda, a poll or a proposal, with all that decides whether it can have one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.agendas.models import Agenda, AgendaNext
from civic_forum.agendas.queries import links
from civic_forum.agendas.queries import records as agendas
from civic_forum.agendas.rules import NextKind
from civic_forum.answers.models import Answer, Assignment
from civic_forum.answers.rules import AnswerKind, AnswerState
from civic_forum.kernel.base import db
from civic_forum.kernel.i18n import _, local
from civic_forum.polls.models import Option, Poll, poll_proposal
from civic_forum.polls.queries import records as polls
from civic_forum.proposals import queries as proposals
from civic_forum.proposals.models import Proposal

from ..models import Outcome
from ..rules import OutcomeState, Subject

MOST_VOTES = 5


@dataclass(frozen=True)
class OutcomeCase:
    """An agenda, a poll or a proposal with the outcome that it has or may get."""

    subject: Subject
    record: Agenda | Poll | Proposal
    department_id: int | None
    """The department that decides; None: whichever begins."""
    votes: Sequence[Poll]
    """What was voted about it, with its box: the newest first."""
    found: Outcome | None

    @property
    def outcome(self) -> Outcome | None:
        """Outcome as a department may see it: the draft of another is not for it to read."""
        return None if self.is_stale else self.found

    @property
    def is_stale(self) -> bool:
        return (self.found is not None and self.found.state is not OutcomeState.PUBLISHED
                and self.department_id not in (None, self.found.department_id))

    @property
    def owner_id(self) -> int | None:
        return self.outcome.department_id if self.outcome else self.department_id

    @property
    def title(self) -> str:
        if self.subject is Subject.AGENDA:
            return self.record.question
        if self.subject is Subject.PROPOSAL and self.record.hidden_at:
            return _("가린 제안")
        return self.record.title

    @property
    def name(self) -> str:
        return self.record.number if self.subject is Subject.PROPOSAL else self.record.slug

    @property
    def url(self) -> str:
        return f"/{PLACES[self.subject]}/{self.name}"

    @property
    def desk_url(self) -> str:
        return f"/desk/outcomes{self.url}"

    @property
    def began(self) -> datetime | None:
        """Since when everybody could read it."""
        return self.record.announced_at if self.subject is Subject.POLL else self.record.published_at

    @property
    def earliest(self) -> date:
        """Nothing is decided before it was asked, or before the vote about it was over."""
        moments = [self.began, *(poll.box.closed_at or poll.closes_at for poll in self.votes if poll.box)]
        return max(local(moment).date() for moment in moments if moment)


PLACES = {Subject.AGENDA: "agendas", Subject.POLL: "polls", Subject.PROPOSAL: "proposals"}
FIND = {Subject.AGENDA: agendas.by_slug, Subject.POLL: polls.by_slug, Subject.PROPOSAL: proposals.by_number}
LOCK = {Subject.AGENDA: agendas.locked, Subject.POLL: polls.locked, Subject.PROPOSAL: proposals.locked}
TABLE = {Subject.AGENDA: Agenda, Subject.POLL: Poll, Subject.PROPOSAL: Proposal}
DECIDES_ABOUT = sa.or_(Poll.agenda_id == Agenda.id, sa.exists().where(
    AgendaNext.agenda_id == Agenda.id, AgendaNext.kind == NextKind.POLL.value,
    AgendaNext.slug == Poll.slug).correlate_except(AgendaNext))
"""Joins `Poll` and `Agenda`: the vote says that it decides about the agenda, or the agenda that the vote comes next."""


def named(subject: Subject, name: str) -> OutcomeCase:
    """Outcome of this address. Raises NotFound."""
    return _case(subject, FIND[subject](name))


def of(outcome: Outcome) -> OutcomeCase:
    return _case(outcome.subject, db.session.get_one(TABLE[outcome.subject], outcome.subject_id))


def about(outcome: Outcome) -> OutcomeCase:
    """Subject of an outcome, for a page that only names it."""
    return OutcomeCase(outcome.subject, db.session.get_one(TABLE[outcome.subject], outcome.subject_id), None, (),
                       outcome)


def locked(subject: Subject, subject_id: int) -> OutcomeCase:
    """Read again, and locked until the transaction ends: whoever writes about the same waits here. Raises NotFound."""
    return _case(subject, LOCK[subject](subject_id))


def _case(subject: Subject, record: Agenda | Poll | Proposal) -> OutcomeCase:
    found = db.session.scalar(sa.select(Outcome).filter_by(subject=subject, subject_id=record.id)
                              .options(joinedload(Outcome.department), joinedload(Outcome.written_by))
                              .execution_options(populate_existing=True))
    return OutcomeCase(subject, record, DEPARTMENT[subject](record), votes(subject, record), found)


def _of_agenda(agenda: Agenda) -> int | None:
    return agenda.lead_department_id


def _of_poll(poll: Poll) -> int | None:
    """The department that leads the agenda which it decides about."""
    return db.session.scalar(
        sa.select(Agenda.lead_department_id).join(Poll, DECIDES_ABOUT)
        .where(Poll.id == poll.id, Agenda.lead_department_id.is_not(None)).order_by(Agenda.id.desc()).limit(1))


def _of_proposal(proposal: Proposal) -> int | None:
    """The department that has it, else the one that answered it."""
    has = sa.select(Assignment.department_id).where(
        Assignment.proposal_id == proposal.id, Assignment.is_lead, Assignment.ended_at.is_(None)).limit(1)
    answered = sa.select(Answer.department_id).where(
        Answer.proposal_id == proposal.id, Answer.state == AnswerState.PUBLISHED,
        Answer.kind == AnswerKind.FINAL).order_by(Answer.id.desc()).limit(1)
    return db.session.scalar(sa.select(sa.func.coalesce(has.scalar_subquery(), answered.scalar_subquery())))


DEPARTMENT = {Subject.AGENDA: _of_agenda, Subject.POLL: _of_poll, Subject.PROPOSAL: _of_proposal}


def votes(subject: Subject, record: Agenda | Poll | Proposal) -> list[Poll]:
    """Announced votes about it: its own, those that decide about an agenda, those that have it among their options."""
    if subject is Subject.POLL:
        return [record]
    if subject is Subject.AGENDA:
        family = sa.select(links.family_of(record.id).c.id)
        about = sa.or_(sa.exists().where(Agenda.id.in_(family), DECIDES_ABOUT).correlate_except(Agenda),
                       sa.exists().where(Option.poll_id == Poll.id, Option.agenda_id.in_(family)))
    else:
        about = sa.or_(
            sa.exists().where(Option.poll_id == Poll.id, Option.proposal_id == record.id),
            sa.exists().where(poll_proposal.c.poll_id == Poll.id, poll_proposal.c.proposal_id == record.id))
    return list(db.session.scalars(
        sa.select(Poll).options(joinedload(Poll.box))
        .where(about, Poll.announced_at.is_not(None), Poll.rehearsal_of_id.is_(None))
        .order_by(Poll.closes_at.desc(), Poll.id.desc()).limit(MOST_VOTES)))
