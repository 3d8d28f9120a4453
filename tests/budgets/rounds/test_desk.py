"""The pages on which moderators set up a round, and who sees them."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa
from lxml import html

from civic_forum.ballots.operations import parts_of, refresh
from civic_forum.budgets.models import BudgetRound
from civic_forum.budgets.rules import Phase, ProjectState
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from civic_forum.platform.work import use_case
from tests.accounts.people import PASSWORD, password_hash
from tests.budgets import making

from tests.common import main_of, stamp
from .reading import form_of

DESK = "/desk/budgets"
PARTS = ("wording", "phases", "limits", "electorate", "counting", "terms")


def again(made):
    db.session.rollback()
    return db.session.get(BudgetRound, made.id, populate_existing=True)


@pytest.mark.both
def test_a_round_is_made_filled_in_announced_and_opened_by_its_pages(town, browse):
    page = browse(town.moderator())
    answer = page.post(f"{DESK}/new", data={"title": "2028년 주민참여예산", "year": "2028", "slug": "b-2028"})
    assert answer.status_code == 303 and answer.location.endswith("/desk/budgets/b-2028")
    here, now = f"{DESK}/b-2028", clock.now()
    assert "먼저 채울 것이 있어요" in main_of(page.get(here))

    def save(part, facts):
        answer = page.post(f"{here}/{part}", data=form_of(page, f"{here}/{part}") | facts)
        assert answer.status_code == 303, html.fromstring(answer.text).xpath("string(//main)")

    save("money", {"name": "구 전체", "slug": "whole", "amount": "50,000,000", "max_choices": "2"})
    save("phases", {
        "collecting_starts": stamp(now - timedelta(days=40)), "review_starts": stamp(now - timedelta(days=30)),
        "voting_starts": stamp(now - timedelta(minutes=5)), "voting_ends": stamp(now + timedelta(days=7)),
        "council_starts": stamp(now + timedelta(days=20))})
    assert page.post(f"{here}/announcements").status_code == 303
    save("limits", {"project_cap": "30,000,000", "kinds": "행사성 사업 | 10,000,000\n시설",
                    "reasons": "이미 하고 있는 사업 | 올해 예산에 있어요.\n개인이나 단체의 이익"})
    save("electorate", {"who": ["residents"], "roll_source": "verified",
                        "roll_fixed_on": local(now - timedelta(days=8)).date().isoformat()})
    save("counting", {"rule": "greedy", "order": "votes", "goes_on": "skip", "draw": "lottery"})
    save("terms", {"binding": "구의회 의결을 거쳐 예산에 담아요.", "publishes": "totals", "quorum": "per_mille", "quorum_value": "3",
                   "quorum_source": "주민등록인구통계", "quorum_on": "2026-01-31", "quorum_missed": "advisory"})
    assert "배정 예산마다 주민 수를 적어 주세요" in main_of(page.get(here))
    save("envelopes/whole", {"residents": "1,234"})
    made = db.session.scalar(sa.select(BudgetRound).filter_by(slug="b-2028"))
    assert [(one.name, one.cap) for one in made.kinds] == [("행사성 사업", 10_000_000), ("시설", None)]
    assert [one.text for one in made.reasons] == ["올해 예산에 있어요.", ""]
    for _one in range(3):
        making.project(town, made)
    for _one in range(10):
        making.voter(town)
    assert "투표를 열 준비를 할 수 있어요" in main_of(page.get(here))
    assert page.post(f"{here}/preparations").status_code == 303
    first = browse(official(town))
    assert first.post(f"{here}/opening/proposals",
                      data=form_of(first, f"{here}/opening", "/proposals")).status_code == 303
    second = browse(official(town))
    seen = form_of(second, f"{here}/opening", "/confirmations")
    assert second.post(f"{here}/opening/confirmations", data=seen | {"password": "wrong"}).status_code == 422
    assert second.post(f"{here}/opening/confirmations", data=seen | {"password": PASSWORD}).status_code == 303
    assert again(made).opened_at is not None
    assert "투표를 열었어요" in main_of(page.get(here))
    seen = main_of(browse().get("/budgets/b-2028"))
    assert "채울 수 4명" in seen and "4명 남았어요" in seen and "주민 1,234명의 3‰예요" in seen


def official(town):
    db.session.rollback()
    return town.official(password_hash=password_hash())


@pytest.mark.in_turns(of=5)
def test_a_proposer_does_not_confirm_and_a_page_from_before_a_change_proposes_nothing(town, browse):
    made = making.prepared(town, envelopes=2)
    who = official(town)
    page, here = browse(who), f"{DESK}/{made.slug}/opening"
    stale = form_of(page, here, "/proposals")
    making.project(town, made)
    browse(town.moderator()).post(f"{DESK}/{made.slug}/preparations")
    assert page.post(f"{here}/proposals", data=stale).status_code == 409
    assert page.post(f"{here}/proposals", data=form_of(page, here, "/proposals")).status_code == 303
    assert "다른 담당관의 확인을 기다려요" in main_of(page.get(here))
    other = browse(official(town))
    seen = form_of(other, here, "/confirmations")
    assert page.post(f"{here}/confirmations", data=seen | {"password": PASSWORD}).status_code == 409
    assert again(made).opened_at is None


def test_reasons_against_preparing_the_boxes_are_said_beside_the_rolls(town, browse):
    made = making.new_round(town, phase=Phase.ADJUSTING, roll_fixed_on=local(clock.now() + timedelta(days=3)).date())
    for _one in range(3):
        making.project(town, made)
    answer = browse(town.moderator()).post(f"{DESK}/{made.slug}/preparations")
    assert answer.status_code == 409
    assert "명부를 정하는 날이 아직 되지 않았어요. 그날이 되면 준비할 수 있어요." in main_of(answer)
    assert f'href="{DESK}/{made.slug}"' in answer.text and "투표함 준비하기" in main_of(answer)


def test_every_gap_of_a_round_leads_to_where_it_is_put_right(town, browse):
    made = making.new_round(town, phase=Phase.REVIEW)
    waiting = making.project(town, made, state=ProjectState.HANDED_IN)
    page, title = browse(town.moderator()), waiting.title
    for here in (f"{DESK}/{made.slug}", f"{DESK}/{made.slug}/opening"):
        lines = html.fromstring(page.get(here).text).xpath("//*[@aria-labelledby='missing']//li")
        assert lines and all(len(one.xpath(".//a/@href")) == 1 for one in lines)
        [link] = [one.xpath(".//a/@href")[0] for one in lines if "투표에 올릴 수 있는 사업" in one.text_content()]
        assert title in main_of(page.get(link))


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize(("part", "facts", "field"), [
    ("wording", {"title": ""}, "title"), ("wording", {"binding_en": "a" * 3001}, "binding_en"),
    ("wording", {"year": "1999"}, "year"), ("wording", {"year": "x"}, "year"),
    ("phases", {"review_ends": "2001-01-01T00:00"}, "review_ends"),
    ("phases", {"voting_ends": "2001-01-01T00:00"}, "voting_ends"),
    ("phases", {"collecting_starts": "", "collecting_ends": "2030-01-01T00:00"}, "collecting_starts"),
    ("phases", {"paper_until": "2001-01-01T00:00"}, "paper_until"),
    ("limits", {"project_cap": "돈"}, "project_cap"), ("limits", {"kinds": "시설 | 많이"}, "kinds"),
    ("limits", {"reasons": "하나\n하나"}, "reasons"), ("limits", {"review_due_days": "0"}, "review_due_days"),
    ("electorate", {"roll_check_to": "2099-01-01T00:00"}, "roll_check_to"),
    ("electorate", {"roll_check_from": "2021-01-02T00:00", "roll_check_to": "2021-01-01T00:00"}, "roll_check_to"),
    ("electorate", {"who": []}, "who"), ("electorate", {"min_age": "9"}, "min_age"),
    ("electorate", {"roll_source": "x"}, "roll_source"), ("electorate", {"roll_fixed_on": "x"}, "roll_fixed_on"),
    ("counting", {"rule": "luck"}, "rule"), ("counting", {"rule": "weighted", "residents": "100"}, "residents"),
    ("counting", {"rule": "weighted", "share": "x"}, "share"),
    ("counting", {"rule": "equal-shares", "step": "0"}, "step"), ("counting", {"draw": "x"}, "draw"),
    ("terms", {"publishes": "names"}, "publishes"), ("terms", {"binding": "가" * 3001}, "binding"),
    ("money", {"name": "새 예산", "slug": "all", "amount": "1"}, "slug"), ("money", {"name": "", "slug": "new-1"}, "name"),
    ("money", {"name": "새 예산", "slug": "new-1", "amount": "0"}, "amount"),
    ("money", {"name": "새 예산", "slug": "new-1", "amount": "1", "max_choices": "0"}, "max_choices"),
    ("money", {"name": "새 예산", "slug": "new-1", "amount": "1", "voters_of": ["999"]}, "voters_of"),
    ("money", {"name": "새 예산", "slug": "envelope-1", "amount": "1"}, "slug"),
])
def test_a_fault_in_a_part_is_said_at_its_field_and_leaves_no_trace(town, browse, part, facts, field):
    made = making.new_round(town)
    page = browse(town.moderator())
    address = f"{DESK}/{made.slug}/{part}"
    answer = page.post(address, data=form_of(page, address) | facts)
    assert answer.status_code in (409, 422)
    assert f'id="{field}-error"' in answer.text
    assert again(made).version == 1


@pytest.mark.both
@pytest.mark.parametrize("rule", [
    {"rule": "greedy", "order": "votes-per-cost", "goes_on": "stop"},
    {"rule": "weighted", "goes_on": "skip", "residents": "60", "share": "marks"},
    {"rule": "weighted", "goes_on": "skip", "residents": "60", "share": "ballots"},
    {"rule": "equal-shares", "utility": "cost", "completion": "add1", "step": "100", "fill": "greedy"},
])
def test_every_rule_is_kept_as_it_was_chosen(town, browse, rule):
    made = making.new_round(town, counting=None)
    page, address = browse(town.moderator()), f"{DESK}/{made.slug}/counting"
    assert page.post(address, data={"draw": "dice", "version": "1"} | rule).status_code == 303
    shown = form_of(page, address)
    assert {name: shown[name] for name in rule} == rule and shown["draw"] == "dice"


def test_a_round_that_chooses_the_weighted_rule_divides_by_marks_unless_it_says_otherwise(town, browse):
    made = making.new_round(town, counting=None)
    page, address = browse(town.moderator()), f"{DESK}/{made.slug}/counting"
    assert all(word in main_of(page.get(address)) for word in ("준 표 전체로 나눠요", "투표한 사람 수로 나눠요"))
    sent = form_of(page, address) | {"rule": "weighted"}
    assert sent["share"] == "marks" and page.post(address, data=sent).status_code == 303
    assert again(made).counting["share"] == "marks"


@pytest.mark.both
def test_envelopes_are_edited_and_taken_out_until_a_project_stands_in_them(town, browse):
    made, page = making.new_round(town, envelopes=2), browse(town.moderator())
    here = f"{DESK}/{made.slug}/envelopes"
    place = town.neighbourhood("시흥1동").id
    facts = {"name": "시흥1동", "amount": "7", "exactly": "y", "neighbourhood": str(place), "voters_of": [str(place)]}
    assert page.post(f"{here}/envelope-2", data=form_of(page, f"{here}/envelope-2") | facts).status_code == 303
    second = again(made).envelopes[1]
    assert (second.name, second.amount, second.exactly, [one.id for one in second.voters_of]) == ("시흥1동", 7, True,
                                                                                                  [place])
    version = {"version": again(made).version}
    assert page.post(f"{here}/envelope-1/removals", data=version).location == f"{DESK}/{made.slug}/money"
    assert [(one.slug, one.position) for one in again(made).envelopes] == [("envelope-2", 1)]
    making.project(town, again(made))
    version = {"version": again(made).version}
    assert page.post(f"{here}/envelope-2/removals", data=version).status_code == 409


@pytest.mark.both
def test_choice_groups_take_projects_from_one_another(town, browse):
    made, page = making.new_round(town, phase=Phase.VOTING), browse(town.moderator())
    codes = [making.project(town, made).code for _one in range(4)]
    here = f"{DESK}/{made.slug}/envelopes/envelope-1/groups"
    for name, inside in (("구 단위", codes), ("동 단위", codes[2:])):
        sent = {"name": name, "min_choices": "0", "max_choices": "2", "codes": inside, "version": again(made).version}
        assert page.post(here, data=sent).status_code == 303
    group = again(made).envelopes[0].groups[0].id
    shown = html.fromstring(page.get(f"{here}/{group}").text)
    assert shown.xpath("//input[@name='codes'][@checked]/@value") == codes[:2]
    for facts, field in (({"name": "구 단위"}, "name"), ({"min_choices": "3"}, "max_choices"),
                         ({"codes": ["Z9"]}, "codes")):
        sent = {"name": "셋", "min_choices": "0", "max_choices": "2", "version": again(made).version} | facts
        answer = page.post(here, data=sent)
        assert answer.status_code == 422 and f'id="{field}-error"' in answer.text
    removed = page.post(f"{here}/{group}/removals", data={"version": again(made).version})
    assert removed.location == here.removesuffix("/groups")
    assert [one.name for one in again(made).envelopes[0].groups] == ["동 단위"]
    assert page.get(f"{here}/{group}").status_code == 404


@pytest.mark.both
def test_projects_of_which_one_can_win_are_of_one_envelope_and_say_why(town, browse):
    made, page = making.new_round(town, envelopes=2), browse(town.moderator())
    first = [making.project(town, made).code for _one in range(3)]
    other = making.project(town, made, envelope=made.envelopes[1]).code
    here = f"{DESK}/{made.slug}/exclusions"

    def sent(**facts):
        return {"why": "같은 빈터에 지어요.", "codes": first[:2], "version": again(made).version} | facts

    for facts, field in (({"why": ""}, "why"), ({"codes": first[:1]}, "codes"),
                         ({"codes": [first[0], other]}, "codes")):
        answer = page.post(here, data=sent(**facts))
        assert answer.status_code == 422 and f'id="{field}-error"' in answer.text
    assert page.post(here, data=sent()).status_code == 303
    assert "같은 빈터에 지어요." in main_of(page.get(here))
    row = again(made).envelopes[0].exclusions[0].id
    assert page.post(f"{here}/{row}", data=sent(codes=first[1:])).status_code == 303
    shown = html.fromstring(page.get(f"{here}/{row}").text)
    assert shown.xpath("//input[@name='codes'][@checked]/@value") == first[1:]
    assert page.post(f"{here}/{row}/removals", data={"version": again(made).version}).status_code == 303
    assert again(made).envelopes[0].exclusions == []


@pytest.mark.both
def test_kinds_and_reasons_that_are_used_stay(town, browse):
    made, page = making.new_round(town), browse(town.moderator())
    address = f"{DESK}/{made.slug}/limits"
    page.post(address, data=form_of(page, address) | {"kinds": "시설\n행사"})
    kind = again(made).kinds[0].id
    making.project(town, made, kind_id=kind)
    answer = page.post(address, data=form_of(page, address) | {"kinds": "행사"})
    assert answer.status_code == 409 and "시설" in answer.text
    assert page.post(address, data=form_of(page, address) | {"kinds": "행사 | 5\n시설"}).status_code == 303
    assert [(one.name, one.cap) for one in again(made).kinds] == [("행사", 5), ("시설", None)]
    assert again(made).kinds[1].id == kind


def test_before_the_password_the_page_says_what_every_box_asks_and_what_changed_since(town, browse):
    made = making.prepared(town, envelopes=2)
    official, moderator = browse(town.official()), browse(town.moderator())
    here = f"{DESK}/{made.slug}/opening"
    assert official.post(f"{here}/proposals", data=form_of(official, here, "/opening/proposals")).status_code == 303
    titles = [one["title"] for envelope in again(made).envelopes
              for one in json.loads(envelope.box.definition)["options"]]
    before = main_of(moderator.get(here)).partition("내 비밀번호")[0]
    for said in (*titles, made.binding, "금천구에 사는 사람이 투표해요.", "되돌릴 수 없어요", "배정 예산"):
        assert said in before, said
    assert "바뀐 것" not in before
    envelope = again(made).envelopes[0]
    parts = parts_of(envelope.box)
    parts["options"][0]["cost"] += 1_000
    with use_case(None):
        refresh(envelope.box, parts, roll_id=envelope.roll_id)
    after = main_of(moderator.get(here))
    assert "지난번에 제안한 뒤로 바뀐 것 항목 1의 금액" in " ".join(after.split())


@pytest.mark.both
def test_the_days_after_the_vote_still_move_and_nothing_before_them_does(town, browse):
    made = making.opened(town)
    page, address = browse(town.moderator()), f"{DESK}/{made.slug}/phases"
    sent = form_of(page, address)
    later = clock.now() + timedelta(days=70)
    assert page.post(address, data=sent | {"council_starts": "", "in_budget_starts": stamp(later),
                                           "carried_out_starts": stamp(later + timedelta(days=9))}).status_code == 303
    spans = {one.phase for one in again(made).phases}
    assert Phase.COUNCIL not in spans and Phase.VOTING in spans
    sent = form_of(page, address)
    for facts in ({"voting_ends": stamp(clock.now() + timedelta(days=3))}, {"review_starts": ""},
                  {"paper_until": stamp(clock.now() + timedelta(days=30))}):
        assert page.post(address, data=sent | facts).status_code == 409, facts
    boxed = again(made)
    voting = next(one for one in boxed.phases if one.phase is Phase.VOTING)
    assert voting.ends_at == boxed.envelopes[0].box.closes_at


def test_the_preview_shows_the_ballot_and_sends_nothing(town, browse):
    made = making.new_round(town, phase=Phase.VOTING)
    page, address = browse(town.moderator()), f"{DESK}/{made.slug}/envelopes/envelope-1/preview"
    assert page.get(address).status_code == 404
    for _one in range(3):
        making.project(town, made)
    answer = page.get(address)
    tree = html.fromstring(answer.text)
    assert answer.status_code == 200 and "미리보기예요" in main_of(answer) and "골목 쉼터 2" in main_of(answer)
    assert not tree.xpath("//main//form[@method='post']") and not tree.xpath("//main//button[@type='submit']")
    assert browse(town.resident()).get(address).status_code == 403


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("path", ["", "/opening", "/money"])
def test_the_pages_take_as_few_statements_for_many_projects(town, browse, queries, path):
    made = making.new_round(town, phase=Phase.VOTING, envelopes=3)
    page = browse(town.moderator())
    counted = []
    for many in (3, 12):
        for one in made.envelopes:
            for _one in range(many):
                making.project(town, made, envelope=one)
        page.get(f"{DESK}/{made.slug}{path}")
        with queries() as seen:
            assert page.get(f"{DESK}/{made.slug}{path}").status_code == 200
        counted.append(len(seen))
    assert counted[0] == counted[1] <= 16, seen


@pytest.mark.in_turns(of=5)
def test_the_page_of_the_officials_takes_as_few_statements_for_many_boxes(town, browse, queries):
    counted = []
    for envelopes in (2, 6):
        made = making.prepared(town, envelopes=envelopes)
        page = browse(town.moderator())
        page.post(f"{DESK}/{made.slug}/opening/proposals",
                  data=form_of(page, f"{DESK}/{made.slug}/opening", "/proposals"))
        with queries() as seen:
            shown = main_of(page.get(f"{DESK}/{made.slug}/opening"))
        assert shown.count("열자고 제안했어요") == envelopes
        counted.append(len(seen))
    assert counted[0] == counted[1] <= 18, seen


@pytest.mark.both
def test_the_list_holds_every_round_and_few_statements(town, browse, queries):
    for _one in range(5):
        making.new_round(town, announced_at=None)
    making.new_round(town, envelopes=2)
    page = browse(town.moderator())
    with queries() as seen:
        shown = page.get(DESK).text
    assert len(seen) <= 9 and "준비 중" in shown and "제안 받기" in shown
    assert "주민참여예산 준비하기" in page.get("/desk").text


def test_projects_still_in_review_when_the_vote_is_prepared_are_told(town, browse):
    made = making.new_round(town, phase=Phase.VOTING)
    for state in (*[ProjectState.ELIGIBLE] * 3, ProjectState.IN_REVIEW, ProjectState.HANDED_IN):
        making.project(town, made, state=state)
    shown = main_of(browse(town.moderator()).get(f"{DESK}/{made.slug}/opening"))
    assert "검토가 끝나지 않은 사업 2개는 투표에 오르지 않아요" in shown


def test_a_round_decided_elsewhere_and_one_whose_vote_nobody_opened_say_so(town, browse):
    page = browse(town.moderator())
    past = making.new_round(town, left_out=tuple(Phase), decided_in="2020 주민총회", counting=None, binding="")
    shown = main_of(page.get(f"{DESK}/{past.slug}"))
    assert "2020 주민총회에서 정한 사업이에요" in shown and "채울 것" not in shown
    late = making.new_round(town, phase=Phase.COUNCIL)
    for _one in range(3):
        making.project(town, late)
    assert "마감할 때가 지났어요" in main_of(page.get(f"{DESK}/{late.slug}"))
    assert "채울 것" not in main_of(page.get(DESK)).split(past.title)[1].split("보기")[0]


def test_a_note_that_tells_who_somebody_is_is_refused_at_its_field(town, browse):
    made, page = making.new_round(town), browse(town.moderator())
    address = f"{DESK}/{made.slug}/phases"
    answer = page.post(address, data=form_of(page, address) | {"review_note": "900101-1234568"})
    assert answer.status_code == 422 and 'id="review_note-error"' in answer.text


def test_the_one_list_of_the_desk_says_that_a_vote_is_to_be_opened_and_decisions_are_to_be_entered(town, browse):
    soon, later = making.new_round(town, phase=Phase.COMMITTEE), making.new_round(town, phase=Phase.REVIEW)
    decided = making.new_round(town, phase=Phase.IN_BUDGET)
    making.project(town, decided, state=ProjectState.CHOSEN)
    decided.opened_at = clock.now()
    db.session.commit()
    todo = {one.slug: f"{DESK}/{one.slug}" for one in (soon, later, decided)}
    links = html.fromstring(browse(town.moderator()).get("/desk").text).xpath("//main//a/@href")
    assert todo[soon.slug] in links and f"{todo[decided.slug]}/council" in links
    assert todo[later.slug] not in links and todo[decided.slug] not in links
    assert todo[soon.slug] not in browse(town.official()).get("/desk").text
