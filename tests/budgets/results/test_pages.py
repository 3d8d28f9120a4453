"""Pages of the result of a round as everybody sees them."""

import csv
import io
from datetime import date
from fractions import Fraction

import pytest

from civic_forum.ballots.rules.quorums import Missed, Quorum
from civic_forum.budgets.results import council
from civic_forum.budgets.results.rules import Decided
from civic_forum.budgets.counting.settings import Completion, CountingRules, Rule
from civic_forum.budgets.rules import CouncilDecision, Phase, ProjectState
from civic_forum.plans.models import Plan
from civic_forum.plans.queries import deciders
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.ballots.officials import observers_sign
from tests.budgets import making
from tests.common import today
from tests.polls.reading import every, page_at, said, text

from .published import box_of, observer_of, projects, published
from .test_publishing import ballots_for, journey, of

COSTS = (60_000_000, 50_000_000, 40_000_000)
SHARES = CountingRules(Rule.EQUAL_SHARES, completion=Completion.ADD1, step=Fraction(100), fill_greedy=True)
HALVES = CountingRules(Rule.WEIGHTED, weights={"residents": Fraction(1, 2), "committee": Fraction(1, 2)}, threshold=2)


def address(envelope, more="results") -> str:
    return f"/budgets/{envelope.round.slug}/{envelope.slug}/{more}"


@pytest.fixture
def greedy(town):
    return published(town, COSTS, ballots_for(5, 9, 7))


# All envelopes


def test_the_money_of_every_envelope_stands_with_its_bar_and_its_table(town, browse, greedy):
    page = page_at(browse(), f"/budgets/{greedy.round.slug}/results")
    card = text(every(page, ".envs .card")[0])
    assert "21명이 투표해서 3개 가운데 2개를 선정했어요" in card and "9,000만 원" in card and "90.0%" in card
    bar = every(page, ".envs progress")[0]
    assert (bar.get("max"), bar.get("value")) == ("100000000", "90000000")
    assert text(every(page, "table tbody tr")[0]).endswith("21 2 9,000만 원 1억 원")


def test_those_that_were_chosen_stand_in_their_order_and_the_others_with_one_sentence_each(town, browse, greedy):
    page = page_at(browse(), f"/budgets/{greedy.round.slug}/results")
    assert [said(one, "h3") for one in every(page, ".funded > li")] == ["2번 사업", "3번 사업"]
    [passed] = every(page, ".unfunded > li")
    assert said(passed, ".why") == "세 번째 차례에 남은 돈이 1,000만 원뿐이어서 사업비 6,000만 원에 5,000만 원 모자랐어요."
    assert every(passed, "h3 a")[0].get("href") == address(greedy, f"results/{of(greedy)[0].code}")
    assert "왜 안 됐나요? 배정 예산 1 1개" in said(page, ".first-answer")


def test_chosen_is_said_not_to_be_in_the_budget_yet_until_the_council_has_decided(town, browse, greedy):
    here = f"/budgets/{greedy.round.slug}/results"
    page = page_at(browse(), here)
    assert "선정한 사업은 예산안에 담아 구의회가 의결해야 확정돼요." in said(page, ".first-answer")
    _first, second, third = of(greedy)
    council.decide(greedy.round_id, [Decided(second.code, CouncilDecision.CUT, 45_000_000, "하수관 공사와 겹쳐요."),
                                     Decided(third.code, CouncilDecision.CONFIRMED)], on=today(), by=town.moderator())
    page = page_at(browse(), here)
    assert "구의회가 의결해서 9,000만 원 가운데 8,500만 원을 예산에 담았어요." in said(page, ".first-answer")
    rows = [text(row) for row in every(page, "#council tbody tr")]
    assert "하수관 공사와 겹쳐요." in rows[0] and "5,000만 원 4,500만 원" in rows[0]
    assert said(page, "#council > .muted") == ("선정한 사업 2개 가운데 2개를 구의회가 정했어요. 그대로 1개, 줄인 것 1개, 뺀 것 0개예요.")
    assert said(page, "#council .sums") == "선정한 돈 9,000만 원 → 확정한 돈 8,500만 원"
    changed, kept = every(page, "#council .fold")
    assert changed.get("open") is not None and len(every(changed, "tbody tr")) == 1
    assert kept.get("open") is None and len(every(kept, "tbody tr")) == 1, "what was left as it was is folded"


