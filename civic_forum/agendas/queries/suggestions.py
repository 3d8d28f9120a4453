"""Proposals that might belong together: the index suggests, a person decides."""

from collections.abc import Sequence

import sqlalchemy as sa

from civic_forum.kernel.base import db
from civic_forum.proposals.models import Proposal, SimilarProposal
from civic_forum.proposals.queries.listing import Card, of_ids
from civic_forum.proposals.rules import State
from civic_forum.search import queries as search
from civic_forum.search.models import Entry

from ..models import AgendaLink

MOST = 20


def similar_to_members(member_ids: Sequence[int]) -> dict[int, Card]:
    """What has most in common with proposals of an agenda and is not among them, by id."""
    if not member_ids:
        return {}
    rows = db.session.execute(
        sa.select(SimilarProposal.other_id, sa.func.count(), sa.func.min(SimilarProposal.place))
        .where(SimilarProposal.proposal_id.in_(member_ids), SimilarProposal.other_id.not_in(member_ids))
        .group_by(SimilarProposal.other_id)
        .order_by(sa.func.count().desc(), sa.func.min(SimilarProposal.place), SimilarProposal.other_id).limit(MOST))
    return _open(of_ids([row[0] for row in rows]))


def found(words: str, agenda_id: int) -> dict[int, Card]:
    """Proposals with these words that are not in the agenda yet, by id."""
    there = sa.select(AgendaLink.proposal_id).filter_by(agenda_id=agenda_id, ended_at=None)
    hits = search.matches(words, ["proposal"], restrict=Entry.ref_id.not_in(there), limit=MOST).items
    return _open(of_ids([hit.ref_id for hit in hits]))


def similar_to(proposal: Proposal) -> dict[int, Card]:
    """What a proposal might be merged with, by id."""
    ids = db.session.scalars(sa.select(SimilarProposal.other_id).filter_by(proposal_id=proposal.id)
                             .order_by(SimilarProposal.place, SimilarProposal.other_id).limit(MOST))
    return _open(of_ids(list(ids)))


def _open(cards: dict[int, Card]) -> dict[int, Card]:
    return {one: card for one, card in cards.items() if card.state not in (State.WITHDRAWN, State.MERGED)}
