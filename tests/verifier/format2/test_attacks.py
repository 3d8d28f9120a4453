"""Attacks with the signing key: none gets past the verifier, nor past a second program that knows the format."""

from dataclasses import replace

import pytest

from tests.verifier.primitives import zipped

from . import forging
from .attacks import ATTACKS as FORMAT_2
from .attacks_3 import ATTACKS_3
from .conftest import KINDS, made
from .lies import LIES
from .public_attacks import PUBLIC
from .running import refusal, second_refusal
from .votes import held

pytestmark = pytest.mark.in_turns(of=10)

LEAST_KINDS = 400
ATTACKS = FORMAT_2 | ATTACKS_3


def refused(members):
    """By both programs; what the first one says in English."""
    record = zipped(members)
    said = refusal(record)
    assert said is not None, "it is accepted"
    english, korean = said
    assert english != korean and english.partition(": ")[0] == korean.partition(": ")[0]
    assert second_refusal(record) is not None, f"the second checker accepts it; {english}"
    return english


def spoiled(name, before, change):
    """The members that an attack makes, hashed and signed anew as far as it is not about hashes and signatures."""
    members = dict(before)
    change(members)
    assert list(members.items()) != list(before.items()), "the attack changes nothing"
    kept = {"manifest": forging.signed_anew, "signatures": dict}
    return kept.get(name.partition(":")[0], forging.resealed)(members)


def test_there_are_enough_kinds():
    assert len({*ATTACKS, *PUBLIC, *LIES}) >= LEAST_KINDS


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_signed_anew_is_refused(name):
    kind, change = ATTACKS[name]
    refused(spoiled(name, made(kind).observers, change))


@pytest.mark.parametrize("name", PUBLIC)
def test_an_attack_on_an_edition_without_choices_is_refused(name):
    kind, change = PUBLIC[name]
    assert "choices.txt" not in made(kind).public
    refused(spoiled(name, made(kind).public, change))


@pytest.mark.thorough
@pytest.mark.parametrize("name", LIES)
def test_a_definition_that_lies_is_refused(name):
    kind, lie = LIES[name]
    refused(held(replace(KINDS[kind], lie=lie)).observers)


@pytest.mark.parametrize("name, told", [
    ("two voters with one receipt", "mark"), ("two ballots with one commitment", "commitment"),
    ("a blank that chooses", "blank"),
    ("an option marked with 2", "value"), ("two batches of one number", "twice"), ("a batch of nine sheets", "ten"),
    ("two additions exchanged, signed for", "ascending"), ("an addition twice, signed for", "twice"),
    ("more additions named than there are", "more additions"), ("a final size of another", "final head"),
    ("an officer replaced where none are", "has none")])
def test_it_is_refused_for_what_is_wrong(name, told):
    kind, change = ATTACKS[name]
    assert told in refused(spoiled(name, made(kind).observers, change))
