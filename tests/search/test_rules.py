"""Tokens out of words; no database."""

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from civic_forum.search import particles, rules

hangul = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=2, max_size=8)
word = st.one_of(hangul, st.from_regex(r"[A-Za-z0-9]{2,8}", fullmatch=True),
                 st.from_regex(r"[A-Za-z0-9]{1,3}[가-힣]{1,4}", fullmatch=True))


def finds(query, body="", title=""):
    """Does every word of the question stand in the text, as the index would see it?"""
    words = rules.wanted(query)
    text = " ".join(rules.tokens("proposal", title, body))
    return bool(words) and all(f" {' '.join(word.marked('proposal'))} " in f" {text} " for word in words)


@pytest.mark.parametrize("particle", ["을", "에서", "까지도", "은", "이", "의", "에는", "으로", "만이라도", "들에게는", "부터"])
def test_a_question_with_a_particle_finds_the_word_and_the_other_way_round(particle):
    assert finds("주차장" + particle, "동네 주차장 문제")
    assert finds("주차장", f"동네 주차장{particle} 문제")
    assert finds("주차장은", f"동네 주차장{particle} 문제")


@pytest.mark.parametrize("asked, noun", [("서울로", "서울"), ("지하철로", "지하철"), ("학교로", "학교"), ("독산동으로", "독산동")])
def test_the_particle_of_a_direction_is_taken_off_as_its_noun_sounds(asked, noun):
    assert finds(asked, f"{noun} 이야기")


@pytest.mark.parametrize("noun", ["도로", "어린이", "환경평가", "산책로", "복지과", "횡단보도", "국가", "놀이", "회의", "나이"])
def test_a_noun_that_ends_like_a_particle_still_finds_itself(noun):
    assert finds(noun, f"{noun} 이야기")
    assert finds(particles.attached(noun, "을/를"), f"{noun}에 관한 이야기")
    assert all(len(wanted.text) >= 2 for wanted in rules.wanted(noun))


@pytest.mark.parametrize("noun", ["도로", "환경평가", "산책로", "복지과", "어린이", "국가", "지하도"])
def test_a_noun_whose_sound_forbids_the_particle_is_not_cut(noun):
    assert [wanted.text for wanted in rules.wanted(noun)] == [noun]


def test_a_word_is_found_inside_a_longer_one():
    assert finds("주차장", "공영주차장을 늘려요")
    assert finds("공영 주차장", "공영주차장을 늘려요")
    assert not finds("주차장", "주차 공간은 차장님이 안다")


def test_latin_words_and_numbers_are_found_with_syllables_behind_them():
    assert finds("CCTV", "골목에 cctv를 달아요")
    assert finds("cctv를", "골목에 CCTV 한 대")
    assert finds("15번", "마을버스 15번이 안 와요")
    assert finds("15번을", "마을버스 15번 정류장")
    assert not finds("15번", "마을버스 115번")
    assert not finds("5번", "마을버스 15번")
    assert finds("ＣＣＴＶ", "CCTV")


def test_words_of_other_scripts_are_found():
    assert finds("停车", "小区停车场")
    assert finds("ที่จอดรถ", "มีที่จอดรถไหม")
    assert finds("Nhà", "Nhà văn hoá")


@given(st.lists(word, min_size=1, max_size=6))
def test_every_text_is_found_by_its_own_words(some):
    assert all(finds(one, body=" ".join(some)) for one in some)
    assert finds(" ".join(some), title=" ".join(some))


@given(word, st.sampled_from(particles.PARTICLES))
def test_a_fitting_particle_changes_nothing(some, particle):
    assume(some + "이" not in particles.KEPT)
    assert finds(particles.attached(some, particle), body=some)


@given(st.text(max_size=300))
def test_composed_and_decomposed_are_the_same(text):
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert rules.tokens("comment", composed, composed) == rules.tokens("comment", decomposed, decomposed)
    assert rules.wanted(composed[:20]) == rules.wanted(unicodedata.normalize("NFD", composed[:20]))


@given(st.text(st.characters(), max_size=400))
def test_no_text_makes_trouble(text):
    made = rules.tokens("proposal", text, text)
    made += [token for word in rules.wanted(text) for token in word.marked("proposal")]
    assert not any(set(token) & set(" \t\n'\"\\*():&|!<>\x00") for token in made)
    assert len(rules.folded(text)) == len(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize("query", ["", " ", "가", "가 나 다", "a", "?!*", '"', "'", "\x00", "- ( ) {} ^", "🙂"])
def test_a_question_without_a_usable_word_wants_nothing(query):
    assert rules.wanted(query) == ()


def test_a_long_question_is_cut():
    assert len(rules.wanted(" ".join(f"낱말{n}" for n in range(50)))) == rules.QUERY_WORDS
    assert sum(len(word.full) for word in rules.wanted("가나다라" * 3_000)) == rules.QUERY_LENGTH


def test_a_token_is_kept_no_more_often_than_postgresql_can():
    made = rules.tokens("comment", "", "도로 " * 1_000)
    assert len(made) == rules.REPEATS
