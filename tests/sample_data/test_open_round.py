"""The sample round in which one can vote right now: open for days to come, votable by the forms, nothing of it
counted."""

from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa
from lxml import html

from civic_forum.accounts.models import User
from civic_forum.ballots.models import LogLeaf
from civic_forum.ballots.box import voters
from civic_forum.ballots import queries as boxes
from civic_forum.ballots.rolls import queries as rolls
from civic_forum.ballots.rolls.rules import EntryState
from civic_forum.ballots.rules.boxes import BoxStage, stage_of
from civic_forum.budgets.models import BudgetRound
from civic_forum.budgets.rules import Phase, ProjectState, Verdict, current
from civic_forum.budgets.projects.models import EligibilityReview, Project
from civic_forum.budgets.counting.settings import Completion, CountingRules, Rule
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.sample_data import budget_ballots, people
from tests import factories
from tests.budgets.voting import scene

TOLD = people.read("open_round")
PAGE = f"/budgets/{TOLD['slug']}"
VOTERS = list(budget_ballots.voters(TOLD))
CAN_SIGN_IN = sorted(one["name"] for one in people.read("people") if one["name"].startswith(people.SIGN_IN))
VOTED, NOT_VERIFIED = TOLD["generator"]["accounts_voted"], list(TOLD["generator"]["accounts_not_eligible"])


# Its file


def test_the_parts_of_every_project_add_up_and_no_two_say_the_same():
    every = [*TOLD["projects"], *TOLD["not_eligible"]]
    for one in TOLD["projects"]:
        assert sum(cost for _what, cost in one["cost_parts"]) == one["cost"], one["id"]
    for name in ("title", "text", "review"):
        assert len({one[name] for one in every}) == len(every), name
    assert Counter(one["envelope"] for one in TOLD["projects"]) == {"plan": 8, "youth": 6}


def test_in_each_envelope_there_is_more_to_choose_from_than_money():
    for envelope in TOLD["envelopes"]:
        asked = sum(one["cost"] for one in TOLD["projects"] if one["envelope"] == envelope["id"])
        assert asked > 1.5 * envelope["amount"], envelope["id"]


def test_no_generated_ballot_breaks_a_limit():
    costs = {one["id"]: one["cost"] for one in TOLD["projects"]}
    [youth] = [one for one in TOLD["envelopes"] if one["id"] == "youth"]
    for voter in VOTERS:
        counted = Counter(one[0] for one in voter.choices)
        assert counted["P"] <= 2 and counted["Q"] <= 2 and counted["Y"] <= youth["max_choices"], voter
        assert sum(costs[one] for one in voter.choices if one.startswith("Y")) <= youth["amount"], voter


def test_money_takes_something_from_ballots_so_that_the_limit_is_felt():
    youth = [one for voter in VOTERS for one in voter.choices if one.startswith("Y")]
    free = TOLD | {"envelopes": [one | {"within_money": False} for one in TOLD["envelopes"]]}
    drawn = [one for voter in budget_ballots.voters(free) for one in voter.choices if one.startswith("Y")]
    assert 0 < len(youth) < len(drawn)


# What is there after loading


@pytest.fixture
def budget_round(district):
    yield db.session.scalars(sa.select(BudgetRound).filter_by(slug=TOLD["slug"])).one()
    db.session.rollback()


def user(name) -> User:
    return db.session.scalars(sa.select(User).filter_by(sign_in_name=name)).one()


def browser(district, name=None):
    client = district.test_client()
    if name:
        db.session.rollback()  # what the session has read is older than what was voted since
        secret = factories.signed_in(user(name))
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = secret, True
    return client


def test_it_is_open_for_more_than_a_week(budget_round):
    assert current(budget_round.phases, clock.now()) is Phase.VOTING
    for envelope in budget_round.envelopes:
        assert stage_of(envelope.box, clock.now()) is BoxStage.OPEN
        assert timedelta(days=9) < envelope.box.closes_at - clock.now() < timedelta(days=11)


def test_its_money_limits_and_rules_are_those_of_the_file(budget_round):
    told = {one["id"]: one for one in TOLD["envelopes"]}
    for envelope in budget_round.envelopes:
        one = told[envelope.slug]
        assert (envelope.amount, envelope.max_choices, envelope.within_money, envelope.theme) == (
            one["amount"] * 1000, one["max_choices"], one.get("within_money", False), one.get("theme"))
        assert [group.why for group in envelope.exclusions] == [
            group["why"] for group in TOLD["rules"]["exclusions"] if envelope.slug == "youth"]
        assert [(group.name, group.max_choices) for group in envelope.groups] == [
            (group["name"], group["max"]) for group in TOLD["choice_groups"] if group["envelope"] == envelope.slug]
    rules = CountingRules.from_json(budget_round.counting)
    assert (rules.rule, rules.completion, rules.fill_greedy) == (Rule.EQUAL_SHARES, Completion.ADD1, True)


def test_opinions_of_departments_stand_with_their_reasons(budget_round):
    found = {one.title: one for one in db.session.scalars(sa.select(Project).filter_by(round_id=budget_round.id))}
    assert len(found) == 15
    for one in (*TOLD["projects"], *TOLD["not_eligible"]):
        project = found[one["title"]]
        review = db.session.scalars(sa.select(EligibilityReview).filter_by(project_id=project.id)).one()
        assert (review.verdict, review.text, project.place) == (Verdict(one["verdict"]), one["review"], one["place"])
        assert project.department.name_ko == one["department"] and project.cost == one["cost"] * 1000
        stands = one["verdict"] != "not_eligible"
        assert (project.state is ProjectState.ON_BALLOT, project.number is not None) == (stands, stands)
        if not stands:
            assert (review.exclusion_reason.name, review.reason) == (one["reason"], one["why_not"])


