"""Differences of versions, and tables understood. Pure."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_forum.commitments.rules import Source, Unit
from civic_forum.plans import importing
from civic_forum.plans.importing import Column, Known, Wrong
from civic_forum.plans.rules import BEFORE, LATER, Action, ChangeKind, Money, differences, year_later


def action(key, amount=1_000, **facts):
    money = (Money(2031, Source.CITY, "", amount),)
    return Action(**{"key": key, "number": 1, "title": f"일 {key}", "money": money} | facts)


FIRST = [action(f"s{n}", won * 1_000) for n, won in enumerate((290, 150, 50, 150, 60, 60, 100, 140), 1)]
LAST = [action(f"s{n}", won * 1_000) for n, won in enumerate((280, 150, 50, 155, 55, 60, 100), 1)]
"""Of a neighbouring district: a road cut to nothing, 15 % less."""


def test_money_is_cut_dropped_and_moved_between_two_versions():
    told = differences(FIRST, LAST)
    assert [(change.action.key, change.kind, change.by) for change in told.changes] == [
        ("s1", ChangeKind.LESS, -10_000), ("s4", ChangeKind.MORE, 5_000), ("s5", ChangeKind.LESS, -5_000),
        ("s8", ChangeKind.DROPPED, -140_000)]
    assert (told.before, told.after, told.percent, len(told.same)) == (1_000_000, 850_000, "-15", 4)
    assert differences(LAST, LAST).percent == "" and differences([], LAST).percent == ""


def test_actions_are_split_joined_and_renamed():
    before = [action("a1", title="돌봄"), action("a2"), action("a3"), action("a4")]
    after = [action("a5", origin=("a1",)), action("a6", origin=("a1",)), action("a7", origin=("a2", "a3")),
             replace(before[3], title="다른 이름"), action("a8")]
    told = differences(before, after)
    assert [(change.action.key, change.kind, change.sums) for change in told.changes] == [
        ("a1", ChangeKind.SPLIT, (1_000, 2_000)), ("a7", ChangeKind.JOINED, (2_000, 1_000)),
        ("a4", ChangeKind.OTHER, (1_000, 1_000)), ("a8", ChangeKind.ADDED, (0, 1_000))]
    assert [change.names for change in told.changes[:2]] == [["일 a5", "일 a6"], ["일 a2", "일 a3"]]
    assert differences(before[:1], [action("b1", title="돌봄", origin=("a1",))]).changes == ()  # another key alone
    cut = differences(before[:2], [action("b1", 600, origin=("a1",)), action("b2", 400, origin=("a1", "a2"))])
    assert [(change.kind, change.names) for change in cut.changes] == [(ChangeKind.JOINED, ["돌봄", "일 a2"])]
    part = differences(before[:1], [replace(before[0], money=()), action("b1", origin=("a1",))])
    assert [(change.kind, change.names, change.by) for change in part.changes] == [
        (ChangeKind.LESS, [], -1_000), (ChangeKind.ADDED, ["돌봄"], 1_000)]


PLACES = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9), st.sets(st.integers(0, 5), max_size=3)),
                  max_size=6, unique_by=lambda place: place[0])


@given(PLACES, PLACES)
def test_every_action_is_in_one_change_and_their_sums_are_the_difference(first, last):
    before, after = ([action(f"k{key}", amount, origin=tuple(f"k{other}" for other in sorted(origin)))
                      for key, amount, origin in places] for places in (first, last))
    told = differences(before, after)
    assert sum(change.by for change in told.changes) == told.after - told.before
    assert Counter(each.key for change in told.changes for each in change.news) + Counter(
        each.key for each in told.same) == Counter(each.key for each in after)
    olds = Counter(each.key for change in told.changes for each in change.olds)
    assert set(olds.values()) <= {1} and olds.keys() <= {each.key for each in before}
    assert len(olds) + len(told.same) == len(before)


def test_a_year_later():
    moved = year_later(action("a1", begins="2031-03", ends="2032-02", why_changed="줄었어요.", money=(
        Money(BEFORE, Source.CITY, "", 1), Money(2031, Source.CITY, "", 2), Money(LATER, Source.CITY, "", 3))))
    assert ([line.year for line in moved["money"]], moved["begins"], moved["ends"]) == (
        [BEFORE, 2032, LATER], "2032-03", "2033-02")


def read(text, actions=(), mapping=(), **facts):
    rows = [(number, line.split("|")) for number, line in enumerate(text.strip().splitlines(), 1)]
    known = Known(**{"year": 2031, "unit": Unit.WON, "actions": actions, "departments": {"복지과": 3}} | facts)
    return importing.read(rows, known, dict(mapping))


OTHER_FORM = """
2031년 지역사회혁신계획 총괄표|||||
||||(단위: 백만원)|
연번|구분|세부사업명|담당 부서|최종 예산|추진기간
계|||||
|기반조성||||
1||민관 협치|복지과|280|3월~11월
|전략사업||||
2|전략사업|돌봄|없는과|1.5|2031.3.∼2032. 2.
|||||
3||장보기||50천원|연중
합계||||400|
※ 시비 100%|||||
"""


def test_a_form_of_another_district_with_units_merged_cells_sums_and_footnotes():
    reading = read(OTHER_FORM.replace("연중", ""))
    assert not reading.problems and reading.unit is Unit.MILLION
    assert [(each.key, each.section, each.title, each.lead, each.department_id, each.total, each.begins, each.ends)
            for each in reading.actions] == [
        ("a1", "기반조성", "민관 협치", "복지과", 3, 280_000_000, "2031-03", "2031-11"),
        ("a2", "전략사업", "돌봄", "없는과", None, 1_500_000, "2031-03", "2032-02"),
        ("a3", "전략사업", "장보기", "없는과", None, 50_000, None, None)]
    assert (reading.printed, reading.notes, set(reading.unknown)) == (400_000_000, ["※ 시비 100%"], {"없는과"})


def test_money_in_columns_of_sources_and_years():
    reading = read("사업명|국비(천원)|시비|합계\n청사|1,500|-|1500\n|300||300\n\n계|1800||")
    [made] = reading.actions
    assert [line[1:] for line in made.money] == [(Source.STATE, "", 1_500_000), (Source.STATE, "", 300_000)]
    [made] = read("과제|기투자|2031년|장래|재원\n청사|1|2|3|구비").actions
    assert made.money == tuple(
        Money(year, Source.DISTRICT, "", won) for year, won in ((BEFORE, 1), (2031, 2), (LATER, 3)))
    [made] = read("과제|사업비(국비)|사업비(2032년)|주관\n'31년 청사|1|2|\n|||소계\n합계|3").actions
    assert made.title == "'31년 청사" and made.money == (
        Money(2031, Source.STATE, "", 1), Money(2032, Source.UNKNOWN, "", 2))
    assert [problem.wrong for problem in read("과제|예산|사업비\n청사|1|2").problems] == [Wrong.COLUMN_TWICE]


@pytest.mark.parametrize("line, wrong", [
    ("|1|", Wrong.TITLE), ("한 일|많이|1", Wrong.SUM), ("한 일|=A1|1", Wrong.FORMULA), ("한 일|1|봄", Wrong.MONTH),
    ("가|1|", Wrong.TITLE), (f"{'가' * 201}|1|", Wrong.LONG), ("한 일|1|11월~2월", Wrong.MONTH)])
def test_rows_that_cannot_be_taken_are_named(line, wrong):
    assert [(problem.row, problem.wrong) for problem in read(f"사업명|예산|기간\n{line}").problems][:1] == [(2, wrong)]


def test_a_table_without_a_known_title_asks_what_its_columns_are():
    text = "무엇을|얼마\n청사를 고쳐요|3"
    assert [problem.wrong for problem in read(text).problems] == [Wrong.NO_TITLE]
    assert read("").problems and read(text).headings == ["무엇을", "얼마"]
    [made] = read(text, mapping=[("무엇을", Column.TITLE), ("얼마", Column.AMOUNT)]).actions
    assert (made.title, made.total) == ("청사를 고쳐요", 3)


def test_keys_stay_by_title_and_by_number_and_the_second_time_nothing_changes():
    first = read(OTHER_FORM.replace("연중", "")).actions
    assert read(OTHER_FORM.replace("연중", ""), first).actions == first
    renamed = read(OTHER_FORM.replace("연중", "").replace("돌봄", "이웃 돌봄"), first).actions
    assert [each.key for each in renamed] == ["a1", "a2", "a3"] and renamed[1].title == "이웃 돌봄"
    fewer = read("사업명|사업비\n장보기|7\n새로 하는 일|1", first, keys={"a1", "a9"}).actions
    assert [(each.key, each.section, each.total) for each in fewer] == [("a3", "전략사업", 7), ("a10", "", 1)]


def test_rows_of_one_key_may_lie_apart_and_days_are_no_years():
    head = "키|사업명|사업비|기간\n"
    apart = read(head + "a1|한 일|1|10.12.~11.10.\na2|다른 일|2|'31.3~'32.2\na1|한 일|3|")
    assert [(each.key, each.total, each.begins, each.ends) for each in apart.actions] == [
        ("a1", 4, "2031-10", "2031-11"), ("a2", 2, "2031-03", "2032-02")]
    assert [problem.wrong for problem in read(head + "a1|한 일|1|\na1|다른 일|2|").problems] == [Wrong.KEY]
