"""An envelope may have rules of counting of its own: in its box, in its result, on the pages, and never afterwards."""

import json
import subprocess
import sys
from fractions import Fraction

import pytest

from civic_forum.ballots import identities
from civic_forum.ballots import queries as boxes
from civic_forum.ballots.counting import publication
from civic_forum.ballots.officials import services as confirmations
from civic_forum.ballots.published import records
from civic_forum.ballots.voting import services as casting
from civic_forum.ballots.models import BallotBox
from civic_forum.ballots.rules.boxes import Channel, ConfirmedAction
from civic_forum.budgets.definition import rules_of
from civic_forum.budgets.models import BudgetRound
from civic_forum.budgets.rules import Missing, Phase
from civic_forum.budgets.counting.settings import COMMITTEE, Completion, CountingRules, Order, RESIDENTS, Rule, Share
from civic_forum.budgets.committee import queries as committee
from civic_forum.budgets.committee import services as sums
from civic_forum.budgets.committee.policy import why_none
from civic_forum.budgets.results import weighing
from civic_forum.budgets.readiness import counts_committee, missing
from civic_forum.budgets.rounds import opening
from civic_forum.budgets.rounds import services as envelopes
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from tests.ballots.boxes import form_of
from tests.ballots.officials import EARLY, bring_to_publication
from tests.budgets import making
from tests.budgets.making import voter

from .reading import form_of as fields_of

SHARES = CountingRules(Rule.EQUAL_SHARES, completion=Completion.NONE, step=Fraction(100))
WEIGHTED = CountingRules(Rule.WEIGHTED, weights={RESIDENTS: Fraction(1, 2), COMMITTEE: Fraction(1, 2)},
                         share=Share.MARKS)


@pytest.fixture
def budget_round(town):
    """Two envelopes with projects, in the days of the vote, counted greedily."""
    made = making.new_round(town, phase=Phase.VOTING, envelopes=2)
    for envelope in made.envelopes:
        for cost in (60_000_000, 30_000_000, 20_000_000):
            making.project(town, made, envelope=envelope, cost=cost)
    return made


def read_again(budget_round) -> BudgetRound:
    db.session.rollback()
    return db.session.get(BudgetRound, budget_round.id, populate_existing=True)


def counted_by(budget_round, rules, *, by, slug="envelope-2") -> BudgetRound:
    envelopes.count_by(budget_round.id, slug, rules, version=read_again(budget_round).version, by=by)
    return read_again(budget_round)


@pytest.mark.in_turns(of=5)
def test_each_box_is_defined_counted_and_published_by_its_own_rules(town, browse, budget_round):
    people, moderator = [voter(town) for _one in range(12)], town.moderator()
    counted_by(budget_round, SHARES, by=moderator)
    made = making.opened(town, budget_round=read_again(budget_round), voters=0)
    slug, found = made.slug, []
    clock.shift(60)
    for one in made.envelopes:
        box_id, envelope = one.box_id, one.slug
        for place, person in enumerate(people):
            _cast(box_id, person, 1 + place % 3)
        first, second = town.official(), town.moderator()
        proposed = confirmations.propose(ConfirmedAction.CLOSE_EARLY, box_id, note=EARLY, by=first)
        confirmations.confirm(proposed.id, by=second)
        bring_to_publication(box_id, first, second)
        box = db.session.get(BallotBox, box_id, populate_existing=True)
        assert box.published_at is not None
        verified = subprocess.run([sys.executable, "-I", "-S", str(publication.VERIFIER), str(records.public(box))],
                                  capture_output=True, text=True)
        assert verified.returncode == 0, verified.stdout + verified.stderr
        rules = json.loads(box.result)["outcome"]["count"]["rules"]
        found.append((boxes.asked(box)["budget"]["rules"]["rule"], rules["rule"]))
        told = browse().get(f"/budgets/{slug}/{envelope}/results/recount").text
        assert ("표를 많이 받은 사업부터 차례로 담아요." in told) is (rules["rule"] == "greedy")
    assert found == [("greedy", "greedy"), ("equal-shares", "equal-shares")]


def _cast(box_id, user, number) -> None:
    box, person = db.session.get(BallotBox, box_id), identities.candidates(user)[0]
    casting.cast(box_id, person, form_of(box, person, boxes.rule_of(box).encode({number: 1})), Channel.ONLINE)


@pytest.mark.both
def test_it_keeps_the_least_votes_of_the_envelope_and_goes_back_to_those_of_the_round(town, budget_round):
    moderator = town.moderator()
    budget_round.envelopes[1].min_votes = 5
    db.session.commit()
    own = counted_by(budget_round, SHARES.with_(threshold=9), by=moderator).envelopes
    assert rules_of(own[1]) == SHARES.with_(threshold=5) and rules_of(own[0]).rule is Rule.GREEDY
    back = counted_by(budget_round, None, by=moderator).envelopes
    assert back[1].counting is None and rules_of(back[1]) == CountingRules(Rule.GREEDY).with_(threshold=5)


@pytest.mark.in_turns(of=5)
def test_a_box_that_is_prepared_follows_and_one_that_is_open_does_not(town, budget_round):
    moderator = town.moderator()
    voter(town)
    prepared = opening.prepare(budget_round.id, by=moderator)
    before = [one.box.fingerprint for one in prepared.envelopes]
    after = counted_by(budget_round, SHARES, by=moderator)
    assert [one.box.fingerprint == then for one, then in zip(after.envelopes, before, strict=True)] == [True, False]
    making.opened(town, budget_round=after, voters=0)
    with pytest.raises(Denied):
        counted_by(budget_round, None, by=moderator)
    assert rules_of(read_again(budget_round).envelopes[1]).rule is Rule.EQUAL_SHARES


