"""Another program, pabutools, finds the same winners in the same order in random elections full of ties."""

import warnings
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic_forum.budgets.counting.counting import count
from civic_forum.budgets.counting.settings import Completion, CountingRules, Order, Rule, Utility
from tests.running.turns import share

from .small import elections, scarce

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it imports solvers that this project never calls
    from pabutools.election import ApprovalBallot, ApprovalProfile, Cardinality_Sat, Cost_Sat, Instance, Project
    from pabutools.rules import exhaustion_by_budget_increase, greedy_utilitarian_welfare, method_of_equal_shares
    from pabutools.tiebreaking import TieBreakingRule

EXAMPLES = settings(max_examples=share(200))
SATISFACTION = {Utility.COST: Cost_Sat, Utility.CARDINALITY: Cardinality_Sat}


class Oracle:
    """The same election as pabutools sees it. Projects without votes are left out: it funds them, this rule never."""

    def __init__(self, election):
        votes = {one.id: int(each) for one, each in zip(election.candidates, election.votes, strict=True)}
        self.projects = {one.id: Project(one.id, int(one.cost)) for one in election.candidates if votes[one.id]}
        self.instance = Instance(self.projects.values(), budget_limit=int(election.budget))
        self.profile = ApprovalProfile([
            ApprovalBallot([self.projects[election.candidates[place].id] for place in group.choices])
            for group in election.ballots for _ in range(group.how_many)], instance=self.instance)
        self.ties = TieBreakingRule(lambda _instance, _profile, one: (one.cost, -votes[one.name], one.name))
        self.voters = election.voters

    def greedy(self, satisfaction, before=()):
        found = greedy_utilitarian_welfare(
            self.instance, self.profile, sat_class=satisfaction, tie_breaking=self.ties,
            initial_budget_allocation=[self.projects[project_id] for project_id in before])
        return [one.name for one in found]

    def equal_shares(self, utility):
        found = method_of_equal_shares(self.instance, self.profile, sat_class=SATISFACTION[utility],
                                       tie_breaking=self.ties)
        return [one.name for one in found]

    def raised(self, utility, exhaustive):
        found = exhaustion_by_budget_increase(
            self.instance, self.profile, method_of_equal_shares,
            {"sat_class": SATISFACTION[utility], "tie_breaking": self.ties}, exhaustive_stop=exhaustive,
            budget_step=self.voters, budget_bound=10**6)
        return [one.name for one in found]


@EXAMPLES
@given(elections())
def test_greedy_by_votes_agrees(election):
    assert list(count(election, CountingRules()).selected) == Oracle(election).greedy(Cost_Sat)


@pytest.mark.in_turns(of=5)
@EXAMPLES
@given(elections())
def test_greedy_by_votes_per_cost_agrees(election):
    rules = CountingRules(order=Order.VOTES_PER_COST)
    assert list(count(election, rules).selected) == Oracle(election).greedy(Cardinality_Sat)


@pytest.mark.parametrize("utility", Utility)
@EXAMPLES
@given(election=elections())
def test_plain_equal_shares_agree(utility, election):
    found = count(election, CountingRules(Rule.EQUAL_SHARES, utility))
    assert list(found.selected) == Oracle(election).equal_shares(utility)


@pytest.mark.parametrize("utility", Utility)
@EXAMPLES
@given(election=elections(most_projects=5, most_voters=6))
def test_add1_agrees(utility, election):
    found = count(election, CountingRules(Rule.EQUAL_SHARES, utility, Completion.ADD1))
    assert list(found.selected) == Oracle(election).raised(utility, exhaustive=True)


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("utility", Utility)
@EXAMPLES
@given(election=scarce(most_projects=5, most_voters=6))
def test_add1_until_infeasible_agrees(utility, election):
    # Scarce, because where all can be funded this rule stops and pabutools goes on raising.
    found = count(election, CountingRules(Rule.EQUAL_SHARES, utility, Completion.ADD1_UNTIL_INFEASIBLE))
    assert list(found.selected) == Oracle(election).raised(utility, exhaustive=False)


@pytest.mark.parametrize("completion", [Completion.NONE, Completion.ADD1])
@EXAMPLES
@given(election=elections(most_projects=5, most_voters=6), utility=st.sampled_from(list(Utility)))
def test_the_greedy_fill_agrees(completion, election, utility):
    before = count(election, CountingRules(Rule.EQUAL_SHARES, utility, completion)).selected
    found = count(election, CountingRules(Rule.EQUAL_SHARES, utility, completion, fill_greedy=True))
    assert list(found.selected) == Oracle(election).greedy(Cost_Sat, before)


@pytest.mark.in_turns(of=5)
@EXAMPLES
@given(elections(), st.integers(2, 7))
def test_amounts_that_are_no_whole_numbers_change_nothing(election, part):
    smaller = type(election)(election.budget / part, tuple(
        type(one)(one.id, one.cost / part) for one in election.candidates), election.voters, election.votes,
        election.ballots)
    for utility in Utility:
        rules = CountingRules(Rule.EQUAL_SHARES, utility, Completion.ADD1)
        assert count(smaller, rules.with_(step=Fraction(1, part))).selected == count(election, rules).selected
