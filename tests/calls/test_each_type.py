"""A question of each type, added at the desk: it is asked, checked, read, printed, taken out and erased."""

from datetime import timedelta

import pytest

from civic_forum.blocks import questions
from civic_forum.calls import queries as calls
from civic_forum.calls import services
from civic_forum.calls.applying.queries import numbered, sheet_of
from civic_forum.calls.judging import services as judging
from civic_forum.calls.judging.rules import Proposed
from civic_forum.calls.rules import Step
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.question_rows import QuestionType, Reader
from tests.exports.making import rows
from tests.platform.test_spreadsheets import RUN, cells_of_xlsx

from .making import call
from .making_judging import REASON
from .test_applying import picture
from .test_desk import DESK, asked, edited

TYPED = {"line": "=HYPERLINK(1)", "text": "빌라 앞에\n쌓여요.", "number": "12", "choice": "1", "several": ["0", "1"],
         "scale": "4", "day": "2027-03-02", "place": "시장 뒷길"}
READ = {"line": "=HYPERLINK(1)", "text": "쌓여요.", "number": "12", "money": "칸 8,200원", "choice": "나",
        "several": "가, 나", "scale": "4 / 5", "day": "2027", "place": "시장 뒷길"}
"""As the page of the office reads them."""
SEALED = "뷁너와집답"


@pytest.mark.both
def test_a_question_of_each_type_goes_all_the_way_without_a_deployment(town, browse):
    made, owner = call(town, "preparing", questions=0, places=1), town.user()
    official, second = town.official(), town.official()
    desk, other, page, visitor = browse(official), browse(second), browse(owner), browse()
    here = f"{DESK}/{made.slug}"
    for kind in QuestionType:
        options = {"options": "가\n나"} if kind in ("choice", "several") else {}
        assert asked(desk, here, kind, f"{kind} 질문", keep_days="30", **options).status_code == 303, kind
    assert edited(desk, f"{here}/questions", label="봉인 질문", type="line", reader="sealed",
                  keep_days="30").status_code == 303
    db.session.rollback()
    made = calls.slugged(made.slug)
    made.announced_at = made.opens_at
    db.session.commit()
    names = {row.type.value if row.reader is not Reader.SEALED else "sealed": questions.name_of(row)
             for row in calls.questions_of(made)}
    typed = {names[kind]: value for kind, value in TYPED.items()} | {
        "title": "정거장", "version": "1", "act": "hand_in", names["sealed"]: SEALED,
        f"{names['money']}-for": ["칸"], f"{names['money']}-won": ["8,200"]}
    address = page.post(f"/calls/{made.slug}/applications").location
    number = address.rpartition("/")[2]
    for kind in ("line", "text", "place", "sealed"):
        refused = page.post(address, data=typed | {names[kind]: "제 번호는 900101-1234568"})
        assert refused.status_code == 422, kind
    assert page.post(address, data=typed | {names["file"]: picture()}).status_code == 303
    db.session.rollback()
    calls.slugged(made.slug).closes_at = clock.now()
    db.session.commit()
    shown = desk.get(f"{here}/applications/{number}").text
    assert {kind for kind, text in READ.items() if text not in shown} == set() and "계획.png" in shown
    assert "data-print" in shown and SEALED not in shown
    taken_out(made.id, desk, other, page, visitor)
    judging.pass_rest(made.slug, Step.COMPLETE, by=official)
    judging.propose(made.slug, number, Proposed(won=0), REASON, by=official)
    judging.propose_decision(made.slug, by=official)
    judging.DECISION.confirm(judging.subject_of(made), by=second)
    card = visitor.get(f"/calls/{made.slug}/results").text
    assert {kind for kind, text in READ.items() if text not in card} == set()
    assert SEALED not in card and "계획.png" not in card
    clock.shift(timedelta(days=31).total_seconds())
    assert services.forget() == 1
    db.session.rollback()
    sheet = sheet_of(numbered(made, number))
    assert (sheet.answers, sheet.sealed) == ({}, None)


def taken_out(call_id, desk, other, owner, visitor):
    """By the department alone, for a reason; no cell is run, and nothing sealed is in it."""
    name = f"applications-{call_id}"
    table, sent = f"/desk/exports/{name}", {"format": "csv", "reason": REASON, "result": "received"}
    assert owner.get(table).status_code == 403 and visitor.get(f"/data/{name}.csv").status_code == 404
    assert desk.get(f"{table}9").status_code == 404 and desk.get(f"{table}?result=received").status_code == 200
    assert desk.post(table, data=sent | {"reason": ""}).status_code == 422
    head, row = rows(other.post(table, data=sent, buffered=True))[-2:]
    cells = dict(zip(head, row, strict=True))
    assert {f"{kind} 질문" for kind in READ} <= set(head) and not {"file 질문", "봉인 질문"} & set(head)
    assert (cells["number 질문"], cells["several 질문"]) == ("12", READ["several"]) and "2027" in cells["day 질문"]
    for texts in (row, cells_of_xlsx(desk.post(table, data=sent | {"format": "xlsx"}, buffered=True).data)[0]):
        assert not [text for text in texts if text.startswith(RUN) or SEALED in text]
        assert any("HYPERLINK" in text for text in texts)
