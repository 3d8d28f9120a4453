"""Tree and proofs, against a second implementation written from the RFC's recursive definitions."""

import hashlib

import pytest

from tests.verifier import primitives
from tests.verifier.format2.running import verify


def leaves(count):
    return [hashlib.sha256(b"leaf" + at.to_bytes(4, "big")).digest() for at in range(count)]


@pytest.mark.parametrize("size", [*range(70), 127, 128, 129, 1000])
def test_roots_are_those_of_the_definition(size):
    assert verify.tree_root(leaves(size)) == primitives.root_of(leaves(size))


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 8, 9, 31, 33])
def test_inclusion_proofs_are_those_of_the_definition(size):
    tree = leaves(size)
    for at in range(size):
        assert verify.inclusion_proof(tree, at) == primitives.inclusion_of(tree, at)


@pytest.mark.parametrize("new", [1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 70])
def test_consistency_proofs_are_those_of_the_definition(new):
    tree = leaves(new)
    for old in range(new + 1):
        assert verify.consistency_proof(tree, old) == primitives.consistency_of(tree, old)
    assert verify.consistency_proof(tree, 0) == verify.consistency_proof(tree, new) == []
