"""A prize in a browser, from its nomination to its results; how it is scored and decided walks a living lab."""

import pytest

from civic_forum.calls.models import CallApplication
from civic_forum.platform.base import db
from tests.servers import axe, chromium

from .making_prizes import WHY, Nominated, worth

pytestmark = pytest.mark.one_database
DECISION = "/desk/calls/prize/decision"


def press(page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name).first.click()
    page.wait_for_load_state()


def look(page, address: str) -> None:
    page.goto(address)
    assert axe.violations(page) == [] and chromium.overflow(page) == 0, address


@pytest.mark.in_turns(of=10)
def test_a_prize_from_nomination_to_results_in_chromium(town, signed_in):
    proposal, made = worth(town, title="정류장에 의자를 놓아 주세요"), Nominated(town)
    official = signed_in(made.official, width=1280)
    look(official, "/desk/calls/prize/applications/new")
    official.locator("#proposal").fill(proposal.number)
    for field in official.locator("textarea, input[name^=q]").all():
        field.fill(WHY)
    press(official, "후보로 추천하기")
    if official.get_by_text("한 번 더 눌러 주세요").count():
        press(official, "후보로 추천하기")
    author = signed_in(proposal.author, width=390)
    look(author, f"/proposals/{proposal.number}")
    author.locator("#awards a").click()
    assert author.get_by_text("포상 받지 않기").count() and axe.violations(author) == []
    db.session.rollback()
    made.numbers = [application.submission.number for application in db.session.query(CallApplication)]
    made.scored(90)
    official = signed_in(made.official, width=1280)
    official.goto(DECISION)
    press(official, "점수대로 채우기")
    official.get_by_role("main").get_by_role("link", name=proposal.title).click()
    assert official.locator("#prize").input_value() == "최우수" and axe.violations(official) == []
    official.locator("#result_reason").fill("적은 돈으로 바로 할 수 있어요.")
    press(official, "적어 두기")
    made.decide()
    visitor = signed_in(town.resident(), width=390)
    look(visitor, "/calls/prize/results")
    assert visitor.get_by_text("최우수").count() and visitor.get_by_text("90.0점").count()
    look(visitor, f"/proposals/{proposal.number}")
    visitor.locator("#awards a").click()
    assert visitor.url.endswith("/calls/prize/results")
