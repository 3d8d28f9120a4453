"""The tree against the definitions of RFC 9162 taken word for word, and proofs that must not pass."""

import hashlib
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_forum.ballots.rules.log import NO_LEAVES, Tree, root
from tests.ballots.proofs import verify_consistency, verify_inclusion

LEAVES = [hashlib.sha256(b"\x00" + number.to_bytes(4, "big")).digest() for number in range(1_100)]
sizes = st.integers(1, 70)


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(size):
    half = 1
    while half * 2 < size:
        half *= 2
    return half


def rfc_root(leaves):
    """MTH of section 2.1.1."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = split(len(leaves))
    return node(rfc_root(leaves[:half]), rfc_root(leaves[half:]))


def rfc_path(index, leaves):
    """PATH of section 2.1.3.1."""
    if len(leaves) == 1:
        return []
    half = split(len(leaves))
    if index < half:
        return [*rfc_path(index, leaves[:half]), rfc_root(leaves[half:])]
    return [*rfc_path(index - half, leaves[half:]), rfc_root(leaves[:half])]


def rfc_subproof(old, leaves, known):
    """SUBPROOF of section 2.1.4.1."""
    if old == len(leaves):
        return [] if known else [rfc_root(leaves)]
    half = split(len(leaves))
    if old <= half:
        return [*rfc_subproof(old, leaves[:half], known), rfc_root(leaves[half:])]
    return [*rfc_subproof(old - half, leaves[half:], False), rfc_root(leaves[:half])]


def test_every_small_tree_is_the_one_of_the_rfc():
    for size in range(1, 34):
        leaves = LEAVES[:size]
        tree = Tree(leaves)
        assert tree.root == root(leaves) == rfc_root(leaves)
        for index in range(size):
            assert tree.inclusion_proof(index) == rfc_path(index, leaves)
        for old in range(1, size + 1):
            assert tree.consistency_proof(old) == rfc_subproof(old, leaves, True)


def test_every_leaf_of_a_tree_is_proved_in_it():
    tree = Tree(LEAVES)
    for index, leaf in enumerate(LEAVES):
        assert verify_inclusion(leaf, index, len(LEAVES), tree.inclusion_proof(index), tree.root)


@pytest.mark.in_turns(of=5)
def test_a_thousand_random_pairs_of_sizes_are_consistent():
    random = Random(9162)
    for _ in range(1_000):
        new = random.randint(0, len(LEAVES))
        old = random.randint(0, new)
        proof = Tree(LEAVES[:new]).consistency_proof(old)
        assert verify_consistency(old, new, proof, root(LEAVES[:old]), root(LEAVES[:new]))


def test_the_empty_tree_is_the_beginning_of_all():
    assert root([]) == Tree([]).root == NO_LEAVES
    assert verify_consistency(0, 5, [], NO_LEAVES, root(LEAVES[:5]))
    assert verify_consistency(0, 0, [], NO_LEAVES, NO_LEAVES)
    assert not verify_consistency(0, 5, [], LEAVES[0], root(LEAVES[:5]))
    assert not verify_consistency(0, 5, [LEAVES[0]], NO_LEAVES, root(LEAVES[:5]))


@given(sizes, st.data())
def test_a_proof_proves_one_leaf_at_one_place_only(size, data):
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size - 1).filter(lambda number: number != index)) if size > 1 else None
    tree = Tree(LEAVES[:size])
    proof = tree.inclusion_proof(index)
    assert verify_inclusion(LEAVES[index], index, size, proof, tree.root)
    assert not verify_inclusion(LEAVES[-1], index, size, proof, tree.root)
    assert not verify_inclusion(LEAVES[index], index, size, proof, LEAVES[-1])
    assert not verify_inclusion(LEAVES[index], index, size, [*proof, LEAVES[0]], tree.root)
    assert not verify_inclusion(LEAVES[index], index + size, size, proof, tree.root)
    assert not verify_inclusion(LEAVES[index], -1, size, proof, tree.root)
    if other is not None:
        assert not verify_inclusion(LEAVES[index], other, size, proof, tree.root)
        assert not verify_inclusion(LEAVES[other], index, size, proof, tree.root)
        assert not verify_inclusion(LEAVES[index], index, size, proof[:-1], tree.root)


@given(sizes, st.data())
def test_a_log_that_lost_or_changed_a_leaf_is_not_consistent(new, data):
    old = data.draw(st.integers(1, new))
    changed = data.draw(st.integers(0, old - 1))
    was = root(LEAVES[:old])
    forged = Tree([leaf if number != changed else LEAVES[-1] for number, leaf in enumerate(LEAVES[:new])])
    assert not verify_consistency(old, new, forged.consistency_proof(old), was, forged.root)
    shorter = Tree(LEAVES[:changed] + LEAVES[changed + 1 : new + 1])
    assert not verify_consistency(old, new, shorter.consistency_proof(old), was, shorter.root)


@given(sizes, st.data())
def test_a_consistency_proof_that_was_tampered_with_does_not_pass(new, data):
    old = data.draw(st.integers(1, new))
    tree = Tree(LEAVES[:new])
    proof, roots = tree.consistency_proof(old), (root(LEAVES[:old]), tree.root)
    assert verify_consistency(old, new, proof, *roots)
    assert not verify_consistency(old, new, [*proof, LEAVES[0]], *roots)
    assert not verify_consistency(new, old, proof, *reversed(roots)) or old == new
    for place in range(len(proof)):
        assert not verify_consistency(old, new, proof[:place] + proof[place + 1 :], *roots)
        assert not verify_consistency(old, new, [*proof[:place], LEAVES[-1], *proof[place + 1 :]], *roots)


@pytest.mark.parametrize("ask", [lambda tree: tree.inclusion_proof(5), lambda tree: tree.inclusion_proof(-1),
                                 lambda tree: tree.consistency_proof(6), lambda tree: tree.consistency_proof(-1)])
def test_a_leaf_that_the_tree_never_had_has_no_proof(ask):
    with pytest.raises(IndexError):
        ask(Tree(LEAVES[:5]))


def test_any_proof_of_fifty_thousand_leaves_is_a_few_look_ups():
    tree = Tree([number.to_bytes(32, "big") for number in range(50_000)])
    assert all(15 <= len(tree.inclusion_proof(index)) <= 16 or index >= 32_768 for index in range(0, 50_000, 997))
    assert len(tree.consistency_proof(32_769)) <= 17