def test_a_committee_is_the_round_s_and_whoever_may_not_change_it_is_refused(town, budget_round):
    with pytest.raises(Refusal) as refused:
        counted_by(budget_round, WEIGHTED, by=town.moderator())
    assert refused.value.field == "rule"
    for who in (town.official(), town.administrator(), town.resident()):
        with pytest.raises(Denied):
            counted_by(budget_round, SHARES, by=who)
    with pytest.raises(Conflict):
        envelopes.count_by(budget_round.id, "envelope-2", SHARES, version=99, by=town.moderator())
    assert read_again(budget_round).envelopes[1].counting is None


@pytest.fixture
def weighted(town, budget_round):
    """Half of the score is the committee's, in the second envelope too unless it has rules of its own."""
    budget_round.counting = WEIGHTED.to_json()
    budget_round.envelopes[0].max_choices, budget_round.envelopes[1].max_choices = 3, 1
    db.session.commit()
    return read_again(budget_round)


def fixed(budget_round, *, by) -> None:
    """Three members on paper, two of whom recommend everything at which the committee looks."""
    sums.enter(budget_round.id, 3, {one.code: 2 for one in committee.fit(budget_round.id)}, "2026년 5월 1일 구청", by=by)


@pytest.mark.in_turns(of=5)
def test_the_committee_decides_only_where_it_is_counted(town, weighted):
    moderator = town.moderator()
    budget_round = counted_by(weighted, SHARES, by=moderator)
    first, second = budget_round.envelopes
    assert counts_committee(first) and not counts_committee(second)
    assert {one.envelope_id for one in committee.fit(budget_round.id)} == {first.id}
    assert Missing.COMMITTEE in missing(budget_round, 6)
    fixed(budget_round, by=moderator)
    assert not committee.undecided(budget_round.id)
    made = making.opened(town, budget_round=read_again(budget_round), voters=3)
    budgets = [boxes.asked(one.box)["budget"] for one in made.envelopes]
    assert [one["rules"]["rule"] for one in budgets] == ["weighted", "equal-shares"]
    assert budgets[0]["committee"] == {"ballots": 3, "votes": [2, 2, 2]} and "committee" not in budgets[1]


def test_no_committee_is_needed_where_every_envelope_has_its_own_rules(town, browse, weighted):
    moderator = town.moderator()
    budget_round = counted_by(weighted, SHARES, by=moderator)
    assert why_none(budget_round) is None
    budget_round = counted_by(budget_round, SHARES, by=moderator, slug="envelope-1")
    assert why_none(budget_round) and Missing.COMMITTEE not in missing(budget_round, 6)
    assert weighing.before_vote(budget_round, budget_round.envelopes) is None
    page = browse(moderator).get(f"/desk/budgets/{budget_round.slug}").text
    assert "배정 예산 1은(는) 다르게 세요" in page and f"/desk/budgets/{budget_round.slug}/committee" not in page


@pytest.mark.both
def test_fixed_votes_of_the_committee_neither_begin_nor_cease_to_count(town, weighted):
    moderator = town.moderator()
    budget_round = counted_by(weighted, SHARES, by=moderator)
    fixed(budget_round, by=moderator)
    for slug, rules in (("envelope-1", SHARES), ("envelope-2", None)):
        with pytest.raises(Conflict) as refused:
            counted_by(budget_round, rules, by=moderator, slug=slug)
        assert refused.value.field == "rule"
    by_votes = CountingRules(Rule.GREEDY)
    assert rules_of(counted_by(budget_round, by_votes, by=moderator).envelopes[1]).rule is Rule.GREEDY
    sums.annul(budget_round.id, "다시 심사해요.", by=moderator)
    assert counted_by(budget_round, None, by=moderator).envelopes[1].counting is None


@pytest.mark.both
def test_the_form_keeps_what_it_was_given_and_everybody_reads_which_envelope_differs(town, browse, budget_round):
    desk, where = browse(town.moderator()), f"/desk/budgets/{budget_round.slug}/envelopes/envelope-2"
    assert "주민참여예산 전체와 똑같이 세요" in desk.get(where).text
    given = fields_of(desk, f"{where}/counting") | {
        "rule": "greedy", "order": str(Order.VOTES_PER_COST), "goes_on": "stop"}
    assert desk.post(f"{where}/counting", data=given).location == where
    assert fields_of(desk, f"{where}/counting")["order"] == "votes-per-cost"
    assert rules_of(read_again(budget_round).envelopes[1]).order is Order.VOTES_PER_COST
    for page, address in ((browse(), f"/budgets/{budget_round.slug}"), (desk, f"/desk/budgets/{budget_round.slug}")):
        told = page.get(address).text
        assert "배정 예산 2은(는) 다르게 세요" in told and "배정 예산 1은(는) 다르게" not in told
    read_again(budget_round).envelopes[1].name, budget_round.envelopes[1].texts = (
        "길 & 나무",
        {"en": {"name": "Roads & trees"}},
    )
    db.session.commit()
    reader = browse()
    assert "길 &amp; 나무은(는) 다르게 세요" in reader.get(f"/budgets/{budget_round.slug}").text
    reader.set_cookie("language", "en")
    assert "Roads &amp; trees is counted differently" in reader.get(f"/budgets/{budget_round.slug}").text
    wrong = desk.post(f"{where}/counting", data=fields_of(desk, f"{where}/counting") | {"rule": "weighted"})
    assert wrong.status_code == 422
    back = fields_of(desk, f"{where}/counting") | {"rule": "round"}
    assert desk.post(f"{where}/counting", data=back).status_code == 303
    assert "다르게 세요" not in browse().get(f"/budgets/{budget_round.slug}").text
