"""The moment at which a proposal becomes public. For services that hold its lock."""

import sqlalchemy as sa
from flask import current_app

from civic_forum.platform.base import upsert
from civic_forum.platform.i18n import local
from civic_forum.platform.work import Work
from civic_forum.search import queries as search

from .. import rules, steps
from ..events import ProposalPublished
from ..models import Proposal, SimilarProposal
from ..rules import Mover, State

SIMILAR = 4


def register(work: Work, proposal: Proposal) -> None:
    """Give the number of this year in Seoul, the thread and the journey."""
    steps.register(work.session, proposal, year=local(work.at).year)


def open_to_all(work: Work, proposal: Proposal, mover: Mover) -> None:
    """Let everybody read it: the time to gather support begins, the first version is kept."""
    register(work, proposal)
    steps.move(work.session, proposal, State.GATHERING, mover, at=work.at)
    proposal.published_at, proposal.edited_at, proposal.reason, proposal.version = work.at, None, None, 1
    proposal.threshold = current_app.config["SUPPORT_THRESHOLD"]
    proposal.gathering_ends_at = rules.gathering_ends(work.at, current_app.config["SUPPORT_DAYS"])
    steps.keep_version(work.session, proposal, at=work.at, by_id=proposal.author_id)
    work.emit(ProposalPublished(proposal.id))
    note_similar(work.session, proposal)


def note_similar(session, proposal: Proposal) -> None:
    """Keep which proposals have much in common with this one, for its page and for theirs."""
    session.execute(sa.delete(SimilarProposal).where(
        sa.or_(SimilarProposal.proposal_id == proposal.id, SimilarProposal.other_id == proposal.id)))
    hits = search.similar(proposal.title, "proposal", SIMILAR, exclude=proposal.id)
    known = set(session.scalars(sa.select(Proposal.id).where(Proposal.id.in_([hit.ref_id for hit in hits]))))
    rows = sorted((one, other, place) for place, hit in enumerate(hits, 1) if hit.ref_id in known
                  for one, other in ((proposal.id, hit.ref_id), (hit.ref_id, proposal.id)))
    if rows:
        # In one order and without complaint, for the other one may be edited in the same moment.
        insert = upsert(SimilarProposal).on_conflict_do_nothing()
        session.execute(insert, [{"proposal_id": one, "other_id": other, "place": place} for one, other, place in rows])
