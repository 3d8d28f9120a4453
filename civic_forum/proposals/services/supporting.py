"""공감 and following, and the end of their time."""

from datetime import timedelta

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.journeys import operations as journeys
from civic_forum.platform import clock
from civic_forum.platform.errors import Conflict
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case

from .. import queries, rules
from .. import operations
from ..events import ProposalLapsed, ProposalSupported, ProposalThrownAway, SupportTakenBack, ThresholdReached
from ..models import Follow, Proposal, Support
from ..policy import may_follow, may_support, why_closed
from ..queries.records import overdue, untouched_since
from ..rules import Mover, State


def support(proposal_id: int, *, by: User) -> Proposal:
    """Add a 공감; a second one of the same user changes nothing. The one that reaches the threshold obliges the office.

    Raises NotFound, and Denied where support is closed or the user is the author.
    """
    with use_case(by) as work:
        proposal = queries.locked(proposal_id)
        if work.session.get(Support, (proposal.id, by.id)) if by.is_authenticated else None:
            return proposal
        require(by, may_support, proposal)
        # Under the lock: who waited for it longest must not be earlier than who had it first.
        work.at = clock.now()
        work.session.add(Support(proposal_id=proposal.id, user_id=by.id, as_resident=by.is_resident, at=work.at))
        operations.count_support(work.session, proposal, 1, as_resident=by.is_resident)
        work.record("proposals.supported", proposal)
        work.emit(ProposalSupported(proposal.id, by.id))
        journeys.add(work.session, proposal.journey_id, "first_support", at=work.at, once="first_support")
        _look_at_threshold(work, proposal)
        return proposal


def _look_at_threshold(work: Work, proposal: Proposal) -> None:
    if not operations.reach_threshold(work.session, proposal, at=work.at):
        return
    work.record("proposals.reached_threshold", proposal, supports=proposal.support_count)
    work.emit(ThresholdReached(proposal.id))


def end_support(proposal_id: int, *, by: User) -> Proposal:
    """Take a 공감 back, as long as support is open; a threshold once reached stays reached."""
    with use_case(by) as work:
        proposal = queries.locked(proposal_id)
        given = work.session.get(Support, (proposal.id, by.id)) if by.is_authenticated else None
        if given is None:
            require(by, may_support, proposal)
            return proposal
        if reason := why_closed(proposal):
            raise Conflict(reason)
        work.session.delete(given)
        operations.count_support(work.session, proposal, -1, as_resident=given.as_resident)
        work.record("proposals.support_taken_back", proposal)
        work.emit(SupportTakenBack(proposal.id, by.id))
        return proposal


def follow(proposal_id: int, *, by: User) -> Proposal:
    """Hear of what becomes of it; a second time changes nothing."""
    with use_case(by) as work:
        proposal = queries.locked(proposal_id)
        require(by, may_follow, proposal)
        if work.session.get(Follow, (proposal.id, by.id)) is None:
            work.session.add(Follow(proposal_id=proposal.id, user_id=by.id, at=work.at))
            proposal.follower_count += 1
            work.record("proposals.followed", proposal)
        return proposal


def end_follow(proposal_id: int, *, by: User) -> Proposal:
    with use_case(by) as work:
        proposal = queries.locked(proposal_id)
        ended = work.session.execute(sa.delete(Follow).filter_by(proposal_id=proposal.id, user_id=by.id))
        if ended.rowcount:
            proposal.follower_count -= 1
            work.record("proposals.follow_ended", proposal)
        return proposal


def lapse_due() -> int:
    """Write down what has run out of time; returns how many. Pages show it at the moment itself."""
    ids = overdue(clock.now())
    for proposal_id in ids:
        with use_case(None) as work:
            proposal = queries.locked(proposal_id)
            if not rules.is_over(proposal.state, proposal.gathering_ends_at, work.at):
                continue
            operations.move(work.session, proposal, State.LAPSED, Mover.CLOCK, at=proposal.gathering_ends_at)
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
                    operations.throw_away(work.session, proposal)
                    work.record("proposals.draft_expired", f"proposal:{proposal_id}")
                    work.emit(ProposalThrownAway(proposal_id))
                    gone += 1
    return gone