def test_the_map_has_the_money_that_the_council_left(town, browse):
    envelope = published(town, COSTS, ballots_for(5, 9, 7), neighbourhood_id=town.neighbourhood().id)
    council.decide(envelope.round_id, [Decided(of(envelope)[1].code, CouncilDecision.CUT, 45_000_000, "공사와 겹쳐요.")],
                   on=today(), by=town.moderator())
    assert "동마다 같아요: 8,500만." in text(every(page_at(browse(), address(envelope)), "#places > div")[0])


def test_a_round_decided_elsewhere_lists_its_projects_without_votes(town, browse):
    budget_round = making.new_round(town, decided_in="2020 주민총회", phase=Phase.CARRIED_OUT)
    making.project(town, budget_round, state=ProjectState.DONE, cost=12_000_000)
    page = page_at(browse(), f"/budgets/{budget_round.slug}/results")
    assert "2020 주민총회에서 정한 사업이에요" in text(page) and len(every(page, ".projects > li")) == 1
    assert "1,200만 원" in said(page, ".envs .big") and not every(page, ".why")


# Before


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("who", ["visitor", "resident", "moderator", "official", "observer"])
def test_while_it_is_counted_nobody_sees_a_figure_by_any_address(town, browse, who):
    budget_round = making.new_round(town, phase=Phase.CHOSEN)
    [envelope] = budget_round.envelopes
    box_of(envelope, projects(town, budget_round, COSTS))
    person = {"visitor": lambda: None, "resident": town.resident, "moderator": town.moderator,
              "official": town.official, "observer": lambda: observer_of(town)}[who]()
    for path in (f"/budgets/{budget_round.slug}/results", address(envelope)):
        page = page_at(browse(person), path)
        assert said(page, "h1") == "아직 세는 중이에요"
        assert not any(every(page, figure) for figure in ("progress", "table", ".ranks", ".funded"))
    for more in ("results/A01", "results/recount", "results/ways", "results/check", "result.csv", "result.xlsx"):
        assert browse(person).get(address(envelope, more)).status_code == 404


# One envelope


def test_bars_are_measured_against_everybody_who_voted_and_every_chart_has_its_table(town, browse, greedy):
    page = page_at(browse(), address(greedy))
    bars = [(bar.get("max"), bar.get("value")) for bar in every(page, "#votes .ranks progress")]
    assert bars == [("21", "9"), ("21", "7"), ("21", "5")]
    rows = [text(row) for row in every(page, "#votes tbody tr")]
    assert rows[0].startswith("A02 2번 사업 9 42.9%") and rows[0].endswith("첫 번째로 선정")
    assert rows[2].endswith("차례에 남은 돈이 모자랐어요")
    assert [text(word) for word in every(page, "#votes .ranks .st")] == ["차례에 남은 돈이 모자랐어요"]


def test_the_money_stands_first_with_a_piece_for_each_project_and_one_for_what_is_left(town, browse, greedy):
    page = page_at(browse(), address(greedy))
    assert said(page, "h1") == "1억 원 가운데 9,000만 원으로 사업 2개를 골랐어요"
    widths = [float(one.get("width")) for one in every(page, ".money-share .fill")]
    assert widths == [500, 400, 100] and "남은 돈 1,000만 원" in said(page, ".money-row")


def test_a_result_is_checked_on_a_page_of_its_own(town, browse, greedy):
    assert every(page_at(browse(), address(greedy)), "#check a")[0].get("href") == address(greedy, "results/check")
    page = page_at(browse(), address(greedy, "results/check"))
    name = f"{greedy.round.slug}-{greedy.slug}-record.zip"
    assert len(every(page, ".plain-steps > li")) == 3
    assert said(page, "#check [data-command]").startswith(f"python3 -I -S verify.py {name} --key ")
    links = [one.get("href") for one in every(page, "#check a")]
    assert address(greedy, "results/recount") in links and every(page, "#watched")


