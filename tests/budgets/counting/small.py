"""Small elections of our own making, and any number of random ones with many ties."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import strategies as st

from civic_forum.budgets.counting.election import Election
from civic_forum.budgets.counting.settings import Completion, CountingRules, Order, Rule, Utility

PRICED = (1, 2, 2, 3, 4, 6, 12)
WITH_FREE = (0, *PRICED)
COST = CountingRules(Rule.EQUAL_SHARES)
CARDINALITY = CountingRules(Rule.EQUAL_SHARES, Utility.CARDINALITY)
HALVES = {"residents": Fraction(1, 2), "committee": Fraction(1, 2)}


def chosen(costs, supporters, *, budget, voters, **more) -> Election:
    """From project → the numbers of the voters who choose it."""
    ballots = [[project for project in costs if voter in supporters.get(project, ())] for voter in range(voters)]
    return Election.of(budget, costs, ballots, **more)


def bike_and_gym(bike=(0, 1, 2, 3, 4, 5, 10), gym=(0, 1, 2, 3, 4, 5)) -> Election:
    """The example of equalshares.net: eleven voters and 1,100 in money."""
    return chosen({"bike": 700, "gym": 400, "park": 250, "play": 200, "lib": 100},
                  {"bike": bike, "gym": gym, "park": (1, 3, 4, 6, 9), "play": (6, 7, 8, 9), "lib": (6, 8, 9)},
                  budget=1100, voters=11)


@st.composite
def elections(draw, most_projects=6, most_voters=9, costs=PRICED, exclusions=False):
    """Few costs, few voters: ties everywhere."""
    ids = draw(st.permutations([f"p{number}" for number in range(draw(st.integers(1, most_projects)))]))
    priced = {project_id: draw(st.sampled_from(costs)) for project_id in ids}
    ballots = draw(st.lists(st.lists(st.sampled_from(ids), max_size=4, unique=True), min_size=1, max_size=most_voters))
    groups = draw(st.lists(st.lists(st.sampled_from(ids), min_size=2, max_size=3, unique=True), max_size=2)) \
        if exclusions and len(ids) > 2 else ()
    return Election.of(draw(st.integers(1, 30)), priced, ballots, exclusions=groups)


@st.composite
def scarce(draw, **sizes):
    """An election whose money does not reach for all projects that somebody chose."""
    election = draw(elections(**sizes).filter(lambda one: _wanted(one) > 1))
    return replace(election, budget=Fraction(draw(st.integers(1, int(_wanted(election)) - 1))))


def _wanted(election):
    return sum(one.cost for one, votes in zip(election.candidates, election.votes, strict=True) if votes)


@st.composite
def rules(draw):
    """Any rule that needs no committee."""
    threshold = draw(st.sampled_from([0, 0, 2]))
    skips = draw(st.booleans())
    if draw(st.booleans()):
        return CountingRules(threshold=threshold, skips=skips, order=draw(st.sampled_from(list(Order))))
    return CountingRules(Rule.EQUAL_SHARES, draw(st.sampled_from(list(Utility))),
                         draw(st.sampled_from(list(Completion))), draw(st.booleans()), skips=skips,
                         threshold=threshold, step=draw(st.sampled_from([Fraction(1), Fraction(1, 3)])))
