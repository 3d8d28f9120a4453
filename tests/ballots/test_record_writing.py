"""Records that the server writes pass the program that shares no code with it, in both editions."""

import json
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest

from civic_forum.ballots.formats.record import (
    Edition,
    ObjectionOpening,
    PaperOpening,
    Record,
    WhatOpening,
    WhoOpening,
    write_editions,
    write_record,
)
from civic_forum.ballots.rules.choices import BoxRule, Kind
from civic_forum.ballots.rules.counting import Batch, Participations
from civic_forum.ballots.rules.encoding import canonical_json
from civic_forum.ballots.rules.signing import key_fingerprint, public_key
from civic_forum.ballots.rules.tree import Tree
from tests.ballots.made_votes import make_vote

VERIFIER = Path(__file__).parents[2] / "verifier"
RULES = [
    BoxRule(Kind.APPROVAL, 18, 6),
    BoxRule(Kind.APPROVAL, 3, 1),
    BoxRule(Kind.APPROVAL, 5, 2, exactly=True),
    BoxRule(Kind.YES_NO, 4),
    BoxRule(Kind.POINTS, 6, 10),
]


def verify_whole(path, *options):
    """Exit status and every line of the published program."""
    command = [sys.executable, "-I", "-S", VERIFIER / "verify.py", path, "--language", "en", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    return done.returncode, *(done.stdout + done.stderr).strip().splitlines()


def verify(path, *options):
    """Exit status and last line."""
    status, *_, last = verify_whole(path, *options)
    return status, last


def members_of(path):
    with ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def vote():
    return make_vote(40, withdrawn=3, batches=2, objections=2)


@pytest.fixture
def places(tmp_path):
    return {"public": tmp_path / "record.zip", "observers": tmp_path / "observers.zip"}


@pytest.mark.parametrize("publishes", ["totals", "ballots"])
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: "-".join(map(str, rule.to_json().values())))
def test_both_editions_of_every_kind_of_vote_pass(rule, publishes, places):
    vote = make_vote(25, rule=rule, publishes=publishes, withdrawn=2)
    write_editions(vote.record, vote.seed, **places)
    key = key_fingerprint(public_key(vote.seed))
    for path, other in (places.values(), reversed(places.values())):
        assert verify(path, "--key", key, "--same-as", other) == (
            0, "OK: everything checked holds; signed by the key you named."
        )


def test_a_vote_in_which_nobody_took_part_passes(places):
    nobody = make_vote(0, withdrawn=0, batches=0, objections=0)
    write_editions(nobody.record, nobody.seed, **places)
    assert verify(places["public"])[0] == verify(places["observers"])[0] == 0


def test_a_record_of_a_rehearsal_says_so(places):
    vote = make_vote(rehearsal=True)
    write_editions(vote.record, vote.seed, **places)
    status, *lines = verify_whole(places["public"])
    assert status == 0
    assert lines[0].startswith("REHEARSAL:")


def test_the_edition_for_everyone_has_no_choice_in_it(vote, places):
    written = write_editions(vote.record, vote.seed, **places)
    public, observers = members_of(places["public"]), members_of(places["observers"])
    assert set(observers) - set(public) == {"choices.txt", "paper-choices.json"}
    bytes_of_it = places["public"].read_bytes()
    hidden = [what.n2 for what in vote.record.choices] + [paper.n2 for paper in vote.record.paper]
    assert hidden
    assert not any(n2.hex().encode() in bytes_of_it for n2 in hidden)
    assert all(n2.hex().encode() in places["observers"].read_bytes() for n2 in hidden)
    assert json.loads(observers["manifest.json"])["public_sha256"] == written.public
    assert sha256(bytes_of_it).hexdigest() == written.public
    assert sha256(places["observers"].read_bytes()).hexdigest() == written.observers


def test_the_signed_result_is_the_same_in_both(vote, places):
    write_editions(vote.record, vote.seed, **places)
    public, observers = members_of(places["public"]), members_of(places["observers"])
    assert public["result.json"] == observers["result.json"] == vote.record.result
    assert len({json.loads(members["signatures.json"])["result"] for members in (public, observers)}) == 1


def test_where_whole_ballots_are_published_observers_get_the_same_file(places):
    vote = make_vote(publishes="ballots")
    written = write_editions(vote.record, vote.seed, **places)
    assert written.public == written.observers
    assert places["public"].read_bytes() == places["observers"].read_bytes()
    assert "public_sha256" not in json.loads(members_of(places["public"])["manifest.json"])


def test_writing_again_after_a_crash_gives_the_same_bytes(vote, places):
    first = write_editions(vote.record, vote.seed, **places)
    places["observers"].unlink()
    assert write_editions(vote.record, vote.seed, **places) == first


def test_words_that_are_withheld_are_in_neither_edition(vote, places):
    write_editions(vote.record, vote.seed, **places)
    *_, withheld = vote.record.objections
    for path in places.values():
        assert json.loads(members_of(path)["objections.json"])[-1] == {
            "leaf": withheld.leaf, "withheld": "이름이 들어 있어요."
        }
        assert withheld.n.hex().encode() not in path.read_bytes()


