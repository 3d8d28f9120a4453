"""Statements that are taken from notes of forums and from files."""

from datetime import timedelta
from io import BytesIO

import pytest
from lxml import html

from civic_forum.opinions import queries
from civic_forum.platform.base import db
from tests.forums.minutes.making import finished_forum

from .making import consultation

DESK = "/desk/consultations"


def preparing(town):
    return consultation((), announced_at=None, open_since=timedelta(days=-2), department_id=town.department().id)


def lines(asked):
    db.session.rollback()
    return queries.statements(asked.id)


def sent(page, asked, data: bytes, name="lines.csv"):
    return page.post(f"{DESK}/{asked.slug}/statements/table",
                     data={"version": queries.by_slug(asked.slug).version, "table": "", "file": (BytesIO(data), name)})


def test_a_statement_is_taken_from_a_public_note_of_a_forum(town, browse):
    asked, page, scene = preparing(town), browse(town.official()), finished_forum(town)
    note, gone = scene.notes
    gone.removed_at = scene.forum.closed_at
    db.session.commit()
    chosen = page.post(f"{DESK}/{asked.slug}/sources", data={"forum": f"http://here/forums/{scene.forum.slug}"})
    assert chosen.status_code == 303
    listed = page.get(chosen.location)
    assert "가지를 쳐요" in listed.text and "의자 노아주세요" not in listed.text
    link, = html.fromstring(listed.text).xpath("//main//a[contains(@href, 'source=note')]/@href")
    form = html.fromstring(page.get(link).text).xpath("//form[.//input[@name='text']]")[0]
    given = dict(form.form_values())
    assert (given["text"], given["source"]) == ("가지를 쳐요", f"note:{note.id}")
    assert page.post(f"{DESK}/{asked.slug}/statements", data=given).status_code == 303
    assert [one.source for one in lines(asked)] == [f"note:{note.id}"]
    assert page.get(f"{DESK}/{asked.slug}/statements/1").status_code == 200
    assert "이미 가져왔어요" in page.get(chosen.location).text


@pytest.mark.both
def test_a_note_that_not_everybody_may_read_is_no_source(town, browse):
    asked, page = preparing(town), browse(town.official())
    scene = finished_forum(town, closed_at=None)
    scene.first_table.handed_at = None
    db.session.commit()
    assert queries.quoted(f"note:{scene.notes[0].id}") is None and queries.notes(scene.forum.slug) == []
    for forum in (f"/forums/{scene.forum.slug}", "/forums/nowhere", "//"):
        answer = page.post(f"{DESK}/{asked.slug}/sources", data={"forum": forum})
        assert answer.status_code == 422 and "쪽지가 있는" in answer.text
    forged = {"text": "몰래 가져왔어요.", "source": f"note:{scene.notes[0].id}", "version": 1}
    assert page.post(f"{DESK}/{asked.slug}/statements", data=forged).status_code == 422 and lines(asked) == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp949"])
def test_a_file_is_taken_as_spreadsheets_write_it(town, browse, encoding):
    asked, page = preparing(town), browse(town.official())
    table = '한 줄 의견,답하는 사람에 대한 의견이에요\r\n"밤에는, 등을 낮춰요.",\r\n나는 독산1동에 살아요.,네\r\n=1+1은 셈이에요.,\r\n'
    assert sent(page, asked, table.encode(encoding)).status_code == 303
    assert [(one.text, one.is_meta) for one in lines(asked)] == [
        ("밤에는, 등을 낮춰요.", False), ("나는 독산1동에 살아요.", True), ("=1+1은 셈이에요.", False)]


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize(("data", "sentence"), [
    (b"", "첫 줄에 칸 이름을"), (b"\xff\xfe\x00\x01" * 9, "UTF-8이나 CP949로 읽을 수 없는 파일이에요"),
    ("한 줄 의견\n좋아요, 그래요.\n\n" .encode(), "2번째 줄에 칸이 더 많아요"),
    ("한 줄 의견\n등을 달아요.\n" .encode() + b'"' + "의자".encode(), "번째 줄을 표로 읽을 수 없어요"),
    (("한 줄 의견\n등을 달아요.\n" + "가" * 141).encode(), "3번째 줄"),
    (("한 줄 의견\n" + "등을 달아요.\n" * 10_000).encode(), "한 번에 200줄까지"),
    (b"a" * 300_000, "200,000자까지"),
    ("=cmd|'/C calc'!A1\n등을 달아요.".encode(), "모르는 칸이에요")])
def test_nothing_of_a_file_with_a_fault_is_taken(town, browse, data, sentence):
    asked = preparing(town)
    answer = sent(browse(town.official()), asked, data)
    assert answer.status_code == 422 and sentence in html.fromstring(answer.text).text_content()
    assert lines(asked) == []
