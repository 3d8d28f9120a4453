"""Things that somebody might hand out as a record: told apart at once, never a long wait or a trace of the program."""

import json
import zipfile

import pytest
from click.testing import CliRunner

from civic_forum.budgets import cli
from civic_forum.budgets.counting.settings import CountingRules, Rule
from civic_forum.platform.errors import Refusal

ENDLESS = "1e999999999"


def box():
    return {"subject_title": "금천", "rule": {"kind": "approval", "options": 2, "limit": 1},
            "options": [{"number": 1, "code": "A01", "cost": 60, "title": "나무"},
                        {"number": 2, "code": "A02", "cost": 50, "title": "등"}],
            "budget": {"amount": 100, "currency": "KRW", "rules": CountingRules().to_json()}}


def result():
    return {"ballots": 3, "totals": [{"option": 1, "votes": 2}, {"option": 2, "votes": 1}]}


def counted(path, box, result, draw=None):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("box.json", json.dumps(box))
        archive.writestr("result.json", json.dumps(result))
        archive.writestr("draw.json", json.dumps(draw or {}))
        archive.writestr("heads.json", json.dumps([{"kind": "closing", "root": "00" * 32}]))
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


BUDGET, OPTIONS = ("box", "budget"), ("box", "options")
CHANGES = {
    "an endless amount": put((*BUDGET, "amount"), ENDLESS),
    "an amount that is a number": put((*BUDGET, "amount"), 1e308),
    "an endless cost": put((*OPTIONS, 0, "cost"), ENDLESS),
    "a cost divided by nothing": put((*OPTIONS, 0, "cost"), "1/0"),
    "a cost below nothing": put((*OPTIONS, 0, "cost"), -1),
    "a cost that is true": put((*OPTIONS, 0, "cost"), True),
    "an endless step": put((*BUDGET, "rules", "step"), ENDLESS),
    "an endless weight": put((*BUDGET, "rules"), CountingRules(Rule.WEIGHTED, weights={"residents": 1}).to_json()
                             | {"weights": {"residents": ENDLESS}}),
    "endless votes": put(("result", "totals", 0, "votes"), ENDLESS),
    "half a vote": put(("result", "totals", 0, "votes"), 0.5),
    "ballots in words": put(("result", "ballots"), "셋"),
    "a committee in words": put((*BUDGET, "committee"), {"ballots": "x", "votes": [1, ENDLESS]}),
    "a title that is a list": put((*OPTIONS, 0, "title"), ["나무"]),
    "a project too few": put(OPTIONS, [{"number": 1, "code": "A01", "cost": 60, "title": "나무"}]),
    "a project without a name": put((*OPTIONS, 0), {"number": 1, "code": "A01", "cost": 60}),
    "two projects of one code": put((*OPTIONS, 0, "code"), "A02"),
    "a code that is a number": put((*OPTIONS, 0, "code"), 7),
    "no title": put(("box", "subject_title"), None),
    "a million million options": put(("box", "rule", "options"), 10**12),
}


@pytest.mark.parametrize("draw", [
    [1, 2, 3], "dice", {"kind": "dice", "faces": ENDLESS * 3}, {"kind": 0.5}])
def test_a_draw_of_any_content_only_orders_equals_or_is_refused(tmp_path, draw):
    done = counted(tmp_path / "record.zip", box(), result(), draw)
    assert done.exit_code == 0 or isinstance(done.exception, Refusal)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_text_or_number_that_is_none_is_refused_at_once(tmp_path, change):
    made = box(), result()
    change(*made)
    done = counted(tmp_path / "record.zip", *made)
    assert isinstance(done.exception, Refusal), (done.exception, done.output)
