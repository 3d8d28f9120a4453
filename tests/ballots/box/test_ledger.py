"""A ledger is read line by line, whatever was cut or put in between."""

from hypothesis import given
from hypothesis import strategies as st

from civic_forum.ballots.box import ledger
from civic_forum.ballots.box.sealing import BoxKeys
from civic_forum.ballots.box.ledger import NO_PROMISE, Written

KEYS = BoxKeys(bytes(range(32)))
written = st.builds(Written, st.binary(min_size=32, max_size=32), st.integers(0, 2**32 - 1),
                    st.binary(min_size=16, max_size=16) | st.just(NO_PROMISE))


def parsed(content):
    return list(ledger.parse(KEYS, content))


@given(st.lists(written, max_size=6))
def test_lines_are_read_back_in_their_order(several):
    assert parsed(b"".join(ledger.line(KEYS, one) for one in several)) == several


@given(st.lists(written, min_size=2, max_size=4), st.integers(0), st.integers(0))
def test_a_short_write_spoils_its_own_line_alone(several, which, length):
    lines = [ledger.line(KEYS, one) for one in several]
    cut = which % len(lines)
    lines[cut] = lines[cut][:length % ledger.DIGITS]
    assert parsed(b"".join(lines)) == several[:cut] + several[cut + 1:]


@given(written, st.binary(max_size=200))
def test_a_line_that_does_not_verify_is_none(one, noise):
    line = ledger.line(KEYS, one)
    assert parsed(noise + b"\n") == []
    assert parsed(noise + line) == [one]
    assert parsed(line[:5] + (b"0" if line[5:6] != b"0" else b"1") + line[6:]) == []
    assert list(ledger.parse(BoxKeys(bytes(32)), line)) == []
    assert parsed(line[:-1]) == [] and parsed(line.upper().replace(b"\n", b"") + b"\n") in ([], [one])


def test_a_line_has_120_digits_and_an_end():
    line = ledger.line(KEYS, Written(b"r" * 32, 3, b"n" * 16))
    assert len(line) == 121 and line.endswith(b"\n")


def test_the_sum_names_the_newest_revision_and_every_promise():
    one, other = b"a" * 32, b"b" * 32
    found = ledger.read([Written(one, 2, b"x" * 16), Written(one, 1, b"y" * 16), Written(other, 1)])
    assert found.revisions == {one: 2, other: 1}
    assert found.promises == {b"x" * 16, b"y" * 16}
