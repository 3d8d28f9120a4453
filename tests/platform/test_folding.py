"""Text as it is compared: nothing that nobody sees makes two texts of one."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_forum.platform import folding

from .test_plain_text import UNSEEN

FOLDS = [folding.folded, folding.folded_name, folding.skeleton]
PIECES = st.lists(st.text(max_size=4) | st.sampled_from(
    ["\u0344", "ﷺ", "¨", "\uff9e", "가", "\u1100", "\u1161", "\u11a8", "\u0f73", "İ", "ΐ", "ẞ", "а", "К",
    "a\u0301", "ㄱ", "\u302e",
     "\u0e33", "ǰ", "ﬃ", "\u0345", "🅰", "l", "①"])).map("".join)


@pytest.mark.parametrize("fold", FOLDS)
@given(PIECES)
def test_folding_twice_changes_nothing(fold, text):
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize("fold", FOLDS)
@given(PIECES, st.data())
def test_unseen_characters_change_no_fold(fold, text, data):
    place = data.draw(st.integers(0, len(text)))
    unseen = "".join(data.draw(st.lists(st.sampled_from(UNSEEN), min_size=1, max_size=20)))
    assert fold(text[:place] + unseen + text[place:]) == fold(text)


def test_nothing_visible_is_nothing():
    assert {fold("".join(UNSEEN) * 2 + " \n\u3000") for fold in FOLDS} == {""}


@pytest.mark.parametrize("text", [
    "관ㅤ리ㅤ자", "ㄱㅗㅏㄴㄹㅣㅈㅏ", "과ㄴ리자", "관.리\ufe0f.자", "ᄀ\u034fᅪᆫ리자", "𝐚dmin", "аdmіn", "ΑDMIN", "ａｄｍｉｎ", "ᴀᴅᴍɪɴ",
    "🅰🅳🅼🅸🅽", "🇦🇩🇲🇮🇳",
    "adm1n", "ADMlN", "a\u0301d\u0302min", "a d-m_i\u3164n", "Ⓐⓓⓜⓘⓝ"])
def test_a_word_of_staff_is_seen_however_it_is_written(text):
    assert folding.holds(f"김 {text} 님", ["관리자", "admin"])


@pytest.mark.parametrize("text", ["관이자", "과리자", "관리", "ad", "ㅋㅋㅋ 관심 자리", "경관 이자", ""])
def test_other_words_are_free(text):
    assert not folding.holds(text, ["관리자", "admin"])


@pytest.mark.parametrize(("text", "word", "held"), [
    ("바보 같아요", "바.보", True), ("ㅂㅏㅂㅗ", "바보", True), ("옷 벗고 ㅋㅋ", "ㅅㅂ", False), ("ㅅ ㅂ", "ㅅㅂ", True), ("아무 말",
    "!!", False)])
def test_words_of_a_list_are_looked_for_in_the_same_way(text, word, held):
    assert folding.holds(text, [word]) is held


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("part", ["\u0f71\u0300\u0316", "가\u0301", "\u0344", "ﷺ", "¨", "🅰", "ㄱ",
    "\uff9e\u0316", "\u3164a"])
def test_a_text_four_times_as_long_takes_little_more_than_four_times_as_long(part):
    """10,000 marks once took half a minute."""
    def seconds(length):
        text, taken = (part * length)[:length], []
        for _time in range(3):
            began = time.process_time()
            folding.holds(text, ["관리자"]), folding.folded_name(text)
            taken.append(time.process_time() - began)
        return min(taken)

    assert seconds(10_000) < 12 * max(seconds(2_500), 0.001)


def test_marks_of_a_letter_stay_with_it():
    for name in ("q\u0303", "José", "श्री", "ชื่น", "مُحَمَّد", "ガ"):
        assert folding.folded_name(name) == unicodedata.normalize("NFKC", name).casefold()


def test_as_many_marks_in_a_row_stay_as_are_allowed():
    marks = "\u0301\u0302\u0303"
    assert [folding.fewer_marks(f"a{marks}b{marks}", most) for most in (0, 2, 3)] == [
        "ab", f"a{marks[:2]}b{marks[:2]}", f"a{marks}b{marks}"]
