"""The pages of trial elections, and the desk on which files are brought in."""

from io import BytesIO

import pytest
from lxml import html

from civic_forum.budgets.trials import rules
from civic_forum.budgets.trials import queries as records
from civic_forum.budgets.trials import services as trials
from civic_forum.budgets.counting.comparing import COMPARED as ALL
from civic_forum.budgets.counting.settings import Rule
from civic_forum.platform.base import db
from tests.budgets.commands.test_counting import WORKED
from tests.budgets.making import new_round, sitting
from tests.budgets.pabulib.texts import text
from tests.common import main_of

COMPARED = [name for name, rules in ALL.items() if rules.rule is not Rule.WEIGHTED]
"""The rules that a file without a committee is counted by."""
DESK, PAGE = "/desk/trials", "/budgets/trials/last-year"


def brought_in(town, whole=WORKED, published=True, **given):
    by = town.official()
    made = trials.create(whole.encode(), **{"slug": "last-year", "at_once": True, "by": by} | given)
    if published:
        trials.publish(made.id, by=by)
    return made


def sent(whole=WORKED, **facts):
    return {"file": (BytesIO(whole.encode()), "last-year.pb"), "slug": "last-year"} | facts


def test_an_official_brings_a_file_in_and_everybody_sees_it_once_it_is_published(town, browse, monkeypatch):
    desk = browse(town.official())
    monkeypatch.setattr(rules, "SMALL", 0)
    made = desk.post(f"{DESK}/new", data=sent(title="지난해 투표", round_slug=new_round(town).slug))
    assert made.status_code == 303 and made.location == PAGE
    assert "방식마다 세고 있어요" in main_of(desk.get(PAGE)) and "세는 중" in main_of(desk.get(DESK))
    assert browse().get(PAGE).status_code == 403
    db.session.rollback()
    assert trials.count_waiting() == 1
    assert "공개 전이에요" in main_of(desk.get(PAGE))
    assert desk.post(f"{DESK}/last-year/publications").status_code == 303
    for page in (browse(), browse(town.resident())):
        said = main_of(page.get(PAGE))
        assert "지난해 투표" in said and "공개 전" not in said and "11명이 투표했고" in said
        assert "지난해 투표" in main_of(page.get("/budgets/trials"))
    assert desk.post(f"{DESK}/last-year/withdrawals").status_code == 303
    assert browse().get(PAGE).status_code == 403 and "지난해 투표" not in main_of(browse().get("/budgets/trials"))
    assert desk.post(f"{DESK}/last-year/removals").status_code == 303
    assert desk.get(PAGE).status_code == 404


def test_rules_stand_side_by_side(town, browse):
    brought_in(town)
    page = html.fromstring(browse().get(PAGE).text)
    cards = page.xpath("//*[contains(@class, 'rule-cards')]/li")
    assert len(cards) == len(COMPARED)
    first, third = (" ".join(card.text_content().split()) for card in (cards[0], cards[2]))
    assert "2개" in first and "7명 (63.6%)" in first and "3개" in third and "11명 (100.0%)" in third
    rows = {row.xpath("./th")[0].text_content().split()[0]: [cell.text_content() for cell in row.xpath("./td")]
            for row in page.xpath("(//table)[1]/tbody/tr")}
    assert "뽑힘" in rows["gym"][2] and "뽑히지 않음" in rows["gym"][4]
    assert "뽑히지 않음" in rows["lib"][2] and "뽑힘" in rows["lib"][4] and "bike" in rows


@pytest.mark.parametrize("rule", COMPARED)
def test_every_rule_has_a_page_with_the_reason_of_each_project(town, browse, rule):
    brought_in(town)
    page = html.fromstring(browse().get(f"{PAGE}/{rule}").text)
    reasons = page.xpath("//*[contains(@class, 'reasons')]/li")
    assert len(reasons) == 5 and all(len(one.xpath("./p")[1].text_content()) > 10 for one in reasons)


def test_money_of_places_and_people_of_places_are_told(town, browse):
    votes = ["voter_id;vote;neighborhood", *(f"a{number};1;독산1동" for number in range(12)),
             *(f"b{number};2;시흥3동" for number in range(11)), *(f"c{number};1;동{number}" for number in range(9)), "d;2;"]
    brought_in(town, text(meta={"num_votes": "33", "currency": "KRW"}, votes=votes, projects=(
        "project_id;cost;name;neighborhood", "1;60;<b>Bench;독산1동", "2;50;Lamp;시흥3동", "P/3;50;Tree;")))
    said = main_of(browse().get(PAGE))
    assert "독산1동" in said and "그 밖의 동네" in said and "동7" not in said and "60원" in said
    assert "<b>Bench" in said


