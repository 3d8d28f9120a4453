"""Last year's table of a quarter comes in: each difference is shown, two people let it count, twice is as once."""

import io
from datetime import date

import pytest
from openpyxl import Workbook

from civic_forum.commitments import importing_sheets, money_labels, operations
from civic_forum.commitments.foreign_tables import Wrong
from civic_forum.commitments.importing import Known
from civic_forum.commitments.queries import records as queries
from civic_forum.commitments.rules import EntryKind, EntryState, Line, Source, Unit
from civic_forum.commitments.services import entries as services
from civic_forum.commitments.services.money import Meant, import_money, read_sheet
from civic_forum.platform.base import db
from civic_forum.plans.labels import WRONG as OF_PLANS
from tests.common import form_of
from .making import told
from .test_importing import confirmed, waiting

TITLE = "장애인, 체육, 직능, 사회단체 등과 협치 강화"
UPPER = ["연번", "공약명", "담당부서", "총사업비", "예산확보(시비)", "", "", "집행(시비)", "", "", "연차별 투자계획(시비)", "",
         "진도율", "추진실적", "향후계획"]
LOWER = ["", "", "", "", 2018, "2019년", "2020", 2018, 2019, 2020, 2021, 2022, "", "", ""]
ROW = [1, TITLE, "마을자치과", "1,194", 138, 156, 300, 131, 134, 0, 300, 300, 0.22, "협치론장을 여섯 번 열었어요.",
       "2021년 계획을 함께 세워요."]
MILLIONS = ((2018, None, 138, 131), (2019, None, 156, 134), (2020, None, 300, 0), (2021, 300, None, None),
            (2022, 300, None, None))
LINES = tuple(Line(year, Source.CITY, "", *(None if won is None else won * 1_000_000 for won in sums))
              for year, *sums in MILLIONS)


def book(*rows) -> io.BytesIO:
    """In the form of a district: a title, a unit, a header of two rows with merged cells, a sum and a footnote."""
    made, file = Workbook(), io.BytesIO()
    sheet = made.active
    for row in (["2020년 4분기 공약사업 추진현황"], ["", "", "(단위: 백만원)"], UPPER, LOWER, *rows, ["합계", "", "", "9,999"],
                ["※ 2021년부터는 계획액"]):
        sheet.append(row)
    for merged in ("A1:O1", "E3:G3", "H3:J3", "K3:L3", *(f"{column}3:{column}4" for column in "ABCDMNO")):
        sheet.merge_cells(merged)
    made.save(file)
    file.seek(0)
    return file


def read(text, *, lines=(), mapping=(), quarter="2020-4", **facts):
    rows = [(number, line.split("|")) for number, line in enumerate(text.strip().splitlines(), 1)]
    known = {"a-1": Known(7, "골목길 고치기", 3, Unit.THOUSAND, tuple(lines), **facts)}
    known["골목길고치기"] = known["a-1"]
    return importing_sheets.read(rows, known, dict(mapping), quarter)


def test_sums_without_a_year_are_what_there_is_by_now():
    before = Line(2019, Source.DISTRICT, "", None, 3_000, 1_000)
    text = "공약|확보(천원)|집행(원)|재원\n골목길 고치기|5|1,500|"
    [change] = read(text, lines=[before]).changes
    assert change.lines == (before, Line(2020, Source.DISTRICT, "", None, 2_000, 500))
    assert not read(text, lines=change.lines).changes
    assert [problem.wrong for problem in read(text.replace("5|", "2|"), lines=[before]).problems] == [Wrong.NEGATIVE]


def test_rows_of_sources_belong_to_the_commitment_above_and_another_form_is_mapped():
    text = "무엇|맡은 곳|재원|2020 확보\n골목길 고치기|도로과|국비|2\n||시비|3\n소계|||5\n다른 부서의 일|||7"
    assert [problem.wrong for problem in read(text).problems] == [Wrong.NO_TITLE]
    reading = read(text, mapping={"무엇": "공약", "2020 확보": "확보"})
    assert reading.unknown == ["다른 부서의 일"] and reading.changes[0].lines == (
        Line(2020, Source.STATE, "", None, 2_000, None), Line(2020, Source.CITY, "", None, 3_000, None))


