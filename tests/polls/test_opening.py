"""From a poll that is filled in to one that two officials opened."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from civic_forum.ballots.models import ElectionSeason, ElectoralRoll, RollEntry
from civic_forum.ballots.rules.boxes import ConfirmedAction
from civic_forum.polls import process
from civic_forum.polls.parts import Times
from civic_forum.ballots.officials import services as confirmations
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.i18n import local
from civic_forum.polls.parts import Terms
from tests.factories import saved

from .making import BINDING, opened, poll, prepared, unannounced, voter


@pytest.mark.in_turns(of=5)
def test_two_officials_open_a_poll(town):
    made = opened(town)
    assert made.box.opened_at is not None and made.box.roll.entries == 10
    with pytest.raises(Denied, match="열었어요"):
        process.PROCESS.write(made.id, Terms(made.kind, binding="다르게"), version=made.version, by=town.moderator())


def test_the_roll_takes_only_whom_the_rule_names(town):
    inside = [voter(town, place="독산3동"), voter(town, place="독산3동", kind="work")]
    voter(town, place="시흥1동")
    voter(town, place="독산3동", born=local(clock.now()).date() - timedelta(days=15 * 365))
    voter(town, place="독산3동", since=clock.now() - timedelta(days=3))
    voter(town, place="독산3동", how="declared")
    town.neighbourhood("독산4동")
    made = prepared(town, voters=0, eligibility={
        "who": ["구민", "생활권자"], "neighbourhoods": ["독산3동", "독산4동"],
        "min_age": 19, "age_on": "closing_day",
        "roll_fixed_on": (local(clock.now()).date() - timedelta(days=7)).isoformat()})
    assert made.roll.entries == len(inside)


def test_a_poll_without_the_sentence_on_how_far_it_binds_is_not_announced(town):
    made = unannounced(town, binding="")
    with pytest.raises(Conflict, match="반영"):
        process.PROCESS.announce(made.id, by=town.moderator())
    with pytest.raises(Refusal, match="반영"):
        poll(town, binding="")


def test_a_box_is_prepared_only_of_an_announced_poll(town):
    made = unannounced(town)
    with pytest.raises(Denied, match="먼저"):
        process.prepare(made.id, by=town.moderator())
    process.PROCESS.announce(made.id, by=town.moderator())
    assert process.prepare(made.id, by=town.moderator()).box is not None


def test_before_the_day_of_the_roll_nothing_is_prepared(town):
    day = local(clock.now()).date()
    made = poll(town, opens_at={"days": 3, "time": "09:00"}, closes_at={"days": 9, "time": "18:00"}, eligibility={
        "who": ["구민"], "roll_fixed_on": (day + timedelta(days=1)).isoformat()})
    with pytest.raises(Conflict, match="명부를 정하는 날"):
        process.prepare(made.id, by=town.moderator())


def test_a_change_before_the_opening_makes_another_fingerprint_and_voids_the_proposal(town):
    made = prepared(town)
    before = made.box.fingerprint
    proposed = confirmations.propose(ConfirmedAction.OPEN, made.box_id, by=town.official())
    process.PROCESS.write(made.id, Terms(made.kind, binding="다른 약속이에요."), version=made.version, by=town.moderator())
    assert made.box.fingerprint != before
    with pytest.raises(Conflict, match="바뀌었어요"):
        confirmations.confirm(proposed.id, by=town.moderator())


def test_an_edit_that_leaves_the_poll_incomplete_keeps_the_box_from_being_opened(town):
    made = prepared(town)
    process.PROCESS.write(made.id, Terms(made.kind, binding=""), version=made.version, by=town.moderator())
    with pytest.raises(Conflict):
        confirmations.propose(ConfirmedAction.OPEN, made.box_id, by=town.official())


@pytest.mark.both
def test_another_rule_after_the_roll_was_fixed_asks_for_another_roll(town):
    made = prepared(town)
    first = made.roll_id
    times = Times(made.opens_at, made.closes_at, made.roll_fixed_on - timedelta(days=1))
    process.PROCESS.write(made.id, times, version=made.version, by=town.moderator())
    assert made.roll_id != first and made.roll.fixed_at is None
    process.prepare(made.id, by=town.moderator())
    assert made.roll.entries == 10 and made.box.roll_id == made.roll_id
    assert db.session.scalar(sa.select(sa.func.count(ElectoralRoll.id))) == 2


def season(first, last, name="제9회 동시 지방선거"):
    return saved(ElectionSeason(name=name, first_day=first, last_day=last, set_at=clock.now()))


@pytest.mark.both
def test_in_election_season_somebody_has_to_answer_for_it(town):
    today = local(clock.now()).date()
    season(today, today)
    made, moderator = poll(town), town.moderator()
    for _one in range(10):
        voter(town)
    with pytest.raises(Conflict, match="제9회 동시 지방선거"):
        process.prepare(made.id, by=moderator)
    process.PROCESS.accept_season(made.id, by=moderator)
    process.prepare(made.id, by=moderator)
    assert made.season_accepted_by_id == moderator.id
    assert db.session.scalar(sa.select(AuditEntry.action).filter_by(action="polls.season_accepted"))
    with pytest.raises(Conflict):
        process.PROCESS.accept_season(made.id, by=moderator)


def test_a_season_set_after_the_preparation_still_stops_the_opening(town):
    made = prepared(town)
    season(date(2020, 1, 1), date(2100, 1, 1))
    with pytest.raises(Conflict, match="선거 기간"):
        confirmations.propose(ConfirmedAction.OPEN, made.box_id, by=town.official())


def test_other_days_need_another_answer(town):
    season(date(2020, 1, 1), date(2100, 1, 1))
    made, moderator = poll(town), town.moderator()
    process.PROCESS.accept_season(made.id, by=moderator)
    later = Times(made.opens_at, made.closes_at + timedelta(days=1), made.roll_fixed_on)
    process.PROCESS.write(made.id, later, version=made.version, by=moderator)
    assert made.season_accepted_at is None and made.season_accepted_by_id is None


def test_outside_of_seasons_there_is_nothing_to_accept(town):
    made = poll(town)
    with pytest.raises(Conflict):
        process.PROCESS.accept_season(made.id, by=town.moderator())


def test_the_entries_of_a_roll_name_nobody(town):
    user = voter(town)
    made = prepared(town, voters=9)
    people = db.session.scalars(sa.select(RollEntry.person).filter_by(roll_id=made.roll_id)).all()
    assert len(people) == 10 and user.person.identity_hash not in people
    assert made.binding == BINDING
