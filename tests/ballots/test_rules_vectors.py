"""The frozen known answers that server and verifier share."""

import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from civic_forum.ballots.rules import encoding, log, receipts, sealing, signing, tree
from civic_forum.ballots.rules.choices import BoxRule, NotAccepted
from civic_forum.ballots.rules.sealing import BoxKeys, CastKind, Damaged

VERIFIER = Path(__file__).parents[2] / "verifier"
VECTORS = json.loads((VERIFIER / "vectors.json").read_text())
KEYS = BoxKeys(bytes.fromhex(VECTORS["K"]))
BOX = bytes.fromhex(VECTORS["box"])
FINGERPRINT = bytes.fromhex(VECTORS["fingerprint"])
SEED = bytes.fromhex(VECTORS["record"]["signing_seed"])
EXAMPLE = bytes.fromhex(VECTORS["late_entries"]["fingerprint"])
"""The vote of example.zip."""
LEAVES = [log.leaf_hash(bytes.fromhex(leaf)) for leaf in VECTORS["tree"]["leaves"]]
with ZipFile(VERIFIER / VECTORS["record"]["file"]) as example:
    EXAMPLE_LOG = [log.leaf_hash(bytes.fromhex(line)) for line in example.read("entries.txt").decode().split()]


def raw(case):
    return {name: bytes.fromhex(case[name]) for name in case if name not in {"choice_name", "revision", "type"}}


def hexes(values):
    return [value.hex() for value in values]


@pytest.mark.parametrize("case", VECTORS["frame"])
def test_frames(case):
    fields = [bytes.fromhex(field) for field in case["fields"]]
    assert encoding.frame(case["label"], *fields).hex() == case["bytes"]
    assert encoding.digest(case["label"], *fields).hex() == case["hash"]


def test_the_fingerprint_of_a_box():
    written = VECTORS["box_json"].encode()
    assert encoding.canonical_json(encoding.parse_canonical(written)) == written
    assert encoding.digest("box/1", written) == FINGERPRINT


@pytest.mark.parametrize("case", VECTORS["choices"])
def test_choices(case):
    rule, choice = BoxRule.from_json(case["rule"]), bytes.fromhex(case["choice"])
    if case["accepted"]:
        rule.check(choice)
    else:
        with pytest.raises(NotAccepted):
            rule.check(choice)


def test_names_of_every_cast():
    for case in VECTORS["casts"]:
        cast = raw(case)
        row_key = KEYS.row_key(BOX, cast["person"])
        cast_id = KEYS.cast_id(row_key, cast["form_key"])
        assert row_key == cast["row_key"]
        assert KEYS.tag(row_key) == cast["tag"]
        assert cast_id == cast["cast_id"]
        assert KEYS.n1(cast_id, case["revision"]) == cast["n1"]
        assert KEYS.n2(cast_id, case["revision"]) == cast["n2"]


def test_seals_of_every_cast(monkeypatch):
    for case in VECTORS["casts"]:
        cast = raw(case)
        row = {"box": BOX, "cast_id": cast["cast_id"], "row_key": cast["row_key"], "revision": case["revision"]}
        kind = CastKind[case["type"].upper()]
        monkeypatch.setattr(sealing, "token_bytes", lambda length, nonce=cast["nonce"]: nonce[:length])
        assert KEYS.seal(kind, cast["choice"], **row) == cast["sealed"]
        assert KEYS.unseal(cast["sealed"], **row) == (kind, cast["choice"])
        with pytest.raises(Damaged):
            KEYS.unseal(cast["sealed"], **row | {"revision": case["revision"] + 1})


def test_entries_of_every_cast():
    for case in VECTORS["casts"]:
        cast = raw(case)
        who = (FINGERPRINT, cast["n1"], cast["tag"], case["revision"])
        if case["type"] == "ballot":
            entry = log.ballot_entry(*who, cast["n2"], cast["choice"])
        else:
            entry = log.withdrawal_entry(*who, cast["n2"])
        assert entry == cast["entry"]
        assert log.leaf_hash(entry) == cast["leaf"]


def test_roots_of_0_to_8_leaves():
    """Also the figures of the reference tests of Certificate Transparency (RFC 6962, the same tree)."""
    assert [tree.root(LEAVES[:size]).hex() for size in range(9)] == VECTORS["tree"]["roots"]


