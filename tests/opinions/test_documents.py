"""Pictures and files of the background of a consultation."""

from datetime import timedelta
from io import BytesIO

import pytest

from civic_forum.opinions import queries
from civic_forum.opinions.process import DOCUMENTS, PROCESS
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.attachments.making import jpeg, pdf

from .making import preparing

DESK = "/desk/consultations"


def documents(asked):
    db.session.rollback()
    return DOCUMENTS.of(queries.by_slug(asked.slug))


def put(page, asked, file, name, description):
    db.session.rollback()
    return page.post(f"{DESK}/{asked.slug}/documents", data={
        "file": (BytesIO(file), name), "description": description, "version": queries.by_slug(asked.slug).version})


def test_the_first_picture_stands_on_top_and_on_the_card_and_files_are_a_list(town, browse):
    asked, page = preparing(department_id=town.department().id), browse(town.official())
    assert put(page, asked, pdf(), "plan.pdf", "둔치를 고치는 계획").status_code == 303
    assert put(page, asked, jpeg(), "river.jpg", "해 질 녘의 둔치").status_code == 303
    key = documents(asked)[1].key
    assert browse().get(f"/attachments/{key}").status_code == 404
    assert page.post(f"{DESK}/{asked.slug}/announcements").status_code == 303
    shown, listed = browse().get(f"/consultations/{asked.slug}").text, browse().get("/consultations").text
    assert f"/attachments/{key}/thumbnail" in shown and 'alt="해 질 녘의 둔치"' in shown
    assert "둔치를 고치는 계획" in shown and "자료 1개" in shown
    assert f"/attachments/{key}/thumbnail" in listed
    with browse().get(f"/attachments/{key}") as answer:
        assert answer.status_code == 200


def test_a_file_needs_its_sentence_and_a_kind_that_is_taken(town, browse):
    asked, page = preparing(department_id=town.department().id), browse(town.official())
    for file, name, description, sentence in ((jpeg(), "river.jpg", "", "한 문장으로"), (b"MZ\0", "a.exe", "무엇", "올릴 수")):
        answer = put(page, asked, file, name, description)
        assert answer.status_code == 422 and sentence in answer.text
    assert page.post(f"{DESK}/{asked.slug}/documents", data={"description": "무엇", "version": 1}).status_code == 422
    assert put(browse(town.user()), asked, jpeg(), "river.jpg", "둔치").status_code == 403
    assert documents(asked) == []


@pytest.mark.both
def test_nothing_is_added_or_taken_away_once_people_answer_and_a_copy_begins_without(town, browse):
    asked, page = preparing(department_id=town.department().id), browse(town.official())
    put(page, asked, jpeg(), "river.jpg", "둔치")
    key = documents(asked)[0].key
    there = queries.by_slug(asked.slug)
    there.announced_at = there.opens_at = clock.now() - timedelta(hours=1)
    db.session.commit()
    assert put(page, asked, jpeg(), "later.jpg", "나중").status_code == 403
    gone = page.post(f"{DESK}/{asked.slug}/documents/{key}/removals", data={"version": 2})
    assert gone.status_code == 403 and len(documents(asked)) == 1
    copied = PROCESS.copy(there.id, "다시 묻기", there.opens_at.date() + timedelta(days=40), by=town.official())
    assert copied.attachment_set_id is None


def test_a_file_is_taken_away_before_the_opening(town, browse):
    asked, page = preparing(department_id=town.department().id), browse(town.official())
    put(page, asked, jpeg(), "river.jpg", "둔치")
    key = documents(asked)[0].key
    assert page.post(f"{DESK}/{asked.slug}/documents/{key}/removals", data={"version": 2}).status_code == 303
    assert documents(asked) == []
