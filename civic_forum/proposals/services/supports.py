"""공감 and following."""

from datetime import timedelta

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import people, sessions
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from .. import operations
from ..events import SupportTakenBack
from ..models import Follow, Proposal, Support
from ..policy import may_follow, may_support, why_closed
from ..queries import records as queries


def support(proposal_id: int, *, by: User) -> Proposal:
    """Add a 공감; a second one of the same user changes nothing. The one that reaches the threshold obliges the office.

    Raises NotFound, Denied where support is closed or the user is the author, and Conflict where a verified person has
    given theirs with another account.
    """
    with use_case(by) as work:
        caller = sessions.as_they_are(by.id) if by.is_authenticated else None
        proposal = queries.locked(proposal_id)
        if caller is not None and operations.stands(proposal, caller):
            return proposal
        require(caller or by, may_support, proposal)
        # Under the lock: who waited for it longest must not be earlier than who had it first.
        work.at = clock.now()
        work.record("proposals.supported", proposal)
        operations.add_support(work, proposal, caller)
        return proposal


MARKED_AT_ONCE = 500


def mark_supports(days: int) -> int:
    """Count once those verified people whose supports have no marks, from before there were any; returns how many they
    were. `days` as of `forget_marks`."""
    total = 0
    while user_ids := queries.unmarked(MARKED_AT_ONCE, clock.now() - timedelta(days=days)):
        db.session.rollback()
        for user_id in user_ids:
            with use_case(None) as work:
                operations.count_once(work.session, people.held(user_id)[user_id])
        total += len(user_ids)
    return total


def forget_marks(days: int) -> int:
    """Delete the marks of proposals that nobody can support any more, so many days after their time; returns how many
    went."""
    with use_case(None) as work:
        over = queries.closed_for_support(clock.now() - timedelta(days=days))
        return work.session.execute(sa.update(Support).where(
            Support.person_mark.is_not(None), Support.proposal_id.in_(over)).values(person_mark=None)).rowcount


def end_support(proposal_id: int, *, by: User) -> Proposal:
    """Take a 공감 back, as long as support is open; a threshold once reached stays reached."""
    with use_case(by) as work:
        proposal = queries.locked(proposal_id)
        support = work.session.get(Support, (proposal.id, by.id)) if by.is_authenticated else None
        if support is None:
            require(by, may_support, proposal)
            return proposal
        if reason := why_closed(proposal):
            raise Conflict(reason)
        work.session.delete(support)
        operations.count_support(work.session, proposal, -1, as_resident=support.as_resident)
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
