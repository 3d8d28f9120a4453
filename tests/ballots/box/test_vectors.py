"""Frozen known answers of format 2: the site makes, and opens, what they say."""

import json
from pathlib import Path

import pytest

from civic_forum.ballots.box import ledger
from civic_forum.ballots.box import closing as draws
from civic_forum.ballots.box import sealing as box
from civic_forum.ballots.box.sealing import BoxKeys, Channel, OpenedRow
from civic_forum.ballots.rules import signing
from civic_forum.ballots.rules.log import canonical_json, instant, leaf_hash
from civic_forum.ballots.rules.signing import HeadKind

VECTORS = json.loads((Path(__file__).parents[3] / "verifier" / "vectors.json").read_text("utf-8"))
KEYS, BOX = BoxKeys(bytes.fromhex(VECTORS["K"])), bytes.fromhex(VECTORS["box"])
PRINTS, SEED = bytes.fromhex(VECTORS["fingerprint"]), bytes.fromhex(VECTORS["signing_seed"])


def raw(case, *names):
    return [bytes.fromhex(case[name]) for name in names]


def test_fingerprint_and_subkeys():
    assert box.fingerprint(VECTORS["definition"].encode()) == PRINTS
    assert {purpose: KEYS.subkey(purpose).hex() for purpose in VECTORS["subkeys"]} == VECTORS["subkeys"]


@pytest.mark.parametrize("case", VECTORS["casts"], ids=lambda case: str(case["revision"]))
def test_names_and_entries_of_a_cast(case):
    person, form_key, mine, choice = raw(case, "person", "form_key", "mine", "choice")
    row_key, revision = KEYS.row_key(BOX, person), case["revision"]
    n = KEYS.n(row_key, revision, form_key)
    mark, commitment = box.mark(PRINTS, mine), box.commitment(n, choice)
    entry = box.ballot_entry(PRINTS, mark, commitment)
    found = {"row_key": row_key, "n": n, "state": KEYS.state(row_key, revision, form_key), "name": KEYS.name(mine),
             "mark": mark,
             "commitment": commitment, "token": box.token(PRINTS, mine), "entry": entry, "leaf": leaf_hash(entry)}
    assert {name: value.hex() for name, value in found.items()} == {name: case[name] for name in found}
    assert signing.tracker(found["leaf"]) == case["tracker"]
    assert box.ballot_leaf(PRINTS, mark, commitment) == (found["leaf"], mark, commitment)


@pytest.mark.parametrize("case", VECTORS["casts"], ids=lambda case: str(case["revision"]))
def test_sealed_values_open(case):
    row_key, name, mine, form_key, choice = raw(case, "row_key", "name", "mine", "form_key", "choice")
    voter = box.open_voter(KEYS, BOX, row_key, case["channel"], case["paper"], bytes.fromhex(case["sealed_row"]))
    assert voter == OpenedRow(Channel(case["channel"]), case["paper"], case["revision"], form_key, mine, choice)
    promise = box.open_promise(KEYS, BOX, name, bytes.fromhex(case["sealed_promise"]))
    assert promise == tuple(raw(case, "mark", "commitment"))
    written = ledger.Written(row_key, case["revision"], name)
    assert ledger.line(KEYS, written).decode() == case["ledger"]
    assert list(ledger.parse(KEYS, case["ledger"].encode())) == [written]


def messages_made():
    head, promise, count, observed = (VECTORS["messages"][name] for name in ("head", "promise", "count", "observed"))
    root, live, additions = raw(head, "root", "live_sha256", "additions_root")
    yield head, signing.head(PRINTS, HeadKind(head["kind"]), head["size"], root, instant(head["at"]), live=live,
                             additions=additions)
    yield promise, signing.promise(PRINTS, *raw(promise, "leaf"))
    yield count, signing.count(PRINTS, count["number"], instant(count["at"]), count["voters"],
                               additions=count["additions"],
                               root=bytes.fromhex(count["additions_root"]))
    added = VECTORS["messages"]["additions"]
    yield added, signing.additions(PRINTS, added["number"], instant(added["at"]), added["additions"],
                                   bytes.fromhex(added["additions_root"]))
    yield observed, signing.observed(PRINTS, *raw(observed, "result_sha256", "edition_sha256"), agrees=True,
                                     text=observed["text"])


def test_signed_messages():
    for case, message in messages_made():
        assert message.hex() == case["message"]
        assert signing.sign(SEED, message).hex() == case["signature"]


def test_too_long_a_remark_is_refused():
    with pytest.raises(ValueError):
        signing.observed(PRINTS, PRINTS, PRINTS, agrees=True, text="x" * 1001)


def test_the_roll_and_paper():
    made = [box.roll_leaf(BOX, *raw(case, "salt", "person")) for case in VECTORS["roll"]["entries"]]
    assert [leaf.hex() for leaf in made] == [case["leaf"] for case in VECTORS["roll"]["entries"]]
    assert box.roll_root(made).hex() == box.roll_root(reversed(made)).hex() == VECTORS["roll"]["root"]
    paper = VECTORS["paper"]
    entry = box.paper_entry(PRINTS, *raw(paper, "n"), canonical_json(paper["figures"]), *raw(paper, "n2"),
                            map(bytes.fromhex, paper["choices"]))
    assert entry.hex() == paper["entry"]


def test_draws():
    for case in VECTORS["lots"]:
        assert draws.order(bytes.fromhex(case["closing_root"]), case["draw"], range(1, 19)) == case["order"]
    for case in VECTORS["lotteries"]:
        assert draws.lottery_number(instant(case["closed_at"])) == case["number"]