def test_the_figure_of_the_other_rule_stands_beside(town, browse, greedy):
    used, other = every(page_at(browse(), address(greedy)), ".two-ways > section")
    assert "이번에 쓴 방식 많은 표 차례 76.2% 고른 사업이 하나라도 된 사람 16명" in text(used)
    assert text(other).startswith("견주어 본 방식 균등 몫")


def test_projects_that_another_way_would_have_changed_stand_on_a_page_of_their_own(town, browse):
    envelope = published(town, COSTS, ballots_for(5, 9, 6), rules=HALVES, amount=60_000_000, committee=[10, 1, 4])
    told = [text(one) for one in every(page_at(browse(), address(envelope)), "#compare li")]
    assert told[0] == "주민만: 선정한 사업 1개 가운데 0개가 그대로예요." and told[1] == "위원회만: 결과가 똑같아요."
    page = page_at(browse(), address(envelope, "results/ways"))
    cards = {text(every(one, "h3")[0]): text(one) for one in every(page, ".ways > li")}
    assert list(cards) == ["주민만", "위원회만", "사람 수로 나누어 함께", "균등 몫"]
    assert "대신 선정했을 사업 2번 사업 A02" in cards["주민만"] and "선정하지 못했을 사업 1번 사업 A01" in cards["주민만"]
    assert "결과가 똑같아요." in cards["위원회만"] and "선정했을 사업" not in cards["위원회만"]
    rows = [text(one) for one in every(page, "tbody tr")]
    assert rows[0].startswith("2번 사업 9 – 선정 –") and any(row.startswith("1번 사업 5 선정 – 선정") for row in rows)
    assert "공개한 기록으로 다시 셀 수 없고" in text(page) and "위원회와 함께 정한" not in text(page)


def test_of_a_round_without_a_committee_it_says_that_no_body_was_counted_alone(town, browse):
    envelope = published(town, COSTS, ballots_for(5, 9, 7), publishes="ballots")
    page = page_at(browse(), address(envelope, "results/ways"))
    assert [text(one) for one in every(page, ".ways h3")] == ["균등 몫"]
    assert "주민만 세거나 위원회만 세는 방식은 없어요" in text(page) and "모두 다시 셀 수 있어요" in text(page)
    shares = published(town, COSTS, ballots_for(5, 9, 7), rules=SHARES)
    page = page_at(browse(), address(shares, "results/ways"))
    assert [text(one) for one in every(page, ".ways h3")] == ["많은 표 차례"]


# Few ballots


@pytest.fixture
def few(town):
    return published(town, COSTS, ballots_for(1, 5, 3), publishes="ballots")


def test_no_ballots_are_said_to_be_kept_back_if_nobody_voted(town, browse):
    nobody = published(town, COSTS, [])
    assert list(deciders(Plan())) == [f"budget_round:{nobody.round_id}"]
    for path in (address(nobody), f"/budgets/{nobody.round.slug}/results"):
        assert "10장보다" not in text(page_at(browse(), path))


def test_of_few_ballots_only_what_was_chosen_is_told_and_why(town, browse, few):
    for path, level in ((address(few), "h3"), (f"/budgets/{few.round.slug}/results", "h4")):
        page = page_at(browse(), path)
        assert "10장보다 적어서, 무엇을 선정했는지만 알리고" in text(page)
        lists = [[text(one) for one in every(found, level)] for found in every(page, ".unfunded")]
        assert ["2번 사업", "3번 사업"] in lists
        assert not every(page, ".ranks") and not every(page, ".why") and "득표" not in text(page)
    page = page_at(browse(observer_of(town)), address(few))
    assert "선정하지 못한 사업 1개" in text(page) and "기권한 표" not in text(page)
    page = page_at(browse(observer_of(town)), address(few, "results/check"))
    assert any(one.get("href").endswith("observers.zip") for one in every(page, "aside a"))
    assert "기권한 표" not in text(page) and "pb 파일" not in text(page)


