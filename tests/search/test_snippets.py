"""The snippet of a hit; no database."""

from hypothesis import given
from hypothesis import strategies as st

from civic_forum.search import queries


def joined(pieces):
    return "".join(text for text, _ in pieces)


def test_the_match_stands_in_the_middle_and_is_marked():
    body = "앞" * 100 + " 주차장을 열어요 " + "뒤" * 100
    assert queries.snippet(body, "주차장을", around=5) == [
        ("…", False), ("앞앞앞앞 ", False), ("주차장을", True), (" 열어요 ", False), ("…", False)]


def test_each_word_in_sight_is_marked():
    marked = [text for text, is_match in queries.snippet("학교 주차장과 공원 CCTV, 또 주차장", "cctv 주차장을") if is_match]
    assert marked == ["주차장", "CCTV", "주차장"]


def test_a_number_is_not_marked_inside_another():
    assert queries.marked("115번과 15번", "15번") == [("115번과 ", False), ("15번", True)]


def test_without_a_match_the_beginning_is_shown():
    assert queries.snippet("가나다라마바사", "없는말", around=3) == [("가나다", False), ("…", False)]
    assert queries.snippet("", "주차장") == []


@given(st.text(max_size=200), st.text(max_size=30))
def test_a_title_is_only_cut_never_changed(text, query):
    assert joined(queries.marked(text, query)) == text


@given(st.text(max_size=200), st.text(max_size=30), st.integers(0, 80))
def test_a_snippet_is_part_of_the_text(text, query, around):
    shown = joined(queries.snippet(text, query, around)).removeprefix("…").removesuffix("…")
    assert shown in " ".join(text.split()) or text.count("…")
