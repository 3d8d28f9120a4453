"""Bytes are written in one way only, and read in that way only."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_forum.ballots.rules.log import (DEEPEST, LARGEST, canonical_json, digest, frame, instant, parse_canonical,
                                           stamp)

fields = st.lists(st.binary(max_size=6), max_size=4)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
values = st.recursive(
    texts | st.integers(0, LARGEST),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@given(fields, fields)
def test_no_two_lists_of_fields_have_one_frame(one, other):
    assert (frame("x/1", *one) == frame("x/1", *other)) is (one == other)
    assert (digest("x/1", *one) == digest("x/1", *other)) is (one == other)


def test_labels_are_ascii():
    with pytest.raises(UnicodeEncodeError):
        frame("표/1")


@given(values)
def test_a_written_text_is_read_again(value):
    assert parse_canonical(canonical_json(value)) == value


def test_names_are_sorted_by_code_point_and_text_stands_as_itself():
    value = {"나": "풀\n\u0001\u007f", "a": ['"\\', 0], "B": {}, "\U0001f331": [], "\uffee": 1}
    assert canonical_json(value).decode() == (
        '{"B":{},"a":["\\"\\\\",0],"나":"풀\\n\\u0001\u007f","\uffee":1,"\U0001f331":[]}'
    )


@pytest.mark.parametrize(
    "value", [None, True, 1.5, -1, LARGEST + 1, b"", ("a",), {1: "a"}, {"a": None}, [False], "\ud800", {"\udfff": 1}]
)
def test_texts_that_other_programs_might_write_otherwise_are_refused(value):
    with pytest.raises(ValueError):
        canonical_json(value)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"nonsense",
        b" 1",
        b"1\n",
        b"01",
        b"-0",
        b"1.0",
        b"1e3",
        b"NaN",
        b"true",
        b"null",
        b'{"a": 1}',
        b'{"b":1,"a":1}',
        b'{"a":1,"a":1}',
        b'{"a":1,"a":2}',
        b'{"a":{"b":1,"b":1}}',
        b'"\\u0041"',
        b'"\\u000A"',
        b'"\\/"',
        b'"\\ud800"',
        b'"\xff"',
        b"\xef\xbb\xbf1",
        b"9" * 5_000,
        b"[" * 100_000,
        b"[" * 40 + b"]" * 40,
    ],
)
def test_json_that_is_not_canonical_is_refused(data):
    with pytest.raises(ValueError):
        parse_canonical(data)


def test_nesting_has_its_bound():
    parse_canonical(b"[" * DEEPEST + b"]" * DEEPEST)
    parse_canonical(b"[" * (DEEPEST - 1) + b"1" + b"]" * (DEEPEST - 1))
    for inside in (b"[]", b"1", b'""', b"{}"):
        with pytest.raises(ValueError):
            parse_canonical(b"[" * DEEPEST + inside + b"]" * DEEPEST)


def test_an_instant_is_written_in_utc_and_whole_seconds():
    seoul = timezone(timedelta(hours=9))
    assert stamp(datetime(2026, 1, 1, 9, 0, 0, 999_999, tzinfo=seoul)) == "2026-01-01T00:00:00Z"


def test_naive_instants_are_refused():
    with pytest.raises(ValueError):
        stamp(datetime(2026, 1, 1))


@given(st.datetimes(datetime(1970, 1, 1), timezones=st.just(UTC)))
def test_instants_are_read_as_they_were_written(at):
    assert instant(stamp(at)) == at.replace(microsecond=0)


@pytest.mark.parametrize(
    "text", ["2026-01-01T00:00:00+00:00", "2026-01-01", "2026-01-01 00:00:00Z", "x", "2026-01-01T00:00:00"]
)
def test_another_spelling_of_an_instant_is_refused(text):
    with pytest.raises(ValueError):
        instant(text)
