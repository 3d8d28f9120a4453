"""Signatures and receipts: bound to one box and one leaf, of one length, and typed by people."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from civic_forum.ballots.rules import signing
from civic_forum.ballots.rules.log import frame
from civic_forum.ballots.rules.signing import ALPHABET, Receipt, tracker, typed
from tests.ballots.proofs import holds, receipt_of

SEED, OTHER_SEED = bytes(range(32)), bytes(32)
BOX, LEAF = b"\x01" * 32, b"\x02" * 32
MINE = b"\x03" * 16
RECEIPT = Receipt.issue(SEED, BOX, LEAF, MINE)
leaves = st.binary(min_size=32, max_size=32)
P = 2**255 - 19


def test_the_first_known_answer_of_rfc_8032():
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    public = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    signature = bytes.fromhex(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd"
        "25bf5f0595bbe24655141438e7a100b"
    )
    assert signing.public_key(seed) == public
    assert signing.sign(seed, b"") == signature
    assert signing.verify(public, b"", signature)


def test_a_signature_holds_for_its_message_and_key_only():
    public, signature = signing.public_key(SEED), signing.sign(SEED, b"message")
    assert signing.verify(public, b"message", signature)
    assert not signing.verify(public, b"another", signature)
    assert not signing.verify(signing.public_key(OTHER_SEED), b"message", signature)
    assert not signing.verify(public[:-1], b"message", signature)
    assert not signing.verify(public, b"message", signature[:-1])


@pytest.mark.parametrize("y", [0, 1, P - 1, P, P + 1])
def test_a_key_under_which_any_message_would_pass_verifies_nothing(y):
    """Of small order; p and p + 1 are other ways to write 0 and 1."""
    key, signature = y.to_bytes(32, "little"), (1).to_bytes(64, "little")
    any_of_them = [bytes([n]) for n in range(64)]
    assert any(passes(key, message, signature) for message in any_of_them), "OpenSSL lets it pass"
    assert not any(signing.verify(key, message, signature) for message in any_of_them)


def passes(key, message, signature):
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def test_a_head_is_framed_with_numbers_of_eight_bytes():
    at = datetime(2026, 1, 1, tzinfo=UTC)
    message = signing.head(BOX, signing.HeadKind.CLOSING, 258, LEAF, at, live=MINE * 2)
    one, size, seconds = b"\0" * 7 + b"\1", b"\0" * 6 + b"\1\2", (1_767_225_600).to_bytes(8, "big")
    assert message == frame("head/2", BOX, b"closing", one, size, LEAF, MINE * 2, bytes(32), seconds)


def test_the_heads_of_a_box_are_numbered_in_order():
    assert [kind.number for kind in signing.HeadKind] == [0, 1, 2]


def test_no_message_can_pass_for_another_kind():
    made = [signing.promise(BOX, LEAF), signing.result(BOX, LEAF), signing.manifest(BOX, LEAF)]
    assert made == [frame(label, BOX, LEAF) for label in ("promise/2", "result/2", "manifest/2")]
    assert not any(one.startswith(other) for one in made for other in made if one is not other)


def test_a_receipt_holds_as_it_was_issued():
    assert holds(RECEIPT)
    assert Receipt.issue(SEED, BOX, LEAF, MINE) == RECEIPT
    assert receipt_of(RECEIPT.to_json()) == RECEIPT


@pytest.mark.parametrize(
    "change",
    [{"leaf": BOX}, {"fingerprint": LEAF}, {"public_key": signing.public_key(OTHER_SEED)}, {"signature": bytes(64)}],
)
def test_a_receipt_with_a_part_of_another_does_not_hold(change):
    assert not holds(replace(RECEIPT, **change))


@given(leaves, leaves)
def test_all_receipts_are_of_one_length(one, other):
    lengths = {
        name: len(value) if isinstance(value, str) else value
        for name, value in Receipt.issue(SEED, BOX, one, MINE).to_json().items()
    }
    assert lengths == {
        name: len(value) if isinstance(value, str) else value
        for name, value in Receipt.issue(SEED, BOX, other, MINE).to_json().items()
    }


@given(leaves)
def test_a_tracker_is_the_first_sixty_bits(leaf):
    letters = tracker(leaf).replace("-", "")
    number = 0
    for letter in letters:
        number = number * 32 + ALPHABET.index(letter)
    assert len(letters) == 12
    assert number == int.from_bytes(leaf, "big") >> 196


def test_a_tracker_by_hand():
    assert tracker(bytes.fromhex("00443214c74254b6") + bytes(24)) == "0123-4567-89AB"
    assert tracker(b"\xff" * 32) == "ZZZZ-ZZZZ-ZZZZ"


@given(leaves)
def test_a_tracker_is_understood_however_it_is_typed(leaf):
    written = tracker(leaf)
    assert typed(written) == typed(written.lower()) == typed(f"  {written.replace('-', ' ')}\n") == written
    assert typed(written.replace("-", "").replace("0", "O").replace("1", "l")) == written
    assert typed(written.replace("-", "–").replace("0", "o").replace("1", "I")) == written


@pytest.mark.parametrize("text", ["", "0123-4567-89A", "0123-4567-89ABC", "0123-4567-89AU", "0123_4567_89AB", "가나다"])
def test_a_text_that_is_no_tracker_is_none(text):
    assert typed(text) is None


def test_letters_of_full_width_are_understood():
    assert typed("０１２３－４５６７－８９ａｂ") == "0123-4567-89AB"