def test_inclusion_proofs():
    for case in VECTORS["tree"]["inclusion"]:
        proof = tree.inclusion_proof(LEAVES[: case["size"]], case["leaf"])
        assert hexes(proof) == case["proof"]
        root = bytes.fromhex(VECTORS["tree"]["roots"][case["size"]])
        assert tree.verify_inclusion(LEAVES[case["leaf"]], case["leaf"], case["size"], proof, root)


def test_consistency_proofs():
    for case in VECTORS["tree"]["consistency"]:
        proof = tree.consistency_proof(LEAVES[: case["new"]], case["old"])
        assert hexes(proof) == case["proof"]
        old_root, new_root = (bytes.fromhex(VECTORS["tree"]["roots"][case[which]]) for which in ("old", "new"))
        assert tree.verify_consistency(case["old"], case["new"], proof, old_root, new_root)


@pytest.mark.parametrize("case", VECTORS["ed25519"]["tests"])
def test_signatures_of_rfc_8032(case):
    secret, public, message, signature = (
        bytes.fromhex(case[name]) for name in ("secret_key", "public_key", "message", "signature")
    )
    assert signing.public_key(secret) == public
    assert signing.sign(secret, message) == signature
    assert signing.verify(public, message, signature)


@pytest.mark.parametrize("case", VECTORS["ed25519"]["refused"], ids=lambda case: case["why"])
def test_signatures_that_must_not_pass(case):
    public, message, signature = (bytes.fromhex(case[name]) for name in ("public_key", "message", "signature"))
    assert not signing.verify(public, message, signature)


def test_heads():
    for case in VECTORS["heads"]:
        head = case["head"]
        message = signing.head_message(
            bytes.fromhex(head["fingerprint"]),
            signing.HeadKind(head["kind"]),
            head["number"],
            head["size"],
            bytes.fromhex(head["root"]),
            encoding.instant(head["at"]),
        )
        assert message.hex() == case["message"]
        assert signing.sign(SEED, message).hex() == head["signature"]
        assert signing.HeadKind(head["kind"]).number == head["number"]


def test_promises_results_and_manifests():
    for case in VECTORS["promises"]:
        assert signing.promise_message(EXAMPLE, bytes.fromhex(case["leaf"])).hex() == case["message"]
        assert signing.sign(SEED, bytes.fromhex(case["message"])).hex() == case["signature"]
    for cases, framed in (("results", signing.result_message), ("manifests", signing.manifest_message)):
        for case in VECTORS[cases]:
            written = case["json"].encode()
            assert encoding.canonical_json(encoding.parse_canonical(written)) == written
            assert framed(EXAMPLE, written).hex() == case["message"]
            assert signing.sign(SEED, bytes.fromhex(case["message"])).hex() == case["signature"]


def test_entries_of_paper_and_objections():
    paper, objection = VECTORS["late_entries"]["paper"], VECTORS["late_entries"]["objection"]
    n, n2 = bytes.fromhex(paper["n"]), bytes.fromhex(paper["n2"])
    choices = [bytes.fromhex(choice) for choice in paper["choices"]]
    assert log.paper_entry(EXAMPLE, n, paper["figures"].encode(), n2, choices).hex() == paper["entry"]
    n, words = bytes.fromhex(objection["n"]), objection["objection"].encode()
    assert log.objection_entry(EXAMPLE, n, words).hex() == objection["entry"]


def test_trackers_and_receipts():
    for case in VECTORS["trackers"]:
        assert receipts.tracker(bytes.fromhex(case["leaf"])) == case["tracker"]
    for case in VECTORS["receipts"]:
        receipt = receipts.Receipt.from_json(case)
        assert receipt.holds()
        assert receipt == receipts.Receipt.issue(SEED, EXAMPLE, bytes.fromhex(case["leaf"]))


def test_proofs_as_people_keep_them():
    """The example's own log, from the record beside the verifier."""
    for proof in VECTORS["proofs"]:
        if proof["kind"] == "inclusion":
            assert EXAMPLE_LOG[proof["number"]].hex() == proof["leaf"]
            made = tree.inclusion_proof(EXAMPLE_LOG[: proof["size"]], proof["number"])
        else:
            made = tree.consistency_proof(EXAMPLE_LOG[: proof["new"]], proof["old"])
        assert hexes(made) == proof["proof"]
