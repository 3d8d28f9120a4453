"""Tree and proofs, against a second implementation written from the RFC's recursive definitions."""

import hashlib
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.verifier import primitives
from tests.verifier.running import verify


def leaves(count):
    return [hashlib.sha256(b"leaf" + at.to_bytes(4, "big")).digest() for at in range(count)]


@pytest.mark.parametrize("size", [*range(70), 127, 128, 129, 1000])
def test_roots_are_those_of_the_definition(size):
    assert verify.tree_root(leaves(size)) == primitives.root_of(leaves(size))


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 8, 9, 31, 33])
def test_every_leaf_has_a_proof_that_holds_for_it_alone(size):
    tree = leaves(size)
    root = primitives.root_of(tree)
    for at in range(size):
        proof = primitives.inclusion_of(tree, at)
        for other in range(size + 1):
            assert verify.inclusion_holds(tree[at], other, size, proof, root) == (other == at)
        assert not verify.inclusion_holds(tree[at], at, size, [*proof, root], root)
        assert not proof or not verify.inclusion_holds(tree[at], at, size, proof[:-1], root)


@given(st.integers(1, 300), st.randoms(use_true_random=False))
def test_an_altered_proof_does_not_hold(size, chance):
    tree, at = leaves(size), chance.randrange(size)
    proof, root = primitives.inclusion_of(tree, at), primitives.root_of(tree)
    assert verify.inclusion_holds(tree[at], at, size, proof, root)
    path = [tree[at], *proof]
    altered = chance.randrange(len(path))
    path[altered] = hashlib.sha256(path[altered]).digest()
    assert not verify.inclusion_holds(path[0], at, size, path[1:], root)


def test_consistency_of_a_thousand_random_pairs_of_sizes():
    chance = random.Random(9162)
    tree = leaves(400)
    roots = [primitives.root_of(tree[:size]) for size in range(401)]
    for _ in range(1000):
        new = chance.randint(1, 400)
        old = chance.randint(0, new)
        proof = primitives.consistency_of(tree[:new], old)
        assert verify.consistency_holds(old, roots[old], new, roots[new], proof)
        if 0 < old < new:
            wrong = chance.choice([other for other in range(1, 401) if roots[other] != roots[old]])
            assert not verify.consistency_holds(old, roots[wrong], new, roots[new], proof)
            assert not verify.consistency_holds(old, roots[old], new, roots[new - 1], proof)
            assert not verify.consistency_holds(old, roots[old], new, roots[new], proof[:-1])
            assert not verify.consistency_holds(old, roots[old], new, roots[new], [*proof, roots[1]])


def test_between_no_leaves_or_equal_sizes_the_proof_is_empty():
    tree = leaves(5)
    root, none = primitives.root_of(tree), primitives.root_of([])
    assert verify.consistency_holds(0, none, 5, root, [])
    assert not verify.consistency_holds(0, none, 5, root, [root])
    assert verify.consistency_holds(5, root, 5, root, [])
    assert not verify.consistency_holds(5, none, 5, root, [])
    assert not verify.consistency_holds(5, root, 4, root, [])
