"""Lapsing of proposals with time."""

from datetime import timedelta

from civic_forum.platform import clock
from civic_forum.platform.work import use_case

from .. import queries, rules, steps
from ..events import ProposalLapsed, ProposalThrownAway
from ..queries.drafts import overdue, untouched_since
from ..rules import Mover, State


def lapse_due() -> int:
    """Write down what has run out of time; returns how many. Pages show it at the moment itself."""
    ids = overdue(clock.now())
    for proposal_id in ids:
        with use_case(None) as work:
            proposal = queries.locked(proposal_id)
            if not rules.is_over(proposal.state, proposal.gathering_ends_at, work.at):
                continue
            steps.move(work.session, proposal, State.LAPSED, Mover.CLOCK, at=proposal.gathering_ends_at)
            work.record("proposals.lapsed", proposal, supports=proposal.support_count)
            work.emit(ProposalLapsed(proposal.id))
    return len(ids)


def throw_away_old_drafts(days: int) -> int:
    """Delete drafts that nobody has touched for so many days; returns how many went."""
    before = clock.now() - timedelta(days=days)
    gone = 0
    while ids := untouched_since(before):
        for proposal_id in ids:
            with use_case(None) as work:
                proposal = queries.locked(proposal_id)
                if proposal.state is State.DRAFT and (proposal.edited_at or proposal.created_at) < before:
                    steps.throw_away(work.session, proposal)
                    work.record("proposals.draft_expired", f"proposal:{proposal_id}")
                    work.emit(ProposalThrownAway(proposal_id))
                    gone += 1
    return gone
