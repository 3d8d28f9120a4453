"""Sheets of results say every figure once it is public, and nothing before."""

from civic_forum.budgets.rules import ProjectState
from civic_forum.calls.models import CallApplication
from civic_forum.calls.rules import ApplicationState
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.budgets import making as budgets
from tests.calls.making_judging import Judged
from tests.polls.making import opened
from tests.polls.published import published, votes

from . import differences

GRANTS = {"이웃만들기": (21, 20_000), "공동체성장": (10, 25_000), "골목만들기": (2, 5_000)}
"""Theme → groups, thousands of won."""


def test_a_poll_is_on_a_sheet_once_its_result_is_public(town, browse):
    running = opened(town)
    assert browse().get(f"/sheets/poll/{running.slug}").status_code == 404
    made = published(town, votes(20, 15, 5), slug="published", blank=3, roll=120)
    address = f"/sheets/poll/{made.slug}"
    rows = [("20", "1"), ("15", "2"), ("5", "3")]
    sheet = differences.read("page", browse().get(address).data)
    assert sheet.rows_missing(rows) == [] and sheet.missing([option.title for option in made.options]) == []


def test_grants_are_summed_by_theme_once_they_are_decided(town, browse):
    judged = Judged(town, jury=0, slug="village", themes=list(GRANTS), budget=50_000_000)
    for theme, (groups, thousands) in GRANTS.items():
        for number in range(groups):
            won = thousands * 1_000 // groups + (thousands * 1_000 % groups if number == 0 else 0)
            judged.apply(f"{theme} 모임 {number}", theme=theme, won=won, state=ApplicationState.CHOSEN, group=None)
    assert browse().get("/sheets/call/village").status_code == 404
    judged.call.decided_at = clock.now()
    db.session.query(CallApplication).update({"decided_at": clock.now()})
    db.session.commit()
    rows = [*((theme, str(groups), f"{thousands:,}") for theme, (groups, thousands) in GRANTS.items()),
            ("합계", "33", "50,000")]
    sheet = differences.read("page", browse().get("/sheets/call/village").data)
    assert sheet.rows_missing(rows) == [] and sheet.text.count("모임 ") == 33


def test_a_project_that_is_hidden_stands_on_no_sheet(town, browse):
    decided = budgets.new_round(town, phase=budgets.Phase.CHOSEN)
    hidden, shown = (budgets.project(town, decided, state=ProjectState.CHOSEN, title=title) for title in (
        "가려진 이름", "골목에 나무를 심어요"))
    hidden.hidden_at = clock.now()
    db.session.commit()
    page = browse().get(f"/sheets/round/{decided.slug}").text
    assert shown.title in page and hidden.code in page and "가려진 이름" not in page


def test_a_round_and_figures_of_the_office_are_no_public_sheets(town, browse):
    assert browse().get(f"/sheets/round/{budgets.opened(town).slug}").status_code == 404
    assert browse().get("/sheets/figures/month").status_code == 403
    page = browse(town.official()).get("/sheets/figures/month").text
    assert "주민참여 현황" in page and "부서마다 답변" in page
    assert browse(town.official()).get("/sheets/figures/year").status_code == 404