def test_a_heading_of_brackets_alone_names_no_empty_cell():
    text = "공약||||확보|(단위: 천원)\n||||||\n골목길 고치기||||2|"
    assert len(read(text, mapping={"(단위: 천원)": "-"}).changes) == 1


def test_a_row_is_of_the_commitment_that_it_names_and_of_no_other(pair):
    facts = {"department": min(pair[0].department_ids())}
    here, there, bench = (services.begin(facts | {"title": title}, date(2018, 7, 1), by=pair[0]).id for title in (
        "경로당 새로 짓기(가산동)", "경로당 새로 짓기(독산동)", "의자 놓기"))
    head = ("관리번호", "공약", "확보")

    def read_as(code, title):
        reading = read_sheet([(1, head), (2, (code, title, "5"))], {}, "2020-4", by=pair[0])
        return [change.known.id for change in reading.changes] or reading.unknown

    assert read_as("", "경로당 새로 짓기 (가산동)") == [here] and read_as("", "경로당 새로 짓기(독산동)") == [there]
    for title in ("경로당 새로 짓기", "경로당 새로 짓기(시흥동)", "의자 치우기", "의자 놓기(가산동)"):
        expected = [bench] if title.startswith("의자 놓기") else [title]
        assert read_as(str(here), title) == expected


@pytest.mark.parametrize(("text", "wrong"), [
    ("공약|확보\n골목길 고치기|많이", Wrong.SUM), ("공약|확보\n골목길 고치기|=A1", Wrong.FORMULA),
    ("공약|진도\n골목길 고치기|222", Wrong.PERCENT), ("공약|추진실적\n골목길 고치기|했음", Wrong.TEXT),
    ("공약|추진실적\n골목길 고치기|" + "가" * 2_001, Wrong.LONG), ("공약|2020년\n골목길 고치기|5", Wrong.SEVERAL_LINES),
    ("공약|총사업비|2021\n골목길 고치기|9|5", Wrong.TOTAL), ("공약|연도|집행\n골목길 고치기|2019|99", Wrong.MORE_EXECUTED),
    ("공약|연도|집행\n골목길 고치기|작년|99", Wrong.YEAR), ("공약|재원|집행\n골목길 고치기|도비|99", Wrong.SOURCE),
    ("공약|관리번호\n골목길 고치기|\n골목 길|A-1", Wrong.TWICE), ("공약|공약명\n가|나", Wrong.COLUMN_TWICE)])
def test_rows_that_cannot_be_taken_are_named(text, wrong):
    lines = [Line(2020, Source.CITY, name, 1_000, 1_000, None) for name in "가나"] + [
        Line(2019, Source.CITY, "", None, 1_000, None)]
    [problem] = read(text, lines=lines).problems
    assert problem.wrong is wrong and "%" not in money_labels.sentence_of_sheet(problem)
    assert set(money_labels.OF_SHEETS) | set(OF_PLANS) == set(Wrong)


@pytest.mark.both
def test_a_table_of_last_year_is_shown_approved_and_the_second_time_changes_nothing(browse, pair):
    first, second = pair
    facts = {"title": TITLE, "department": min(first.department_ids()), "unit": Unit.MILLION}
    promise = services.begin(facts, date(2018, 7, 1), by=first)
    site, url = browse(first), "/desk/commitments/sheet"
    assert url in site.get("/desk/commitments").text
    quarter = dict(form_of(site, url), quarter="2020-4")
    shown = site.post(url, data=quarter | {"file": (book(ROW, [2, "다른 부서의 약속", "", 5]), "table.xlsx")})
    assert shown.status_code == 200 and waiting([promise]) == [0]
    for words in ("1,194", "협치론장을 여섯 번 열었어요.", "22%", "다른 부서의 약속", "※ 2021년부터는 계획액"):
        assert words in shown.text, words
    assert confirmed(site, shown).status_code == 303 and waiting([promise]) == [3]
    for entry in queries.entries(promise.id, EntryState.WAITING):
        services.approve(promise.id, entry.number, seen=queries.commitment(promise.id).version, by=second)
    db.session.expire_all()
    ledger = queries.ledger(promise.id)
    assert (ledger.lines, ledger.total, ledger.printed["percent"]) == (LINES, 1_194_000_000, 22)
    assert ledger.quarters[0].content["text"] == ROW[13] and ledger.last_quarter == "2020-4"
    again = site.post(url, data=quarter | {"file": (book(ROW), "table.xlsx")})
    assert again.status_code == 422 and "다른 것이 없어요" in again.text
    later = site.post(url, data=quarter | {"file": (book([*ROW[:13], "협치론장을 일곱 번 열었어요.", ROW[14]]), "table.xlsx")})
    assert confirmed(site, later).status_code == 303 and waiting([promise]) == [1]
    [entry] = queries.entries(promise.id, EntryState.WAITING)
    assert (entry.kind, entry.corrects, entry.why) == (
        EntryKind.QUARTER, ledger.quarters[0].number, "표에서 옮겨 적은 내용이에요.")


