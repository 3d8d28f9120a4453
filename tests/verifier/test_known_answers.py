"""The verifier, and the maker of records that tests it, give the frozen answers."""

import hashlib
import json

import pytest

from tests.verifier import making, primitives
from tests.verifier.running import VECTORS, VERIFIER, run, verify


def unhex(text):
    return bytes.fromhex(text)


@pytest.mark.parametrize("case", VECTORS["frame"], ids=lambda case: case["label"])
def test_frames(case):
    fields = [unhex(field) for field in case["fields"]]
    for frame in (verify.frame, primitives.framed):
        assert frame(case["label"], *fields).hex() == case["bytes"]
    assert verify.framed_hash(case["label"], *fields).hex() == case["hash"]
    assert verify.unframe(case["label"], unhex(case["bytes"]), "it") == fields


def test_the_fingerprint_of_a_box():
    data = VECTORS["box_json"].encode()
    assert verify.canonical(json.loads(data)) == primitives.as_json(json.loads(data)) == data
    assert verify.framed_hash("box/1", data).hex() == VECTORS["fingerprint"]


@pytest.mark.parametrize("cast", VECTORS["casts"], ids=lambda cast: cast["leaf"][:12])
def test_entries_and_leaves(cast):
    who = verify.framed_hash("who/1", unhex(cast["n1"]), unhex(cast["tag"]), verify.number(cast["revision"], 4))
    choice = unhex(cast["choice"]) if cast["type"] == "ballot" else b""
    what = verify.framed_hash("what/1", unhex(cast["n2"]), choice)
    entry = verify.frame("entry/1", cast["type"].encode(), unhex(VECTORS["fingerprint"]), who, what)
    assert (who.hex(), what.hex(), entry.hex()) == (cast["who"], cast["what"], cast["entry"])
    assert verify.leaf_hash(entry).hex() == cast["leaf"]


@pytest.mark.parametrize("case", VECTORS["choices"], ids=lambda case: f"{case['rule']['kind']} {case['choice'][:40]}")
def test_choices(case):
    try:
        verify.parse_choice(case["rule"], unhex(case["choice"]), "it")
        accepted = True
    except verify.Wrong:
        accepted = False
    assert accepted == case["accepted"]


def test_published_trees_of_no_to_eight_leaves():
    tree = VECTORS["tree"]
    leaves = [verify.leaf_hash(unhex(leaf)) for leaf in tree["leaves"]]
    assert len(tree["roots"]) == 9
    for size, root in enumerate(tree["roots"]):
        assert verify.tree_root(leaves[:size]).hex() == primitives.root_of(leaves[:size]).hex() == root


@pytest.mark.parametrize("case", VECTORS["tree"]["inclusion"], ids=lambda case: f"{case['leaf']} of {case['size']}")
def test_published_inclusion_proofs(case):
    leaves = [verify.leaf_hash(unhex(leaf)) for leaf in VECTORS["tree"]["leaves"]]
    root = unhex(VECTORS["tree"]["roots"][case["size"]])
    proof = [unhex(item) for item in case["proof"]]
    assert primitives.inclusion_of(leaves[: case["size"]], case["leaf"]) == proof
    assert verify.inclusion_holds(leaves[case["leaf"]], case["leaf"], case["size"], proof, root)


@pytest.mark.parametrize("case", VECTORS["tree"]["consistency"], ids=lambda case: f"{case['old']} to {case['new']}")
def test_published_consistency_proofs(case):
    leaves = [verify.leaf_hash(unhex(leaf)) for leaf in VECTORS["tree"]["leaves"]]
    roots = [unhex(root) for root in VECTORS["tree"]["roots"]]
    proof, old, new = [unhex(item) for item in case["proof"]], case["old"], case["new"]
    assert primitives.consistency_of(leaves[:new], old) == proof
    assert verify.consistency_holds(old, roots[old], new, roots[new], proof)


@pytest.mark.parametrize("case", VECTORS["ed25519"]["tests"], ids=lambda case: case["public_key"][:8])
def test_signatures_of_rfc_8032(case):
    key, message, signature = (unhex(case[name]) for name in ("public_key", "message", "signature"))
    assert verify.signature_holds(key, message, signature)
    assert primitives.sign(unhex(case["secret_key"]), message) == case["signature"]


