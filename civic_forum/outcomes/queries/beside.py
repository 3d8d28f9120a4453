"""Outcomes as the pages of agendas, votes and proposals name them: few columns, which the pages of agendas and
proposals read together with their record."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from civic_forum.agendas.models import AgendaLink
from civic_forum.agendas.queries import links
from civic_forum.agendas.rules import Relation
from civic_forum.district.models import Department
from civic_forum.platform.base import db
from civic_forum.polls.models import Option, Poll, poll_proposal

from ..models import Outcome
from ..rules import Decision, Progress

MOST = 5


@dataclass(frozen=True)
class Named:
    """An outcome that everybody may read."""

    id: int
    subject: str
    decision: Decision
    title: str
    reasons_html: str
    """For an excerpt alone."""
    decided_on: date
    promised_on: date | None
    cost: int | None
    spent: int | None
    progress: Progress
    reported_on: date | None
    department_name: str
    decides: bool
    """Whether what the page is about is decided by it: a proposal at the core of one agenda is not by another one."""


def of_proposal(proposal_id: sa.ColumnElement[int]) -> sa.Select:
    """Rows of its own outcome, those of the agendas in which it stands or which carry these on, and of its votes."""
    climb = links.climb_of(proposal_id)
    agendas = sa.select(climb.c.id)
    at_core = agendas.join(AgendaLink, AgendaLink.id == climb.c.link_id).where(AgendaLink.relation == Relation.CORE)
    voted = sa.union(sa.select(Option.poll_id).where(Option.proposal_id == proposal_id),
                     sa.select(poll_proposal.c.poll_id).where(poll_proposal.c.proposal_id == proposal_id),
                     sa.select(Poll.id).where(Poll.about_kind == "proposal", Poll.about_id == proposal_id))
    return _rows(sa.or_(sa.and_(Outcome.subject == "proposal", Outcome.subject_id == proposal_id),
                        sa.and_(Outcome.subject == "agenda", Outcome.subject_id.in_(agendas)),
                        sa.and_(Outcome.subject == "poll", Outcome.subject_id.in_(voted))),
                 decides=sa.or_(Outcome.subject == "proposal", sa.and_(
                     Outcome.subject == "agenda", sa.or_(Outcome.subject_id.in_(at_core), ~at_core.exists()))))


def of_agenda(agenda_id: sa.ColumnElement[int]) -> sa.Select:
    return _rows(sa.and_(Outcome.subject == "agenda", Outcome.subject_id == agenda_id))


def of(kind: str, ids: sa.ColumnElement[int] | sa.Select | list[int]) -> list[Named]:
    """Of the things of a kind with these ids. Asks by itself."""
    return [Named(*row) for row in db.session.execute(
        _rows(sa.and_(Outcome.subject == kind, Outcome.subject_id.in_(ids))))]


def _rows(about: sa.ColumnElement[bool], decides: sa.ColumnElement[bool] | None = None) -> sa.Select:
    """The columns of `Named` in their order."""
    return (sa.select(Outcome.id, Outcome.subject, Outcome.decision, Outcome.title, Outcome.reasons_html,
                      Outcome.decided_on, Outcome.promised_on, Outcome.cost, Outcome.spent, Outcome.progress,
                      Outcome.reported_on, Department.name,
                      (sa.true() if decides is None else decides).label("decides"))
            .join(Department, Department.id == Outcome.department_id).where(Outcome.published_at.is_not(None), about)
            .order_by(Outcome.decided_on.desc(), Outcome.id.desc()).limit(MOST))


def named(rows: Iterable[list]) -> list[Named]:
    """Outcomes of rows that another statement gathered."""
    return [_named(*row) for row in rows]


def _named(outcome_id, subject, decision, title, html, decided, promised, cost, spent, progress, reported,
           department, decides) -> Named:
    return Named(outcome_id, subject, Decision(decision), title, html, date.fromisoformat(decided),
                 promised and date.fromisoformat(promised), cost, spent, Progress(progress),
                 reported and date.fromisoformat(reported), department, bool(decides))
