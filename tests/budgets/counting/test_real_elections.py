"""The outcomes of real elections that two independent programs computed, order included."""

import pytest

from civic_forum.budgets.formats.pabulib.making import election_of
from civic_forum.budgets.formats.pabulib.parsing import read
from civic_forum.budgets.counting.counting import count
from civic_forum.budgets.counting.settings import Completion, CountingRules, Order, Rule, Utility
from tests.budgets import elections

from .checking import check

KEYS = {"greedy_votes_skip": CountingRules(), "greedy_votes_noskip": CountingRules(skips=False),
        "greedy_votes_per_cost": CountingRules(order=Order.VOTES_PER_COST)}
for short, utility in (("mes_cost", Utility.COST), ("mes_card", Utility.CARDINALITY)):
    KEYS[short] = CountingRules(Rule.EQUAL_SHARES, utility)
    KEYS[f"{short}_add1"] = KEYS[short].with_(completion=Completion.ADD1)
    KEYS[f"{short}_add1_until_infeasible"] = KEYS[short].with_(completion=Completion.ADD1_UNTIL_INFEASIBLE)
    KEYS[f"{short}_add1_greedy"] = KEYS[f"{short}_add1"].with_(fill_greedy=True)


@pytest.fixture(scope="module")
def counted():
    """Each file is read once."""
    return {}


def cases():
    for name, one in elections.expected().items():
        for key in one["rules"]:
            long = "add1" in key and one["voters"] * one["projects"] > 500_000
            yield pytest.param(name, key, marks=[pytest.mark.thorough] if long else [])


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("name, key", list(cases()))
def test_the_outcome_is_the_expected_one(name, key, counted):
    if name not in counted:
        counted[name] = election_of(read((elections.FOLDER / name).read_bytes()))
    expected = elections.expected()[name]["rules"][key]
    found = count(counted[name], KEYS[key])
    assert list(found.selected) == expected["order"]
    assert found.to_json()["cost"] == expected["cost"]
    if "per_voter" in expected:
        assert found.to_json()["share"] == expected["per_voter"]


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("name", elections.expected())
@pytest.mark.parametrize("utility", Utility)
def test_every_explanation_of_a_real_election_holds(name, utility):
    election = election_of(read((elections.FOLDER / name).read_bytes()))
    if election.voters < 1000:  # the plain purses of the check are slow
        check(election, count(election, CountingRules(Rule.EQUAL_SHARES, utility, fill_greedy=True)))
    check(election, count(election, CountingRules()))