@pytest.mark.parametrize("case", VECTORS["ed25519"]["refused"], ids=lambda case: case["why"])
def test_signatures_that_must_be_refused(case):
    assert not verify.signature_holds(*(unhex(case[name]) for name in ("public_key", "message", "signature")))


@pytest.mark.parametrize("case", VECTORS["heads"], ids=lambda case: case["head"]["kind"])
def test_heads(case):
    head = case["head"]
    message = verify.frame(
        "head/1", unhex(head["fingerprint"]), head["kind"].encode(), verify.number(head["number"]),
        verify.number(head["size"]), unhex(head["root"]), verify.number(verify.is_instant(head["at"], "it")))
    assert message.hex() == case["message"]
    verify.check_head(head, "it")


def test_the_instant_of_the_opening_head_is_seconds_since_1970():
    assert unhex(VECTORS["heads"][0]["message"])[-8:] == (1594944000).to_bytes(8, "big")


def test_promises_results_and_manifests():
    seed = unhex(VECTORS["record"]["signing_seed"])
    fingerprint = unhex(VECTORS["heads"][0]["head"]["fingerprint"])
    promise = VECTORS["promises"][0]
    assert verify.frame("promise/1", fingerprint, unhex(promise["leaf"])).hex() == promise["message"]
    cases = [promise]
    for name in ("result", "manifest"):
        case = VECTORS[name + "s"][0]
        assert verify.frame(name + "/1", fingerprint, case["json"].encode()).hex() == case["message"]
        cases.append(case)
    for case in cases:
        assert primitives.sign(seed, unhex(case["message"])) == case["signature"]
        assert verify.signature_holds(primitives.public_key_of(seed), unhex(case["message"]), unhex(case["signature"]))


@pytest.mark.parametrize("case", VECTORS["trackers"], ids=lambda case: case["tracker"])
def test_trackers(case):
    assert verify.tracker(unhex(case["leaf"])) == primitives.tracker_of(unhex(case["leaf"])) == case["tracker"]


def test_entries_of_paper_and_objections():
    late = VECTORS["late_entries"]
    fingerprint, paper, objection = unhex(late["fingerprint"]), late["paper"], late["objection"]
    choices = b"".join(unhex(choice) for choice in paper["choices"])
    assert verify.frame(
        "entry/1", b"paper", fingerprint, verify.framed_hash("text/1", unhex(paper["n"]), paper["figures"].encode()),
        verify.framed_hash("what/1", unhex(paper["n2"]), choices)).hex() == paper["entry"]
    text = verify.framed_hash("text/1", unhex(objection["n"]), objection["objection"].encode())
    assert verify.frame("entry/1", b"objection", fingerprint, text).hex() == objection["entry"]


def test_the_frozen_record_is_accepted_and_the_maker_still_makes_it():
    told = VECTORS["record"]
    data = (VERIFIER / told["file"]).read_bytes()
    assert hashlib.sha256(data).hexdigest() == told["sha256"]
    assert primitives.zipped(making.compile_record(making.make_vote(12, publishes="ballots", luck=2020))) == data
    status, lines = run(VERIFIER / told["file"], "--key", told["key_fingerprint"])
    assert (status, lines[-1]) == (0, "OK: everything checked holds; signed by the key you named.")
    tallies = [line.rsplit(": votes ")[1] for line in lines if ": votes " in line]
    assert tallies == [str(total["votes"]) for total in told["totals"]] == ["3", "3", "5", "4"]


def test_the_frozen_receipts_proofs_and_heads_fit_the_frozen_record(desk):
    data = (VERIFIER / "example.zip").read_bytes()
    heads = [case["head"] for case in VECTORS["heads"]]
    status, lines = desk.verify(data, head=heads, receipt=VECTORS["receipts"], proof=VECTORS["proofs"])
    assert status == 0
    assert sum("is in the log as leaf" in line for line in lines) == 2
    assert sum("proof holds for this log" in line for line in lines) == 2
