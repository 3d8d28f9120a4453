"""The budget rounds of the sample district: as their description says, counted from real ballots, open to the
verifier."""

import json
import os
import subprocess
import sys
from collections import Counter

import pytest
import sqlalchemy as sa
from lxml import html

from civic_forum.app import ROOT
from civic_forum.ballots.box.sealing import Channel
from civic_forum.ballots.counting.publication import VERIFIER
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.models import Participated
from civic_forum.ballots.published import records
from civic_forum.budgets.models import BudgetRound
from civic_forum.budgets.projects.models import EligibilityReview, Project, SecondLook
from civic_forum.budgets.rules import Phase, ProjectState, Verdict, current
from civic_forum.budgets.trials.models import BudgetTrial
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.proposals.models import Proposal
from civic_forum.sample_data import rounds
from tests.servers import forks

TOLD = rounds.entries()


def round_of(slug) -> BudgetRound:
    return db.session.scalars(sa.select(BudgetRound).filter_by(slug=slug)).one()


def projects_of(budget_round) -> dict[str, Project]:
    """Title → project."""
    return {one.title: one for one in db.session.scalars(sa.select(Project).filter_by(round_id=budget_round.id))}


def outcome_of(envelope) -> dict:
    return json.loads(envelope.box.result)["outcome"]


# The one that was voted on


@pytest.fixture
def voted(district):
    return round_of("2026")


@pytest.fixture
def codes(voted):
    """Id in the description → code."""
    titles = {one["title"]: one["id"] for one in (*TOLD["2026"]["projects"], *TOLD["2026"]["not_eligible"])}
    return {titles[title]: one.code for title, one in projects_of(voted).items()}


def envelopes(voted):
    return {one.slug: one for one in voted.envelopes}


@pytest.mark.parametrize("slug", ["resident", "cooperation"])
def test_every_project_has_the_votes_that_its_description_states(voted, codes, slug):
    expected, envelope = TOLD["2026"]["expected"][slug], envelopes(voted)[slug]
    numbers = {one.code: one.number for one in projects_of(voted).values() if one.envelope_id == envelope.id}
    counted = {one["option"]: one["votes"] for one in json.loads(envelope.box.result)["totals"]}
    assert {name: counted[numbers[codes[name]]] for name in expected["votes"]} == expected["votes"]


@pytest.mark.parametrize("slug", ["resident", "cooperation"])
def test_chosen_in_their_order_and_for_their_money(voted, codes, slug):
    expected, count = TOLD["2026"]["expected"][slug]["weighted"], outcome_of(envelopes(voted)[slug])["count"]
    assert count["selected"] == [codes[one] for one in expected["selected"]]
    assert count["cost"] == str(expected["cost"] * 1000)
    assert count["voters"] == 900
    stored = db.session.scalars(sa.select(Project.code).where(
        Project.envelope_id == envelopes(voted)[slug].id, Project.place_in_order.is_not(None))
        .order_by(Project.place_in_order))
    assert list(stored) == count["selected"]


@pytest.mark.parametrize("slug", ["resident", "cooperation"])
def test_a_reason_against_comes_with_its_numbers(voted, codes, slug):
    count = outcome_of(envelopes(voted)[slug])["count"]
    told = {one["project"]: one for one in count["not_selected"]}
    expected = TOLD["2026"]["expected"][slug]["weighted"]["not_selected"]
    assert len(told) == len(expected)
    for one in expected:
        found = told[codes[one["project"]]]
        assert found["reason"] == one["reason"], one
        if one["reason"] == "did_not_fit":
            assert found["left"] == str(one["left_at_its_turn"] * 1000), one
        elif one["reason"] == "excluded":
            assert found["by"] == codes[one["because_of"]], one
        else:
            assert int(found["threshold"]) == 60 and int(found["votes"]) < 60, one


def test_both_editions_of_both_records_pass_the_verifier(voted):
    for envelope in voted.envelopes:
        for edition, recounted in ((records.public, "다시 세지 않았어요: 합계"), (records.observers, "모두 다시 셌어요.")):
            done = subprocess.run(
                [sys.executable, "-I", "-S", str(VERIFIER), str(edition(envelope.box)), "--key",
                 keyring.key_fingerprint(), "--language", "ko"], capture_output=True, text=True)
            assert done.returncode == 0, done.stdout + done.stderr
            assert recounted in done.stdout.splitlines()[-1]


