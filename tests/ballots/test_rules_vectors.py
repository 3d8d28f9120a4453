"""The frozen known answers that need no vote: frames, choices, trees, signatures, trackers."""

import json
from pathlib import Path

import pytest

from civic_forum.ballots.rules import signing
from civic_forum.ballots.rules import log as rules
from civic_forum.ballots.rules.choices import BoxRule, NotAccepted
from tests.ballots import proofs

VERIFIER = Path(__file__).parents[2] / "verifier"
VECTORS = json.loads((VERIFIER / "vectors.json").read_text())
LEAVES = [rules.leaf_hash(bytes.fromhex(leaf)) for leaf in VECTORS["tree"]["leaves"]]


def hexes(values):
    return [value.hex() for value in values]


@pytest.mark.parametrize("case", VECTORS["frame"])
def test_frames(case):
    fields = [bytes.fromhex(field) for field in case["fields"]]
    assert rules.frame(case["label"], *fields).hex() == case["bytes"]
    assert rules.digest(case["label"], *fields).hex() == case["hash"]


@pytest.mark.parametrize("case", VECTORS["choices"])
def test_choices(case):
    rule, choice = BoxRule.from_json(case["rule"]), bytes.fromhex(case["choice"])
    if case["accepted"]:
        rule.check(choice)
    else:
        with pytest.raises(NotAccepted):
            rule.check(choice)


def test_roots_of_0_to_8_leaves():
    """Also the figures of the reference tests of Certificate Transparency (RFC 6962, the same tree)."""
    assert [rules.root(LEAVES[:size]).hex() for size in range(9)] == VECTORS["tree"]["roots"]


def test_inclusion_proofs():
    for case in VECTORS["tree"]["inclusion"]:
        proof = rules.Tree(LEAVES[: case["size"]]).inclusion_proof(case["leaf"])
        assert hexes(proof) == case["proof"]
        root = bytes.fromhex(VECTORS["tree"]["roots"][case["size"]])
        assert proofs.verify_inclusion(LEAVES[case["leaf"]], case["leaf"], case["size"], proof, root)


def test_consistency_proofs():
    for case in VECTORS["tree"]["consistency"]:
        proof = rules.Tree(LEAVES[: case["new"]]).consistency_proof(case["old"])
        assert hexes(proof) == case["proof"]
        old_root, new_root = (bytes.fromhex(VECTORS["tree"]["roots"][case[which]]) for which in ("old", "new"))
        assert proofs.verify_consistency(case["old"], case["new"], proof, old_root, new_root)


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


def test_trackers():
    for case in VECTORS["trackers"]:
        assert signing.tracker(bytes.fromhex(case["leaf"])) == case["tracker"]
