"""The desk of rounds in a browser: for everybody's eyes on every width, by keyboard, and without JavaScript."""

import pytest

from civic_forum.ballots.box.closing import DrawKind
from civic_forum.budgets.models import BudgetRound, ChoiceGroup, ExclusionGroup
from civic_forum.budgets.rules import Phase, ProjectState
from civic_forum.budgets.rounds import services as announcing
from civic_forum.platform.base import db
from tests.accounts.people import PASSWORD, password_hash
from tests.budgets import making
from tests.servers.axe import looks_right

pytestmark = pytest.mark.one_database


@pytest.fixture
def rounds(town):
    """A round that waits for its two officials, with everything that a round can have, and one that lacks it all."""
    made, moderator = making.new_round(town, phase=Phase.VOTING, envelopes=2, draw=DrawKind.DICE), town.moderator()
    made.envelopes[0].name = "구 전체의 이름이 아주 긴 배정 예산(교통·주차·안전·환경·청소·복지·돌봄)"
    group = ChoiceGroup(envelope_id=made.envelopes[0].id, position=1, name="구 단위 사업", min_choices=1, max_choices=3)
    why = ExclusionGroup(envelope_id=made.envelopes[0].id, why="같은 빈터에 지으려는 사업이라 하나만 지을 수 있어요.")
    db.session.add_all([group, why])
    db.session.flush()
    for number in range(8):
        making.project(town, made, group_id=group.id, exclusion_id=why.id if number < 2 else None, title=(
            f"시흥대로 버스 정류장 {number}번 앞 보도에 그늘막과 긴 의자를 놓고 밤에도 밝게 하는 사업"))
        making.project(town, made, envelope=made.envelopes[1])
    making.project(town, made, state=ProjectState.IN_REVIEW)
    ready = making.prepared(town, budget_round=db.session.get(BudgetRound, made.id), by=moderator)
    announcing.notify(ready.id, "일정을 옮겨요", "비가 와서 하루 늦춰요.", by=moderator)
    bare = making.new_round(town, envelopes=1, announced_at=None, counting=None, binding="",
                        left_out=tuple(Phase), roll_fixed_on=None)
    db.session.rollback()
    return ready.slug, bare.slug


def test_a_refusal_is_told_where_it_was_typed(town, signed_in, rounds):
    page = signed_in(town.moderator(), width=390)
    page.goto(f"/desk/budgets/{rounds[0]}/phases")
    page.get_by_label("주민 투표 끝").fill("2001-01-01T00:00")
    page.get_by_role("button", name="저장하기").click()
    page.wait_for_selector(".err-sum")
    assert "끝나는 때는 시작하는 때보다" in page.get_by_role("alert").inner_text()
    looks_right(page, "/refused")


def test_two_officials_open_all_votes_by_keyboard_and_without_javascript(town, signed_in, rounds):
    first = signed_in(town.official(), width=390, javascript=False)
    first.goto(f"/desk/budgets/{rounds[0]}/opening")
    first.get_by_role("button", name="투표함 2개를 열자고 제안하기").focus()
    with first.expect_navigation():
        first.keyboard.press("Enter")
    assert "다른 담당관의 확인을 기다려요" in first.inner_text("main")
    second = signed_in(town.official(password_hash=password_hash()), width=1280, javascript=False)
    second.goto(f"/desk/budgets/{rounds[0]}/opening")
    looks_right(second, "/proposed")
    second.get_by_label("내 비밀번호").focus()
    second.keyboard.type(PASSWORD)
    with second.expect_navigation():
        second.keyboard.press("Enter")
    assert second.inner_text("main").count("에 열었어요") == 2
    looks_right(second, "/opened")
