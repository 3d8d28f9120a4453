"""The committee's pages: its members mark, the desk names and fixes, everybody sees the sums once they are fixed."""

from lxml import html
import pytest

from civic_forum.budgets.rules import Phase
from civic_forum.budgets.committee import services
from tests.budgets import making

from tests.common import main_of
from .weighted import seated, weighted


def ticked(answer) -> set[str]:
    return set(html.fromstring(answer.text).xpath("//input[@name='project'][@checked]/@value"))


def test_a_member_marks_saves_finishes_and_takes_it_up_again(town, browse):
    budget_round = weighted(town)
    a, b = making.project(town, budget_round), making.project(town, budget_round)
    (_member, user), = seated(town, budget_round, 1)
    page, here = browse(user), f"/budgets/{budget_round.slug}/committee"
    assert ticked(page.get(here)) == set() and a.title in main_of(page.get(here))
    assert page.post(here, data={"project": [a.code, b.code], "then": "save"}).status_code == 303
    assert ticked(page.get(here)) == {a.code, b.code}
    assert page.post(here, data={"project": [b.code], "then": "finish"}).status_code == 303
    answer = page.get(here)
    assert "심사를 마쳤어요" in main_of(answer) and ticked(answer) == {b.code}
    assert html.fromstring(answer.text).xpath("//input[@name='project'][not(@disabled)]") == []
    assert page.post(f"{here}/reopenings").status_code == 303
    assert html.fromstring(page.get(here).text).xpath("//input[@name='project'][@disabled]") == []


def test_a_project_that_cannot_be_recommended_comes_back_with_the_marks_that_were_sent(town, browse):
    budget_round = weighted(town)
    a = making.project(town, budget_round)
    (_member, user), = seated(town, budget_round, 1)
    answer = browse(user).post(f"/budgets/{budget_round.slug}/committee", data={"project": [a.code, "Z99"]})
    assert answer.status_code == 422 and "심사 대상이 아닌" in main_of(answer) and ticked(answer) == {a.code}


def test_only_members_reach_the_marks_and_nobody_reads_a_sum_before_they_are_fixed(town, browse):
    budget_round = weighted(town)
    a = making.project(town, budget_round, title="눈에 띄는 사업")
    (_one, first), (_two, second) = seated(town, budget_round, 2)
    services.recommend(budget_round.id, {a.code}, finished=True, by=first)
    here = f"/budgets/{budget_round.slug}/committee"
    assert browse().get(here).status_code == 302
    for outsider in (town.user(), town.moderator(), town.administrator()):
        answer = browse(outsider).get(here)
        assert answer.status_code == 403 and a.title not in answer.text
    assert ticked(browse(second).get(here)) == set()
    desk = browse(town.moderator()).get(f"/desk/budgets/{budget_round.slug}/committee")
    assert a.title not in desk.text and a.code not in desk.text and "마친 위원" in desk.text


def test_once_fixed_everybody_sees_the_sums_and_no_name(town, browse):
    budget_round = weighted(town)
    a, b = making.project(town, budget_round), making.project(town, budget_round)
    (_one, first), (_two, second), (_three, third) = seated(town, budget_round, 3)
    services.recommend(budget_round.id, {a.code}, finished=True, by=first)
    services.recommend(budget_round.id, {a.code, b.code}, finished=True, by=second)
    services.recommend(budget_round.id, set(), finished=True, by=third)
    moderator = browse(town.moderator())
    assert moderator.post(f"/desk/budgets/{budget_round.slug}/committee/fixings").status_code == 303
    answer = browse().get(f"/budgets/{budget_round.slug}/committee")
    assert answer.status_code == 200
    rows = html.fromstring(answer.text).xpath("//tbody/tr")
    assert [row.xpath("td")[1].text_content() for row in rows] == ["2", "1"]
    assert first.nickname not in answer.text and second.nickname not in answer.text


def test_the_desk_says_that_so_few_are_not_fixed(town, browse):
    budget_round = weighted(town)
    a = making.project(town, budget_round)
    for _member, user in seated(town, budget_round, 2):
        services.recommend(budget_round.id, {a.code}, finished=True, by=user)
    page, here = browse(town.moderator()), f"/desk/budgets/{budget_round.slug}/committee"
    assert "마친 위원이 3명은 있어야 해요" in main_of(page.get(here)) and "심사 확정하기" not in main_of(page.get(here))
    answer = page.post(f"{here}/fixings")
    assert answer.status_code == 409 and "3명보다 적어서 확정할 수 없어요" in main_of(answer)


