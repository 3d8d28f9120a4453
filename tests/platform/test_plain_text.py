import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from civic_forum.platform import folding, plain_text


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


UNSEEN = [chr(code) for first, last in (
    (0xad, 0xad), (0x34f, 0x34f), (0x61c, 0x61c), (0x115f, 0x1160), (0x17b4, 0x17b5), (0x180b, 0x180f),
    (0x200b, 0x200f), (0x202a, 0x202e), (0x2060, 0x206f), (0x2800, 0x2800), (0x3164, 0x3164), (0xfe00, 0xfe0f),
    (0xfeff, 0xfeff), (0xffa0, 0xffa0), (0xfff0, 0xfff8), (0x1bca0, 0x1bca3), (0x1d159, 0x1d159),
    (0x1d173, 0x1d17a), (0xe0000, 0xe0fff)) for code in range(first, last + 1)]
"""Default_Ignorable_Code_Point of Unicode 15, and two signs that are drawn as nothing."""


@pytest.mark.parametrize("lines", [False, True])
def test_unseen_characters_are_empty(lines):
    assert [ascii(character) for character in UNSEEN if plain_text.clean(character * 10, lines=lines)] == []


@given(st.text(st.sampled_from([*UNSEEN, " ", "\n", "\t", "\u3000"])))
def test_nothing_but_what_nobody_can_see_is_empty(text):
    assert plain_text.clean(text) == plain_text.clean(text, lines=True) == folding.skeleton(text) == ""


@given(st.text("관리자ab1 ", min_size=1), st.data())
def test_unseen_characters_do_not_part_a_word(text, data):
    parted = "".join(letter + data.draw(st.sampled_from(["", *UNSEEN]))
                     for letter in text).translate({0x2800: None, 0x1d159: None})
    assert plain_text.clean(parted) == plain_text.clean(text)


@pytest.mark.parametrize("text", [
    "👨\u200d👩\u200d👧", "❤\ufe0f\u200d🔥", "1\ufe0f\u20e3", "©\ufe0f", "می\u200cخواهم", "葛\U000e0100", "സുനില്\u200d",
    "🏳\ufe0f\u200d🌈", "ක්\u200dර", "\u115f\u1161", "\u1100\u1160\u11a8",
    "나랏\u302e말\u302fᄊᆞ미 \u1112\u119e\u11ab", "\ua960\u1160\ud7cb"])
def test_marks_that_a_picture_or_another_script_needs_stay(text):
    for lines in (False, True):
        assert plain_text.clean(text, lines=lines) == plain_text.clean(f"{text} \u200d ", lines=lines) == text


@pytest.mark.parametrize(("text", "left"), [
    ("\u115f가\u1160", "가"), ("가\u3164\u3164", "가"), ("👍" + "\u200d" * 20, "👍"),
    ("👍" + "\u200d\ufe0f" * 20 + "👍", "👍\u200d\ufe0f👍"),
    ("\u3164 ㅋ \ufe0f\u2800", "ㅋ"), ("ễ\ufe0f", "ễ"), ("я\u200d", "я"), ("\u1100\u1160", "\u1100"),
    ("\u1160\u11a8", "\u11a8")])
def test_unseen_characters_at_the_edges_are_not_counted(text, left):
    assert plain_text.clean(text) == plain_text.clean(text, lines=True) == left


@given(st.text(st.sampled_from([*UNSEEN, "가", "\u1100", "\u1161", "\u11a8", "👍", "ễ", "م", " ", "\n",
    "\u0301"]), max_size=12))
def test_cleaning_what_nobody_sees_twice_changes_nothing(text):
    for lines in (False, True):
        once = plain_text.clean(text, lines=lines)
        assert plain_text.clean(once, lines=lines) == once
        assert bool(once) == bool(plain_text.clean(once))


@pytest.mark.parametrize("text", ["αdmιnιstrατοr", "аdmіnіstrаtоr", "Ａ.Ｄ.ＭＩＮ", "аd\u3164m\u0301in"])
def test_letters_that_look_alike_are_one(text):
    assert "admin" in folding.skeleton(text)


def test_hangul_typed_as_jamo_is_the_same_word():
    assert plain_text.clean(unicodedata.normalize("NFD", "주차장")) == "주차장"


def test_a_tower_of_marks_is_cut():
    assert len(plain_text.clean("a" + "\u0301" * 500)) <= 6


def test_marks_are_put_in_order_a_few_at_a_time(monkeypatch):
    sorted_at_once = []

    def normalize(form, text):
        runs = "".join("m" if unicodedata.combining(one) else " " for one in unicodedata.normalize("NFD", text))
        sorted_at_once.append(max(map(len, runs.split()), default=0))
        return unicodedata.normalize(form, text)

    monkeypatch.setattr(folding, "normalize", normalize)
    for marks in ("\u0f71\u0300\u0316", "\u0f73", "\uff9e\u0316"):
        folding.folded("日" + marks * 40)
    assert sorted_at_once and max(sorted_at_once) <= 64


def test_lines_survive_only_where_they_are_wanted():
    assert plain_text.clean("가\r\n나") == "가 나"
    assert plain_text.clean("가\r\n나", lines=True) == "가\n나"


def test_the_beginning_of_a_clean_text_is_clean():
    for most in range(10):
        cut = plain_text.beginning("가 나 \u00e9 👩\u200d👩", most)
        assert len(cut) <= most and plain_text.clean(cut) == cut


def test_names_are_compared_without_case_width_and_spaces():
    assert folding.folded("Ｋｉｍ 철수") == folding.folded("kim철수")


@pytest.mark.parametrize(("text", "number"), [
    ("0", 0), ("42", 42), ("9" * 18, int("9" * 18)), ("9" * 19, None), ("", None), (None, None), ("-1", None),
    ("1 ", None), ("１２", None), ("²", None), ("1e3", None)])
def test_a_number_is_plain_digits_and_nothing_else(text, number):
    assert plain_text.number(text) == number
