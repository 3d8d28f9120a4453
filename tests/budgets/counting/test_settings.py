"""The rules of a count are frozen in a ballot box: they come back as they were, or not at all."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_forum.ballots.rules.log import canonical_json, parse_canonical
from civic_forum.budgets.counting.outcome import number, text
from civic_forum.budgets.counting.settings import Completion, CountingRules, Order, Rule, Share, Utility

from .small import HALVES, rules

WEIGHTED = CountingRules(Rule.WEIGHTED, weights=HALVES, threshold=60)


@given(rules() | st.just(WEIGHTED))
def test_rules_come_back_from_what_a_box_froze(given_rules):
    frozen = canonical_json(given_rules.to_json())
    assert CountingRules.from_json(parse_canonical(frozen)) == given_rules


@pytest.mark.parametrize("wrong", [
    {"step": Fraction(0)}, {"step": Fraction(-1)}, {"threshold": -1},
    {"rule": Rule.WEIGHTED}, {"rule": Rule.WEIGHTED, "weights": {"residents": Fraction(0)}},
    {"rule": Rule.WEIGHTED, "weights": {"residents": Fraction(2), "committee": Fraction(-1)}},
    {"rule": Rule.WEIGHTED, "weights": {"mayor": Fraction(1)}},
    {"rule": Rule.WEIGHTED, "weights": HALVES, "order": Order.VOTES_PER_COST}, {"share": Share.BALLOTS},
    {"weights": HALVES}, {"utility": Utility.CARDINALITY}, {"completion": Completion.ADD1}, {"fill_greedy": True},
])
def test_rules_that_do_not_go_together_are_refused(wrong):
    with pytest.raises(ValueError):
        CountingRules(**wrong)


def test_weighted_rules_from_before_there_was_a_choice_of_shares_divide_by_ballots():
    older = WEIGHTED.to_json()
    del older["share"]
    assert CountingRules.from_json(older) == WEIGHTED.with_(share=Share.BALLOTS)
    with pytest.raises(ValueError):
        CountingRules.from_json(CountingRules().to_json() | {"share": "ballots"})


def test_a_body_may_weigh_nothing_while_another_weighs_something():
    weights = {"residents": Fraction(1), "committee": Fraction(0)}
    assert CountingRules(Rule.WEIGHTED, weights=weights).weights == weights


@pytest.mark.parametrize("change", [
    {"rule": "lottery"}, {"step": "1/0"}, {"step": "0"}, {"step": 1.5}, {"step": "2/2"}, {"skips": 2}, {"skips": True},
    {"threshold": "3"}, {"threshold": None}, {"weights": []}, {"weights": {"residents": "x"}}, {"fill": "yes"},
    {"more": 1}, {"share": "both"}, {"rule": "greedy", "weights": {}}])
def test_rules_that_were_not_frozen_so_are_refused(change):
    with pytest.raises(ValueError):
        CountingRules.from_json(WEIGHTED.to_json() | change)


@pytest.mark.parametrize("value, written", [
    (1500, "1500"), (Fraction("1549.3"), "1549.3"), (Fraction(25000, 21), "25000/21"), (Fraction(1, 8), "0.125"),
    (Fraction(-1, 4), "-0.25"), (0, "0"), (Fraction("2532645.83"), "2532645.83")])
def test_exact_numbers_are_decimals_where_they_end(value, written):
    assert text(Fraction(value)) == written
    assert number(written) == value


@given(st.fractions())
def test_exact_numbers_come_back(value):
    assert number(text(value)) == value


def test_numbers_of_any_length_come_back():
    long = Fraction(7**6000 + 2, 3**9000)
    assert number(text(long)) == long and number(text(-long)) == -long
    assert number(text(Fraction(7**6000))) == 7**6000


def test_the_longest_number_is_read():
    assert number("9" * 100_000) == 10**100_000 - 1


@pytest.mark.parametrize("wrong",
                         ["1/0", "-0", "1/2/3", "1.2/3", "١", "9" * 100_001, "", "1.50", "01", "2/4", "1e3", "nan",
                          " 1", 1, None])
def test_numbers_written_otherwise_are_refused(wrong):
    with pytest.raises(ValueError):
        number(wrong)
