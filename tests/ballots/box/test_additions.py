"""Lines of additions, their order and the root over them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_forum.ballots.box import additions, closing
from civic_forum.ballots.box.additions import Named, Signed
from civic_forum.ballots.box.sealing import BoxKeys
from civic_forum.ballots.rules.log import leaf_hash
from civic_forum.ballots.rules.log import root as tree_root

from .scene import BOX_ID, Scene

KEYS, OTHER = BoxKeys(bytes(range(32))), BoxKeys(bytes(32))
AT = datetime(2026, 11, 3, 15, tzinfo=UTC)
"""Midnight in Seoul."""
persons = st.lists(st.binary(min_size=32, max_size=32), unique=True, max_size=12)


def counts_over(many, sizes):
    return [Signed(number, AT + timedelta(hours=number), 5, min(size, many))
            for number, size in enumerate(sorted(sizes), start=1)]


def written(persons, counts):
    """The lines as they come in: each count behind those whom it names, some twice."""
    lines, done = b"", 0
    for one in counts:
        lines += b"".join(additions.line(KEYS, person) for person in persons[done:one.additions])
        lines += additions.line(KEYS, one)
        done = one.additions
    return lines + b"".join(additions.line(KEYS, person) for person in persons[done:] + persons[:2])


@given(persons, st.lists(st.integers(0, 12), max_size=4))
def test_lines_are_read_as_they_were_written(found, sizes):
    counts = counts_over(len(found), sizes)
    named = additions.read(KEYS, written(found, counts))
    assert (named.persons, named.counts) == (found, counts)
    assert additions.read(OTHER, written(found, counts)) == Named()


@given(persons.filter(bool), st.integers(1, 79), st.integers(0, 11))
def test_a_short_write_spoils_its_own_line_alone(found, cut, place):
    lines = [additions.line(KEYS, person) for person in found]
    place = min(place, len(lines))
    content = b"".join([*lines[:place], lines[0][:cut], *lines[place:]])
    assert additions.read(KEYS, content).persons == found


@given(persons, st.lists(st.integers(0, 12), max_size=4))
def test_every_signed_root_is_that_of_the_first_so_many(found, sizes):
    """No root that was signed is changed by later ones, and within each block leaves ascend."""
    counts = counts_over(len(found), sizes)
    grown = additions.grown(KEYS, BOX_ID, Named(found, counts))
    for one in counts:
        before = additions.grown(KEYS, BOX_ID, Named(found[:one.additions],
                                                     [each for each in counts if each.additions < one.additions]))
        assert grown.root_of(one.additions) == before.root
    ends = [0, *(one.additions for one in counts), len(found)]
    blocks = [grown.leaves[start:end] for start, end in zip(ends, ends[1:], strict=False)]
    assert all(list(block) == sorted(block) for block in blocks)
    assert sorted(grown.persons) == sorted(found)
    assert grown.root == tree_root([leaf_hash(leaf) for leaf in grown.leaves])


def test_leaves_in_order_refuse_counts_of_others():
    for sizes in ([2, 1], [4]):
        with pytest.raises(ValueError, match="other additions"):
            additions.in_order([b"c", b"a", b"b"], sizes)
    assert additions.in_order([b"c", b"a", b"b"], [2]) == [b"a", b"c", b"b"]


def test_a_count_that_continues_nothing_is_left_out():
    falls = [Signed(2, AT, 5, 1), Signed(1, AT, 5, 1), Signed(3, AT - timedelta(hours=1), 5, 1), Signed(3, AT, 5, 2)]
    content = additions.line(KEYS, b"a" * 32) + b"".join(additions.line(KEYS, one) for one in falls)
    assert additions.read(KEYS, content).counts == falls[:1]


def test_a_salt_is_made_of_key_box_and_person_alone():
    salts = {KEYS.salt(BOX_ID, b"a" * 32), KEYS.salt(BOX_ID, b"b" * 32), KEYS.salt(bytes(16), b"a" * 32),
             OTHER.salt(BOX_ID, b"a" * 32)}
    assert len(salts) == 4 and {len(salt) for salt in salts} == {16}
    assert KEYS.salt(BOX_ID, b"a" * 32) in salts


def test_a_closing_keeps_them_and_one_of_a_fixed_roll_has_no_room_for_them():
    scene = Scene.of()
    scene.cast(1, scene.choice())
    found = scene.compared(5)
    fixed = closing.close(scene.box, found, scene.chance.randbytes)
    grown = additions.grown(scene.box.keys, BOX_ID, Named([b"a" * 32, b"b" * 32, b"c" * 32], [Signed(1, AT, 5, 2)]))
    growing = closing.close(scene.box, found, scene.chance.randbytes, grown)
    empty = closing.close(scene.box, found, scene.chance.randbytes, additions.grown(KEYS, BOX_ID, Named()))
    for one in (fixed, growing, empty):
        assert closing.open_closing(scene.box, closing.seal_closing(scene.box, one), one.root).grown == one.grown
    assert len(closing.seal_closing(scene.box, growing)) == len(closing.seal_closing(scene.box, fixed)) + 16 + 96 + 20


def test_additions_of_each_day():
    counts = [Signed(1, AT, 5, 2), Signed(2, AT + timedelta(hours=1), 9, 4), Signed(3, AT + timedelta(hours=24), 9, 7)]
    seoul = timedelta(hours=9)
    assert additions.by_day(counts, lambda at: (at + seoul).date()) == [(date(2026, 11, 4), 5), (date(2026, 11, 3), 2)]
