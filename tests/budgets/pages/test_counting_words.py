"""Words of the page of a round about its rules: every rule that differs is said differently."""

from fractions import Fraction
from itertools import product

import pytest

from civic_forum.ballots.box.closing import DrawKind
from civic_forum.budgets.counting.settings import Completion, CountingRules, Order, Rule, Share, Utility
from civic_forum.budgets.rounds.labels import sentences


def said(rules: CountingRules, draw=DrawKind.LOTTERY) -> str:
    return " ".join(map(str, sentences(rules, draw)))


def every_rule() -> list[CountingRules]:
    greedy = [CountingRules(order=order, skips=skips) for order, skips in product(Order, (True, False))]
    weighted = [CountingRules(Rule.WEIGHTED, weights={"residents": Fraction(share), "committee": Fraction(100 - share)},
                              skips=skips, share=by) for share, skips, by in product((50, 70), (True, False), Share)]
    equal = [CountingRules(Rule.EQUAL_SHARES, utility, completion, fill, step=Fraction(step))
             for utility, completion, fill, step in product(Utility, Completion, (True, False), (100, 500))
             if completion is not Completion.NONE or step == 100]
    return greedy + weighted + equal


def test_two_rules_that_count_differently_are_told_differently(town):
    told = [said(rules) for rules in every_rule()]
    assert len(set(told)) == len(told)


def test_ties_are_told(town):
    assert "비용이 적은 사업, 표가 많은 사업이 먼저" in said(CountingRules())
    assert "로또 6/45" in said(CountingRules()) and "주사위 20개" in said(CountingRules(), DrawKind.DICE)


@pytest.mark.parametrize("residents, committee, words", [
    (1, 1, ("주민 투표 50%", "참여예산위원회 50%")), (70, 30, ("주민 투표 70%", "참여예산위원회 30%")),
    (Fraction(1, 8), Fraction(7, 8), ("주민 투표 12.5%", "참여예산위원회 87.5%")),
])
def test_weights_are_percents_of_their_sum(town, residents, committee, words):
    rules = CountingRules(Rule.WEIGHTED, weights={"residents": Fraction(residents), "committee": Fraction(committee)})
    assert all(word in said(rules) for word in words)


def test_a_fill_is_told_only_where_there_is_one(town):
    plain = CountingRules(Rule.EQUAL_SHARES)
    assert "남은 돈은" not in said(plain) and "남은 돈은" in said(plain.with_(fill_greedy=True))
