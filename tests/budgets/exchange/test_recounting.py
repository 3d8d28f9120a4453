"""budget count on the record of a vote: it takes everything from the record, and flags go before it."""

import json
from collections import Counter
from fractions import Fraction

import pytest
from click.testing import CliRunner

from civic_forum.ballots.box import closing as draws
from civic_forum.budgets import cli
from civic_forum.budgets.counting.box import of_box
from civic_forum.budgets.counting.settings import Completion, CountingRules, Rule
from civic_forum.platform.errors import Refusal

from .records import CLOSING, zipped

COSTS = {"A1": 50, "A2": 40, "A3": 30, "A4": 20}
BALLOTS = [(1, 2), (1,), (1, 3), (2, 3), (2,), (4,), (4,), (), (3, 4), (1, 2)]
PAPER = [(4,), (2, 4)]


def definition(rules=None, **budget):
    return {
        "subject_title": "2026 주민참여예산 — 구 전체", "rule": {"kind": "approval", "options": 4, "limit": 2},
        "options": [{"number": number, "code": code, "cost": cost, "title": f"사업 {code}"}
                    for number, (code, cost) in enumerate(COSTS.items(), 1)], "publishes": "ballots", "draw": "dice",
        "budget": {"amount": 100, "currency": "KRW", "rules": (rules or CountingRules()).to_json()} | budget}


def figures(box, ballots=(*BALLOTS, *PAPER), order=None):
    votes = Counter(number for ballot in ballots for number in ballot)
    totals = {number: votes[number] for number in range(1, 5)}
    return {"ballots": len(ballots), "totals": [{"option": number, "votes": count} for number, count in totals.items()],
            "outcome": of_box(box, totals, len(ballots), ballots, order)}


@pytest.fixture
def run(tmp_path):
    path = tmp_path / "record.zip"

    def command(record, *flags, name="count"):
        path.write_bytes(record)
        result = CliRunner().invoke(cli.budget, [name, str(path), *flags, "--json"])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == 0, result.output
        return json.loads(result.output)

    return command


WEIGHTED = CountingRules(Rule.WEIGHTED, weights={"residents": Fraction(1, 2), "committee": Fraction(1, 2)}, threshold=2)
SHARES = CountingRules(Rule.EQUAL_SHARES, completion=Completion.ADD1, step=Fraction(1, 4), fill_greedy=True)
EVERYTHING = [
    definition(), definition(CountingRules(skips=False, threshold=4)), definition(SHARES),
    definition(WEIGHTED, committee={"ballots": 5, "votes": [0, 1, 5, 4]}),
    definition(WEIGHTED, committee={"ballots": 5, "votes": [5, 1, 5, 4]}, exclusions=[[1, 3], [2, 4]]),
    definition(SHARES, exclusions=[[2, 4]]),
]


@pytest.mark.parametrize("box", EVERYTHING)
def test_a_record_with_choices_gives_the_outcome_that_was_signed(run, box):
    result = figures(box)
    counted = run(zipped(box, result, BALLOTS, PAPER))
    assert counted == result["outcome"]["count"]
    assert counted["voters"] == 12 and counted["rules"] == box["budget"]["rules"]


@pytest.mark.parametrize("box", [box for box in EVERYTHING if box["budget"]["rules"]["rule"] != "equal-shares"])
def test_greedy_and_weighted_are_counted_from_totals_too(run, box):
    result = figures(box)
    counted, signed = run(zipped(box, result)), dict(result["outcome"]["count"])
    del signed["voters_with_a_funded_choice"]
    assert counted == signed


@pytest.mark.parametrize("ballots", [None, [(1,), (2,), (3,)]])
@pytest.mark.parametrize("faces", [[1] * 20, [2] * 20, [3] * 20, [4] * 20])
def test_a_tie_is_decided_by_the_draw_of_the_record(run, ballots, faces):
    box, draw = definition(), draws.dice(faces)
    for one in box["options"]:
        one["cost"] = 60
    order = draws.order(CLOSING, draw, range(1, 5))
    result = figures(box, [(1,), (2,), (3,)], order)
    counted = run(zipped(box, result, ballots, draw=draw))
    first = next(number for number in order if number != 4)
    assert counted["selected"] == result["outcome"]["count"]["selected"] == [f"A{first}"]
    assert counted["ties"][0]["decided_by"] == ["lot"]


def test_few_ballots_are_counted_again_from_choices_alone(run):
    box, ballots = definition(), [(1, 2), (1,), (4,)]
    result = {"ballots": 3, "small": 1, "outcome": {"kind": "budget", "selected": ["A1", "A2"]}}
    assert run(zipped(box, result, ballots)) == figures(box, ballots)["outcome"]["count"]
    with pytest.raises(Refusal, match="참관인용 기록으로만"):
        run(zipped(box, result))


def test_equal_shares_need_whole_ballots(run):
    box = definition(SHARES)
    with pytest.raises(Refusal, match="합계만"):
        run(zipped(box, figures(box)))


def test_flags_go_before_the_record(run):
    box = definition(WEIGHTED, committee={"ballots": 5, "votes": [0, 1, 5, 4]})
    record = zipped(box, figures(box), BALLOTS, PAPER)
    assert run(record, "--threshold", "6")["rules"] == WEIGHTED.with_(threshold=6).to_json()
    other = run(record, "--rule", "equal-shares", "--completion", "add1", "--step", "1/4", "--fill", "greedy")
    assert other["rules"] == SHARES.with_(threshold=2).to_json()
    greedy = run(record, "--rule", "greedy", "--no-skip", "--threshold", "0")
    assert greedy["rules"] == CountingRules(skips=False).to_json()


def test_a_record_is_compared_like_a_file(run):
    box = definition()
    assert run(zipped(box, figures(box), BALLOTS, PAPER), name="compare")["rules"]["greedy"]["voters"] == 12
    assert set(run(zipped(box, figures(box)), name="compare")["rules"]) == {"own", "greedy", "greedy-per-cost"}
    weighted = definition(WEIGHTED, committee={"ballots": 5, "votes": [0, 1, 5, 4]})
    found = run(zipped(weighted, figures(weighted), BALLOTS, PAPER), name="compare")["rules"]
    assert found["own"] == figures(weighted)["outcome"]["count"] and found["own"]["rule"] == "weighted"


def changed(**parts):
    box = definition() | parts
    return zipped(box, figures(definition()), BALLOTS, PAPER)


@pytest.mark.parametrize("record, said", [
    (b"PK\3\4", "읽을 수 없는"), (b"PK\3\4" + bytes(1000), "읽을 수 없는"),
    (changed(rule={"kind": "approval", "options": 5, "limit": 2}), "읽을 수 없는"),
    (changed(budget={}), "읽을 수 없는"), (changed(budget=None), "읽을 수 없는"),
    (zipped(definition(), figures(definition()), BALLOTS), "읽을 수 없는"),
    (zipped({"rule": definition()["rule"]}, figures(definition()), BALLOTS), "주민참여예산 투표의 기록이 아니에요"),
])
def test_a_file_that_is_no_record_of_a_budget_is_refused(run, record, said):
    with pytest.raises(Refusal, match=said):
        run(record)
