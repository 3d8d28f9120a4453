"""The trial election of the sample comes out as its description says, without any database."""

from fractions import Fraction

import pytest

from civic_forum.budgets.formats.pabulib.making import election_of
from civic_forum.budgets.formats.pabulib.parsing import read
from civic_forum.budgets.counting.comparing import comparison
from civic_forum.budgets.counting.counting import count
from civic_forum.budgets.counting.settings import Completion, CountingRules, Rule
from civic_forum.sample_data import people, rounds

TRIAL = people.read("budgets")["trial"]
EXPECTED = TRIAL["expected"]
FILE = read(rounds.pabulib(TRIAL))
RULES = {
    "greedy": CountingRules(),
    "equal_shares_cost_none": CountingRules(Rule.EQUAL_SHARES),
    "equal_shares_cost_add1_step_100_won": CountingRules(Rule.EQUAL_SHARES, completion=Completion.ADD1,
                                                         step=Fraction(100)),
}


def test_the_file_has_the_ballots_of_the_description():
    assert len(FILE.ballots) == EXPECTED["ballots"] == 200
    election = election_of(FILE)
    assert {one.id: one.cost for one in election.candidates} == {
        one["id"]: one["cost"] * 1000 for one in TRIAL["projects"]}


def test_its_committee_is_counted_beside_the_ballots():
    assert election_of(FILE).committee.ballots == TRIAL["committee"]["members"]
    assert election_of(FILE).committee.votes == TRIAL["committee"]["votes"]
    assert {"weighted-marks", "weighted-ballots"} <= set(comparison(election_of(FILE), Fraction(100)))


@pytest.mark.parametrize("name", RULES)
def test_every_rule_chooses_what_the_description_states(name):
    found, expected = count(election_of(FILE), RULES[name]), EXPECTED[name]
    assert list(found.selected) == expected["selected"]
    assert found.cost == expected["cost"] * 1000


def test_a_reason_against_has_the_numbers_of_the_description():
    told = {one["project"]: one for one in count(election_of(FILE), RULES["equal_shares_cost_none"]).to_json()[
        "not_selected"]}
    for project, why in EXPECTED["equal_shares_cost_none"]["why_not"].items():
        assert told[project]["reason"] == why["reason"], project
        if "left" in why:
            assert round(Fraction(told[project]["left"]) / 1000, 2) == Fraction(str(why["left"])), project
            assert told[project]["round"] == why["round"], project