def test_a_quarter_keeps_what_its_table_says_nothing_of(pair):
    line = Line(2020, Source.CITY, "", 3_000, 3_000, None)
    facts = {"title": TITLE, "department": min(pair[0].department_ids())}
    promise = services.begin(facts, date(2018, 7, 1), by=pair[0])
    promise = told(promise, EntryKind.MONEY, operations.money([line], None), *pair)
    kept = {"executed": [[2020, "city", "", 2_000]], "asks": "예산이 필요해요.", "involved": [["설명회", 32]]}
    told(promise, EntryKind.QUARTER, {"quarter": "2020-3", "text": "자리를 골랐어요.", "next": ""} | kept, *pair)
    for quarter, text in (("2020-3", "자리를 두 곳 골랐어요."), ("2020-4", "의자를 놓았어요.")):
        changes = read_sheet([(1, ("공약", "추진실적")), (2, (TITLE, text))], {}, quarter, by=pair[0]).changes
        import_money([Meant(each.known.id, each.known.version, None, None, each.told) for each in changes],
                     confirmed=False, by=pair[0])
        [entry] = queries.entries(promise.id, EntryState.WAITING)
        services.approve(promise.id, entry.number, seen=queries.commitment(promise.id).version, by=pair[1])
        db.session.expire_all()
    ledger = queries.ledger(promise.id)
    assert ledger.sums.executed == 2_000
    assert [entry.content for entry in ledger.quarters] == [
        {"quarter": "2020-3", "text": "자리를 두 곳 골랐어요.", "next": ""} | kept,
        {"quarter": "2020-4", "text": "의자를 놓았어요.", "next": ""} | kept | {"executed": []}]


@pytest.mark.both
def test_the_columns_of_a_form_are_kept_for_the_department(browse, pair):
    first = pair[0]
    facts = {"title": TITLE, "department": min(first.department_ids()), "unit": Unit.MILLION}
    told(services.begin(facts, date(2018, 7, 1), by=first), EntryKind.LOG, {"text": "먼저 적은 것이에요."}, *pair)
    site, url = browse(first), "/desk/commitments/sheet"
    fields = dict(form_of(site, url), quarter="2020-4", pasted=f"2020년, 4분기\n무엇\t이만큼\n{TITLE}\t40")
    assert site.post(url, data=fields).status_code == 422
    shown = site.post(url, data=fields | {"heading": ["무엇", "이만큼"], "column": ["공약", "진도"]})
    assert shown.status_code == 200 and "40%" in shown.text
    assert "40%" in site.post(url, data=fields).text


def test_the_sheet_of_a_department_comes_back_without_a_difference(browse, pair):
    first = pair[0]
    facts = {"department": min(first.department_ids()), "unit": Unit.THOUSAND}
    code = services.begin(facts | {"title": TITLE, "code": "협치-3"}, date(2018, 7, 1), by=first)
    told(code, EntryKind.MONEY, operations.money(LINES[:2], None), *pair)
    told(services.begin(facts | {"title": "의자를 놓아요"}, date(2018, 7, 1), by=first), EntryKind.LOG, {
        "text": "먼저 적은 것이에요."}, *pair)
    site, url = browse(first), "/desk/commitments/sheet"
    sheet = site.get(f"/sheets/commitments/{facts['department']}.xlsx").data
    again = site.post(url, data=dict(form_of(site, url)) | {"file": (io.BytesIO(sheet), "quarter.xlsx")})
    assert again.status_code == 422 and "다른 것이 없어요" in again.text