@pytest.mark.both
def test_the_desk_names_somebody_by_sign_in_name_and_takes_them_out(town, browse):
    budget_round = weighted(town)
    town.user(sign_in_name="wiwon", nickname="나무위원")
    page, here = browse(town.moderator()), f"/desk/budgets/{budget_round.slug}/committee"
    assert page.post(f"{here}/members", data={"name": "nobody"}).status_code == 404
    assert page.post(f"{here}/members", data={"name": "wiwon"}).status_code == 303
    assert page.post(f"{here}/members", data={"name": "wiwon"}).status_code == 409
    shown = page.get(here)
    assert "나무위원" in main_of(shown)
    removal = html.fromstring(shown.text).xpath("//form[contains(@action, '/removals')]/@action")[0]
    assert page.post(removal).status_code == 303 and "나무위원" not in main_of(page.get(here))


@pytest.mark.both
def test_sums_on_paper_are_asked_for_project_by_project(town, browse):
    budget_round = weighted(town)
    a, b = making.project(town, budget_round), making.project(town, budget_round)
    page, here = browse(town.moderator()), f"/desk/budgets/{budget_round.slug}/committee/paper"
    sent = {"members": "40", "note": "9월 3일 대강당", f"votes-{a.code}": "23", f"votes-{b.code}": "많이"}
    answer = page.post(here, data=sent)
    assert answer.status_code == 422 and html.fromstring(answer.text).xpath(f"//*[@id='votes-{b.code}'][@aria-invalid]")
    assert html.fromstring(answer.text).xpath(f"//*[@id='votes-{a.code}']/@value") == ["23"]
    assert page.post(here, data=sent | {f"votes-{b.code}": "41"}).status_code == 422
    assert page.post(here, data=sent | {f"votes-{b.code}": "0"}).status_code == 303
    public = main_of(browse().get(f"/budgets/{budget_round.slug}/committee"))
    assert "참여예산위원 40명" in public and "9월 3일 대강당" in public


def test_at_the_desk_what_is_missing_is_added_and_what_is_wrong_is_taken_back(town, browse):
    budget_round = weighted(town)
    a = making.project(town, budget_round)
    services.enter(budget_round.id, 5, {a.code: 4}, "회의", by=town.moderator())
    late = making.project(town, budget_round)
    page, here = browse(town.moderator()), f"/desk/budgets/{budget_round.slug}/committee"
    assert "심사하지 않은 사업 1개" in main_of(page.get(here))
    answer = page.post(f"{here}/additions", data={f"votes-{late.code}": "셋"})
    assert answer.status_code == 422
    assert html.fromstring(answer.text).xpath(f"//*[@id='votes-{late.code}'][@aria-invalid]")
    assert page.post(f"{here}/additions", data={f"votes-{late.code}": "3"}).status_code == 303
    assert "심사하지 않은 사업" not in main_of(page.get(here))
    assert page.post(f"{here}/annulments", data={"reason": ""}).status_code == 422
    assert page.post(f"{here}/annulments", data={"reason": "전화 010-1234-5678로 알려 주세요"}).status_code == 422
    assert page.post(f"{here}/annulments", data={"reason": "금액이 잘못 적혀 있었어요."}).status_code == 303
    assert browse().get(f"/budgets/{budget_round.slug}/committee").status_code == 302


@pytest.mark.both
def test_the_page_asks_as_little_for_many_projects_as_for_few(town, browse, queries):
    budget_round = weighted(town)
    (_member, user), = seated(town, budget_round, 1)
    seen, page = [], browse(user)
    page.get(f"/budgets/{budget_round.slug}/committee")
    for number in (2, 12):
        for _one in range(number):
            making.project(town, budget_round)
        with queries() as asked:
            assert page.get(f"/budgets/{budget_round.slug}/committee").status_code == 200
        seen.append(len(asked))
    assert seen[0] == seen[1] <= 10


def test_outside_its_phase_the_page_says_so_and_takes_nothing(town, browse):
    budget_round = weighted(town, phase=Phase.REVIEW)
    making.project(town, budget_round)
    (_member, user), = seated(town, budget_round, 1)
    page, here = browse(user), f"/budgets/{budget_round.slug}/committee"
    assert "심사 기간이 아니에요" in main_of(page.get(here))
    assert page.post(here, data={"project": ["A01"]}).status_code == 403