POINTS = text(meta={"num_projects": "3", "num_votes": "3", "budget": "100", "vote_type": "cumulative"},
              projects=("project_id;cost;name", "a;50;A", "b;60;B", "c;10;C"),
              votes=("voter_id;vote;points", "1;a,b;5,1", "2;b;3", "3;c,a;2,2"))


def test_points_are_called_points(town, browse):
    brought_in(town, POINTS)
    said, greedy, shares = (main_of(browse().get(PAGE + below)) for below in ("", "/greedy", "/shares"))
    assert "점수를 준 투표지가 3장이에요" in said and "비용받은 점수" in said
    assert "7점으로 첫 번째 차례였고" in greedy and "표로" not in greedy
    assert "고른 2명이" in shares and "7점" not in shares


def test_a_ranking_is_said_to_be_passed_over(town, browse):
    brought_in(town, text(meta={"vote_type": "ordinal"}))
    said, greedy = (main_of(browse().get(PAGE + below)) for below in ("", "/greedy"))
    assert "순위를 적은 투표지가" in said and "비용표" in said and "표로 첫 번째 차례였고" in greedy


def test_one_currency_has_one_unit(town, browse):
    brought_in(town, text(meta={"num_projects": "3", "num_votes": "3", "budget": "100"},
                          projects=("project_id;cost;name", "a;33.33;A", "b;33.33;B", "c;33.34;C"),
                          votes=("voter_id;vote", "1;a", "2;b", "3;c")))
    said = main_of(browse().get(f"{PAGE}/shares"))
    assert "예산 100원 가운데 66.66원" in said and "KRW" not in said


def test_a_round_that_is_not_announced_is_not_named(town, browse):
    hidden = new_round(town, announced_at=None, title="아직 비밀인 해")
    brought_in(town, round_slug=hidden.slug)
    assert "아직 비밀인 해" not in main_of(browse().get(PAGE))
    assert "아직 비밀인 해" in main_of(browse(town.moderator()).get(PAGE))


@pytest.mark.both
def test_the_committee_sees_it_before_everybody(town, browse):
    brought_in(town, published=False)
    member = town.resident()
    assert browse(member).get(PAGE).status_code == 403
    sitting(new_round(town), member)
    for address in (PAGE, f"{PAGE}/greedy", f"{PAGE}/election.pb"):
        assert browse(member).get(address).status_code == 200
        assert browse(town.resident()).get(address).status_code == 403 == browse().get(address).status_code
    assert "서울 금천구" in main_of(browse(member).get("/budgets/trials"))


def test_the_file_is_given_out_as_it_came(town, browse):
    whole = "\ufeff" + WORKED.replace("\n", "\r\n")
    brought_in(town, whole)
    answer = browse().get(f"{PAGE}/election.pb")
    assert answer.data == whole.encode() and "last-year.pb" in answer.headers["Content-Disposition"]
    assert answer.mimetype == "text/plain"


@pytest.mark.both
@pytest.mark.parametrize("facts, said", [
    ({"file": ""}, "파일을 골라"), ({"slug": "A B"}, "영어 소문자"), ({"step": "0"}, "0보다 큰"),
    ({"round_slug": "nowhere"}, "주소를 다시 확인"), ({"about": "x" * 3001}, "3,000자")])
def test_a_fault_in_the_form_is_told(town, browse, facts, said):
    answer = browse(town.moderator()).post(f"{DESK}/new", data=sent(**facts))
    assert answer.status_code in (404, 422) and said in main_of(answer)
    db.session.rollback()
    assert records.listed(everything=True).items == []


def test_a_faulty_file_is_refused_with_its_line(town, browse):
    answer = browse(town.moderator()).post(f"{DESK}/new", data=sent(text(meta={"budget": "much"})))
    assert answer.status_code == 422 and "9번째 줄" in main_of(answer)


def test_a_page_takes_few_statements(town, browse, queries):
    brought_in(town)
    for address in (PAGE, f"{PAGE}/shares", "/budgets/trials"):
        page = browse(town.moderator())
        page.get(address)
        with queries() as seen:
            assert page.get(address).status_code == 200
        assert len(seen) <= 6, seen