def test_receipts_and_heads_that_people_kept_fit_the_record(vote, places, tmp_path):
    write_editions(vote.record, vote.seed, **places)
    tree = Tree(vote.leaves)
    for number in (0, len(vote.receipts) // 2, len(vote.receipts) - 1):
        before, after, head = (tmp_path / name for name in ("before.json", "after.json", "head.json"))
        receipt = vote.receipts[number].to_json()
        proof = [node.hex() for node in tree.inclusion_proof(number)]
        before.write_text(json.dumps(receipt))
        head.write_text(json.dumps(vote.record.heads[1]))
        after.write_text(json.dumps(receipt | {"number": number, "proof": proof, "head": vote.record.heads[2]}))
        for path in places.values():
            assert verify(path, "--receipt", before, "--head", head)[0] == 0
            assert verify(path, "--receipt", after)[0] == 0


def test_a_receipt_whose_ballot_was_left_out_proves_it(vote, places, tmp_path):
    other = make_vote(40, chance=7)
    write_editions(vote.record, vote.seed, **places)
    (tmp_path / "receipt.json").write_text(json.dumps(other.receipts[0].to_json()))
    assert verify(places["public"], "--receipt", tmp_path / "receipt.json")[0] == 1


@pytest.mark.parametrize(
    "changed",
    [
        lambda record: {"entries": record.entries[1:]},
        lambda record: {"entries": [record.entries[1], record.entries[0], *record.entries[2:]]},
        lambda record: {"openings": record.openings[:-1]},
        lambda record: {"choices": record.choices[:-1]},
        lambda record: {"choices": [record.choices[0]._replace(choice=bytes([1] + [0] * 36)), *record.choices[1:]]},
        lambda record: {"participations": replace(record.participations, online=record.participations.online + 1)},
        lambda record: {"paper": record.paper[:-1]},
        lambda record: {"objections": record.objections[:-1]},
        lambda record: {"result": record.result.replace(b'"withdrawn":3', b'"withdrawn":2')},
        lambda record: {"heads": [record.heads[0], record.heads[2], record.heads[2]]},
        lambda record: {"definition": record.definition.replace("1번".encode(), "일번".encode())},
    ],
)
def test_a_record_of_parts_that_do_not_fit_is_refused(changed, vote, tmp_path):
    """Signed by the right key all the same: what the site checks before it erases anything."""
    change = changed(vote.record)
    assert all(getattr(vote.record, name) != value for name, value in change.items())
    write_record(replace(vote.record, **change), vote.seed, Edition.CHOICES, tmp_path / "x.zip", public_sha256="0" * 64)
    status, last = verify(tmp_path / "x.zip")
    assert (status, last[:6]) == (1, "WRONG:")


def test_what_can_be_read_only_once_is_refused(vote):
    with pytest.raises(ValueError):
        replace(vote.record, entries=iter(vote.record.entries))


def test_the_published_example_is_what_this_site_writes(tmp_path):
    """The record beside the verifier was made from FORMAT.md alone; written here it is the same, byte for byte."""
    example = json.loads((VERIFIER / "vectors.json").read_text())["record"]
    members = members_of(VERIFIER / example["file"])
    lines = {name: [line.split() for line in members[name].decode().splitlines()] for name in members}
    read = {name: json.loads(content) for name, content in members.items() if name.endswith(".json")}
    paper_choices = {paper["leaf"]: paper for paper in read["paper-choices.json"]}
    record = Record(
        definition=members["box.json"],
        heads=[{name: head[name] for name in head if name != "consistency"} for head in read["heads.json"]],
        entries=[bytes.fromhex(entry) for (entry,) in lines["entries.txt"]],
        openings=[
            WhoOpening(int(leaf), bytes.fromhex(n1), bytes.fromhex(tag), int(revision))
            for leaf, n1, tag, revision in lines["openings.txt"]
        ],
        choices=[
            WhatOpening(int(leaf), bytes.fromhex(n2), bytes.fromhex(choice))
            for leaf, n2, choice in lines["choices.txt"]
        ],
        paper=[
            PaperOpening(
                paper["leaf"],
                bytes.fromhex(paper["n"]),
                Batch(**paper["figures"]),
                bytes.fromhex(paper_choices[paper["leaf"]]["n2"]),
                [bytes.fromhex(choice) for choice in paper_choices[paper["leaf"]]["choices"]],
            )
            for paper in read["paper.json"]
        ],
        objections=[
            ObjectionOpening(
                objection["leaf"],
                bytes.fromhex(objection.get("n", "")),
                objection.get("objection", {}),
                objection.get("withheld"),
            )
            for objection in read["objections.json"]
        ],
        participations=Participations(**read["participations.json"]),
        result=members["result.json"],
    )
    assert canonical_json(read["result.json"]) == record.result
    written = write_record(record, bytes.fromhex(example["signing_seed"]), Edition.CHOICES, tmp_path / "again.zip")
    assert written == example["sha256"]
