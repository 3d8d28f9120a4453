"""Every number of every sentence on the pages of a result is the number of the round, looked at without the count's
code."""

import json
from collections import Counter
from fractions import Fraction

import pytest

from civic_forum.budgets.counting.box import election_of_box
from civic_forum.budgets.counting.outcome import Count, Funding
from civic_forum.budgets.counting.settings import CountingRules, Order, Rule
from civic_forum.budgets.results.rules import verdict
from civic_forum.platform.i18n import nth
from tests.budgets.counting import test_sentences as sentences
from tests.budgets.counting.checking import check
from tests.polls.reading import every, page_at, said, text

from .published import published
from .test_in_chromium import COSTS, HALVES, SHARES, ballots

COMMITTEE = [9, 2, 7, 1, 8, 0, 6, 3, 5, 4, 10, 2]
RULES = {"greedy": CountingRules(), "stops": CountingRules(skips=False, threshold=9),
         "votes per cost": CountingRules(order=Order.VOTES_PER_COST), "weighted": HALVES,
         "plain shares": CountingRules(Rule.EQUAL_SHARES), "shares, add1 and fill": SHARES}


@pytest.fixture(params=RULES.values(), ids=RULES)
def shown(town, request):
    """A published envelope with its election, as anybody can put it together from what is published."""
    committee = {"committee": COMMITTEE} if request.param is HALVES else {}
    envelope = published(town, COSTS, ballots(), rules=request.param, publishes="ballots", **committee)
    definition, result = json.loads(envelope.box.definition), json.loads(envelope.box.result)
    votes = Counter(number for ballot in ballots() for number in ballot)
    election = election_of_box(definition, {number: votes[number] for number in range(1, 13)}, 62, ballots())
    counted = Count.from_json(result["outcome"]["count"])
    check(election, counted)
    return envelope, counted


def _weighted(counted, one, sentence):
    """The score and its two parts, of a hundred, then the turn and the money."""
    score, *parts = [Fraction(found) for found in sentences.counts(sentence, "점")]
    assert abs(score - 100 * one.score) <= Fraction(1, 200) and abs(sum(parts) - score) <= Fraction(1, 100)
    assert set(parts) == {
        Fraction(round(Fraction(10_000, 2) * part), 100) for part in counted.parts[one.project].values()}
    assert f"{nth(one.rank)} 번째" in sentence
    assert sentences.amounts(sentence) == [one.left_before, one.cost]


@pytest.mark.in_turns(of=10)
def test_the_sentences_of_the_pages_tell_the_numbers_of_the_round(browse, shown):
    envelope, counted = shown
    here = f"/budgets/{envelope.round.slug}/{envelope.slug}/results"
    titles = {f"A{number:02d}": f"{number}번 사업" for number in range(1, 13)}
    reader = browse()
    whole = page_at(reader, here)
    rows = {every(one, "h3 a")[0].get("href").rpartition("/")[2]: one
            for path in (".funded > li", ".unfunded > li") for one in every(whole, path)}
    assert set(rows) == set(titles), "every project has one"
    found = {code: said(page_at(reader, f"{here}/{code}"), ".verdict") for code in rows}
    for code, sentence in found.items():
        told = verdict(counted, code)
        if not isinstance(told, Funding):
            sentences._not_funded(counted, told, sentence, titles)
        elif counted.rules.rule is Rule.WEIGHTED:
            _weighted(counted, told, sentence)
        else:
            sentences._funded(counted, told, sentence, titles)
        assert isinstance(told, Funding) or said(rows[code], ".why") == sentence, "told at once of what was not chosen"


@pytest.mark.in_turns(of=10)
def test_the_rounds_of_the_page_are_the_rounds_of_the_count(browse, shown):
    envelope, counted = shown
    page = page_at(browse(), f"/budgets/{envelope.round.slug}/{envelope.slug}/results/recount")
    rows = [[money for cell in every(row, "td") for money in sentences.amounts(text(cell))]
            for row in every(page, ".rounds tbody tr")]
    if counted.rules.rule is Rule.EQUAL_SHARES:
        assert len(rows) == len(counted.rounds)
        for row, one in zip(rows, counted.rounds, strict=True):
            assert row[-2:] == [one.cost, one.left_after]
    else:
        turns = {one.rank: one for one in (*counted.rounds, *counted.not_selected) if one.rank is not None}
        assert len(rows) == len(turns)
        for rank, row in enumerate(rows, start=1):
            one = turns[rank]
            left = one.left_before if isinstance(one, Funding) else one.left
            assert row == [int(money) for money in (left, one.cost) if money is not None]
