"""Words of faces: what can be drawn, lines that fit, names by content."""

import unicodedata
from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st

from civic_forum.sharing import drawing
from civic_forum.sharing.rules import DROPPED, Face, lines, plain

from .things import picture

FACE = Face(kind="제안", place="proposals", site="금천1번가", title="골목을 밝혀 주세요", figure="11", beside="/ 20명",
            left="2일 남음", of=(11, 20))


@given(st.text(max_size=400))
@example("\u202eאב\u2066\x00\n\t가  나\u200d😀")
def test_texts_are_drawn_without_marks_and_single_spaces(text):
    shown = plain(text)
    assert len(shown) <= 300 and shown == shown.strip() and "  " not in shown
    assert not {unicodedata.category(one) for one in shown} & DROPPED


@given(st.text(alphabet="가나다 라abc", max_size=200), st.integers(1, 4), st.integers(1, 30))
@example("가" * 10_000, 2, 12)
def test_lines_fit_and_lose_nothing_but_the_end(text, most, width):
    text = plain(text)
    found = lines(text, width, most, len)
    assert len(found) <= most and all(len(one) <= max(width, 2) for one in found)
    whole = "".join("".join(found).split())
    wanted = "".join(text.split())
    assert whole == wanted or whole.endswith("…") and wanted.startswith(whole[:-1])


def test_words_stay_whole():
    assert lines("시흥2동에도 밤에 여는 약국 한 곳", 9, 2, len) == ["시흥2동에도 밤에", "여는 약국 한 곳"]


def test_a_mark_names_the_content():
    assert FACE.mark == replace(FACE).mark and len({
        FACE.mark, FACE.band().mark, replace(FACE, figure="12").mark, replace(FACE, picture="a").mark,
        replace(FACE, figure="/ 20명", beside="11").mark}) == 5
    assert FACE.band().mark == replace(FACE, title="다른 제목", left="").band().mark


def test_equal_faces_are_equal_bytes_also_after_others():
    first = drawing.draw(FACE, picture())
    drawing.draw(replace(FACE, title="漢字 뷁", place="polls", of=None), None)
    assert drawing.draw(FACE, picture()) == first != drawing.draw(FACE, None)


@given(st.text(max_size=60), st.text(max_size=40), st.text(max_size=40), st.text(max_size=30))
@example("가" * 10_000, "8" * 500, "나" * 500, "다" * 500)
def test_nothing_that_is_written_keeps_it_from_being_drawn(title, figure, beside, left):
    face = Face(kind=beside, place="forums", site=left, title=title, figure=figure, beside=beside, left=left)
    assert drawing.draw(face, None).startswith(b"\xff\xd8")


def test_rings_of_any_numbers():
    for of in ((0, 20), (20, 20), (99_999, 20), (3, 0)):
        assert drawing.draw(replace(FACE, of=of), None).startswith(b"\xff\xd8")
