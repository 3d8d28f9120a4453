"""Money of many commitments from one table: nothing that was not seen before is written, and all of it or none."""

import io

import pytest
from openpyxl import Workbook, load_workbook

from civic_forum.commitments import importing, labels, money_labels
from civic_forum.commitments.importing import Known, Wrong
from civic_forum.commitments.queries import records as queries
from civic_forum.commitments.rules import EntryKind, EntryState, Line, Source, Unit
from civic_forum.commitments.services import money
from civic_forum.commitments.services import entries as services
from civic_forum.commitments.services.money import Meant
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.spreadsheets import as_csv

from tests.common import today
from .making import told

HEADER = ["약속", "해", "재원", "항목", "계획", "확보", "집행", "단위"]
ROAD = Line(2026, Source.DISTRICT, "공사비", 36_400_000, 30_000_000, 1_000_000)
KNOWN = Known(7, "골목길 고치기", 3, Unit.THOUSAND, (ROAD, Line(2027, Source.CITY, "", 5_000_000, None, None)))


def read(*rows, header=HEADER, **known):
    table = importing.table_of(list(enumerate([header, *[[str(one) for one in row] for row in rows]], 1)))
    return importing.read(table, {"7": KNOWN} | known)


def wrong(*rows, **given):
    return [(one.row, one.wrong) for one in read(*rows, **given).problems]


def test_only_lines_that_differ_are_changed():
    found = read(["7", "2026", "구비", "공사비", "36,400", "30,000", "2,000", ""],
                 ["7", "2028년", "민간", "", "1.6백만원", "", "", ""])
    [change] = found.changes
    assert not found.problems and [(one.row, one.line.year) for one in change.differences] == [(2, 2026), (3, 2028)]
    assert change.differences[0].after == Line(2026, Source.DISTRICT, "공사비", 36_400_000, 30_000_000, 2_000_000)
    assert change.differences[1].before is None and change.differences[1].line.planned == 1_600_000
    assert len(change.lines) == 3 and change.after.planned == 43_000_000 and not change.questions


def test_the_same_table_changes_nothing():
    found = read(["7", "2026", "구비", "공사비", "36400", "30000", "1000", ""], ["7", "", "", "", "", "", "", "천원"])
    assert not found.problems and not found.changes and found.unchanged == 1


def test_a_line_without_sums_is_taken_away():
    [change] = read(["7", "2026", "구비", "공사비", "", "", "", ""]).changes
    assert [(one.before, one.after) for one in change.differences] == [(ROAD, None)]
    assert wrong(["7", "2029", "구비", "공사비", "", "", "", ""]) == [(2, Wrong.NOTHING)]


def test_a_row_has_its_own_unit():
    for unit, sums in (("원", ("40,000,000", "30000000", "1000000")), ("백만원", ("40", "30", "1")),
                       ("백만 원", ("40백만원", "30,000천원", "1000000원"))):
        [change] = read(["7", "2026", "구비", "공사비", *sums, unit]).changes
        assert change.lines[0] == Line(2026, Source.DISTRICT, "공사비", 40_000_000, 30_000_000, 1_000_000)


def test_a_line_of_which_the_source_is_not_known_is_read_as_it_was_taken_out():
    unknown = Line(2021, Source.UNKNOWN, "", 60_000_000, None, None)
    [change] = read(["7", "2021", "재원 모름", "", "60,000", "", "", ""]).changes
    assert unknown in change.lines
    assert {str(word) for word in labels.SOURCE.values()} == set(importing.SOURCES)


def test_a_thousandfold_is_noticed():
    [change] = read(["7", "2026", "구비", "공사비", "36400000", "30000000", "1000000", ""]).changes
    assert [one.thousandfold for one in change.questions] == [("planned", 36_400_000)]


def test_a_total_adds_up():
    header = [*HEADER, "총사업비"]
    assert wrong(["7", "2027", "시비", "", "5,000", "", "", "", "50,000"], header=header) == [(2, Wrong.TOTAL)]
    [change] = read(["7", "2027", "시비", "", "13,600", "", "", "", "50,000"], header=header).changes
    assert change.total == 50_000_000
    assert wrong(["7", "2027", "시비", "", "13,600", "", "", "", "50,000"],
                 ["7", "2026", "구비", "공사비", "36,400", "", "", "", "49,000"], header=header) == [(3, Wrong.TWO_TOTALS)]


@pytest.mark.parametrize(("header", "reason"), [
    ([], Wrong.NO_COLUMN), (HEADER[1:], Wrong.NO_COLUMN), ([*HEADER, "집행액"], Wrong.UNKNOWN_COLUMN),
    ([*HEADER, "번호"], Wrong.COLUMN_TWICE)])
def test_columns_are_known(header, reason):
    assert reason in {one for _row, one in wrong(["7"], header=header)}


