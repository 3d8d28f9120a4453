"""The list of rounds and the page of one: in every phase, for everybody who may come."""

from datetime import timedelta

import pytest
from lxml import html

from civic_forum.budgets.models import BudgetRound, ExclusionGroup, ProjectKind
from civic_forum.budgets.rules import Phase, ProjectState
from civic_forum.budgets.counting.settings import Completion, CountingRules, Rule
from civic_forum.ballots.models import VoteNotice
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.budgets import making
from tests.factories import saved


def tree(answer):
    assert answer.status_code == 200, answer.status_code
    return html.fromstring(answer.text)


def text_of(answer) -> str:
    return " ".join(tree(answer).xpath("//main")[0].text_content().split())


# The list


def test_rounds_stand_by_year_with_money_phase_and_what_comes_next(town, browse):
    making.new_round(town, title="올해 예산", year=2026, phase=Phase.CARRIED_OUT)
    made = making.new_round(town, title="다음 해 예산", year=2027, phase=Phase.REVIEW, envelopes=2)
    making.project(town, made)
    page = tree(browse().get("/budgets"))
    assert page.xpath("//h3/a/text()") == ["다음 해 예산", "올해 예산"]
    first = " ".join(page.xpath("//li[@class='pc']")[0].text_content().split())
    assert "적격성 검토" in first and "2억 원" in first and "사업 1개" in first and "함께 다듬기:" in first


def test_a_round_that_is_not_announced_is_in_no_list_and_has_no_page(town, browse):
    made = making.new_round(town, title="아직 숨긴 예산", announced_at=None)
    assert "아직 숨긴 예산" not in browse().get("/budgets").text
    assert browse().get(f"/budgets/{made.slug}").status_code == 404
    assert browse(town.resident()).get(f"/budgets/{made.slug}").status_code == 404
    assert "아직 알리지 않은" in text_of(browse(town.moderator()).get(f"/budgets/{made.slug}"))


@pytest.mark.both
def test_more_rounds_than_a_page_are_read_by_turning_it(town, browse):
    for year in range(2000, 2023):
        making.new_round(town, title=f"{year}년 예산", year=year)
    page = tree(browse().get("/budgets"))
    names = page.xpath("//h3/a/text()")
    [after] = page.xpath("//a[@rel='next']/@href")
    rest = tree(browse().get(after)).xpath("//h3/a/text()")
    assert names + rest == [f"{year}년 예산" for year in range(2022, 1999, -1)]
    assert browse().get("/budgets?after=nonsense").status_code == 400


# The page in every phase


SAYS = {
    Phase.COLLECTING: "사업을 제안할 수 있어요", Phase.REVIEW: "부서가 사업을 살펴보고 있어요",
    Phase.ADJUSTING: "사업을 함께 다듬고 있어요", Phase.COMMITTEE: "참여예산위원회가 심사하고 있어요",
    Phase.VOTING: "투표를 준비하고 있어요", Phase.COUNCIL: "구의회가 심의하고 있어요",
    Phase.IN_BUDGET: "예산이 확정됐어요", Phase.CARRIED_OUT: "사업을 실행하고 있어요",
}


@pytest.mark.parametrize("phase", SAYS)
def test_every_phase_says_what_can_be_done_now_and_is_marked(town, browse, phase):
    made = making.new_round(town, phase=phase)
    page = tree(browse().get(f"/budgets/{made.slug}"))
    assert SAYS[phase] in page.xpath("//section[contains(@class, 'now')]")[0].text_content()
    assert len(page.xpath("//ol[@class='phases']/li")) == 9
    [now] = page.xpath("//ol[@class='phases']/li[@aria-current='step']")
    assert "지금" in now.text_content()
    over = page.xpath("//ol[@class='phases']/li[@class='over']")
    assert len(over) == list(Phase).index(phase)


def test_before_the_first_phase_the_page_says_when_it_begins(town, browse):
    made = making.new_round(town)
    clock.shift(-3 * 24 * 3600)
    assert "아직 시작하지 않았어요" in text_of(browse().get(f"/budgets/{made.slug}"))


def test_between_two_phases_the_next_one_is_named(town, browse):
    made = making.new_round(town, phase=Phase.COLLECTING)
    made.phases[0].ends_at = clock.now() - timedelta(seconds=1)
    db.session.commit()
    said = text_of(browse().get(f"/budgets/{made.slug}"))
    assert "제안 받기 단계가 끝났어요" in said and "적격성 검토:" in said


