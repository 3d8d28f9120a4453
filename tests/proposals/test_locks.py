"""Changes of a proposal: each waits for whoever holds it, and decides by what was left."""

import pytest

from civic_forum.accounts.services import leaving
from civic_forum.platform.base import db
from civic_forum.platform.clock import now
from civic_forum.platform.errors import Refusal
from civic_forum.proposals.models import Follow, Proposal
from civic_forum.proposals.rules import State
from civic_forum.proposals.services import supports
from tests.accounts.people import PASSWORD, member
from tests.racing import held, on_postgresql

from .test_writing import drafted

pytestmark = on_postgresql


@pytest.mark.parametrize("act", [supports.support, supports.follow])
def test_nobody_joins_what_was_hidden_meanwhile(town, act):
    proposal, by = town.proposal(), town.resident()
    with held(proposal, hidden_at=now(), hidden_rule="abuse"), pytest.raises(Refusal):
        act(proposal.id, by=by)


@pytest.mark.parametrize("act, count", [(supports.support, "support_count"), (supports.follow, "follower_count")])
def test_one_is_added_to_the_count_as_it_is_by_then(town, act, count):
    proposal, by = town.proposal(), town.resident()
    with held(proposal, **{count: 7}):
        assert getattr(act(proposal.id, by=by), count) == 8


@pytest.mark.in_turns(of=5)
def test_a_draft_that_was_handed_in_while_its_author_leaves_stays(town):
    author = member(town)
    draft, other = drafted(author), drafted(author)
    with held(draft, state=State.HELD):
        leaving.leave(PASSWORD, by=author)
    assert db.session.get(Proposal, draft.id, populate_existing=True).state is State.HELD
    assert db.session.get(Proposal, other.id) is None


@pytest.mark.in_turns(of=5)
def test_a_follow_that_was_ended_while_its_user_leaves_is_taken_from_the_count_once(town):
    by, proposal, other = member(town), town.proposal(), town.proposal()
    for one in (proposal, other):
        supports.follow(one.id, by=by)
    with held(proposal, gone=db.session.get(Follow, (proposal.id, by.id)), follower_count=0):
        leaving.leave(PASSWORD, by=by)
    assert [db.session.get(Proposal, one, populate_existing=True).follower_count
            for one in (proposal.id, other.id)] == [0, 0]
