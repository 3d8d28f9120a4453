"""The server and the program that shares no code with it say the same of anything, right or wrong.

A real election of 2023 counted ballots that departed from its written format, because one side was lenient.
"""

import importlib.util
from itertools import product
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic_forum.ballots.rules import encoding, log, receipts, signing, tree
from civic_forum.ballots.rules.choices import BoxRule, Group, Kind, Money, NotAccepted
from civic_forum.ballots.rules.counting import Inconsistent, Opening, standing
from civic_forum.ballots.rules.log import EntryType
from tests.running.examples import share

SPEC = importlib.util.spec_from_file_location("published", Path(__file__).parents[2] / "verifier" / "verify.py")
published = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(published)

RULES = [
    BoxRule(Kind.APPROVAL, 3, 1),
    BoxRule(Kind.APPROVAL, 4, 3),
    BoxRule(Kind.APPROVAL, 4, 2, exactly=True),
    BoxRule(Kind.YES_NO, 2),
    BoxRule(Kind.POINTS, 3, 4),
]
LIMITED = [
    BoxRule(Kind.APPROVAL, 5, 3, groups=(Group((1, 2, 4), 1, 2), Group((3, 5), 0, 1))),
    BoxRule(Kind.APPROVAL, 5, 5, money=Money(9, (6, 5, 4, 0, 9))),
    BoxRule(Kind.APPROVAL, 5, 3, True, (Group((2, 1), 1, 2), Group((5, 3, 4), 1, 2)), Money(12, (6, 5, 4, 0, 3))),
]
SEED = bytes(range(32))
hashes = st.binary(min_size=32, max_size=32)
logs = st.lists(st.tuples(st.integers(0, 2), st.integers(1, 3), st.sampled_from(["ballot", "withdrawal"])), max_size=7)
json_like = st.text('{}[]",:\\ab0123-.e ntu', max_size=12)


def refuses(check, error, *arguments):
    try:
        check(*arguments)
    except error:
        return True
    return False


@given(st.sampled_from(RULES), st.data())
def test_on_choices(rule, data):
    first = data.draw(st.integers(0, 2))
    values = data.draw(st.lists(st.integers(0, 4), min_size=rule.options - 1, max_size=rule.options + 1))
    choice = bytes([first]) + b"".join(value.to_bytes(2, "big") for value in values)
    theirs = refuses(published.parse_choice, published.Wrong, rule.to_json(), choice, "here")
    assert refuses(rule.check, NotAccepted, choice) is theirs


@pytest.mark.parametrize("rule", LIMITED)
def test_on_all_marks_within_groups_and_money(rule):
    accepted = 0
    for marks in product((0, 1), repeat=5):
        choice = b"\0" + b"".join(bytes((0, mark)) for mark in marks)
        theirs = refuses(published.parse_choice, published.Wrong, rule.to_json(), choice, "here")
        assert refuses(rule.check, NotAccepted, choice) is theirs
        accepted += not theirs
    assert 3 < accepted < 28
    assert not refuses(published.parse_choice, published.Wrong, rule.to_json(), rule.blank_choice(), "here")


small = st.integers(-1, 4)
written_groups = st.lists(st.fixed_dictionaries({"options": st.lists(st.integers(0, 4), max_size=4), "min": small,
                                                 "max": small}), max_size=2)
written_money = st.fixed_dictionaries({"limit": small, "costs": st.lists(small, min_size=2, max_size=4)})


@given(st.integers(1, 3), st.none() | written_groups, st.none() | written_money)
@settings(max_examples=share(500))
def test_on_rules_with_groups_and_money(limit, groups, money):
    """The site refuses those too under which nobody could vote but blank; that is no fault of a record."""
    parts = {"groups": groups, "money": money}
    rule = {"kind": "approval", "options": 3, "limit": limit} | {
        name: part for name, part in parts.items() if part is not None}
    options = [{"number": number, "title": "하나"} for number in (1, 2, 3)]
    theirs = refuses(published.check_rule, published.Wrong, rule, options)
    ours = refuses(BoxRule.from_json, ValueError, rule)
    assert ours or not theirs
    if ours and not theirs:
        choices = [b"\0" + b"".join(bytes((0, mark)) for mark in marks) for marks in product((0, 1), repeat=3)]
        assert all(refuses(published.parse_choice, published.Wrong, rule, choice, "here") for choice in choices)