def test_a_visitor_signs_in_first_and_comes_back(town, browse):
    made = making.new_round(town)
    [step, *_more] = tree(browse().get(f"/budgets/{made.slug}")).xpath("//section[contains(@class, 'now')]//a")
    assert step.text == "로그인하고 사업 제안하기"
    assert step.get("href") == f"/sign-in?next=%2Fbudgets%2F{made.slug}%2Fprojects%2Fnew"
    [step, *_more] = tree(browse(town.resident()).get(f"/budgets/{made.slug}")).xpath(
        "//section[contains(@class, 'now')]//a")
    assert step.get("href") == f"/budgets/{made.slug}/projects/new"


def test_a_proposer_of_a_project_is_led_to_it_and_may_adjust_it(town, browse):
    made, author = making.new_round(town, phase=Phase.ADJUSTING), town.resident()
    mine = making.project(town, made, author=author, title="내 골목 등")
    page = tree(browse(author).get(f"/budgets/{made.slug}"))
    assert f"/budgets/{made.slug}/projects/{mine.code}/edit" in page.xpath(
        "//section[contains(@class, 'now')]//a/@href"
    )
    assert "내 골목 등" in page.xpath("//section[@aria-labelledby='own']")[0].text_content()
    assert not tree(browse(town.resident()).get(f"/budgets/{made.slug}")).xpath("//section[@aria-labelledby='own']")


def test_a_member_of_the_committee_is_led_to_the_marks(town, browse):
    made, member = making.new_round(town, phase=Phase.COMMITTEE), town.resident()
    making.sitting(made, member)
    asked = {who: tree(browse(user).get(f"/budgets/{made.slug}")).xpath("//section[contains(@class, 'now')]//a/@href")
             for who, user in (("member", member), ("other", town.resident()))}
    assert f"/budgets/{made.slug}/committee" in asked["member"]
    assert f"/budgets/{made.slug}/committee" not in asked["other"]


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("phase, who, expected", [
    (Phase.REVIEW, "official", {"/desk/reviews"}), (Phase.REVIEW, "moderator", {"/desk/budgets/"}),
    (Phase.COMMITTEE, "official", set()), (Phase.COUNCIL, "official", {"/desk/budgets//council"}),
    (Phase.COUNCIL, "moderator", {"/desk/budgets/", "/desk/budgets//council"}), (Phase.COUNCIL, "resident", set()),
    (Phase.COUNCIL, "administrator", set()),
])
def test_staff_is_led_to_what_they_do_in_this_phase(town, browse, phase, who, expected):
    made = making.new_round(town, phase=phase)
    making.project(town, made, state=ProjectState.CHOSEN if phase is Phase.COUNCIL else ProjectState.IN_REVIEW)
    page = tree(browse(getattr(town, who)()).get(f"/budgets/{made.slug}"))
    found = page.xpath("//section[contains(@class, 'now')]//a/@href")
    assert {one.replace(made.slug, "") for one in found if one.startswith("/desk")} == expected


# What stands on it


def test_money_limits_kinds_and_rules_are_told_in_plain_words(town, browse):
    rules = CountingRules(rule=Rule.EQUAL_SHARES, completion=Completion.ADD1, step=100, fill_greedy=True)
    made = making.new_round(town, counting=rules.to_json(), project_cap=300_000_000)
    saved(ProjectKind(round_id=made.id, position=1, name="행사성 사업", cap=20_000_000))
    second = making.envelope(made, name="동네 계획", max_choices=2, exactly=True, within_money=True, min_votes=60)
    saved(ExclusionGroup(envelope_id=second.id, why="같은 마당을 써요."))
    said = text_of(browse().get(f"/budgets/{made.slug}"))
    for sentence in ("2억 원을 이렇게 나눴어요", "3개까지 고를 수 있어요", "꼭 2개를 골라요", "배정 예산을 넘을 수 없어요",
                     "60표보다 적게 받은 사업은", "3억 원까지", "2,000만 원까지", "같은 마당을 써요.", "자기 몫을 모아",
                     "100원씩 늘려서", "구의회"):
        assert sentence in said, sentence


def test_weights_are_told_in_percent(town, browse):
    rules = CountingRules(rule=Rule.WEIGHTED, weights={"residents": 1, "committee": 1})
    made = making.new_round(town, counting=rules.to_json())
    assert "주민 투표 50%와 참여예산위원회 50%를 더한" in text_of(browse().get(f"/budgets/{made.slug}"))


def test_projects_stand_by_state_and_hidden_ones_nowhere(town, browse):
    made = making.new_round(town, phase=Phase.REVIEW)
    making.project(town, made, title="나무 심기", state=ProjectState.IN_REVIEW)
    making.project(town, made, title="지하차도", state=ProjectState.NOT_ELIGIBLE)
    making.project(town, made, title="거둔 사업", state=ProjectState.WITHDRAWN)
    making.project(town, made, title="숨긴 사업", hidden_at=clock.now())
    page = tree(browse().get(f"/budgets/{made.slug}"))
    said = " ".join(page.text_content().split())
    assert "나무 심기" in said and "지하차도" in said and "숨긴 사업" not in said and "거둔 사업" not in said
    assert page.xpath("//h2[@id='projects-h']/text()") == ["사업 2개"]
    chips = {chip.text.strip(): chip.xpath("span/text()") for chip in page.xpath("//a[@class='chip']")}
    assert chips == {"적격성 검토 중": ["1"], "부적격": ["1"], "거둠": ["1"]}


