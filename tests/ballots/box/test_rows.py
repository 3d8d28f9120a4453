"""Sealed rows and promises open only where, and as what, they were sealed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_forum.ballots.box import sealing as rows
from civic_forum.ballots.box.sealing import BoxKeys, Channel, Damaged, OpenedRow

KEYS, OTHER = BoxKeys(bytes(range(32))), BoxKeys(bytes(32))
BOX, ROW, NAME = b"b" * 16, b"r" * 32, b"n" * 16
LENGTH = 12 + 4 + 16 + 16 + 16
"""Nonce, revision, form key, mine and tag; the choice comes to it."""
VOTER = OpenedRow(Channel.ONLINE, 0, 5, b"f" * 16, b"m" * 16, b"\0\0\1\0\0")


def sealed(voter=VOTER):
    return rows.seal_voter(KEYS, BOX, ROW, voter)


def opened(content, *, keys=KEYS, box=BOX, row=ROW, channel=1, paper=0):
    return rows.open_voter(keys, box, row, channel, paper, content)


@given(st.sampled_from(Channel), st.integers(0, 2**32 - 1), st.integers(1, 2**32 - 1), st.binary(max_size=40))
def test_a_sealed_text_opens_again(channel, paper, revision, choice):
    voter = OpenedRow(channel, paper, revision, b"f" * 16, b"m" * 16, choice)
    assert opened(sealed(voter), channel=channel, paper=paper) == voter
    assert len(sealed(voter)) == LENGTH + len(choice)


def test_every_state_is_of_one_length_and_no_two_look_alike():
    states = [VOTER, VOTER.emptied(), OpenedRow.on_paper(Channel.PAPER_ISSUED, 3, 6, 5),
              OpenedRow.on_paper(Channel.PAPER_TAKEN_BACK, 3, 2**32 - 1, 5)]
    assert {len(sealed(voter)) for voter in states} == {LENGTH + 5}
    assert sealed() != sealed()


def test_an_emptied_row_keeps_its_revision_alone():
    assert VOTER.emptied() == OpenedRow(Channel.ONLINE, 0, 5, bytes(16), bytes(16), bytes(5))


@given(st.integers(0), st.integers(1, 255))
def test_any_altered_byte_is_noticed(place, change):
    for content, open_it in ((sealed(), opened), (rows.seal_promise(KEYS, BOX, NAME, ROW, ROW),
                                                  lambda found: rows.open_promise(KEYS, BOX, NAME, found))):
        altered = bytearray(content)
        altered[place % len(altered)] ^= change
        with pytest.raises(Damaged):
            open_it(bytes(altered))


@pytest.mark.parametrize("moved", [{"box": b"x" * 16}, {"row": b"x" * 32}, {"channel": 2}, {"channel": 4},
                                   {"channel": 9}, {"paper": 1}, {"paper": -1}, {"paper": 2**32}, {"keys": OTHER}])
def test_a_row_elsewhere_or_made_paper_does_not_open(moved):
    with pytest.raises(Damaged):
        opened(sealed(), **moved)


@pytest.mark.parametrize("length", [0, 1, 12, 27, 28, 40])
def test_a_short_row_does_not_open(length):
    with pytest.raises(Damaged):
        opened(sealed()[:length])


def test_a_promise_opens_under_its_name_alone():
    content = rows.seal_promise(KEYS, BOX, NAME, b"k" * 32, b"c" * 32)
    assert rows.open_promise(KEYS, BOX, NAME, content) == (b"k" * 32, b"c" * 32)
    for keys, box, name in ((OTHER, BOX, NAME), (KEYS, b"x" * 16, NAME), (KEYS, BOX, b"x" * 16)):
        with pytest.raises(Damaged):
            rows.open_promise(keys, box, name, content)


def test_a_voters_row_is_no_promise():
    with pytest.raises(Damaged):
        rows.open_promise(KEYS, BOX, NAME, sealed())