def test_so_many_have_voted_by_each_channel(budget_round):
    for envelope in budget_round.envelopes:
        found = boxes.participations(envelope.box_id)
        assert {"online": found.online, "assisted": found.assisted, "paper": found.paper_returned} == (
            TOLD["expected"]["participations"])


def test_everybody_who_can_sign_in_may_vote_but_one(budget_round):
    for envelope in budget_round.envelopes:
        for name in CAN_SIGN_IN:
            entry = rolls.own_entry(envelope.roll, user(name))
            if name in NOT_VERIFIED:
                assert entry.state is EntryState.NOT_VERIFIED, name
            else:
                assert entry.state is EntryState.IN, name
                assert (voters.standing(envelope.box_id, entry.person).channel is not None) == (name in VOTED), name


# What people see


@pytest.mark.parametrize("name", [None, "resident2", *VOTED, *NOT_VERIFIED, "moderator1", "observer1"])
def test_nothing_is_counted_for_anybody(budget_round, district, name):
    client = browser(district, name)
    assert TOLD["title"] in client.get("/budgets").text
    assert len(client.get(f"{PAGE}/results.csv", buffered=True).text.splitlines()) == 1  # what the columns are called
    for path in ("/plan/result.json", "/plan/result.csv", "/plan/record.zip", "/plan/election.pb",
                 "/youth/results/B01"):
        assert client.get(PAGE + path).status_code in (404, 409), path
    for envelope in budget_round.envelopes:
        assert envelope.box.result is None
        assert not db.session.scalar(sa.select(sa.func.count()).select_from(LogLeaf).filter_by(box_id=envelope.box_id))
    text = " ".join(html.fromstring(client.get(PAGE + "/projects").text).xpath("//main")[0].text_content().split())
    for count in set(budget_ballots.votes(VOTERS).values()):
        assert f"{count}표" not in text


def test_its_turnout_is_shown_and_marked_as_invented(budget_round, district):
    page = district.test_client().get(PAGE).text
    assert f"투표한 사람 {len(VOTERS)}명" in page
    assert "예시로 만든 주민참여예산이에요" in page and TOLD["invented"] in page


def test_somebody_who_may_not_vote_reads_why(district, budget_round):
    client = browser(district, *NOT_VERIFIED)
    page = html.fromstring(client.get(f"{PAGE}/ballot").text)
    assert not page.xpath("//main//a[contains(@href, '/plan/ballot')]")
    [link] = page.xpath("//main//a[contains(@href, '/plan/roll')]/@href")
    said = client.get(link)
    assert said.status_code == 200 and "확인" in html.fromstring(said.text).xpath("//main")[0].text_content()


def test_somebody_who_has_voted_is_told_so_and_may_change(district, budget_round):
    page = html.fromstring(browser(district, *VOTED).get(f"{PAGE}/ballot", follow_redirects=True).text)
    for envelope in budget_round.envelopes:
        [of_one] = page.xpath(f"//main//section[@id='envelope-{envelope.slug}']")
        assert "이미 투표했어요" in of_one.text_content() and of_one.xpath(".//input[@data-again][not(@checked)]")


def test_every_page_it_leads_to_is_there(district, budget_round):
    """From each page of the round, for somebody who may vote."""
    client = browser(district, "resident8")
    starts = [PAGE,
              *(f"{PAGE}/{more}" for more in ("plan", "youth", "ballot", "plan/ballot", "projects", "projects/A05"))]
    links = {link.partition("#")[0] for start in starts
             for link in html.fromstring(client.get(start).text).xpath("//main//a/@href") if link.startswith("/")}
    wrong = {link: code for link in sorted(links)
             if (code := client.get(link, buffered=True).status_code) not in (200, 302)}
    assert len(links) > 20 and not wrong


# Voting: last, since turnout is another one afterwards


def test_one_envelope_is_voted_on_by_its_form_and_changed(district, budget_round):
    client = browser(district, "resident5")
    for chosen in (["1", "6"], ["2"]):
        answer = client.post(f"{PAGE}/plan/casts", data=scene.ballot(client, budget_round, 0) | {"option": chosen})
        assert answer.status_code == 200 and "확인증" in answer.text
    over = client.post(f"{PAGE}/plan/casts", data=scene.ballot(client, budget_round, 0) | {"option": ["1", "2", "3"]})
    assert over.status_code == 422


def test_more_than_the_envelope_holds_is_refused(district, budget_round):
    client = browser(district, "resident6")
    dear = client.post(f"{PAGE}/youth/casts", data=scene.ballot(client, budget_round, 1) | {"option": ["1", "2", "5"]})
    assert dear.status_code == 422
    fits = client.post(f"{PAGE}/youth/casts",
                       data=scene.ballot(client, budget_round, 1) | {"option": ["1", "3", "4", "6"]})
    assert fits.status_code == 200


def test_both_are_voted_on_from_one_page_with_a_receipt_each(district, budget_round):
    client = browser(district, "resident2")
    hidden = {f"{slug}.{name}": value for slug, form in scene.all_ballots(client, budget_round).items()
              for name, value in form.items()}
    answer = client.post(f"{PAGE}/casts", data=hidden | {
        "together": ["plan", "youth"], "plan.option": ["1", "6"], "youth.option": ["3"]})
    assert answer.status_code == 200
    assert len(set(html.fromstring(answer.text).xpath("//b[@data-slot='tracker']/text()"))) == 2