def test_chosen_projects_stand_in_their_order_with_what_the_council_left(town, browse):
    made = making.new_round(town, phase=Phase.IN_BUDGET)
    making.project(town, made, title="둘째", state=ProjectState.IN_BUDGET, place_in_order=2, cost=30_000_000,
                   decided_amount=20_000_000)
    making.project(town, made, title="첫째", state=ProjectState.IN_BUDGET, place_in_order=1, cost=50_000_000,
                   decided_amount=50_000_000)
    making.project(town, made, title="빠진 것", state=ProjectState.NOT_CHOSEN)
    page = tree(browse().get(f"/budgets/{made.slug}"))
    assert page.xpath("//*[contains(@class, 'project-cards')]//a/text()") == ["첫째", "둘째"]
    said = " ".join(page.text_content().split())
    assert "선정한 사업 2개" in said and "8,000만 원" in said and "의결한 뒤에는 7,000만 원" in said


def test_notices_of_the_round_and_of_its_envelopes_stand_newest_first(town, browse):
    made, other = making.new_round(town), making.new_round(town)
    for subject, title in ((f"budget_round:{made.id}", "일정 알림"), (made.envelopes[0].subject, "한도 알림"),
                           (f"budget_round:{other.id}", "남의 알림"), (other.envelopes[0].subject, "남의 한도 알림")):
        saved(VoteNotice(subject=subject, kind="notice", title=title, text="글", at=clock.now()))
    page = tree(browse().get(f"/budgets/{made.slug}"))
    assert page.xpath("//ol[@class='tellings']//h3/text()") == ["한도 알림", "일정 알림"]


@pytest.mark.both
def test_a_page_in_english_says_what_somebody_wrote_in_english(town, browse):
    made = making.new_round(town, texts={"en": {"title": "Budget 2027", "binding": "The council decides."}})
    page = browse()
    page.set_cookie("language", "en")
    said = page.get(f"/budgets/{made.slug}").text
    assert "Budget 2027" in said and "The council decides." in said


def test_headings_are_in_order_and_every_id_is_there_once(town, browse):
    made = making.new_round(town, phase=Phase.REVIEW, envelopes=2)
    making.project(town, made)
    page = tree(browse().get(f"/budgets/{made.slug}"))
    levels = [int(one.tag[1]) for one in page.xpath("//main//*[self::h1 or self::h2 or self::h3 or self::h4]")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:]))
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))


# How much it asks


@pytest.mark.in_turns(of=5)
def test_pages_ask_little_however_much_there_is(town, browse, queries):
    made, author = making.new_round(town, phase=Phase.REVIEW, envelopes=3), town.resident()
    for number in range(30):
        making.project(town, made, envelope=made.envelopes[number % 3], author=author)
    for year in range(25):
        making.new_round(town, year=2000 + year)
    for address, more in (("/budgets", 0), (f"/budgets/{made.slug}", 5)):
        for who, most in ((None, 6 + more), (author, 9 + more), (town.moderator(), 9 + more)):
            page = browse(who)
            page.get(address)
            with queries() as seen:
                assert page.get(address).status_code == 200
            assert len(seen) <= most, (address, who, seen)


@pytest.mark.both
def test_a_kept_page_becomes_another_when_the_phase_does(town, browse):
    made, page = making.new_round(town, phase=Phase.COLLECTING), browse()
    assert SAYS[Phase.COLLECTING] in page.get(f"/budgets/{made.slug}").text
    clock.shift(7 * 24 * 3600)
    assert SAYS[Phase.REVIEW] in page.get(f"/budgets/{made.slug}").text
    assert db.session.query(BudgetRound).count() == 1


def test_a_calendar_that_has_come_to_its_end_marks_no_phase_as_now(town, browse):
    made = making.new_round(town, phase=Phase.CARRIED_OUT)
    made.phases[-1].ends_at = clock.now() - timedelta(seconds=1)
    db.session.commit()
    page = tree(browse().get(f"/budgets/{made.slug}"))
    assert not page.xpath("//ol[@class='phases']/li[@aria-current]")
    assert page.xpath("//section[contains(@class, 'now')]//span[contains(@class, 'krds-badge')]/text()") == ["지난 예산"]
    assert "지난 예산" in text_of(browse().get("/budgets"))