@pytest.mark.parametrize("missed, states", [(Missed.VOID, [ProjectState.NOT_CHOSEN] * 3), (
    Missed.ADVISORY, [ProjectState.NOT_CHOSEN, ProjectState.CHOSEN, ProjectState.CHOSEN])])
def test_a_missed_quorum_is_said_with_what_follows(town, browse, missed, states):
    budget_round = making.new_round(town, phase=Phase.CHOSEN, quorum=Quorum.PER_MILLE, quorum_value=50,
                                    quorum_missed=missed, quorum_source="주민등록인구통계", quorum_on=date(2026, 1, 31))
    budget_round.envelopes[0].residents = 431
    envelope = published(town, COSTS, ballots_for(5, 9, 7), budget_round=budget_round)
    page, whole = (text(page_at(browse(), path)) for path in (
        address(envelope), f"/budgets/{budget_round.slug}/results"))
    assert "정한 수에 모자라요 22명 이상 투표해야 해요. 주민 431명의 50‰예요(주민등록인구통계, 2026. 1. 31.(토))." in page
    assert "정한 수에 모자라요" in whole
    assert not deciders(Plan())  # nothing says that this vote decided a plan
    assert [one.state for one in of(envelope)] == states
    void = missed is Missed.VOID
    assert ("21명이 투표해서, 정해 둔 수에 모자랐어요" in page, "아무것도 정하지 않아요." in page) == (void, void)
    assert ("그대로 따르지 않아도 되고" in page, "10장보다" in page) == (not void, False)
    assert browse().get(address(envelope, "result.csv")).status_code == (404 if void else 200)
    evidence = journey(of(envelope)[0])[-1][1]
    assert ("아무것도 정하지 않았어요" in evidence, "그대로 따르지 않아도 되는" in evidence) == (void, not void)
    for path in (address(envelope), address(envelope, "results/check"), address(envelope, "election.pb")):
        assert browse().get(path, headers={"Accept-Language": "en"}).status_code == 200, path


@pytest.mark.parametrize("missed", Missed)
def test_few_who_chose_nothing_decide_what_their_quorum_says(town, browse, missed):
    budget_round = making.new_round(town, phase=Phase.CHOSEN, quorum=Quorum.MIN_VOTERS, quorum_value=9,
                                    quorum_missed=missed)
    envelope = published(town, COSTS, [[]] * 4, budget_round=budget_round)
    void, page = missed is Missed.VOID, text(page_at(browse(), address(envelope)))
    evidence = journey(of(envelope)[0])[-1][1]
    assert ("4명이 투표해서, 정해 둔 수에 모자랐어요" in page, "아무것도 정하지 않았어요" in evidence) == (void, void)
    assert ("그대로 따르지 않아도 되고" in page, "그대로 따르지 않아도 되는" in evidence) == (not void, not void)
    assert ("정하지 않은 투표예요" in browse().get(address(envelope, "result.csv")).text) == void


def test_of_few_ballots_nothing_with_numbers_is_given(town, browse, few):
    for more in ("results/A01", "results/recount", "results/ways"):
        answer = browse().get(address(few, more))
        assert answer.status_code == 302 and answer.headers["Location"].endswith(address(few))
    for more in ("result.csv", "result.xlsx"):
        assert browse().get(address(few, more)).status_code == 404
    assert browse().get(address(few, "election.pb")).status_code == 409
    assert "votes" not in browse().get(address(few, "result.json")).text


def test_projects_chosen_by_few_have_no_place_and_go_on_to_the_council(town, browse, few):
    assert [(one.state, one.place_in_order) for one in of(few)] == [
        (ProjectState.NOT_CHOSEN, None), (ProjectState.CHOSEN, None), (ProjectState.CHOSEN, None)]
    _first, second, third = of(few)
    council.decide(few.round_id, [Decided(second.code, CouncilDecision.CUT, 45_000_000, "하수관 공사와 겹쳐요."),
                                  Decided(third.code, CouncilDecision.CONFIRMED)], on=today(), by=town.moderator())
    assert "하수관 공사와 겹쳐요." in text(page_at(browse(), address(few)))
    table = browse().get(f"/budgets/{few.round.slug}/results.csv").text
    assert "2번 사업" in table and "45000000" in table


