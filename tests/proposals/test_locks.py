"""Whoever changes a proposal waits for whoever holds it, and decides by what was left."""

import pytest

from civic_forum.kernel.clock import now
from civic_forum.kernel.errors import Refusal
from civic_forum.proposals import services
from tests.racing import held, on_postgresql

pytestmark = on_postgresql


@pytest.mark.parametrize("act", [services.support, services.follow])
def test_nobody_joins_what_was_hidden_meanwhile(town, act):
    proposal, by = town.proposal(), town.resident()
    with held(proposal, hidden_at=now(), hidden_rule="abuse"), pytest.raises(Refusal):
        act(proposal.id, by=by)


@pytest.mark.parametrize("act, count", [(services.support, "support_count"), (services.follow, "follower_count")])
def test_one_is_added_to_the_count_as_it_is_by_then(town, act, count):
    proposal, by = town.proposal(), town.resident()
    with held(proposal, **{count: 7}):
        assert getattr(act(proposal.id, by=by), count) == 8
