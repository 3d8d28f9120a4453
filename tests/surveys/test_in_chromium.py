"""Pages of surveys in a browser: a letter answers, an official reads, results are drawn, on a phone and a desktop."""

import os

import pytest

from civic_forum.platform.base import db
from civic_forum.surveys import services
from civic_forum.surveys.models import Survey
from tests.servers import axe, chromium

from .making import FINDINGS, over, part, survey

pytestmark = [pytest.mark.browser, pytest.mark.one_database]


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("width", [chromium.PHONE, chromium.DESKTOP])
def test_a_letter_is_answered_and_results_are_drawn(town, signed_in, window, served, width):
    official, other = town.moderator(), town.moderator()
    made, desk = survey(official), signed_in(official, width=width)
    for sheet in range(12):
        services.type_paper(made.id, part(made, 3 + sheet % 2, [0, sheet % 3], 12, 5, "의자를"), sheet + 1, by=official)
    [code] = services.print_letters(made.id, 1, by=official)

    def looks(page, path, name):
        if path:
            assert page.goto(path).status == 200
        if folder := os.environ.get("SHOTS"):
            page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)
        assert axe.violations(page) == [] and chromium.overflow(page) == 0, name

    page = window(base_url=served, width=width)
    looks(page, f"/surveys/{made.slug}", "answer")
    page.get_by_label("편지에 적힌 코드").fill(code)
    page.get_by_role("button", name="답 보내기").click()
    looks(page, None, "refused")
    page.get_by_label("매우 만족").check()
    page.get_by_role("button", name="답 보내기").click()
    page.get_by_text("답했어요. 고마워요.").wait_for()
    looks(page, "/surveys", "list")
    for end in ("", "/questions", "/ways", "/paper"):
        looks(desk, f"/desk/surveys/{made.slug}{end}", f"desk{end.replace('/', '-')}")
    over(db.session.get_one(Survey, made.id))
    services.propose(made.id, FINDINGS, by=other)
    looks(desk, f"/desk/surveys/{made.slug}/results", "desk-results")
    desk.get_by_role("button", name="결과 공개하기").click()
    looks(page, f"/surveys/{made.slug}", "results")
    assert "13명이 답했어요" in page.inner_text("main")
