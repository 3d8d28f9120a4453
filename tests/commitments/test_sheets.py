"""Sheets of commitments: as of a quarter, for a department, for the district."""

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from civic_forum.blocks.sheets import Facts, Points, Printed, Table
from civic_forum.commitments import days, operations, sheets
from civic_forum.commitments.models import CommitmentEntry
from civic_forum.commitments.queries import records as queries
from civic_forum.commitments.queries import sheets as several
from civic_forum.commitments.rules import Entry, EntryKind, Line, Source
from civic_forum.commitments.sheet_parts import Parts, as_of
from civic_forum.platform.base import db
from civic_forum.platform.work import one_moment
from tests.common import today

from .making import told
from .test_quarters import BEFORE, LAST, pledge, quarter

DAYS = st.dates(date(2018, 1, 1), date(2020, 12, 31))
QUARTERS = st.builds(days.quarter_of, DAYS)


def words(sheet) -> str:
    """All that a sheet says, a cell or a paragraph a line."""
    lines = [sheet.title, sheet.office, sheet.team, sheet.code, *sheet.notes]
    for block in sheet.blocks:
        lines += [block.heading, *getattr(block, "items", ()), *getattr(block, "paragraphs", ())]
        for row in getattr(block, "rows", ()):
            lines += [f"{cell.counted} {cell.printed}" if isinstance(cell, Printed) else str(cell) for cell in row]
    return "\n".join(map(str, lines))


def table(sheet, heading: str) -> Table | Facts:
    return next(block for block in sheet.blocks if block.heading == heading)


@given(st.lists(DAYS), QUARTERS)
def test_a_sheet_of_a_quarter_has_all_that_happened_by_its_end_and_nothing_later(happened, of):
    entries = [Entry(1, EntryKind.FACTS, date(2021, 1, 1), {"title": "의자 놓기"}), *(
        Entry(number, EntryKind.LOG, on, {"text": f"{number}번째 일", "what": ["교육"]})
        for number, on in enumerate(happened, 2))]
    parts = Parts(as_of(entries, of), of, "", "")
    [*points] = [block for block in parts.results() if isinstance(block, Points)]
    assert sum(len(block.items) for block in points) == sum(on <= days.quarter_end(of) for on in happened)
    assert parts.ledger.facts and sum(parts.counted(of).values()) == sum(days.quarter_of(on) == of for on in happened)


def test_a_quarter_stands_beside_the_one_before_and_an_empty_one_says_so(pair):
    one = told(pledge(pair[0], begins_on="2025-03-01", ends_on=f"{today().year - 1}-12-31", code="소통행정-9"),
               EntryKind.MONEY, operations.money([
                   Line(today().year - 2, Source.CITY, "", 3_000_000, 3_000_000, 1_500_000),
                   Line(today().year, Source.DISTRICT, "", 2_000_500, None, None)], 5_000_500), *pair)
    one = told(one, EntryKind.QUARTER, quarter("자리를 골랐어요.", asks="예산이 필요해요.", involved=[["자문", 32]],
                                                printed={"교육": 2}), *pair)
    sheet = sheets.load_commitment(str(one.id), {"quarter": LAST})
    beside = table(sheet, "지난 분기와 이번 분기")
    assert beside.rows[0] == ("추진실적", "자리를 골랐어요.", "알린 것이 없어요")
    assert [column.name for column in beside.columns][1:] == [f"{of[:4]}년 {of[-1]}분기" for of in (BEFORE, LAST)]
    assert table(sheet, "협업사항").items == ("예산이 필요해요.",) and table(sheet, "시민 참여실적").rows == (("자문", 32),)
    money = table(sheet, "연차별 투자수요 및 집행액")
    assert [column.above[-1] for column in money.columns if column.above][-1] == "임기 후"
    assert money.foot[0][2:] == (Decimal("5000.5"), 1500, 3000, 1500, Decimal("2000.5"), None)
    assert any("제목 2, 센 것 0" in note for note in sheet.notes) and sheet.code == "소통행정-9"
    earlier = sheets.load_commitment(str(one.id), {"quarter": days.quarter_before(days.quarter_end(BEFORE))})
    assert "자리를 골랐어요." not in words(earlier)
    future, usual = (sheets.load_commitment(str(one.id), query) for query in ({"quarter": "2099-1"}, {}))
    assert words(future) == words(usual)


