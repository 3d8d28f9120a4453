"""An envelope may have rules of counting of its own: in its box, in its result, on the pages, and never afterwards."""

import json
from fractions import Fraction

import pytest

from civic_forum.ballots import identities
from civic_forum.ballots.models import BallotBox
from civic_forum.ballots.queries import boxes
from civic_forum.ballots.rules.boxes import Channel, ConfirmedAction
from civic_forum.ballots.services import casting, confirmations, publication
from civic_forum.budgets.definition import rules_of
from civic_forum.budgets.models import BudgetRound
from civic_forum.budgets.rules.counting.settings import (COMMITTEE, RESIDENTS, Completion, CountingRules, Order, Rule,
                                                          Share)
from civic_forum.budgets.rules.phases import Phase
from civic_forum.budgets.services import envelopes, opening
from civic_forum.kernel import clock
from civic_forum.kernel.base import db
from civic_forum.kernel.errors import Conflict, Denied, Refusal
from tests.ballots.boxes import form_of
from tests.ballots.officials import EARLY
from tests.budgets import making
from tests.budgets.making import voter

from .reading import form_of as fields_of

SHARES = CountingRules(Rule.EQUAL_SHARES, completion=Completion.NONE, step=Fraction(100))
WEIGHTED = CountingRules(Rule.WEIGHTED, weights={RESIDENTS: Fraction(1, 2), COMMITTEE: Fraction(1, 2)},
                         share=Share.MARKS)


@pytest.fixture
def round(town):
    """Two envelopes with projects, in the days of the vote, counted greedily."""
    made = making.make(town, phase=Phase.VOTING, envelopes=2)
    for envelope in made.envelopes:
        for cost in (60_000_000, 30_000_000, 20_000_000):
            making.project(town, made, envelope=envelope, cost=cost)
    return made


def read_again(round) -> BudgetRound:
    db.session.rollback()
    return db.session.get(BudgetRound, round.id, populate_existing=True)


def counted_by(round, rules, *, by, slug="envelope-2") -> BudgetRound:
    envelopes.count_by(round.id, slug, rules, version=read_again(round).version, by=by)
    return read_again(round)


def test_each_box_is_defined_and_counted_by_its_own_rules(town, round):
    people, moderator = [voter(town) for _one in range(12)], town.moderator()
    counted_by(round, SHARES, by=moderator)
    made = making.opened(town, round=read_again(round), voters=0)
    found = []
    clock.shift(60)
    for one in made.envelopes:
        box_id = one.box_id
        for place, person in enumerate(people):
            _cast(box_id, person, 1 + place % 3)
        proposed = confirmations.propose(ConfirmedAction.CLOSE_EARLY, box_id, note=EARLY, by=town.official())
        confirmations.confirm(proposed.id, by=town.moderator())
        publication.count(box_id, by=moderator)
        publication.write_record(box_id, by=moderator)
        box = db.session.get(BallotBox, box_id, populate_existing=True)
        assert box.recorded_at is not None, "written after it was verified as anybody verifies it"
        found.append((boxes.asked(box)["budget"]["rules"]["rule"], json.loads(box.result)["outcome"]["count"]["rules"]["rule"]))
    assert found == [("greedy", "greedy"), ("equal-shares", "equal-shares")]


def _cast(box_id, user, number) -> None:
    box, person = db.session.get(BallotBox, box_id), identities.candidates(user)[0]
    casting.cast(box_id, person, form_of(box, person, boxes.rule_of(box).encode({number: 1})), Channel.ONLINE)


def test_it_keeps_the_least_votes_of_the_envelope_and_goes_back_to_those_of_the_round(town, round):
    moderator = town.moderator()
    round.envelopes[1].min_votes = 5
    db.session.commit()
    own = counted_by(round, SHARES.with_(threshold=9), by=moderator).envelopes
    assert rules_of(own[1]) == SHARES.with_(threshold=5) and rules_of(own[0]).rule is Rule.GREEDY
    back = counted_by(round, None, by=moderator).envelopes
    assert back[1].counting is None and rules_of(back[1]) == CountingRules(Rule.GREEDY).with_(threshold=5)


def test_a_box_that_is_prepared_follows_and_one_that_is_open_does_not(town, round):
    moderator = town.moderator()
    voter(town)
    prepared = opening.prepare(round.id, by=moderator)
    before = [one.box.fingerprint for one in prepared.envelopes]
    after = counted_by(round, SHARES, by=moderator)
    assert [one.box.fingerprint == then for one, then in zip(after.envelopes, before, strict=True)] == [True, False]
    making.opened(town, round=after, voters=0)
    with pytest.raises(Denied):
        counted_by(round, None, by=moderator)
    assert rules_of(read_again(round).envelopes[1]).rule is Rule.EQUAL_SHARES


def test_a_committee_is_the_round_s_and_whoever_may_not_change_it_is_refused(town, round):
    with pytest.raises(Refusal) as refused:
        counted_by(round, WEIGHTED, by=town.moderator())
    assert refused.value.field == "rule"
    for who in (town.official(), town.administrator(), town.resident()):
        with pytest.raises(Denied):
            counted_by(round, SHARES, by=who)
    with pytest.raises(Conflict):
        envelopes.count_by(round.id, "envelope-2", SHARES, version=99, by=town.moderator())
    assert read_again(round).envelopes[1].counting is None


def test_the_form_keeps_what_it_was_given_and_everybody_reads_which_envelope_differs(town, browse, round):
    desk, where = browse(town.moderator()), f"/desk/budgets/{round.slug}/envelopes/envelope-2"
    assert "주민참여예산 전체와 똑같이 세요" in desk.get(where).text
    given = fields_of(desk, f"{where}/counting") | {
        "rule": "greedy", "order": str(Order.VOTES_PER_COST), "goes_on": "stop"}
    assert desk.post(f"{where}/counting", data=given).location == where
    assert fields_of(desk, f"{where}/counting")["order"] == "votes-per-cost"
    assert rules_of(read_again(round).envelopes[1]).order is Order.VOTES_PER_COST
    public = browse().get(f"/budgets/{round.slug}").text
    assert "배정 예산 2은(는) 다르게 세요" in public and "배정 예산 1은(는) 다르게" not in public
    wrong = desk.post(f"{where}/counting", data=fields_of(desk, f"{where}/counting") | {"rule": "weighted"})
    assert wrong.status_code == 422
    back = fields_of(desk, f"{where}/counting") | {"rule": "round"}
    assert desk.post(f"{where}/counting", data=back).status_code == 303
    assert "다르게 세요" not in browse().get(f"/budgets/{round.slug}").text
