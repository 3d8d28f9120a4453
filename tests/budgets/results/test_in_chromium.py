"""The pages of a result in a browser: for everybody's eyes on every width, by keyboard, and without JavaScript."""

from fractions import Fraction

import pytest

from civic_forum.budgets.projects.models import CouncilStep
from civic_forum.budgets.results import council
from civic_forum.budgets.results.rules import Decided
from civic_forum.budgets.counting.settings import Completion, CountingRules, Rule
from civic_forum.budgets.rules import CouncilDecision
from civic_forum.platform.base import db
from tests.common import today
from tests.servers import axe, chromium

from .published import published
from .test_publishing import of

pytestmark = pytest.mark.one_database
SHARES = CountingRules(Rule.EQUAL_SHARES, completion=Completion.ADD1, step=Fraction(100), fill_greedy=True)
HALVES = CountingRules(Rule.WEIGHTED, weights={"residents": Fraction(1, 2), "committee": Fraction(1, 2)}, threshold=12)
COSTS = [14_000_000 + 2_500_000 * (number * 5 % 9) for number in range(12)]
CELLS = [{"name": "가산동", "roll": 180, "voted": 60}, {"name": "시흥1동", "roll": 60, "hidden": 1},
         {"name": "시흥3동", "roll": 60, "hidden": 1}]
LONG = "시흥대로 버스 정류장 {number}번 앞 보도에 그늘막과 긴 의자를 놓고 밤에도 밝게 하는 사업"


def ballots() -> list[tuple[int, ...]]:
    """Sixty people who like low numbers more, two of whom want nothing."""
    drawn = [tuple(sorted({1 + (person * step) % (3 + person % 10) for step in (1, 2, 3)})) for person in range(60)]
    return [*drawn, (), ()]


@pytest.fixture(params=[SHARES, HALVES], ids=["equal shares", "weighted"])
def envelope(town, request):
    committee = {"committee": [9, 2, 7, 1, 8, 0, 6, 3, 5, 4, 10, 2]} if request.param is HALVES else {}
    found = published(town, COSTS, ballots(), rules=request.param, publishes="ballots",
                      neighbourhood_id=town.neighbourhood("시흥1동").id, roll=300,
                      breakdown={"by": "neighbourhood", "cells": CELLS}, titles=LONG, **committee)
    chosen = sorted((one for one in of(found) if one.place_in_order), key=lambda one: one.place_in_order)
    council.decide(found.round_id, [
        Decided(chosen[0].code, CouncilDecision.CONFIRMED),
        Decided(chosen[1].code, CouncilDecision.CUT, 9_000_000, "같은 골목의 하수관을 바꾸는 공사와 땅 파는 비용이 겹쳐요."),
        Decided(chosen[2].code, CouncilDecision.DROPPED, None, "서울시가 같은 것을 놓기로 해서 뺐어요.")],
        on=today(), by=town.moderator())
    return found


CUT_OFF = "() => [...document.querySelectorAll('.scroll-x caption')].filter(one => one.offsetWidth > innerWidth).length"


def looks_right(page, address):
    assert axe.violations(page) == [], address
    assert chromium.overflow(page) == 0, address
    assert page.evaluate(CUT_OFF) == 0, "what a table says of itself is read without scrolling sideways"
    assert page.locator(".meta > .krds-badge").count() == 0, "the dot of a line of facts would stand inside"


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize(("width", "display"), [
    (320, "text=xl"), pytest.param(390, "", marks=pytest.mark.long), (1280, "contrast=1")])
def test_every_page_for_everybody_s_eyes(served, window, envelope, width, display):
    page = window(width, base_url=served)
    if display:
        page.goto(f"/display?{display}&back=/budgets")
    here = f"/budgets/{envelope.round.slug}"
    mine = f"{here}/{envelope.slug}/results"
    codes = [of(envelope)[0].code, of(envelope)[-1].code]
    for path in (f"{here}/results", mine, f"{mine}/recount", *(f"{mine}/{code}" for code in codes)):
        page.goto(path)
        looks_right(page, path)


def test_the_council_s_form_is_filled_in_by_keyboard_and_without_javascript(town, signed_in, envelope):
    page = signed_in(town.moderator(), width=390, javascript=False)
    page.goto(f"/desk/budgets/{envelope.round.slug}/council")
    looks_right(page, "the desk")
    first = page.locator(".line select").first
    first.focus()
    page.keyboard.press("ArrowDown")
    page.locator(".council-form button[type=submit]").last.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    db.session.rollback()
    assert db.session.query(CouncilStep).count() == 4
    looks_right(page, "the desk afterwards")


A4 = 718
FOLDED = """() => [...document.querySelectorAll('.fold-in')].filter(one => !one.checkVisibility()).length"""
LAID_OUT = "() => [...document.querySelectorAll('main table')].map(one => getComputedStyle(one).display)"


def test_a_result_on_paper_holds_what_the_page_folds_away(served, window, envelope):
    page = window(A4, base_url=served)
    here = f"/budgets/{envelope.round.slug}"
    for path in (f"{here}/results", f"{here}/{envelope.slug}/results"):
        page.goto(path)
        assert page.evaluate(FOLDED)
        page.emulate_media(media="print")
        assert page.evaluate(FOLDED) == 0 and set(page.evaluate(LAID_OUT)) == {"table"}, path
        assert chromium.overflow(page) == 0, path
        page.emulate_media(media="screen")