@pytest.mark.both
def test_the_file_of_a_department_has_a_sheet_of_each_promise_that_goes_on(town, pair, browse, monkeypatch):
    first, second, dropped = (pledge(pair[0], title) for title in ("의자를 놓아요", "나무를 심어요", "다리를 세워요"))
    first = told(first, EntryKind.QUARTER, quarter("자리를 골랐어요.", LAST), *pair)
    told(dropped, EntryKind.STATUS, {"status": "dropped", "why": "돈이 없어요."}, *pair, on=days.quarter_end(BEFORE))
    key = str(min(pair[0].department_ids()))
    book = sheets.load_department(key, {})
    overview, *rest = book.sheets
    assert [sheet.title for sheet in rest] == [first.title, second.title]
    assert [row[6] for row in overview.blocks[0].rows] == ["자리를 골랐어요.", "알린 것이 없어요"]
    assert overview.notes and overview.notes[0].endswith(": 1")
    monkeypatch.setattr(several, "MOST", 1)
    overview, *rest = sheets.load_department(key, {"quarter": days.quarter_of(today())}).sheets
    assert len(rest) < 2 and "1개만" in overview.notes[-1]
    monkeypatch.undo()
    other = town.department("도로과")
    assert len(sheets.load_department(str(other.id), {}).sheets) == 1
    for address, status in ((f"/sheets/commitments/{key}", 200), (f"/sheets/commitments/{key}?quarter={BEFORE}", 200),
                            ("/sheets/commitments/99999", 404), ("/sheets/commitments/all", 404),
                            ("/sheets/commitment/99999", 404),
                            (f"/sheets/commitment/{first.id}?quarter=9", 200), ("/sheets/pledges/district", 200),
                            ("/sheets/pledges/other", 404)):
        assert browse().get(address).status_code == status, address
    assert f'/sheets/commitments/{key}"' in browse(pair[0]).get("/desk/commitments").text
    assert f'/sheets/commitment/{first.id}"' in browse().get(f"/commitments/{first.id}").text


@pytest.mark.both
def test_a_file_is_of_one_moment(pair, monkeypatch):
    one, key = pledge(pair[0]), str(min(pair[0].department_ids()))
    known, read = several.of_department, []

    def changing(*of):
        read.append(known(*of))
        with db.engine.connect() as other, other.begin():
            other.execute(sa.insert(CommitmentEntry).values(
                commitment_id=one.id, number=2, place=2, kind=EntryKind.QUARTER, state="approved", on=today(),
                at=one_at, content=quarter("쓰는 동안 알렸어요.", LAST), by_id=pair[0].id, decided_by_id=pair[1].id))
        return read[0]

    one_at = queries.entries(one.id)[0].at
    monkeypatch.setattr(several, "of_department", changing)
    with one_moment():
        printed = [words(sheet) for sheet in sheets.load_department(key, {}).sheets]
    monkeypatch.undo()
    assert read and not any("쓰는 동안 알렸어요." in text for text in printed)
    with one_moment():
        assert all("쓰는 동안 알렸어요." in words(sheet) for sheet in sheets.load_department(key, {}).sheets)


@pytest.mark.in_turns(of=3)
def test_the_five_figures_of_the_district(pair):
    kept, silent = pledge(pair[0], "의자를 놓아요"), pledge(pair[0], "나무를 심어요")
    year = str(today().year - 1)
    told(kept, EntryKind.TARGETS, {"targets": [{"label": "공론장", "target": {year: 5}, "achieved": {year: 3}},
                                               {"label": "사업", "target": {year: 5}, "achieved": {year: 5}}]}, *pair)
    told(kept, EntryKind.LOG, {"text": "주민과 함께 정했어요.", "what": ["공론장"]}, *pair)
    told(kept, EntryKind.SURVEY, {"text": "의자가 편한가요?", "respondents": 259, "satisfied": 243}, *pair)
    told(kept, EntryKind.QUARTER, quarter("의자를 놓았어요.", LAST, involved=[["설명회", 979]]), *pair)
    told(kept, EntryKind.STATUS, {"status": "done", "why": "모두 놓았어요."}, *pair)
    facts = {"title": "나무를 둘 심어요", "department": silent.department_id}
    told(silent, EntryKind.FACTS, facts, *pair)
    sheet = sheets.load_district("district", {})
    assert dict(row[:2] for row in table(sheet, "1. 완료").rows)["지켰어요"] == 1
    assert table(sheet, "2. 목표달성").rows == ((year, 2, 1),)
    assert [cell for _label, cell in table(sheet, "3. 소통").rows] == [1, 979, 1, 259]
    assert [cell for _label, cell in table(sheet, "4. 웹소통").rows][:2] == [2, 1]
    assert [row[1] for row in table(sheet, "5. 일치도").rows] == ["그대로", "나무를 심어요"]
