"""One outcome with all that its page shows, in three statements."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from civic_forum.platform.base import db
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import State

from ..models import Outcome
from ..rules import Promise, promise
from . import participants, records, subjects, way

MOST_PROPOSALS = 100


@dataclass(frozen=True)
class Linked:
    """A proposal that it is about."""

    number: str
    title: str
    state: State
    supporters: int


@dataclass(frozen=True)
class Detail:
    outcome: Outcome
    title: str
    """Of what it is about, as everybody may read it."""
    url: str
    proposals: list[Linked]
    way: list[way.Step]

    def promise(self, today: date) -> Promise:
        return promise_of(self.outcome, today)


def promise_of(outcome: Outcome, today: date) -> Promise:
    return promise(outcome.promised_on, outcome.progress, outcome.reported_on, today)


def detail(outcome_id: int) -> Detail:
    """Raises NotFound."""
    outcome = records.public(outcome_id)
    case = subjects.about(outcome)
    return Detail(outcome, case.title, case.url, _proposals(outcome), way.shown(outcome))


def _proposals(outcome: Outcome) -> list[Linked]:
    ids = participants.proposals_of(outcome)
    rows = db.session.execute(
        sa.select(Proposal.number, Proposal.title, Proposal.state, Proposal.support_count)
        .where(Proposal.id.in_(ids), Proposal.published_at.is_not(None), Proposal.hidden_at.is_(None))
        .order_by(Proposal.published_at, Proposal.id).limit(MOST_PROPOSALS))
    return [Linked(*row) for row in rows]
