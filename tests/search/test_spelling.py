"""Words beside a word, and words without their endings; no database."""

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from civic_forum.search import likeness, rules, spelling, wording

hangul = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=3, max_size=8)


def beside(asked, known):
    return not spelling.asked(asked).isdisjoint(spelling.keys(known))


@given(hangul, st.integers(0, 7), st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3))
def test_a_word_with_one_syllable_wrong_or_missing_lies_beside_the_right_one(word, at, other):
    at %= len(word)
    assert beside(word[:at] + other + word[at + 1:], word)
    assert beside(word[:at] + word[at + 1:], word)


@given(hangul)
def test_first_consonants_lead_to_the_word(word):
    typed = rules.folded(spelling.typed(spelling.initials(word)))
    assert spelling.is_initials(typed) and typed in spelling.keys(word)


@given(st.text(max_size=30))
def test_no_word_makes_trouble(text):
    for word in rules.words(text):
        assert all(len(key) <= 3 * len(word) + 2 for key in spelling.keys(word))
        assert spelling.apart(word, word) == 0
        assert len(wording.stem(word)) <= len(word)
    likeness.terms(text)


@given(hangul, hangul)
def test_words_are_as_far_apart_in_both_directions(one, other):
    assert spelling.apart(one, other) == spelling.apart(other, one)


@pytest.mark.parametrize("asked, known", [("논산로", "독산로"), ("으자", "의자"), ("가등", "가로등"), ("cafe", "café"),
                                          ("정뉴장", "정류장"), ("kickbord", "kickboard")])
def test_slips_that_people_make(asked, known):
    assert beside(unicodedata.normalize("NFC", asked), known)


def test_the_least_letters_apart_are_the_likeliest():
    assert spelling.nearest("논산로", {"독산로": 1, "논산": 90, "문산역": 90, "논산로": 5})[0] == "독산로"


@pytest.mark.parametrize("word, base", [("정류장에", "정류장"), ("문턱좀", "문턱"), ("골목도", "골목"), ("청소해", "청소"),
                                        ("어린이", "어린이"), ("횡단보도", "횡단보도"), ("할머니가", "할머니")])
def test_a_stem_is_the_noun(word, base):
    assert wording.stem(word) == base


@pytest.mark.parametrize("word", ["너무", "주세요", "있어요", "없습니다", "해", "곳이", "좋겠어요", "해주세요"])
def test_words_of_every_request_say_nothing(word):
    assert wording.is_common(word) and not likeness.terms(word)


@pytest.mark.parametrize("word", ["하천", "하수구", "해충", "할머니", "한파", "되새김", "수도가", "가지치기"])
def test_a_noun_that_begins_like_a_verb_is_none(word):
    assert not wording.is_common(word)


@given(hangul)
def test_a_title_is_most_like_itself(word):
    terms = likeness.weighed(likeness.terms(word), {}, 0)
    assume(terms and terms[0].share == 1)
    assert likeness.likeness(terms, word, "") >= likeness.likeness(terms, "", word) >= 0
    assert likeness.likeness(terms, word, "") > likeness.BAR


def test_adverbs_and_common_verbs_make_nothing_alike():
    terms = likeness.weighed(likeness.terms("가로등이 너무 어두워요"), {"가로등": 2}, 50)
    assert likeness.likeness(terms, "킥보드가 너무 많아요", "너무 위험해요") == 0
    assert likeness.likeness(terms, "골목 보안등을 늘려 주세요", "") > likeness.BAR


def test_a_place_alone_makes_nothing_alike():
    terms = likeness.weighed(likeness.terms("석수역 자전거 보관대"), {}, 50)
    assert likeness.likeness(terms, "석수역 신호가 짧아요", "") == 0


def test_groups_of_words_hold_no_word_twice_and_no_spaces():
    for line in (wording._DATA / "alike.txt").read_text("utf-8").splitlines():
        assert line.startswith("#") or len(set(line.split())) == len(line.split()) > 1
