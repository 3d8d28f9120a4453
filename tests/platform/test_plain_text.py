import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from civic_forum.platform import plain_text


@example("a" + "\u0344" * 4)
@given(st.text())
def test_cleaning_twice_changes_nothing(text):
    once = plain_text.clean(text)
    assert plain_text.clean(once) == once
    lines = plain_text.clean(text, lines=True)
    assert plain_text.clean(lines, lines=True) == lines


@given(st.text())
def test_nothing_invisible_or_turning_stays(text):
    cleaned = plain_text.clean(text, lines=True)
    assert not set(cleaned) & set("\x00\x1b\u202e\u2066\u200f\ufeff")
    assert all(character == "\n" or unicodedata.category(character) not in ("Cc", "Cs") or character == "\t"
               for character in cleaned)
    assert unicodedata.is_normalized("NFC", cleaned)


def test_a_name_cannot_turn_the_text_around_it():
    assert plain_text.clean("관리\u202e자\x00님") == "관리자님"


def test_hangul_typed_as_jamo_is_the_same_word():
    assert plain_text.clean(unicodedata.normalize("NFD", "주차장")) == "주차장"


def test_a_tower_of_marks_is_cut():
    assert len(plain_text.clean("a" + "\u0301" * 500)) <= 6


def test_lines_survive_only_where_they_are_wanted():
    assert plain_text.clean("가\r\n나") == "가 나"
    assert plain_text.clean("가\r\n나", lines=True) == "가\n나"


def test_the_beginning_of_a_clean_text_is_clean():
    for most in range(5):
        cut = plain_text.beginning("가 나 \u00e9", most)
        assert len(cut) <= most and plain_text.clean(cut) == cut


def test_names_are_compared_without_case_width_and_spaces():
    assert plain_text.key("Ｋｉｍ 철수") == plain_text.key("kim철수")


@pytest.mark.parametrize(("text", "number"), [
    ("0", 0), ("42", 42), ("9" * 18, int("9" * 18)), ("9" * 19, None), ("", None), (None, None), ("-1", None),
    ("1 ", None), ("１２", None), ("²", None), ("1e3", None)])
def test_a_number_is_plain_digits_and_nothing_else(text, number):
    assert plain_text.number(text) == number