def test_money_stands_by_neighbourhood_and_turnout_hides_what_is_small(town, browse):
    cells = [{"name": "가산동", "roll": 80, "voted": 18}, {"name": "시흥1동", "roll": 60, "hidden": 1},
             {"name": "시흥3동", "roll": 60, "hidden": 1}]
    place = town.neighbourhood("시흥1동")
    envelope = published(town, COSTS, ballots_for(5, 9, 7), neighbourhood_id=place.id,
                         breakdown={"by": "neighbourhood", "cells": cells})
    page = page_at(browse(), address(envelope))
    assert text(every(page, "#places tbody tr")[0]).startswith("시흥1동 3 2 9,000만 원")
    rows = [text(row) for row in every(page, "#turnout tr")]
    assert "가산동 80 18 22.5%" in rows and "시흥1동 60 가렸어요" in rows and "가린 동 모두 3" in rows


def test_both_parts_and_the_score_stand_where_the_committee_counts(town, browse):
    envelope = published(town, COSTS, ballots_for(5, 9, 6), rules=HALVES, amount=60_000_000, committee=[10, 1, 4])
    page = page_at(browse(), address(envelope))
    assert said(page, ".funded h3") == "1번 사업"
    assert "45.83" in text(page_at(browse(), address(envelope, "results/A01")))
    row = next(text(row) for row in every(page, "#votes tbody tr") if "1번 사업" in text(row))
    assert row.split()[:6] == ["A01", "1번", "사업", "5", "25.0%", "10"]


def test_a_published_result_can_be_taken_home_as_a_table(town, browse, greedy):
    answer = browse().get(address(greedy, "result.csv"))
    lines = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert lines[0][:4] == ["차례", "사업 번호", "투표지 번호", "사업"]
    assert [line[:7] for line in lines[1:]] == [
        ["1", "A02", "2", "2번 사업", "", "50000000", "9"], ["2", "A03", "3", "3번 사업", "", "40000000", "7"],
        ["", "A01", "1", "1번 사업", "", "60000000", "5"]]
    book = browse().get(address(greedy, "result.xlsx"))
    assert book.data[:2] == b"PK" and "attachment" in book.headers["Content-Disposition"]


# One project


def test_the_page_of_a_project_shows_the_whole_list_with_its_turn_marked(town, browse, greedy):
    page = page_at(browse(), address(greedy, "results/A01"))
    rows = [text(row) for row in every(page, ".rounds tbody tr")]
    assert rows == ["1 2번 사업 9 1억 원 5,000만 원 담음", "2 3번 사업 7 5,000만 원 4,000만 원 담음",
                    "3 1번 사업 5 1,000만 원 6,000만 원 차례에 남은 돈이 모자랐어요"]
    assert text(every(page, ".rounds .here")[0]) == rows[2]
    assert said(page, ".verdict").startswith("세 번째 차례에 남은 돈이 1,000만 원뿐이어서")


def test_in_equal_shares_it_shows_where_the_money_of_its_supporters_went(town, browse):
    ballots = [(1, 2)] * 12 + [(1,)] * 8 + [(3,)] * 5
    envelope = published(town, (60_000_000, 45_000_000, 30_000_000), ballots,
                         rules=CountingRules(Rule.EQUAL_SHARES), publishes="ballots")
    page = page_at(browse(), address(envelope, "results/A02"))
    rows = [text(row) for row in every(page, "table")[0].iter("tr")][1:]
    assert rows == ["고른 12명의 몫을 모두 더하면 4,800만 원", "1번 사업 − 3,600만 원", "남은 몫 1,200만 원", "사업비 4,500만 원"]
    assert "1번 사업 20 300만 원 20 6,000만 원 4,000만 원" in [text(row)[2:] for row in every(page, ".rounds tbody tr")]


