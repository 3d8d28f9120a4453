"""The numbers in the sentence of a project are the numbers of its round, read back from the Korean."""

import re
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic_forum.budgets.counting.counting import count
from civic_forum.budgets.counting.election import CommitteeVotes, Election
from civic_forum.budgets.counting.outcome import Funding, Reason, Spent, Stage
from civic_forum.budgets.counting.settings import CountingRules, Rule, Share, Utility
from civic_forum.budgets.results import labels as explanations
from civic_forum.budgets.results.rules import main_spending, part_points, points, shortfall, shown, verdict
from civic_forum.platform.i18n import nth
from tests.running.turns import share

from .checking import check
from .small import COST, HALVES, WITH_FREE, bike_and_gym, elections, rules

UNITS = {"억": 10**8, "만": 10**4, "": 1}
MONEY = re.compile(r"(?:[\d,]+(?:억|만)? )*[\d,]*(?:억|만)? ?원")
THOUSANDS = 12_345


def amounts(sentence: str) -> list[int]:
    """Every amount of won in a sentence, in its order."""
    return [sum(int(digits.replace(",", "")) * UNITS[unit]
                for digits, unit in re.findall(r"([\d,]+)(억|만)?", found)) for found in MONEY.findall(sentence)
            if re.search(r"\d", found)]


def counts(sentence: str, after: str) -> list[str]:
    return re.findall(rf"([\d,.]+){after}", sentence)


def in_won(election: Election) -> Election:
    """The same election with sums as large as real ones."""
    return replace(election, budget=election.budget * THOUSANDS,
                   candidates=tuple(replace(one, cost=one.cost * THOUSANDS) for one in election.candidates))


def titles(election: Election) -> dict[str, str]:
    return {one.id: f"사업 {one.id}" for one in election.candidates}


@settings(max_examples=share(300))
@given(elections(exclusions=True, costs=WITH_FREE), rules())
def test_a_sentence_tells_the_numbers_of_the_count(election, how):
    election = in_won(election)
    if how.rule is Rule.EQUAL_SHARES:
        how = how.with_(step=how.step * THOUSANDS)
    found = count(election, how)
    check(election, found)
    for one in election.candidates:
        sentence = explanations.of_project(found, one.id, titles(election))
        told = verdict(found, one.id)
        (_funded if isinstance(told, Funding) else _not_funded)(found, told, sentence, titles(election))


def _funded(found, one, sentence, names):
    cost = int(one.cost)
    if one.stage is Stage.EQUAL_SHARES:
        assert counts(sentence, "명") == [str(one.votes)]
        assert amounts(sentence) == ([int(one.payment_per_supporter), cost] if cost else [])
        assert ("약" in sentence) == bool(one.payment_per_supporter % 1)
        if cost and found.rules.utility is Utility.COST:
            (effective,) = counts(sentence, "표가")
            assert Fraction(effective) == one.effective_votes * 10 // 1 / Fraction(10)
    else:
        assert f"{nth(one.rank)} 번째" in sentence and counts(sentence, "표로") == [str(one.votes)]
        assert amounts(sentence) == [int(one.left_before), cost]


def _not_funded(found, one, sentence, names):
    fill = [int(one.fill_left)] if one.fill_left is not None and one.reason is not Reason.EXCLUDED else []
    if one.reason is Reason.BELOW_THRESHOLD:
        assert counts(sentence, "표") == [str(one.votes), str(one.threshold)]
    elif one.reason is Reason.EXCLUDED:
        assert names[one.by] in sentence
    elif one.reason is Reason.STOPPED:
        assert f"{nth(one.rank)} 번째" in sentence and f"{nth(one.by_rank)} 번째" in sentence and names[one.by] in sentence
    elif one.reason is Reason.DID_NOT_FIT:
        assert f"{nth(one.rank)} 번째" in sentence
        assert amounts(sentence) == [int(one.left), int(one.cost), int(one.cost - one.left)]
    elif one.reason is Reason.NEVER_ENOUGH:
        _adds_up(sentence, one.held_at_start, one.cost, fill)
        assert counts(sentence, "명의") == [str(one.votes)]
    elif one.reason is Reason.WITHIN_REACH_UNTIL_ROUND:
        _adds_up(sentence, one.left, one.cost, fill)
        assert f"{nth(one.round)} 번째 차례까지" in sentence
        largest = max(one.spent_on, key=lambda spent: spent.amount)
        assert names[largest.project] in sentence
        assert len(one.spent_on) <= 3 or f"{len(one.spent_on) - 3}개" in sentence
    else:
        assert not re.search(r"\d", sentence)


