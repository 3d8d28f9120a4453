"""A question that is answered later, from the hall to the answer, in Chromium: asker, moderator, two officials."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from civic_forum.answers.models import Duty
from civic_forum.forums.questions import services as questions
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from tests.forums.scene import key, live_forum
from tests.servers import in_process
from tests.servers.axe import looks_right

pytestmark = pytest.mark.one_database
ANSWER = "10월까지 보안등 12개를 달아요. 자리는 주민과 함께 정해요."


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("width", [390, 1280])
def test_later_in_the_hall_is_a_day_on_a_desk_and_an_answer_at_the_question(app, town, window, width):
    scene = live_forum(town)
    asker, department = scene.person(), town.department()
    official, second = town.official(), town.official()
    question = questions.ask(scene.forum.id, "보안등은 언제 다나요?", key(), by=asker)
    at, number = f"/forums/{scene.forum.slug}/questions/{question.id}", question.id
    with in_process.served(app) as address:
        def of(user):
            return in_process.sign_in(window(base_url=address, width=width), app, address, user)

        page = of(scene.moderator)
        page.goto(at)
        page.get_by_label("누가 답했나요").fill("교통행정과")
        page.get_by_label("답을 짧게 적어 주세요").fill("검토해서 알려 드릴게요.")
        page.get_by_label("나중에 답할 부서").select_option(label=department.name)
        page.get_by_label("며칠 안에 답할까요").select_option("7")
        page.get_by_role("button", name="답했다고 적기").click()
        expect(page.locator(f"#question-{number} .reply").last).to_contain_text("까지 답변해요")
        looks_right(page)

        db.session.rollback()
        duty = db.session.query(Duty).one()
        duty.due_on = local(clock.now()).date() - timedelta(days=3)
        db.session.commit()
        page = window(base_url=address, width=width)
        page.goto("/answers/late")
        expect(page.locator(".todo-list li")).to_contain_text(re.compile("늦음 3일.*보안등은 언제 다나요.*질문", re.DOTALL))
        looks_right(page)

        page = of(official)
        page.goto("/desk/answers")
        page.get_by_role("link", name="보안등은 언제 다나요?").click()
        page.get_by_role("textbox", name="답변").fill(ANSWER)
        page.get_by_role("button", name="승인 요청하기").click()
        expect(page.get_by_text("승인을 요청했어요").first).to_be_visible()
        looks_right(page)

        page = of(second)
        page.goto(f"/desk/answers/duties/{duty.id}")
        page.get_by_role("button", name="승인하고 공개하기").click()
        expect(page.locator(f"#question-{number}")).to_contain_text(ANSWER)
        looks_right(page)

        page = of(asker)
        page.goto("/me/notices")
        page.get_by_text("나중에 답하기로 한 것에 부서가 답했어요.").first.click()
        page.goto(at)
        expect(page.locator(f"#question-{number}")).to_contain_text(ANSWER)