@pytest.mark.parametrize("slug", ["resident", "cooperation"])
def test_choices_of_other_rules_have_a_page(voted, district, slug):
    others = outcome_of(envelopes(voted)[slug])["others"]
    assert set(others) == {"residents", "committee", "marks", "greedy", "equal-shares"}
    said = district.test_client().get(f"/budgets/2026/{slug}/results/ways").text
    assert all(f'id="{name}"' in said for name in ("residents", "committee", "marks", "equal-shares"))


@pytest.mark.in_turns(of=10)
def test_the_command_repeats_the_count_from_the_record(voted):
    for envelope in voted.envelopes:
        done = forks.Command(["budget", "count", records.public(envelope.box), "--json"], os.environ, ROOT).ended()
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["selected"] == outcome_of(envelope)["count"]["selected"]


def test_nine_hundred_took_part_in_each_vote_by_three_channels(voted):
    for envelope in voted.envelopes:
        found = dict(db.session.execute(sa.select(Participated.channel, sa.func.count()).filter_by(
            box_id=envelope.box_id).group_by(Participated.channel)).all())
        assert found == {Channel.ONLINE: 777, Channel.ASSISTED: 49, Channel.PAPER_RETURNED: 74}


def test_the_council_confirmed_cut_and_dropped_with_its_reasons(voted, codes):
    told, found = TOLD["2026"]["council_decision"], projects_of(voted)
    won = [one for one in found.values() if one.place_in_order is not None]
    assert sum(one.cost for one in won) == told["chosen_total"] * 1000
    assert sum(one.decided_amount for one in won) == told["confirmed_total"] * 1000
    by_code = {one.code: one for one in won}
    assert by_code[codes["A30"]].state is ProjectState.IN_PROGRESS  # its department keeps its promise since
    assert by_code[codes["A30"]].decided_amount == 96_000_000
    assert by_code[codes["A21"]].state is ProjectState.DROPPED


def test_an_ineligible_project_says_why_and_one_goes_on_in_another(voted, codes):
    found = {one.code: one for one in projects_of(voted).values()}
    for told in TOLD["2026"]["not_eligible"]:
        project = found[codes[told["id"]]]
        if "merged_into" in told:
            assert (project.state, project.merged_into.code) == (ProjectState.MERGED, codes[told["merged_into"]])
        else:
            review = db.session.scalars(sa.select(EligibilityReview).filter_by(project_id=project.id)).one()
            assert project.state is ProjectState.NOT_ELIGIBLE
            assert (review.exclusion_reason.name, review.reason) == (told["reason"], told["review"])


def test_it_happened_on_its_days(voted):
    assert current(voted.phases, clock.now()) is Phase.IN_BUDGET
    for envelope in voted.envelopes:
        assert envelope.box.closed_at.isoformat(timespec="minutes") == "2025-09-19T09:00+00:00"
        assert envelope.box.published_at.isoformat(timespec="minutes") == "2025-09-24T01:00+00:00"


# The one in review


@pytest.fixture
def reviewed(district):
    return round_of("next")


def test_every_review_is_as_far_as_its_description_says(reviewed):
    found = projects_of(reviewed)
    assert current(reviewed.phases, clock.now()) is Phase.REVIEW
    for told in TOLD["next"]["projects"]:
        project = found[told["title"]]
        assert project.state is ProjectState(told.get("verdict", "in_review")), told["id"]
        assert (project.cost, project.proposed_cost) == (told["cost"] * 1000, told["proposed_cost"] * 1000), told["id"]
        assert project.department.name_ko == told["department"], told["id"]


def test_one_review_is_late_and_the_others_are_in_time(reviewed):
    late = db.session.scalars(sa.select(Project.title).join(
        EligibilityReview, EligibilityReview.project_id == Project.id).where(
        Project.round_id == reviewed.id, EligibilityReview.ended_at.is_(None),
        EligibilityReview.taken_back_at.is_(None), EligibilityReview.due_at < clock.now())).all()
    assert late == [one["title"] for one in TOLD["next"]["projects"] if one["id"] in TOLD["next"]["expected"]["late"]]


def test_waiting_days_are_those_of_the_description(reviewed):
    found, days = projects_of(reviewed), TOLD["next"]["expected"]["waiting_days"]
    for told in TOLD["next"]["projects"]:
        reviews = db.session.scalars(sa.select(EligibilityReview).where(
            EligibilityReview.project_id == found[told["title"]].id, EligibilityReview.taken_back_at.is_(None),
            EligibilityReview.is_second_opinion.is_(False)).order_by(EligibilityReview.id)).all()
        waited = (reviews[-1].ended_at or clock.now()) - reviews[-1].assigned_at
        assert abs(waited.total_seconds() / 86400 - days[told["id"]]) <= 1, told["id"]