FAULTS = [
    (["", "2026", "구비", "", "1", "", "", ""], Wrong.NO_COMMITMENT),
    (["8", "2026", "구비", "", "1", "", "", ""], Wrong.UNKNOWN_COMMITMENT),
    (["9", "2026", "구비", "", "1", "", "", ""], Wrong.ELSEWHERE),
    (["7", "26", "구비", "", "1", "", "", ""], Wrong.YEAR),
    (["7", "2026", "구청비", "", "1", "", "", ""], Wrong.SOURCE),
    (["7", "2026", "구비", "ㄱ" * 61, "1", "", "", ""], Wrong.ITEM),
    (["7", "2026", "구비", "", "만 원쯤", "", "", ""], Wrong.SUM),
    (["7", "2026", "구비", "", "=A1+1", "", "", ""], Wrong.FORMULA),
    (["7", "2026", "구비", "", "1", "", "", "달러"], Wrong.UNIT),
    (["7", "2031", "구비", "정산", "3", "1", "2", ""], Wrong.MORE_EXECUTED),
]


def test_two_hundred_rows_with_ten_faults_name_ten_rows(app):
    rows = [["7", "2040", "구비", f"항목 {number}", "1", "1", "", ""] for number in range(190)]
    at = [3 + 19 * number for number in range(10)]
    for place, (row, _reason) in zip(at, FAULTS, strict=True):
        rows.insert(place, row)
    found = read(*rows, **{"8": Wrong.UNKNOWN_COMMITMENT, "9": Wrong.ELSEWHERE})
    assert [(one.row, one.wrong) for one in found.problems] == [
        (place + 2, reason) for place, (_row, reason) in zip(at, FAULTS, strict=True)]
    assert all("%" not in money_labels.sentence(one) for one in found.problems)


def test_the_same_line_twice_is_named_with_the_first():
    rows = [["7", "2026", "구비", "공사비", "1", "", "", ""], ["7", "2026", "구비", " 공사비 ", "2", "", "", ""]]
    [problem] = read(*rows).problems
    assert (problem.row, problem.wrong, problem.other) == (3, Wrong.TWICE, 2)


def test_every_reason_has_a_sentence():
    assert set(money_labels.WRONG) == set(Wrong)


# With a district


@pytest.fixture
def two(town, pair):
    return [begun(title, *pair) for title in ("골목길 보도블록 고치기", "빈터에 나무 심기")]


def begun(title, first, second, unit=Unit.THOUSAND):
    facts = {"title": title, "department": min(first.department_ids()), "unit": unit}
    one = services.begin(facts, today(), by=first)
    return told(one, EntryKind.MONEY, {"total": None, "lines": [
        [2026, "district", "공사비", 36_400_000, 30_000_000, None], [2027, "city", "", 5_000_000, None, None]]},
        first, second)


def of(one, *lines):
    return Meant(one.id, queries.commitment(one.id).version, lines, None)


@pytest.mark.in_turns(of=5)
def test_all_are_written_or_none(town, pair, two):
    first, second = pair
    seen = [of(one, ROAD) for one in two]
    told(two[1], EntryKind.LOG, {"text": "먼저 적은 것이에요."}, second)
    with pytest.raises(Conflict, match="빈터에 나무 심기"):
        money.import_money(seen, confirmed=False, by=first)
    assert not queries.entries(two[0].id, EntryState.WAITING)
    with pytest.raises(Denied):
        money.import_money([of(one, ROAD) for one in two], confirmed=False,
                              by=town.official(department=town.department("도로과")))
    made = money.import_money([of(one, ROAD) for one in two], confirmed=False, by=first)
    assert [(one.state, one.content["lines"]) for one in made] == [
        (EntryState.WAITING, [[2026, "district", "공사비", 36_400_000, 30_000_000, 1_000_000]])] * 2
    for entry in made:
        seen = queries.commitment(entry.commitment_id).version
        services.approve(entry.commitment_id, entry.number, seen=seen, by=second)
    assert [queries.commitment(one.id).executed for one in two] == [1_000_000] * 2


def test_without_a_second_official_it_counts_at_once(app, monkeypatch, pair, two):
    monkeypatch.setitem(app.config, "ANSWERS_NEED_APPROVAL", False)
    money.import_money([of(two[0], ROAD)], confirmed=False, by=pair[0])
    assert queries.ledger(two[0].id).lines == (ROAD,)


def test_a_thousandfold_is_asked_about(pair, two):
    large = Line(2026, Source.DISTRICT, "공사비", 36_400_000_000, None, None)
    with pytest.raises(services.UnitQuestion):
        money.import_money([of(two[0], large)], confirmed=False, by=pair[0])
    assert money.import_money([of(two[0], large)], confirmed=True, by=pair[0])


def test_the_service_checks_it_again(pair, two):
    with pytest.raises(Refusal):
        money.import_money([of(two[0], ROAD, ROAD)], confirmed=True, by=pair[0])


# Pages


def xlsx(*rows, header=HEADER) -> bytes:
    book, file = Workbook(), io.BytesIO()
    for row in (header, *rows):
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def sent(page, data, name="money.xlsx", **given):
    return page.post("/desk/commitments/money", data={"file": (io.BytesIO(data), name)}, **given)