def test_secret_ballots_do_not_tell_a_few_supporters_apart(town, browse):
    ballots = [(1, 2)] * 2 + [(1,)] * 18 + [(3,)] * 5
    envelope = published(town, (60_000_000, 7_000_000, 30_000_000), ballots, rules=CountingRules(Rule.EQUAL_SHARES))
    page = page_at(browse(), address(envelope, "results/A02"))
    assert "고른 사람이 2명뿐이어서, 그 몫이 어디에 쓰였는지는 밝히지 않아요." in said(page, ".verdict")
    assert "몫이 어디에 쓰였나요" not in text(page)
    assert "10명보다 적은 사람이 고른 사업" in text(page_at(browse(), address(envelope, "results/recount")))


def test_a_hidden_project_keeps_its_numbers_and_loses_its_name(town, browse, greedy):
    project = of(greedy)[0]
    project.hidden_at = clock.now()
    db.session.commit()
    for more in ("results", "results/A01", "results/recount", "result.csv"):
        assert "1번 사업" not in browse().get(address(greedy, more)).text
    assert "운영 원칙에 따라 가린 사업 (A01)" in browse().get(address(greedy)).text


def test_a_project_of_another_envelope_has_no_page_here(town, browse, greedy):
    for code in ("Z99", "a01", "A01%20", "A04"):
        assert browse().get(address(greedy, f"results/{code}")).status_code == 404


# Counting again


def test_the_page_of_the_count_names_the_command_the_rules_and_the_key(town, browse, greedy):
    page = page_at(browse(), address(greedy, "results/recount"))
    name = f"{greedy.round.slug}-{greedy.slug}-record.zip"
    assert said(page, "[data-recount]") == f"bin/civic-forum budget count {name}"
    assert said(page, "[data-command]").startswith(f"python3 -I -S verify.py {name} --key ")
    assert "표를 많이 받은 사업부터 차례로 담아요." in said(page, ".told")


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("rules", [CountingRules(), SHARES], ids=["greedy", "equal shares"])
def test_every_page_of_a_result_speaks_english_too(town, browse, rules):
    envelope = published(town, COSTS, ballots_for(5, 9, 7), rules=rules)
    reader = browse()
    reader.set_cookie("language", "en")
    for more in ("results", "results/A01", "results/recount"):
        assert "₩" in page_at(reader, address(envelope, more)).text_content()
    assert said(page_at(reader, address(envelope, "results/ways")), "h1") == "Had it been counted another way"
    assert page_at(reader, f"/budgets/{envelope.round.slug}/results") is not None


# What it costs


@pytest.mark.in_turns(of=5)
def test_a_result_takes_few_statements_however_many_projects_it_has(town, browse, queries):
    few = published(town, COSTS, ballots_for(5, 9, 7))
    many = published(town, [1_000_000] * 40, ballots_for(*range(1, 41)))
    counts = []
    for envelope in (few, many):
        browse().get(f"/budgets/{envelope.round.slug}/results")
        with queries() as seen:
            browse().get(f"/budgets/{envelope.round.slug}/results?again=1")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 6


def test_the_page_of_a_project_leads_to_how_it_fared(town, browse, greedy):
    project = of(greedy)[0]
    page = browse().get(f"/budgets/{greedy.round.slug}/projects/{project.code}")
    assert f'href="{address(greedy, f"results/{project.code}")}"' in page.text


@pytest.mark.in_turns(of=5)
def test_the_page_of_an_envelope_takes_few_statements(town, browse, queries):
    few = published(town, COSTS, ballots_for(5, 9, 7))
    many = published(town, [1_000_000] * 40, ballots_for(*range(1, 41)))
    for envelope in (few, many):
        observers_sign(envelope.box_id)
    for more in ("results", "results/A01", "results/recount", "results/ways", "results/check"):
        counts = []
        for envelope in (few, many):
            browse().get(address(envelope, more))
            with queries() as seen:
                browse().get(address(envelope, f"{more}?again=1"))
            counts.append(len(seen))
        assert counts[0] == counts[1] <= 7, more