def test_one_asks_for_a_second_look_and_one_for_a_second_opinion(reviewed):
    [look] = db.session.scalars(sa.select(SecondLook))
    assert look.project.title == "우리 동네 와이파이 모든 골목에" and look.answered_at is None
    [opinion] = db.session.scalars(sa.select(EligibilityReview).filter_by(is_second_opinion=True))
    assert opinion.project.title == "시흥5동 은행나무길 한 방향으로 돌리기" and opinion.ended_at is None


def test_a_reason_of_the_list_stands_in_every_refusal(reviewed):
    refused = db.session.scalars(sa.select(EligibilityReview).join(Project).where(
        Project.round_id == reviewed.id, EligibilityReview.verdict == Verdict.NOT_ELIGIBLE)).all()
    assert len(refused) == 2 and all(one.exclusion_reason for one in refused)


def test_projects_lead_to_the_proposals_they_came_from(district):
    found = {one.title: db.session.get_one(Proposal, one.proposal_id).title
             for one in db.session.scalars(sa.select(Project).where(Project.proposal_id.is_not(None)))}
    assert found == {"안양천 둔치 평상 두 개와 접는 그늘막": "안양천 둔치에 그늘막 텐트 구역을 정합시다",
                     "시흥행궁 이야기 길 바닥 표지": "시흥행궁 터에서 호암산까지 이야기 따라 걷는 길",
                     "독산로 버스 정류장 그늘막 여섯 곳": "신호등 앞에 파라솔 은행나무 쪽에도 놔줘요"}


def test_2026_was_counted_by_ballots_and_its_page_says_what_that_means(voted, district):
    assert voted.counting["share"] == "ballots"
    said = district.test_client().get("/budgets/2026").text
    assert "위원의 추천은 위원 수로 나눠요. 그래서 더 많이 고를 수 있는 쪽이 더 무거워요." in said


# The one of 2021


def test_the_28_projects_of_2021_stand_as_they_came_out(district):
    past, told = round_of("2021-neighbourhoods"), TOLD["2021-neighbourhoods"]
    found = {one.code: one for one in projects_of(past).values()}
    assert len(found) == 28 and past.decided_in == told["decided_in"]
    for one in told["projects"]:
        project = found[one["id"]]
        status = "done" if one["id"] == "N08" else one["status"]  # its promise was kept a year later
        assert (project.title, project.cost, project.state.value) == (one["title"], one["cost"] * 1000, status)
        assert project.neighbourhood.name_ko == one["neighbourhood"] == project.envelope.name
    assert [envelope.box_id for envelope in past.envelopes] == [None] * 10
    places = Counter(project.neighbourhood.position for project in found.values())
    assert [places[position] for position in sorted(places)] == [3, 1, 4, 2, 2, 2, 3, 6, 2, 3]


def test_the_council_kept_13_of_the_15_cut_one_and_took_one_out(district):
    page = " ".join(district.test_client().get("/budgets/2026/resident/results").text.split())
    assert "선정한 사업 15개 가운데 15개를 구의회가 정했어요. 그대로 13개, 줄인 것 1개, 뺀 것 1개예요." in page


# The trial, and the pages


def test_the_trial_is_counted_and_open_to_everybody(district):
    [trial] = db.session.scalars(sa.select(BudgetTrial))
    assert trial.counted_at and trial.published_at
    assert district.test_client().get(f"/budgets/trials/{trial.slug}").status_code == 200


@pytest.mark.parametrize("slug", TOLD)
def test_every_round_has_its_page_and_says_what_is_invented(district, slug):
    page = district.test_client().get(f"/budgets/{slug}")
    assert page.status_code == 200 and "예시로 만든 주민참여예산이에요" in page.text
    assert TOLD[slug]["title"] in district.test_client().get("/budgets").text


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("slug", TOLD)
def test_every_link_of_a_round_leads_somewhere(district, slug):
    client = district.test_client()
    page = html.fromstring(client.get(f"/budgets/{slug}").text)
    links = {link.partition("#")[0] for link in page.xpath("//main//a/@href") if link.startswith("/budgets")}
    # Buffered, so that the files of downloads are closed here and not when the next test runs.
    wrong = {link: code for link in sorted(links) if (code := client.get(link, buffered=True).status_code) != 200}
    assert not wrong