def confirmed(page, shown, **more):
    fields = {name: shown.text.split(f'name="{name}"')[1].split('value="')[1].split('"')[0]
              for name in ("rows", "seal")}
    return page.post("/desk/commitments/money/confirmations", data=fields | more)


def waiting(commitments):
    db.session.rollback()
    return [len(queries.entries(one.id, EntryState.WAITING)) for one in commitments]


def test_a_table_is_shown_then_written(browse, pair, two):
    page = browse(pair[0])
    assert "/desk/commitments/money" in page.get("/desk/commitments").text
    assert page.get("/desk/commitments/money").status_code == 200
    shown = sent(page, xlsx([two[0].id, 2026, "구비", "공사비", 36400, 30000, 1234.5, ""],
                            [two[1].id, 2026, "구비", "공사비", "36,400천원", "30백만원", None, ""]))
    assert shown.status_code == 200 and "1,234.5" in shown.text and two[0].title in shown.text
    assert two[1].title not in shown.text and waiting(two) == [0, 0]
    assert confirmed(page, shown).status_code == 303
    assert waiting(two) == [1, 0]
    [entry] = queries.entries(two[0].id, EntryState.WAITING)
    assert entry.content["lines"] == [[2026, "district", "공사비", 36_400_000, 30_000_000, 1_234_500],
                                      [2027, "city", "", 5_000_000, None, None]]
    assert confirmed(page, shown).status_code == 409 and waiting(two) == [1, 0]


def test_nothing_but_what_was_shown_is_written(browse, pair, two):
    page, other = browse(pair[0]), browse(pair[1])
    shown = sent(page, xlsx([two[0].id, 2026, "구비", "공사비", 40000, 30000, None, ""]))
    assert confirmed(other, shown).status_code == 422
    assert confirmed(page, shown, rows="eJyLjgUAARUAuQ==").status_code == 422 and waiting(two) == [0, 0]


def test_a_question_about_the_unit_is_answered_with_a_box(browse, pair, two):
    page = browse(pair[0])
    shown = sent(page, xlsx([two[0].id, 2026, "구비", "공사비", 36_400_000, 30_000_000, None, ""]))
    assert 'name="confirmed"' in shown.text
    again = confirmed(page, shown)
    assert again.status_code == 422 and 'name="confirmed"' in again.text and waiting(two) == [0, 0]
    assert confirmed(page, again, confirmed="y").status_code == 303 and waiting(two) == [1, 0]


def test_a_table_with_faults_writes_nothing(browse, pair, two):
    rows = [[two[0].id, 2040, "구비", f"항목 {number}", 1, 1, None, ""] for number in range(190)]
    names = {"": "", "7": str(two[0].id), "8": "없는-1", "9": "없는-2"}
    for number, (row, _reason) in enumerate(FAULTS):
        rows.insert(3 + 19 * number, [names[row[0]], *row[1:]])
    answer = sent(browse(pair[0]), xlsx(*rows))
    assert answer.status_code == 422 and "10줄을 고쳐서" in answer.text and waiting(two) == [0, 0]
    assert [f"{5 + 19 * number}번째 줄" in answer.text for number in range(10)] == [True] * 10


def test_a_csv_of_a_korean_spreadsheet_is_read(browse, pair, two):
    text = as_csv(HEADER, [[two[0].id, 2026, "구비", "공사비", "40,000", 30000, None, ""]])
    for data in (text.encode(), text.removeprefix("\ufeff").encode("cp949"), text.replace(",", "\t").encode()):
        shown = sent(browse(pair[0]), data if b"\t" not in data else data.replace(b"40\t000", b"40,000"), "money.csv")
        assert shown.status_code == 200 and "40,000" in shown.text


def test_the_table_that_was_taken_out_changes_nothing(browse, pair, two):
    page = browse(pair[0])
    data = page.get("/desk/commitments/money.xlsx", buffered=True).data
    sheet = load_workbook(io.BytesIO(data)).active
    assert [cell.value for cell in sheet[2]][:3] == [str(two[0].id), two[0].title, 2026]
    again = sent(page, data)
    assert again.status_code == 422 and "다른 것이 없어요" in again.text
    sheet.cell(2, 8).value = 20_000.5
    file = io.BytesIO()
    sheet.parent.save(file)
    assert "20,000.5" in sent(page, file.getvalue()).text


@pytest.mark.both
@pytest.mark.parametrize("data", [
    b"", b"\xff\xd8\xff\xe0picture\0", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old",
    "가,나\n1,2".encode(), b"\"open"])
def test_another_file_is_refused(browse, pair, data):
    assert sent(browse(pair[0]), data).status_code == 422


def test_only_officials_bring_tables_in(browse, town, pair, two):
    elsewhere = town.official(department=town.department("도로과"))
    answer = sent(browse(elsewhere), xlsx([two[0].id, 2026, "구비", "공사비", 1, None, None, ""]))
    assert answer.status_code == 422 and "다른 부서가 맡은 약속" in answer.text
    assert browse(town.resident()).get("/desk/commitments/money").status_code == 403
    assert sent(browse(), xlsx()).status_code == 401
