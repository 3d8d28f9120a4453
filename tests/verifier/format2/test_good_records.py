"""Good records of every kind are accepted, in both languages, with everything that people kept."""

import json

import pytest

from tests.verifier.primitives import SEED, key_fingerprint, zipped

from .conftest import KINDS, made
from .running import second_refusal

KEY = key_fingerprint(SEED)


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_good_record_is_accepted(desk, kind, language):
    vote = made(kind)
    public, observers = zipped(vote.public), zipped(vote.observers)
    for record, other in ((public, observers), (observers, public)):
        status, lines = desk.verify(record, key=KEY, same_as=other, head=vote.heads, language=language)
        assert status == 0, lines[-1]
        assert lines[-1].startswith("OK: everything" if language == "en" else "맞아요: 확인한 것이 모두")


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("kind", KINDS)
def test_the_second_checker_accepts_it_too(kind):
    vote = made(kind)
    assert [second_refusal(zipped(members)) for members in (vote.public, vote.observers)] == [None, None]


@pytest.mark.parametrize("kind, decides", [
    ("3: poll, quorum missed", False), ("3: quorum missed, advisory, tie", True),
    ("3: quorum in thousandths missed by one", False), ("3: quorum missed, advisory", True)])
def test_record_and_verifier_say_in_both_ways_that_the_quorum_was_missed(desk, kind, decides):
    public = made(kind).public
    outcome, quorum = (json.loads(public[name])[part] for name, part in (
        ("result.json", "outcome"), ("box.json", "quorum")))
    assert (outcome["quorum"], quorum.get("missed"), "count" in outcome or bool(outcome["selected"])) == (
        0, "advisory" if decides else None, decides)
    _status, said = desk.verify(zipped(public), key=KEY, language="en")
    assert any(("the result is told and binds nobody" if decides else "nothing is decided") in line for line in said)


def lines(outcome, part="not_selected"):
    return outcome.get("count", {}).get(part, [])


def reasons(outcome):
    return {line["reason"] for line in lines(outcome)}


def stages(outcome, stage):
    return [line for line in lines(outcome, "rounds") if line["stage"] == stage]


DECIDED = {
    "a stop": lambda told: "stopped" in reasons(told) and any(line.get("by_rank") for line in lines(told)),
    "a fill that stops": lambda told: any("fill_stopped_by" in line for line in lines(told)),
    "a fill that stops above one excluded": lambda told: any(
        line["reason"] == "excluded" and "fill_stopped_by" in line for line in lines(told)),
    "all funded": lambda told: told.get("count", {}).get("ending") == "all_funded",
    "exhausted": lambda told: told.get("count", {}).get("ending") == "exhausted",
    "infeasible": lambda told: told.get("count", {}).get("ending") == "infeasible",
    "no votes": lambda told: "no_votes" in reasons(told),
    "no votes, with a score": lambda told: any(line["reason"] == "no_votes" and "score" in line
                                               for line in lines(told)),
    "below the threshold beside a fill": lambda told: "below_threshold" in reasons(told) and any(
        "fill_rank" in line for line in lines(told)),
    "a body without weight": lambda told: "committee" in next(iter(told.get("count", {}).get("parts", {}).values()), {})
    and (
        "committee" not in told["count"]["rules"]["weights"]),
    "several free": lambda told: len([line for line in stages(told, "equal-shares") if line["cost"] == "0"]) > 1,
    "a tie of free ones": lambda told: any(tie["stage"] == "equal-shares" and tie["round"] == 1
                                           for tie in lines(told, "ties")),
    "a tie at other costs and votes": lambda told: any(
        tie["decided_by"] == ["cost"] and tie["stage"] == "greedy" for tie in lines(told, "ties")),
    "a tie by votes": lambda told: any("votes" in tie["decided_by"] for tie in lines(told, "ties")),
    "a tie by id": lambda told: any("id" in tie["decided_by"] for tie in lines(told, "ties")),
    "a tie of a later round": lambda told: any(
        tie["stage"] == "equal-shares" and tie["round"] > 1 for tie in lines(told, "ties")),
    "spent on several": lambda told: any(len(line.get("spent_on", [])) > 1 for line in lines(told)),
    "ten supporters told": lambda told: any(line["votes"] == "10" and "payment_per_supporter" in line for line in
                                            lines(told, "rounds")) and told.get("hidden"),
    "nine supporters hidden": lambda told: any(line["votes"] == "9" and line["project"] in told.get("hidden", [])
                                               for line in
                                               lines(told, "rounds")),
    "few supporters of the fill": lambda told: any(int(line["votes"]) < 10 for line in stages(told, "fill")),
    "a larger step": lambda told: told.get("others", {}).get("equal-shares", {}).get("rules", {}).get("step",
                                                                                                      "100") != "100",
    "a quorum reached": lambda told: told.get("quorum") == 1,
    "a quorum not reached": lambda told: told.get("quorum") == 0,
    "a budget told without its quorum": lambda told: told.get("quorum") == 0 and "count" in told,
    "a budget that decides nothing": lambda told: told["kind"] == "budget" and told.get("quorum") == 0
    and "count" not in told,
    "a tie of a result that binds nobody": lambda told: told.get("quorum") == 0 and "tied" in told,
}
"""Points in which readings of the format differ: some good record has it."""


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("name", DECIDED)
def test_the_good_records_decide_how_the_format_is_read(name):
    assert any(DECIDED[name](json.loads(made(kind).public["result.json"])["outcome"]) for kind in KINDS)
