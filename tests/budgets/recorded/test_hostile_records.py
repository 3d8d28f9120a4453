"""What somebody might hand out as a record: told apart at once, never a long wait or a trace of the program."""

import json
import zipfile

import pytest
from click.testing import CliRunner

from civic_forum.budgets import cli
from civic_forum.budgets.rules.counting.settings import CountingRules, Rule
from civic_forum.kernel.errors import Refusal

ENDLESS = "1e999999999"


def box():
    return {"subject_title": "금천", "rule": {"kind": "approval", "options": 2, "limit": 1},
            "options": [{"number": 1, "title": "나무"}, {"number": 2, "title": "등"}],
            "budget": {"amount": "100", "currency": "KRW", "rules": CountingRules().to_json(),
                       "projects": [{"number": 1, "id": "A01", "cost": "60"}, {"number": 2, "id": "A02", "cost": "50"}]}}


def result():
    return {"ballots": 3, "totals": [{"option": 1, "votes": 2}, {"option": 2, "votes": 1}]}


def counted(path, box, result):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("box.json", json.dumps(box))
        archive.writestr("result.json", json.dumps(result))
    return CliRunner().invoke(cli.budget, ["count", str(path)])


def test_such_a_record_is_counted_where_nothing_is_wrong(tmp_path):
    assert counted(tmp_path / "record.zip", box(), result()).exit_code == 0


def put(place, value):
    def change(box, result):
        *way, last = place
        at = {"box": box, "result": result}
        for part in way:
            at = at[part]
        at[last] = value

    return change


BUDGET = ("box", "budget")
CHANGES = {
    "an endless amount": put((*BUDGET, "amount"), ENDLESS),
    "an amount that is a number": put((*BUDGET, "amount"), 1e308),
    "an endless cost": put((*BUDGET, "projects", 0, "cost"), ENDLESS),
    "a cost divided by nothing": put((*BUDGET, "projects", 0, "cost"), "1/0"),
    "an endless step": put((*BUDGET, "rules", "step"), ENDLESS),
    "an endless weight": put((*BUDGET, "rules"), CountingRules(Rule.WEIGHTED, weights={"residents": 1}).to_json()
                             | {"weights": {"residents": ENDLESS}}),
    "endless votes": put(("result", "totals", 0, "votes"), ENDLESS),
    "half a vote": put(("result", "totals", 0, "votes"), 0.5),
    "ballots in words": put(("result", "ballots"), "셋"),
    "a committee in words": put((*BUDGET, "committee"), {"ballots": "x", "votes": [1, ENDLESS]}),
    "a title that is a list": put(("box", "options", 0, "title"), ["나무"]),
    "a project without a name": put(("box", "options"), [{"number": 1, "title": "나무"}]),
    "an id that is a number": put((*BUDGET, "projects", 0, "id"), 7),
    "no title": put(("box", "subject_title"), None),
    "a million million options": put(("box", "rule", "options"), 10**12),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_is_no_number_or_text_is_refused_at_once(tmp_path, change):
    made = box(), result()
    change(*made)
    done = counted(tmp_path / "record.zip", *made)
    assert isinstance(done.exception, Refusal), (done.exception, done.output)
