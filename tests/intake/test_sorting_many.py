"""Sixteen notes, and a week of items, read and sorted in few presses."""

import re

import pytest

from civic_forum.intake import services
from civic_forum.intake.models import IntakeItem
from civic_forum.intake.rules import Became, ItemForm, ItemRecord, read_line
from civic_forum.platform.base import db
from tests.opinions.making import consultation

MOST_OF_SIXTEEN = 20


@pytest.mark.parametrize(("line", "read"), [
    ("도로과 7", ("도로과", "7")), ("도로과", ("도로과", "")), ("도로과장 7", ("", "도로과장 7")), ("", ("", "")),
    ("도로 과 팀 14일", ("도로 과 팀", "14일")), ("  답했어요: 고쳤어요 ", ("답했어요", ": 고쳤어요"))])
def test_the_longest_word_begins_a_line(line, read):
    assert read_line(line, ("도로", "도로과", "도로 과", "도로 과 팀", "답했어요")) == read


@pytest.mark.both
def test_a_sheet_of_sixteen_notes_is_read_and_sorted_in_few_presses(town, browse):
    typist, sorter, office = town.moderator(), browse(town.moderator()), town.department()
    asked, known, presses = consultation(), town.proposal(), 0
    services.take([ItemRecord(text=f"{place}번째 쪽지", key=f"row-{place}", form=ItemForm.NOTE) for place in range(16)],
                  by=typist)

    def post(address, **sent):
        nonlocal presses
        presses += 1
        return sorter.post(address, data=sent)

    def items():
        db.session.rollback()
        return db.session.query(IntakeItem).order_by(IntakeItem.id).all()

    ids = [item.id for item in items()]
    page = sorter.get("/desk/intake/checks").text
    texts = re.findall(r'name="text" value="([^"]*)"', page)
    assert len(texts) == 16 and post("/desk/intake/checks", item=ids, text=texts[::-1]).status_code == 409
    assert browse(typist).post("/desk/intake/checks", data={"item": ids, "text": texts}).status_code == 403
    assert post("/desk/intake/checks", item=ids, text=texts, wrong=ids[15:]).status_code == 303
    assert [bool(item.checked_at) for item in items()] == [True] * 15 + [False]
    assert post("/desk/intake/checks", item=ids[15:], text=texts[15:]).status_code == 303
    number = items()[0].number
    lines = [f"{office.name} 7", office.name, *[f"질문 {asked.slug}"] * 8, number, known.number, "답했어요 동장: 고쳤어요",
             "들어 뒀어요", "다른 기관에 보냈어요 경찰: 물었어요", ""]
    sent = {f"to-{id_}": line for id_, line in zip(ids, lines, strict=True)}
    for wrong, words in (("도로", "목록에 있는 말"), ("답했어요", "글자"), (f"{office.name} 8", items()[1].number),
                         ("답했어요 동장: 010-1234-5678", "전화번호")):
        page = post("/desk/intake/sorting", end="lines", **sent | {f"to-{ids[1]}": wrong})
        assert page.status_code == 422 and words in page.text and f'value="{lines[2]}"' in page.text
    assert not any(item.became for item in items())
    assert post("/desk/intake/sorting", end="lines", **sent).status_code == 303
    assert [item.became for item in items()] == [
        *[Became.DUTY] * 2, *[Became.STATEMENT] * 8, *[Became.JOINED] * 2, None, Became.KEPT,
        Became.ELSEWHERE, None]
    assert (items()[12].typed_reply, items()[11].about.id) == ({"reply": "고쳤어요", "replied_by": "동장"}, known.id)
    assert presses <= MOST_OF_SIXTEEN and post("/desk/intake/sorting", end="lines").status_code == 422
