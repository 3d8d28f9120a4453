"""Votes whose rolls grow, and people who are verified by a provider until the close, or a moment too late; on both
databases."""

import pytest

from civic_forum.accounts.providers import services
from civic_forum.accounts.services import leaving
from civic_forum.ballots.voting.refusals import CastingOver
from civic_forum.platform import clock
from tests.accounts.people import PASSWORD, member
from tests.ballots import boxes
from tests.ballots.test_additions import added, cast, own

from .test_faults import come_back, provider, sent, user, verified

__all__ = ["provider", "user"]
CLOSES = 800


@pytest.fixture
def vote(town):
    return boxes.box(3, grows=True, closes=CLOSES)


def test_somebody_verified_before_the_close_is_added_once(town, user, provider, vote):
    assert not own(vote, user).state.may_vote
    verified(user)
    assert own(vote, user).state.may_vote
    clock.shift(CLOSES - 100)
    cast(vote, user, 1)
    cast(vote, user, 2)
    assert len(added(vote)) == 1


def test_somebody_verified_while_the_vote_closes_is_too_late(town, user, provider, vote):
    sealed, answer = sent(user)
    returned = come_back("sample", answer, sealed, by=user)
    clock.shift(CLOSES + 1)
    services.verify(returned, by=user)
    with pytest.raises(CastingOver):
        cast(vote, user, 1)
    assert not added(vote)


@pytest.mark.both
def test_leaving_and_coming_back_by_the_provider_is_no_second_vote(town, user, provider, vote):
    verified(user)
    cast(vote, user, 1)
    leaving.leave(PASSWORD, by=user)
    again = member(town, sign_in_name="once.more", is_resident=False)
    verified(again)
    cast(vote, again, 2)
    assert len(added(vote)) == 1, "the same person changes their one ballot"
