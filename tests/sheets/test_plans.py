"""Sheets of plans say every figure, month and title of the documents, read back from each of their files."""

import pytest

from civic_forum.commitments.importing import SOURCES
from civic_forum.plans import queries, services
from civic_forum.plans.rules import Action, Money, PlanKind
from civic_forum.platform.i18n import today
from tests.meetings.test_neighbouring_district import PARTS, PLAN, TOTAL
from tests.plans.making import passed, plan, table, written

from . import differences
from .facts import HEADS, ITEMS, TOTAL_2021, YEARS, money_rows


def yearly(first):
    """The department's plan of fifteen items, asked."""
    made = plan(first, kind=PlanKind.DEPARTMENT, title="마을자치과 2021년 주요업무계획", year=2021)
    actions = [Action(key=f"d{number:02}", number=number, title=title, section=section, need=f"이유 {number}",
                      lead="마을자치과", begins=begins, ends=ends, money=tuple(
                          Money(YEARS.get(year, year), SOURCES[source], "사업비", amount * 1_000)
                          for year, line in money.items() for source, amount in line.items()))
               for number, title, section, begins, ends, money, _printed in ITEMS]
    services.write_actions(made.slug, 1, actions, seen=queries.plan(made.slug).version, printed=None, by=first)
    services.ask(made.slug, 1, by=first)
    return made


@pytest.mark.in_turns(of=10)
@pytest.mark.both
def test_the_yearly_plan_says_every_figure_month_and_title(pair, browse):
    made = yearly(pair[0])
    items = [(section, str(number), title, f"이유 {number}", "마을자치과", f"{printed:,}")
             for number, title, section, *_months, printed in ITEMS]
    months = [(str(number), title, *["●"] * (int(ends[5:]) - (int(begins[5:]) if begins > "2021" else 1) + 1))
              for number, title, _section, begins, ends, *_money in ITEMS]
    words = [made.title, "주요업무계획", "해와 재원마다 쓰는 돈", "달마다 하는 일", "단위: 천원", f"{TOTAL_2021:,}", *HEADS,
             *(f"{month}월" for month in range(1, 13)), *(title for _number, title, *_rest in ITEMS),
             *(f"{printed:,}" for *_rest, printed in ITEMS),
             *(cell for row in money_rows() for cell in row[3:] if cell), "2017. 7.~2021. 12.", "2021. 2.~4."]
    for name, sheet in differences.of(browse(), f"/sheets/plan/{made.slug}").items():  # its font has no Chinese letters
        assert sheet.missing([*words, "한자는 PDF에서 □로 보일 수 있어요"]) == ([ITEMS[2][1]] if name == "pdf" else []), name
        assert name == "pdf" or sheet.rows_missing([*items, *money_rows(), *months]) == [], name
    for name, sheet in differences.of(browse(), f"/sheets/plan-item/{made.slug}").items():
        assert sheet.missing(words[6:]) == ([ITEMS[2][1]] if name == "pdf" else []), name
    one = differences.of(browse(), f"/sheets/plan-item/{made.slug}_d04")
    assert one["page"].missing(["4", ITEMS[3][1], "이유 4", "계속", "16,277,000", "12,842,000", "372,600"]) == []
    assert "가산동" not in one["hwpx"].text


@pytest.mark.in_turns(of=10)
def test_a_plan_says_sections_sums_departments_and_what_was_cut(town, pair, browse):
    first, _second = pair
    made, head = plan(first, title="이웃 구의 2021년 지역사회혁신계획", year=2021), "키,구분,사업명,주관부서,사업비(천원),사유"
    before = {1: 290_000, 4: 150_000, 5: 60_000}
    lines = [f's{number},{section},{title},{lead},"{before.get(number, won):,}",'
             for number, (section, title, won, lead) in enumerate(PLAN, 1)]
    written(made.slug, 1, table(*lines, 's8,일반사업,당산골 도로정비,자치행정과,"140,000",', head=head), first)
    services.ask(made.slug, 1, by=first)
    client = browse()
    assert client.get(f"/sheets/plan/{made.slug}?version=2").status_code == 404
    services.decide(made.slug, 1, passed(town, town.user())[1], today(), by=first)
    services.next_version(made.slug, "최종", by=first)
    assert client.get(f"/sheets/plan/{made.slug}?version=2").status_code == 404, "a draft is on no sheet"
    lines = [f's{number},{section},{title},{lead},"{won:,}",고친 이유 {number}'
             for number, (section, title, won, lead) in enumerate(PLAN, 1)]
    written(made.slug, 2, table(*lines, '합계,,,,"860,000",', head=head), first)
    services.ask(made.slug, 2, by=first)
    rows = [*((section, str(number), title, lead, f"{won:,}")
              for number, (section, title, won, lead) in enumerate(PLAN, 1)),
            *((section, f"{won:,}") for section, won in PARTS.items()), ("합계", f"{TOTAL:,}"),
            ("줄임", PLAN[0][1], "290,000", "280,000", "−10,000", "고친 이유 1"),
            ("늘림", PLAN[3][1], "150,000", "155,000", "+5,000", "고친 이유 4"),
            ("뺌", "당산골 도로정비", "140,000", "0", "−140,000"), ("1,000,000", "850,000", "−150,000 (−15%)")]
    words = [cell for row in rows for cell in row]
    for name, sheet in differences.of(client, f"/sheets/plan/{made.slug}").items():
        assert sheet.missing([*words, "850,000 (인쇄된 값 860,000)"]) == [], name
        assert name == "pdf" or sheet.rows_missing(rows) == [], name
    assert client.get("/sheets/plan/none").status_code == 404
    assert client.get(f"/sheets/plan-item/{made.slug}_none").status_code == 404
