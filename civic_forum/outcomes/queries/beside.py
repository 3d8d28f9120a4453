"""Outcomes as the pages of agendas, votes and proposals name them: few columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from civic_forum.agendas.models import AgendaLink
from civic_forum.agendas.queries import links
from civic_forum.agendas.rules import Relation
from civic_forum.blocks import sections
from civic_forum.district.models import Department
from civic_forum.forums.record.models import Decision as Decided
from civic_forum.platform.base import db
from civic_forum.platform.statements import made_once
from civic_forum.polls.models import Option, Poll, poll_proposal
from civic_forum.proposals.queries.detail import Detail

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


_known: WeakKeyDictionary[Detail, list[Named]] = WeakKeyDictionary()


def on_page(detail: Detail) -> list[Named]:
    """Of a proposal: its own outcome, those of the agendas in which it stands or which carry these on, and of its
    votes. Asked once for each page: its stages, its lead and its answer go by them."""
    if detail not in _known:
        rows = db.session.execute(_of_proposal(), {"proposal": detail.proposal.id})
        _known[detail] = [Named(*row) for row in rows]
    return _known[detail]


@made_once
def _of_proposal() -> sa.Select:
    proposal_id = sa.bindparam("proposal", type_=Outcome.subject_id.type)
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


def of_agenda(agenda_id: int) -> list[Named]:
    return sections.kept(of, "agenda", (agenda_id,))


def of(kind: str, ids: Sequence[int]) -> list[Named]:
    """Of the things of a kind with these ids."""
    return [Named(*row) for row in db.session.execute(
        _rows(sa.and_(Outcome.subject == kind, Outcome.subject_id.in_(ids))))]


def of_forum(forum_id: int) -> list[Named]:
    """Of its decisions."""
    return [Named(*row) for row in db.session.execute(_of_forum(), {"forum": forum_id})]


@made_once
def _of_forum() -> sa.Select:
    decisions = sa.select(Decided.id).where(Decided.forum_id == sa.bindparam("forum"))
    return _rows(sa.and_(Outcome.subject == "forum_decision", Outcome.subject_id.in_(decisions)))


def _rows(about: sa.ColumnElement[bool], decides: sa.ColumnElement[bool] | None = None) -> sa.Select:
    """The columns of `Named` in their order."""
    return (sa.select(Outcome.id, Outcome.subject, Outcome.decision, Outcome.title, Outcome.reasons_html,
                      Outcome.decided_on, Outcome.promised_on, Outcome.cost, Outcome.spent, Outcome.progress,
                      Outcome.reported_on, Department.name,
                      (sa.true() if decides is None else decides).label("decides"))
            .join(Department, Department.id == Outcome.department_id).where(Outcome.published_at.is_not(None), about)
            .order_by(Outcome.decided_on.desc(), Outcome.id.desc()).limit(MOST))
