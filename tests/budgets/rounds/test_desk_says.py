"""Words of the desk's pages of a round: empty forms, caps and rolls, the next step, how far each box is, trials."""

from datetime import timedelta

from lxml import html

from civic_forum.ballots.rules.boxes import ConfirmedAction
from civic_forum.ballots.officials import services as confirmations
from civic_forum.budgets.models import ProjectKind
from civic_forum.budgets.rules import Phase
from civic_forum.budgets.trials.models import BudgetTrial
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import moment
from tests.budgets import making
from tests.budgets.committee.weighted import weighted
from tests.common import main_of
from tests.factories import saved


DESK = "/desk/budgets"


def test_forms_for_grouping_say_so_where_there_is_nothing_to_group(town, browse):
    made, page = making.new_round(town), browse(town.moderator())
    here = f"{DESK}/{made.slug}"
    group = main_of(page.get(f"{here}/envelopes/envelope-1/groups"))
    assert "이 배정 예산에는 아직 사업이 없어요" in group and "이 묶음의 사업" not in group
    answer = page.get(f"{here}/exclusions")
    assert "함께 묶을 사업이 아직 없어요" in main_of(answer) and "저장하기" not in main_of(answer)
    for _one in range(2):
        making.project(town, made)
    assert "아직 사업이 없어요" not in main_of(page.get(f"{here}/envelopes/envelope-1/groups"))
    assert "저장하기" in main_of(page.get(f"{here}/exclusions"))


def test_the_overview_says_the_caps_of_kinds_until_when_paper_is_taken_and_whether_the_roll_is_fixed(town, browse):
    made = making.new_round(town, phase=Phase.VOTING, paper_until=clock.now() + timedelta(days=9))
    for position, (name, cap) in enumerate((("행사성 사업", 30_000_000), ("시설", None)), start=1):
        saved(ProjectKind(round_id=made.id, position=position, name=name, cap=cap))
    for _one in range(3):
        making.project(town, made)
    page, here = browse(town.moderator()), f"{DESK}/{made.slug}"
    shown = main_of(page.get(here))
    assert "행사성 사업 3,000만 원까지, 시설" in shown and "종이 받기" in shown
    assert f"{moment(made.paper_until)}" in shown and "명부 확인투표를 열 때까지" in shown
    assert "명부 상태아직 확정하지 않았어요" in shown
    making.prepared(town, budget_round=made)
    assert "명부 상태10명으로 확정했어요" in main_of(page.get(here))


def test_while_projects_are_awaited_the_next_step_is_their_review(town, browse):
    made = making.new_round(town)
    answer = browse(town.moderator()).get(f"{DESK}/{made.slug}")
    [link] = html.fromstring(answer.text).xpath("//*[@aria-labelledby='next']//a/@href")
    assert "적격인 사업을 기다려요" in main_of(answer) and link == "/desk/reviews?show=unassigned"


def test_the_page_of_the_boxes_says_how_far_each_is_and_what_waits_for_whom(town, browse):
    made = making.opened(town, envelopes=2)
    first, second = made.envelopes
    who, page = town.official(), browse(town.moderator())
    proposed = confirmations.propose(ConfirmedAction.CLOSE_EARLY, first.box_id, note="모두 투표했어요", by=who)
    here = f"{DESK}/{made.slug}"
    shown = main_of(page.get(f"{here}/opening"))
    assert shown.count("투표 중") == 2 and shown.count("투표 일찍 끝내기 확인을 기다리고 있어요") == 1
    db.session.rollback()
    confirmations.confirm(proposed.id, by=town.moderator())
    shown = main_of(page.get(f"{here}/opening"))
    assert shown.count("투표 끝남") == 1 and shown.count("투표 중") == 1 and "기다리고 있어요" not in shown
    assert "투표를 열었어요" in main_of(page.get(here))
    db.session.rollback()
    proposed = confirmations.propose(ConfirmedAction.CLOSE_EARLY, second.box_id, note="모두 투표했어요", by=who)
    confirmations.confirm(proposed.id, by=town.moderator())
    assert "표를 세고 공개할 차례예요" in main_of(page.get(here))
    assert "운영자만" not in main_of(browse(who).get(f"{here}/opening")), "who confirms needs no other right"


def test_rules_of_counting_and_trials_lead_to_each_other(town, browse):
    made, who = making.new_round(town), town.moderator()
    page, here = browse(who), f"{DESK}/{made.slug}"
    for path in (here, f"{here}/counting"):
        assert "/desk/trials" in html.fromstring(page.get(path).text).xpath("//main//a/@href")
    trial = saved(BudgetTrial(slug="last-year", title="지난해 투표", source=b"", sha256=bytes(32), round_id=made.id,
                              imported_at=clock.now(), imported_by_id=who.id))
    for path in (here, f"{here}/counting"):
        links = html.fromstring(page.get(path).text).xpath("//main//a/@href")
        assert "/budgets/trials/last-year" in links and "/desk/trials" not in links
    assert f"{here}/counting" in html.fromstring(page.get(f"/budgets/trials/{trial.slug}").text).xpath(
        "//main//a/@href"
    )


def test_the_chance_to_take_the_committee_s_votes_back_is_said_before_they_are_fixed(town, browse):
    made = weighted(town)
    for serial in range(1, 4):
        making.sitting(made, town.resident(), serial, finished_at=clock.now())
    shown = main_of(browse(town.moderator()).get(f"{DESK}/{made.slug}/committee"))
    assert "투표를 열기 전까지는 이유를 적고 거둘 수 있어요" in shown and "되돌릴 수 없어요" not in shown