@given(st.sampled_from(RULES), st.binary(max_size=10))
def test_on_any_bytes_as_a_choice(rule, choice):
    theirs = refuses(published.parse_choice, published.Wrong, rule.to_json(), choice, "here")
    assert refuses(rule.check, NotAccepted, choice) is theirs


@given(json_like | st.recursive(st.just("1"), lambda inner: inner.map("[{}]".format), max_leaves=40))
def test_on_what_is_canonical_json(text):
    data = text.encode()
    theirs = refuses(published.parse_canonical, published.Wrong, data, "here")
    assert refuses(encoding.parse_canonical, ValueError, data) is theirs


@given(st.integers(1, 40), st.sampled_from([b"1", b"", b'""', b"{}", b"9007199254740991", b"9007199254740992"]))
def test_on_nesting_and_large_numbers(depth, inside):
    data = b"[" * depth + inside + b"]" * depth
    theirs = refuses(published.parse_canonical, published.Wrong, data, "here")
    assert refuses(encoding.parse_canonical, ValueError, data) is theirs


@given(st.lists(st.binary(max_size=5), max_size=4))
def test_on_frames(fields):
    assert encoding.frame("x/1", *fields) == published.frame("x/1", *fields)
    assert encoding.digest("x/1", *fields) == published.framed_hash("x/1", *fields)


@given(logs)
def test_on_which_ballots_are_live(written):
    found = SimpleNamespace(live=[], fates={})
    by_voter = {}
    for leaf, (voter, revision, kind) in enumerate(written):
        by_voter.setdefault(voter, []).append((revision, kind, leaf))
    theirs = any(
        refuses(published.derive_live, published.Wrong, found, sorted(casts)) for casts in by_voter.values()
    )
    openings = [
        Opening(leaf, bytes([voter]), revision, EntryType(kind)) for leaf, (voter, revision, kind) in enumerate(written)
    ]
    assert refuses(standing, Inconsistent, openings) is theirs
    if not theirs:
        mine = standing(openings)
        assert mine.live == sorted(found.live)
        assert mine.replaced == list(found.fates.values()).count("replaced")


@given(hashes)
def test_on_trackers_and_leaves(leaf):
    assert receipts.tracker(leaf) == published.tracker(leaf)
    assert log.leaf_hash(leaf) == published.leaf_hash(leaf)


@given(st.lists(hashes, min_size=1, max_size=20), st.data())
def test_on_trees_and_proofs(leaves, data):
    whole = tree.Tree(leaves)
    assert whole.root == published.tree_root(leaves)
    index = data.draw(st.integers(0, len(leaves) - 1))
    proof = whole.inclusion_proof(index)
    claimed = data.draw(st.integers(0, len(leaves)))
    size = data.draw(st.integers(1, len(leaves) + 1))
    mine = tree.verify_inclusion(leaves[index], claimed, size, proof, whole.root)
    assert published.inclusion_holds(leaves[index], claimed, size, proof, whole.root) is mine
    old = data.draw(st.integers(1, len(leaves)))
    proof, claimed = whole.consistency_proof(old), data.draw(st.integers(1, len(leaves)))
    mine = tree.verify_consistency(claimed, size, proof, whole.root_of(old), whole.root)
    assert published.consistency_holds(claimed, whole.root_of(old), size, whole.root, proof) is mine


@given(st.binary(max_size=8), st.integers(0, 63), st.integers(0, 255), st.binary(min_size=32, max_size=32))
def test_on_signatures(message, place, change, key):
    signature = bytearray(signing.sign(SEED, message))
    signature[place] ^= change
    for public in (signing.public_key(SEED), key):
        mine = signing.verify(public, message, bytes(signature))
        assert published.signature_holds(public, message, bytes(signature)) is mine
    assert signing.verify(signing.public_key(SEED), message, bytes(signature)) is (change == 0)
