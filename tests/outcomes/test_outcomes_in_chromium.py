"""Outcomes in a browser: at both widths, in large text and high contrast, for everybody's eyes and by keyboard."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from PIL import Image

from civic_forum.blocks.kinds import Ref
from civic_forum.platform.base import db
from civic_forum.outcomes import services
from civic_forum.outcomes.models import Outcome
from civic_forum.outcomes.rules import Decision
from civic_forum.proposals.services import supports as proposals
from tests.common import commit, today
from tests.servers import axe, chromium, in_process

from .making import REASONS, agenda, answered, carried, published, text

pytestmark = pytest.mark.one_database
VIEWS = [(390, "text=xl"), (1280, "contrast=1"), *(pytest.param(*view, marks=pytest.mark.long) for view in (
    (390, ""), (390, "contrast=1"), (1280, "")))]
CUT = """() => [...document.querySelectorAll('.out :is(h3, .desc)')]
    .filter(one => one.scrollHeight > one.clientHeight + 1).map(one => one.textContent)"""
LONG = "아주 긴 제목을 가진 결과가 좁은 화면에서도 넘치지 않고 끝까지 읽히는지 보려고 일부러 길게 적은 한 문장이에요 " * 2


@pytest.fixture
def signed_in(app, town, window):
    """Opens a window of somebody, on the application of the tests."""
    with in_process.served(app) as address:
        yield lambda user, **options: in_process.sign_in(window(base_url=address, **options), app, address, user)


def decided(town, official, second) -> tuple[Outcome, str]:
    """An agenda with much behind it, and proposals that were declined, done and late; the first, and its proposal."""
    inside = [town.proposal() for _number in range(3)]
    for one in inside:
        proposals.support(one.id, by=town.resident())
    about = agenda(town, official, *inside)
    outcome = published("agenda", about.id, official, second)
    carried(outcome, official, second)
    services.correct(outcome.id, text(reasons=f"{REASONS} 세 번 셌어요."), why="셈을 바로잡아요", seen=1, by=official)
    services.approve_correction(
        outcome.id, seen=db.session.get(Outcome, outcome.id, populate_existing=True).correction["at"], by=second)
    for title, given in ((LONG[:200], {"decision": Decision.DECLINED, "promised_on": None, "cost": None}),
                         ("문턱을 없앴어요", {"promised_on": today() + timedelta(days=9)})):
        made = published("proposal", answered(town, official).id, official, second, text(title=title, **given))
    carried(made, official, second, spent=48_900_000, done=True)
    late = published("proposal", answered(town, official).id, official, second,
                     text(title="늦어지는 일이에요", decision=Decision.PARTLY))
    commit(sa.update(Outcome).filter_by(id=late.id).values(
        decided_on=date(2021, 1, 1), promised_on=date(2021, 6, 30)))
    return outcome, inside[0].number


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("width, view", VIEWS)
def test_pages_of_corrected_late_and_waiting_outcomes_can_be_read_by_everybody(town, signed_in, width, view):
    official, second = town.official(), town.official()
    outcome, number = decided(town, official, second)
    waiting = agenda(town, official, slug="waiting")
    services.submit(Ref("agenda", waiting.id), text(title="승인을 기다리는 결과예요"), seen=0, by=second)
    page = signed_in(official, width=width)
    if view:
        page.goto(f"/display?{view}&back=/")
    for address in ("/outcomes", f"/outcomes/{outcome.id}", f"/outcomes/{outcome.id}/versions", "/", "/agendas/alley",
                    f"/proposals/{number}", "/desk/outcomes", "/desk/outcomes/agendas/waiting",
                    f"/desk/outcomes/{outcome.id}/correction", f"/desk/outcomes/{outcome.id}/pictures",
                    f"/desk/outcomes/{outcome.id}/reports"):
        assert page.goto(address).status == 200, address
        assert axe.violations(page) == [], address
        assert chromium.overflow(page) == 0, address
        if "xl" in view and address == "/outcomes":
            assert page.evaluate(CUT) == []


def test_pictures_before_and_after_are_put_and_stand_side_by_side(town, signed_in, tmp_path):
    official, second = town.official(), town.official()
    outcome = published("proposal", answered(town, official).id, official, second)
    page = signed_in(official, width=390)
    for side, colour, words in (("전", "gray", "차가 가득 선 모퉁이"), ("후", "green", "비워 둔 모퉁이")):
        path = tmp_path / f"{colour}.png"
        Image.new("RGB", (600, 400), colour).save(path)
        assert page.goto(f"/desk/outcomes/{outcome.id}/pictures").status == 200
        page.get_by_label(side, exact=True).check()
        page.get_by_label("사진", exact=True).set_input_files(path)
        page.get_by_label("사진에 무엇이 보이나요").fill(words)
        page.get_by_role("button", name="사진 걸기").click()
        page.wait_for_selector("text=사진을 걸었어요")
    assert axe.violations(page) == []
    assert page.goto(f"/outcomes/{outcome.id}").status == 200
    first, last = (page.locator(".then-now img").nth(number).bounding_box() for number in (0, 1))
    assert first["y"] == last["y"] < 844 and first["x"] + first["width"] <= last["x"]
    assert axe.violations(page) == [] and chromium.overflow(page) == 0
    page.goto("/outcomes")
    assert page.locator(".pc.out img").first.evaluate("one => one.decode().then(() => one.naturalWidth > 0)")