def _adds_up(sentence, had, cost, fill):
    told, price, missing, *rest = amounts(sentence)
    assert (told, price, rest) == (had // 1, cost, fill)
    assert told + missing == price
    assert ("약" in sentence) == bool(had % 1)


def test_the_parts_of_a_weighted_score_are_told_of_a_hundred():
    election = Election.of_totals(100, {"a": 60, "b": 60, "c": 40}, {"a": 30, "b": 10, "c": 1}, 90,
                                  committee=CommitteeVotes({"a": 1, "b": 3, "c": 3}, 7))
    found = count(election, CountingRules(Rule.WEIGHTED, weights=HALVES, share=Share.BALLOTS))
    told = explanations.of_project(found, "b", {})
    assert "26.98점(주민 5.56점 + 위원회 21.43점)으로 첫 번째" in told
    assert part_points(found, "b") == {"residents": Fraction("5.56"), "committee": Fraction("21.43")}


def test_money_of_other_places_keeps_its_hundredths():
    election = Election.of("100.10", {"a": "60.05", "b": "50.5"}, [["a"], ["b"], ["a"]])
    found = count(election, CountingRules())
    assert "40.05 PLN뿐이어서 사업비 50.5 PLN에 10.45 PLN 모자랐어요" in explanations.of_project(found, "b", {}, "PLN")


def test_a_tie_names_the_projects_and_what_decided():
    found = count(Election.of(30, {"a": 30, "b": 30}, [["a"], ["b"]]), CountingRules())
    assert explanations.of_tie(found.ties[0], {"a": "놀이터", "b": "쉼터"}) == ("‘놀이터’, ‘쉼터’: 서로 같아서 번호가 앞선 사업부터 정했어요.")


def test_the_three_largest_takers_are_named_in_the_order_of_funding():
    spent = [Spent(name, Fraction(amount)) for name, amount in (("a", 1), ("b", 5), ("c", 3), ("d", 5), ("e", 2))]
    assert main_spending(spent) == (("b", "c", "d"), 2)
    assert main_spending(spent[:2]) == (("a", "b"), 0)


@given(st.fractions(min_value=0), st.integers(0, 2))
def test_money_is_cut_off_and_never_rounded_up(amount, places):
    told = shown(amount, places)
    assert told.value <= amount < told.value + Fraction(1, 10**places)
    assert told.is_exact == (told.value == amount)
    missing = shortfall(amount, amount + 1, places)
    assert missing.had.value + missing.missing == missing.cost


def test_nothing_is_missing_where_it_is_enough():
    with pytest.raises(ValueError):
        shortfall(Fraction(5), Fraction(5))


def test_points_round_half_a_hundredth_up():
    rules_ = CountingRules(Rule.WEIGHTED, weights={"residents": Fraction(3)})
    assert points(Fraction(3), rules_) == 100
    assert points(Fraction(3, 20000), rules_) == Fraction("0.01")


def test_every_reason_has_a_sentence_and_a_short_form():
    assert set(explanations.SHORT) == set(Reason)
    with pytest.raises(KeyError):
        explanations.of_project(count(bike_and_gym(), COST), "tram", {})
