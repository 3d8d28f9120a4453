"""Posters as PDF: one page of A4, its Korean words found in it, its code read by a phone."""

import pytest
import pikepdf

from civic_forum.sharing import poster
from civic_forum.sharing.rules import Face, Sheet

from .papers import codes, rendered, words
from .things import KINDS, made, page_of

SHEET = Sheet(
    face=Face(kind="제안", place="proposals", site="금천1번가", title="시흥2동에도 밤에 여는 약국 한 곳", figure="11", beside="/ 20명",
              left="12. 5.(토)까지", of=(11, 20)),
    sentence="20명이 공감하면 구청이 답해요.", text="가장 가까운 심야 약국까지 차로 18분이에요.", missing="9명만 더",
    counted_on="11. 26.(목) 기준", act="비추고 공감하기", address="https://example.org/proposals/2026-0012",
    phone="02-000-0000", language="ko")


def written(tmp_path, data: bytes):
    path = tmp_path / "poster.pdf"
    path.write_bytes(data)
    return path


@pytest.mark.in_turns(of=5)
def test_one_page_with_its_words_and_the_letters_it_needs(tmp_path):
    data = poster.draw(SHEET, None)
    assert data == poster.draw(SHEET, None)
    assert len(data) < 200_000
    with pikepdf.open(written(tmp_path, data)) as file:
        assert len(file.pages) == 1
        assert [round(float(one)) for one in file.pages[0].mediabox] == [0, 0, 595, 842]
        assert str(file.docinfo["/Title"]) == SHEET.face.title and file.Root.Lang == "ko"
        fonts = [one.DescendantFonts[0] for one in file.pages[0].Resources.Font.values()]
        assert len(fonts) == 2  # both weights, of which a few dozen letters are embedded
        assert all(0 < int(one.FontDescriptor.FontFile2.Length) < 40_000 for one in fonts)


def test_a_poster_says_once_how_many_are_missing(town, browse):
    shown = browse().get(f"{made(town, 'proposal')[1]}/poster").text
    assert shown.count("명만 더") == 1 and "명이 공감하면 구청이 답해요." in shown and " 기준" in shown


def _sheet(**facts) -> Sheet:
    return Sheet(**(SHEET.__dict__ | facts))


@pytest.mark.in_turns(of=10)
@pytest.mark.servers
@pytest.mark.parametrize("kind", KINDS)
def test_a_poster_of_each_kind_is_found_and_read(town, browse, tmp_path, kind):
    thing, path = made(town, kind)
    answer = browse().get(f"{path}/poster.pdf")
    assert answer.status_code == 200 and answer.mimetype == "application/pdf" and answer.headers["ETag"]
    file = written(tmp_path, answer.data)
    found = "".join(words(file).split())
    title = thing.question if kind == "agenda" else thing.title
    assert "".join(title.split())[:20] in found and "금천1번가" in found
    address = f"http://127.0.0.1:8000{page_of(kind, thing)}"
    assert codes(rendered(file)) == [address]
    assert browse().get(page_of(kind, thing)).status_code == 200
    page = browse().get(f"{path}/poster")
    assert page.status_code == 200 and title in page.text and address in page.text


@pytest.mark.in_turns(of=10)
@pytest.mark.servers
@pytest.mark.parametrize("facts", [
    {"address": "https://example.org/" + "x" * 300}, {"text": "가" * 5000, "sentence": "나" * 5000},
    {"act": "", "phone": "", "missing": "", "counted_on": ""}])
def test_long_words_stay_on_the_page_and_leave_the_code_readable(tmp_path, facts):
    sheet = _sheet(**facts)
    file = written(tmp_path, poster.draw(sheet, None))
    with pikepdf.open(file) as opened:
        assert len(opened.pages) == 1
    assert codes(rendered(file)) == [sheet.address]


@pytest.mark.in_turns(of=5)
@pytest.mark.servers
def test_letters_that_the_font_has_not_become_boxes(tmp_path):
    face = Face(**(SHEET.face.__dict__ | {"title": "뷁 漢字 가나 😀 \u202eabc\x07"}))
    assert "□ □□ 가나 abc" in words(written(tmp_path, poster.draw(_sheet(face=face), None)))
