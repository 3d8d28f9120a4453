"""The pages on which batches of paper are typed, compared, settled and taken apart."""

import re

import pytest
import sqlalchemy as sa

from civic_forum.accounts.rules import Role
from civic_forum.ballots.paper.models import PaperEntry
from civic_forum.ballots.paper import batches
from civic_forum.platform.base import db

from .desk_scene import Vote
from .typing_office import NOTE, Office

PAGES = ("papers", "kiosk-passes", "batches", "objections")


@pytest.mark.in_turns(of=5)
def test_a_batch_is_typed_sheet_by_sheet_with_enter_alone(town, browse):
    office = Office(town)
    page, here = browse(office.first), f"/desk/votes/{office.vote.hex}/batches"
    assert "1번 묶음을 만들었어요" in page.post(here, data={"sheets": "4"}, follow_redirects=True).text
    for sheet, line in enumerate(("1 2", "0", "x", "5"), start=1):
        answer = page.get(f"{here}/1")
        assert f"{sheet}번째 종이" in answer.text and "autofocus" in answer.text
        answer = page.post(f"{here}/1/sheets/{sheet}", data={"sheet": line}, follow_redirects=True)
    assert "4장을 모두 적었어요" in answer.text and "무효" in answer.text and "기권" in answer.text
    assert "다른 사람이 한 번 더" in page.post(f"{here}/1/typings", follow_redirects=True).text
    second = browse(office.second)
    for sheet, line in enumerate(("1 2", "0", "x", "4"), start=1):
        second.post(f"{here}/1/sheets/{sheet}", data={"sheet": line})
    assert "세 번째 사람이 정해요" in second.post(f"{here}/1/typings", follow_redirects=True).text
    third = browse(office.third)
    shown = third.get(f"{here}/1/differences").text
    assert "4번째 종이" in shown and "1번째 종이" not in shown
    missing = third.post(f"{here}/1/differences", data={"sheet-4": "5", "note-4": ""})
    assert missing.status_code == 422 and 'value="5"' in missing.text and "왜 그렇게 읽었는지" in missing.text
    done = third.post(f"{here}/1/differences", data={"sheet-4": "5", "note-4": NOTE}, follow_redirects=True)
    assert "1번 묶음을 정했어요" in done.text and NOTE in done.text
    assert NOTE not in page.get(here).text, "it may say what a sheet says"


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("typed, sentence", [("", "고른 번호를 적어"), ("1 2 3", "무효라고 적어"), ("9", "1번부터 5번까지"),
                                             ("1 1", "두 번 적었어요"), ("<b>", "읽지 못했어요")])
def test_a_sheet_that_cannot_be_read_says_why_and_keeps_what_was_typed(town, browse, typed, sentence):
    office = Office(town, returned=1)
    office.batch()
    answer = browse(office.first).post(f"/desk/votes/{office.vote.hex}/batches/1/sheets/1", data={"sheet": typed})
    assert answer.status_code == 422 and sentence in answer.text and "aria-invalid" in answer.text
    assert db.session.scalars(sa.select(PaperEntry)).all() == []


def test_a_typist_sees_the_own_entry_and_nothing_of_another(town, browse):
    office = Office(town, returned=2)
    number = office.batch()
    office.typed(number, office.first, "1 5", "2 4")
    here = f"/desk/votes/{office.vote.hex}/batches"
    second = browse(office.second)
    for page in (second.get(here), second.get(f"{here}/1"), browse(office.first).get(here)):
        assert page.status_code == 200
        assert not any(f"<b>{line}</b>" in page.text for line in ("1 5", "2 4"))
    assert browse(office.first).get(f"{here}/1").status_code == 403


def test_the_differences_are_shown_to_a_third_person_only(town, browse):
    office = Office(town, returned=1)
    number = office.batch()
    office.typed(number, office.first, "1")
    office.typed(number, office.second, "2")
    here = f"/desk/votes/{office.vote.hex}/batches/1/differences"
    assert [browse(who).get(here).status_code for who in (office.first, office.second, office.third)] == [403, 403, 200]


@pytest.mark.in_turns(of=5)
def test_no_page_of_the_desk_or_of_observers_shows_what_the_paper_adds_up_to(town, browse):
    """Two batches typed and settled: nobody finds how often an option was chosen, nor how many sheets were invalid."""
    office = Office(town, returned=3)
    number = office.batch()
    for typist in (office.first, office.second):
        office.typed(number, typist, "3", "3", "무효")
    observer = town.staff(Role.OBSERVER)
    for who in (office.clerk, office.first, office.second, office.third, town.moderator(), town.official()):
        for name in PAGES:
            text = browse(who).get(f"/desk/votes/{office.vote.hex}/{name}").text
            assert "득표" not in text and not re.search(r"(무효|기권)[^<]{0,20}</th><td class=\"r\">1<", text)
    assert "득표" not in browse(observer).get(f"/votes/{office.vote.hex}/observation").text


@pytest.mark.both
def test_a_batch_is_taken_apart_after_asking(town, browse):
    office = Office(town, returned=1)
    office.batch()
    page, here = browse(office.clerk), f"/desk/votes/{office.vote.hex}/batches/1"
    assert "묶음을 풀까요?" in page.get(f"{here}/dissolution/new").text
    assert "1번 묶음을 풀었어요" in page.post(f"{here}/dissolution", follow_redirects=True).text
    assert page.get(here).status_code == 404


@pytest.mark.in_turns(of=5)
def test_a_settled_batch_is_taken_apart_only_where_too_few_sheets_are_left_for_another(town, browse):
    office = Office(town, returned=20)
    number = office.batch(10)
    for typist in (office.first, office.second):
        office.typed(number, typist, *["1"] * 10)
    page, here = browse(office.clerk), f"/desk/votes/{office.vote.hex}/batches"
    assert f"{here}/1/dissolution/new" not in page.get(here).text
    refused = page.post(here, data={"sheets": "9"})
    assert refused.status_code == 409 and "한 묶음은 적어도 10장" in refused.text and 'value="9"' in refused.text
    db.session.rollback()
    office.vote.undo_return(20)
    assert f"{here}/1/dissolution/new" in page.get(here).text
    assert "1번 묶음을 풀었어요" in page.post(f"{here}/1/dissolution", follow_redirects=True).text
    assert "2번 묶음" not in page.post(here, data={"sheets": "19"}, follow_redirects=True).text


def test_before_the_last_return_the_page_says_until_when_paper_comes_back(town, clerk, browse):
    vote = Vote(town)
    vote.after_the_close()
    text = browse(clerk).get(f"/desk/votes/{vote.hex}/batches").text
    assert "더 돌아올 종이가 없을 때 묶고 입력해요" in text and "묶음 만들기" not in text


def test_one_gives_the_own_typing_up(town, browse):
    office = Office(town, returned=1)
    number = office.batch()
    batches.type_sheet(office.box_id, number, 1, "1", by=office.first)
    page, here = browse(office.first), f"/desk/votes/{office.vote.hex}/batches/1/typings/own/end"
    assert "내 입력을 지웠어요" in page.post(here, follow_redirects=True).text
    assert page.post(here).status_code == 404
