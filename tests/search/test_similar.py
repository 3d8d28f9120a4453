"""Texts like the one whose title is being typed."""

import pytest

from civic_forum.search import queries

pytestmark = pytest.mark.both


def similar(text, **options):
    return [hit.ref_id for hit in queries.similar(text, ("proposal",), **options)]


def test_the_title_with_most_in_common_comes_first(write):
    park = write("공원에 학교 주차장을 늘려요")
    lot = write("학교 주차장을 밤에 열어 주세요", "야간에 개방해요. 저녁이면 댈 곳이 없어요")
    write("도서관 의자를 바꿔요")
    assert similar("학교 주차장 야간 개방") == [lot, park]


def test_rare_words_weigh_more_than_frequent_ones(write):
    for _ in range(30):
        write("주차장 문제를 풀어요")
    bank = write("은행나무 가지치기")
    assert similar("은행나무 주차장", limit=1) == [bank]


def test_a_title_weighs_more_than_a_body(write):
    write("골목길", "가로등이 꺼졌어요")
    in_title = write("가로등을 고쳐요")
    assert similar("가로등", limit=1) == [in_title]


def test_the_text_being_edited_is_left_out(write):
    write("가로등을 고쳐요", ref_id=1)
    other = write("가로등이 어두워요", ref_id=2)
    assert similar("가로등", exclude=1) == [other]


def test_nothing_is_similar_to_nothing(write):
    write("가로등을 고쳐요")
    assert similar("") == similar("등") == similar("코끼리 열차") == []
