"""Facts that older reports printed, for which no form asks: how pages show them, and what they count for."""

import pytest

from civic_forum.commitments import operations, rules
from civic_forum.commitments.models import Commitment
from civic_forum.commitments.queries import records as queries
from civic_forum.commitments.rules import EntryKind, Line, Source
from civic_forum.platform.base import db
from civic_forum.platform.work import use_case

from tests.common import today
from .making import told

YEAR = str(today().year - 1)


@pytest.fixture
def pledge(town, official) -> Commitment:
    with use_case(official) as work:
        commitment = operations.begin(work, "election_pledge", today(), {
            "title": "마을민주주의 사업", "department": min(official.department_ids()), "kinds": ["other_continued", "short"],
            "partners": ["동주민센터"], "field": "소통행정", "notes": [["한 해", ["주민총회 5월", "성과공유회 11월"]]], "money_shared": True,
            "money_note": "재원은 적혀 있지 않아요.", "invented_note": "쓴 돈은 지어냈어요."}, by_id=official.id)
        line = Line(today().year, Source.UNKNOWN, "", 60_000_000, None, None)
        operations.put(work, commitment, EntryKind.MONEY, today(), operations.money([line], None), by_id=official.id)
        return commitment


@pytest.mark.both
def test_the_page_shows_them(pledge, browse):
    page = browse().get(f"/commitments/{pledge.id}").text
    for words in ("동주민센터", "주민총회 5월", "성과공유회 11월", "재원은 적혀 있지 않아요.", "쓴 돈은 지어냈어요.",
                  "기타(계속), 단기", "재원 모름", "예시로 지어낸 값이 있어요"):
        assert words in page, words
    reader = browse()
    reader.set_cookie("language", "en")
    english = reader.get(f"/commitments/{pledge.id}").text
    assert "Source unknown" in english and "Other (continued), Short term" in english
    assert "<dd>Open administration</dd>" in english and '<dd lang="ko">동주민센터</dd>' in english


def test_money_of_another_commitment_stands_on_the_page_and_counts_there(pledge):
    assert queries.ledger(pledge.id).sums.planned == 60_000_000
    assert (pledge.planned, pledge.secured, pledge.executed) == (None, None, None)


def test_facts_that_are_written_anew_keep_them(pledge, official, town):
    second = town.official()
    facts = {"title": "마을민주주의 사업 둘", "department": pledge.department_id, "due_on": None}
    told(pledge, EntryKind.FACTS, facts, official, second)
    told(pledge, EntryKind.FACTS, facts | {"goal": "이웃이 함께 정해요."}, official, second, corrects=1, why="목표를 적었어요.")
    kept = queries.ledger(pledge.id).facts
    assert kept["partners"] == ["동주민센터"] and [name for name in rules.PRINTED_FACTS if name not in kept] == []


def test_a_target_of_a_year_that_is_over_is_said_to_be_missed(pledge, official, town, browse):
    this = str(today().year)
    target = {"label": "공론장(회)", "target": {YEAR: 5, this: 5}, "achieved": {YEAR: 3, this: 3}}
    told(pledge, EntryKind.TARGETS, {"targets": [target]}, official, town.official())
    assert browse().get(f"/commitments/{pledge.id}").text.count("못 미침") == 1
    told(pledge, EntryKind.TARGETS, {"targets": [target | {"achieved": {YEAR: 5}}]}, official, town.official())
    assert "못 미침" not in browse().get(f"/commitments/{pledge.id}").text


def test_a_quarter_shows_the_printed_number_beside_the_counted_one(pledge, official, town, browse):
    with use_case(official) as work:
        commitment = queries.locked(pledge.id)
        for what in (["사업 완료"], ["개소", "공론장"], ["사업 완료"]):
            operations.put(work, commitment, EntryKind.LOG, today().replace(month=11, day=5, year=today().year - 1),
                           {"text": "공중선 정비 완료", "what": what}, by_id=official.id)
    db.session.expire_all()
    told(pledge, EntryKind.QUARTER, {"quarter": f"{YEAR}-4", "text": "사업 5개 완료", "next": "", "executed": []},
         official, town.official())
    page = browse().get(f"/commitments/{pledge.id}").text
    assert "사업 5개 완료" in page and "이 분기에 적은 일: 사업 완료 2번, 개소 1번, 공론장 1번" in page


def test_a_printed_percent_is_said_with_its_reckoning(pledge, official, browse):
    with use_case(official) as work:
        operations.put(work, queries.locked(pledge.id), EntryKind.PRINTED, today(), {
            "percent": 22, "of": "집행액 ÷ 총사업비", "numerator": 22_000, "denominator": 100_000}, by_id=official.id)
    page = browse().get(f"/commitments/{pledge.id}").text
    assert "이행률 22%로 적혀 있어요. <span>집행액 ÷ 총사업비</span>" in page and "&lt;" not in page
