"""A sealed choice opens only in the row and with the key that it was sealed for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_forum.ballots.rules.sealing import BoxKeys, CastKind, Damaged

KEYS = BoxKeys(bytes(range(32)))
ROW = {"box": b"b" * 16, "cast_id": b"c" * 32, "row_key": b"r" * 32, "revision": 1}
CHOICE = b"\x00\x00\x01\x00\x00"


@given(st.binary(max_size=40), st.integers(1, 2**32 - 1))
def test_what_is_sealed_opens_again(choice, revision):
    row = ROW | {"revision": revision}
    assert KEYS.unseal(KEYS.seal(CastKind.BALLOT, choice, **row), **row) == (CastKind.BALLOT, choice)


def test_the_same_choice_never_looks_the_same_and_a_withdrawal_is_as_long():
    one, other = (KEYS.seal(CastKind.BALLOT, CHOICE, **ROW) for _ in range(2))
    withdrawal = KEYS.seal(CastKind.WITHDRAWAL, bytes(len(CHOICE)), **ROW)
    assert one != other
    assert len(one) == len(other) == len(withdrawal)


@given(st.integers(0), st.integers(1, 255))
def test_any_altered_byte_is_noticed(place, change):
    sealed = bytearray(KEYS.seal(CastKind.BALLOT, CHOICE, **ROW))
    sealed[place % len(sealed)] ^= change
    with pytest.raises(Damaged):
        KEYS.unseal(bytes(sealed), **ROW)


@pytest.mark.parametrize(
    "moved", [{"box": b"x" * 16}, {"cast_id": b"x" * 32}, {"row_key": b"x" * 32}, {"revision": 2}]
)
def test_a_ballot_moved_to_another_row_does_not_open(moved):
    sealed = KEYS.seal(CastKind.BALLOT, CHOICE, **ROW)
    with pytest.raises(Damaged):
        KEYS.unseal(sealed, **ROW | moved)


def test_another_key_opens_nothing():
    with pytest.raises(Damaged):
        BoxKeys(bytes(32)).unseal(KEYS.seal(CastKind.BALLOT, CHOICE, **ROW), **ROW)


@pytest.mark.parametrize("length", [0, 5, 12, 20, 28])
def test_what_was_cut_short_does_not_open(length):
    with pytest.raises(Damaged):
        KEYS.unseal(KEYS.seal(CastKind.BALLOT, CHOICE, **ROW)[:length], **ROW)


def test_a_withdrawal_has_no_choice():
    with pytest.raises(ValueError):
        KEYS.seal(CastKind.WITHDRAWAL, CHOICE, **ROW)
    by_another_program = KEYS.seal(int(CastKind.WITHDRAWAL), CHOICE, **ROW)
    with pytest.raises(Damaged):
        KEYS.unseal(by_another_program, **ROW)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: BoxKeys(bytes(31)),
        lambda: KEYS.row_key(b"b" * 15, b"p" * 32),
        lambda: KEYS.row_key(b"b" * 16, b"p" * 33),
        lambda: KEYS.tag(b"r"),
        lambda: KEYS.cast_id(b"r" * 32, b"f" * 15),
        lambda: KEYS.n1(b"c" * 31, 1),
        lambda: KEYS.n2(b"c" * 32, 0),
        lambda: KEYS.n2(b"c" * 32, 2**32),
        lambda: KEYS.seal(CastKind.BALLOT, CHOICE, **ROW | {"row_key": b""}),
    ],
)
def test_parts_of_another_length_are_refused(ask):
    with pytest.raises(ValueError):
        ask()


def test_the_key_does_not_show_where_keys_are_printed():
    assert bytes(range(32)).hex() not in repr(KEYS)
    assert not hasattr(KEYS, "__dict__")


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=2, max_size=2, unique=True))
def test_two_people_share_no_name(people):
    rows = [KEYS.row_key(ROW["box"], person) for person in people]
    names = {KEYS.tag(row) for row in rows} | {KEYS.cast_id(row, bytes(16)) for row in rows} | set(rows)
    assert len(names) == 6
    cast_id = KEYS.cast_id(rows[0], bytes(16))
    assert len({KEYS.n1(cast_id, 1), KEYS.n2(cast_id, 1), KEYS.n1(cast_id, 2), KEYS.n2(cast_id, 2)}) == 4
