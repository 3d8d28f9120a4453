"""Rules that no other test here breaks: each is broken alone, and the record signed as if nothing were."""

import json

import pytest

from tests.verifier import making, primitives
from tests.verifier.mutations.writing import signed_anew


def record(vote, edition, name, change):
    """The vote's record with one JSON member changed, everything signed."""
    members = making.compile_record(vote, edition, b"public" if edition == "choices" else b"")
    value = json.loads(members[name])
    change(value)
    members[name] = primitives.as_json(value)
    return primitives.zipped(signed_anew(members, vote.seed, "heads" if name == "heads.json" else "all"))


def says(desk, data):
    status, lines = desk.verify(data)
    assert status == 1
    return lines[-1]


@pytest.mark.parametrize("change, sentence", [
    (lambda box: box["rule"].update(exactly=2), "exactly may only be 1"),
    (lambda box: box.update(closes_at=box["opens_at"]), "closes before it opens"),
    (lambda box: box.update(opens_at="1969-12-31T23:59:59Z"), "before 1970"),
    (lambda box: box.update(opens_at="2020-07-17 00:00:00"), "not an instant"),
    (lambda box: box.update(binding=" "), "binding is not a text, or is empty"),
    (lambda box: box["rule"].update(limit=5), "limit is not a whole number from 1 to 4"),
    (lambda box: box["options"].pop(), "not as many options"),
    (lambda box: box["options"][1].update(number=1), "option 2 is not numbered 2"),
])
def test_the_box(desk, change, sentence):
    vote = making.make_vote(10)
    change(vote.box)
    assert sentence in says(desk, primitives.zipped(making.compile_record(vote, "totals")))


def test_whole_ballots_that_are_to_be_published_must_be_there(desk):
    vote = making.make_vote(10, publishes="ballots")
    sentence = says(desk, primitives.zipped(making.compile_record(vote, "totals")))
    assert "whole ballots are to be published" in sentence
    sentence = says(desk, primitives.zipped(making.compile_record(vote, "choices", b"public")))
    assert "the observers' edition, and no other" in sentence


def test_a_record_without_a_manifest(desk):
    members = making.compile_record(making.make_vote(10))
    members.pop("manifest.json")
    assert "there is no manifest.json" in says(desk, primitives.zipped(members))


@pytest.mark.parametrize("entry, sentence", [
    (primitives.framed("entry/1", b"ballot" * 8), "has too few fields"),
    (primitives.framed("entry/1", b"ballet", b"\0" * 32, b"\0" * 32, b"\0" * 32), "has an unknown type"),
])
def test_entries_of_no_known_shape(desk, entry, sentence):
    vote = making.make_vote(10)
    members = making.compile_record(vote, "totals")
    lines = members["entries.txt"].splitlines(keepends=True)
    members["entries.txt"] = b"".join([*lines[:-1], entry.hex().encode() + b"\n"])
    assert sentence in says(desk, primitives.zipped(signed_anew(members, vote.seed, "none")))


def test_exactly_k_is_exactly_k(desk):
    vote = making.make_vote(10, kind="exactly")
    ballot = next(cast for cast in vote.casts if cast.revision == 1 and cast.kind == "ballot")
    ballot.choice = b"\0" + b"\0\1" + bytes(6)
    assert "not exactly as many" in says(desk, primitives.zipped(making.compile_record(vote, "choices", b"public")))


def test_two_batches_of_one_number(desk):
    vote = making.make_vote(150)
    vote.batches[1].figures["number"] = 1
    assert "has the number of another one" in says(desk, primitives.zipped(making.compile_record(vote, "totals")))


@pytest.mark.parametrize("name", ["yes", "no", "blank"])
def test_yes_no_and_blank_are_as_many_as_ballots(desk, name):
    vote = making.make_vote(30, kind="yes_no")
    data = record(vote, "totals", "result.json", lambda result: result["totals"][1].update({name: 40}))
    assert "option 2: yes, no and blank are not as many as ballots" in says(desk, data)


@pytest.mark.parametrize("kind", ["exactly", "points", "approval"])
@pytest.mark.parametrize("figure", [0, 100])
def test_totals_that_no_ballots_give(desk, kind, figure):
    vote = making.make_vote(30, kind=kind)

    def change(result):
        for total in result["totals"]:
            name = "points" if kind == "points" else "votes"
            total[name] = figure * (figure and 100) if kind == "points" else min(figure, 30 - result["blank"])

    assert "no ballots within the limit" in says(desk, record(vote, "totals", "result.json", change))


def test_no_more_withdrawals_than_papers(desk):
    vote = making.make_vote(10)
    vote.batches, vote.cells = [], None
    vote.papers = dict.fromkeys(vote.papers, 0)
    assert "more ballots were withdrawn" in says(desk, primitives.zipped(making.compile_record(vote, "totals")))


def test_no_more_voters_than_the_roll(desk):
    vote = making.make_vote(10)
    vote.roll, vote.cells = 12, None  # eleven took part, and two papers are still out
    assert "more people took part" in says(desk, primitives.zipped(making.compile_record(vote, "totals")))


def test_a_cell_stands_once(desk):
    vote = making.make_vote(100)
    data = record(vote, "totals", "result.json", lambda result: result["breakdown"]["cells"][0].update(
        name=result["breakdown"]["cells"][1]["name"]))
    assert "has a cell twice" in says(desk, data)


def test_heads_before_1970(desk):
    data = record(making.make_vote(10), "totals", "heads.json", lambda heads: heads[2].update(
        at="1970-01-01T00:00:00Z"))
    assert "goes back in size or time" in says(desk, data)


def test_a_proof_of_another_version(desk):
    vote = making.make_vote(10)
    proof = {"fingerprint": vote.fingerprint.hex(), "format": 2, "kind": "consistency", "new": 0, "old": 0, "proof": []}
    data = primitives.zipped(making.compile_record(vote, "totals"))
    status, lines = desk.verify(data, proof=proof)
    assert status == 1 and "unknown format or kind" in lines[-1]
    assert desk.verify(data, proof={**proof, "format": 1})[0] == 0
