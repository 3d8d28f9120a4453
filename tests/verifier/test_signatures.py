"""Ed25519 in whole numbers, against the `cryptography` package."""

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.running.turns import share
from tests.verifier import primitives
from tests.verifier.format2.running import verify

SEEDS = st.binary(min_size=32, max_size=32)


def theirs(public_key, message, signature):
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@settings(max_examples=share(60))
@given(SEEDS, st.binary(max_size=200))
def test_signatures_of_the_package_hold(seed, message):
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(message)
    assert verify.signature_holds(primitives.public_key_of(seed), message, signature)


@settings(max_examples=share(150))
@given(SEEDS, st.integers(0, 96 * 8 + 7), st.binary(max_size=8))
def test_a_flipped_bit_anywhere_is_refused_by_both(seed, bit, message):
    signed = primitives.public_key_of(seed) + bytes.fromhex(primitives.sign(seed, message)) + (message or b"\0")
    flipped = bytearray(signed)
    flipped[bit // 8] ^= 1 << bit % 8
    key, signature, said = bytes(flipped[:32]), bytes(flipped[32:96]), bytes(flipped[96:])
    assert not verify.signature_holds(key, said, signature)
    assert not theirs(key, said, signature)


@settings(max_examples=share(100))
@given(st.binary(min_size=32, max_size=32))
def test_a_point_is_decoded_only_from_the_one_way_to_write_it(data):
    point = verify.decode_point(data)
    assert point is None or verify.encode_point(point) == data


def test_half_of_all_encodings_are_points():
    points = sum(verify.decode_point(bytes([at, 7]) + bytes(30)) is not None for at in range(200))
    assert 60 < points < 140


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("order", [1, 2, 4, 8])
def test_keys_of_small_order_are_refused(order):
    """Under such a key R = [S]B holds for every message whose k is a multiple of the order."""
    eighth = next(point for point in map(small_point, range(2, 60)) if order_of(point) == 8)
    key = verify.encode_point(verify.times(8 // order, eighth))
    neutral = verify.encode_point(verify.NEUTRAL)
    passes = [said for said in range(64) if naive(key, bytes([said]), neutral + bytes(32))]
    assert passes, "a verifier that does not look would be fooled"
    assert not any(verify.signature_holds(key, bytes([said]), neutral + bytes(32)) for said in passes)


def small_point(y):
    """A point with all but the small part of its order removed, or the neutral one."""
    point = verify.decode_point(y.to_bytes(32, "little"))
    return verify.times(verify.L, point) if point else verify.NEUTRAL


def order_of(point):
    return next(order for order in (1, 2, 4, 8)
                if verify.encode_point(verify.times(order, point)) == verify.encode_point(verify.NEUTRAL))


def naive(key, message, signature):
    hashed = verify.hashlib.sha512(signature[:32] + key + message).digest()
    k = int.from_bytes(hashed, "little") % verify.L
    x, y, z, t = verify.decode_point(key)
    return verify.encode_point(verify.times(k, (verify.P - x, y, z, verify.P - t))) == signature[:32]


@pytest.mark.parametrize("wrong", ["key", "signature"])
def test_wrong_lengths_are_refused(wrong):
    key, signature = primitives.public_key_of(primitives.SEED), bytes.fromhex(primitives.sign(primitives.SEED, b"x"))
    assert verify.signature_holds(key, b"x", signature)
    assert not verify.signature_holds(key[:31] if wrong == "key" else key, b"x",
                                      signature + b"\0" if wrong == "signature" else signature)
