"""Keyed names of a box are those of the written format, and of one length."""

import hashlib
import hmac

import pytest

from civic_forum.ballots.box.sealing import BoxKeys, PURPOSES

K = bytes(range(32))
KEYS = BoxKeys(K)
ROW, FORM, BOX, PERSON, MINE = b"r" * 32, b"f" * 16, b"b" * 16, b"p" * 32, b"m" * 16


def mac(key, *parts):
    return hmac.new(key, b"".join(parts), hashlib.sha256).digest()


def subkey(purpose):
    return mac(K, b"civic-forum/2/", purpose.encode())


def test_names_are_those_of_the_format():
    revision = (7).to_bytes(4, "big")
    assert KEYS.row_key(BOX, PERSON) == mac(subkey("row"), BOX, PERSON)
    assert KEYS.n(ROW, 7, FORM) == mac(subkey("blind"), ROW, revision, FORM)
    assert KEYS.state(ROW, 7, FORM) == mac(subkey("state"), ROW, revision, FORM)[:16]
    assert KEYS.name(MINE) == mac(subkey("name"), MINE)[:16]


def test_no_purpose_shares_its_key():
    assert len({KEYS.subkey(purpose) for purpose in PURPOSES}) == len(PURPOSES)


@pytest.mark.parametrize("call", [lambda: BoxKeys(K[1:]), lambda: KEYS.row_key(BOX[1:], PERSON),
                                  lambda: KEYS.row_key(BOX, PERSON[1:]), lambda: KEYS.n(ROW[1:], 1, FORM),
                                  lambda: KEYS.state(ROW, 1, FORM + b"x"), lambda: KEYS.name(MINE[1:])])
def test_values_of_another_length_are_refused(call):
    with pytest.raises(ValueError):
        call()


def test_a_revision_beyond_four_bytes_is_refused():
    with pytest.raises(OverflowError):
        KEYS.n(ROW, 2**32, FORM)
