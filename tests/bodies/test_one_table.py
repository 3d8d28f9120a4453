"""Members of bodies, of budget committees and of juries in one table: each is found where they sit, and there alone."""

import pytest

from civic_forum.accounts.personal_data import PERSONAL_DATA
from civic_forum.awards import queries as awards
from civic_forum.awards import services as juries
from civic_forum.awards.models import AwardJuror, AwardRound
from civic_forum.blocks.seats import SeatWay
from civic_forum.bodies import queries
from civic_forum.budgets.committee import queries as committees
from civic_forum.budgets.committee import services as committee
from civic_forum.budgets.committee.models import CommitteeMember
from civic_forum.budgets.models import BudgetRound
from civic_forum.budgets.rounds import queries as rounds
from civic_forum.budgets.trials.queries import sits_on_committee
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, NotFound
from civic_forum.platform.work import use_case
from tests.awards.making import begun
from tests.budgets.committee.weighted import weighted
from tests.racing import all_at_once

from .making import appointed, council, taking

pytestmark = pytest.mark.both


@pytest.fixture
def same(town):
    """A round of budgets and one of awards with the same number; a body beside them."""
    round_, award = weighted(town), begun(town.moderator())
    while award.id < round_.id:
        award = begun(town.moderator(), name=f"포상 {award.id}")
    while round_.id < award.id:
        round_ = weighted(town)
    assert db.session.get(BudgetRound, award.id) and db.session.get(AwardRound, round_.id)
    return round_, award, council(town.administrator())


def test_rounds_with_the_same_number_have_members_of_their_own(town, same):
    round_, award, body = same
    moderator, juror, member, councillor = town.moderator(), town.clerk(), town.resident(), town.resident()
    juries.choose_juror(award.id, juror.id, by=moderator)
    committee.name(round_.id, member.id, by=moderator)
    appointed(body.id, taking(councillor), by=town.administrator())
    db.session.expire_all()
    assert list(awards.panel(award.id).jury) == [juror.id]
    assert [seat.user_id for seat in committees.members(round_.id)] == [member.id]
    assert [seat.user_id for seat in queries.family(body.slug).top.sitting] == [councillor.id]
    assert [rounds.own(rounds.detail(round_.slug), user).sits_on_committee for user in (juror, member)] == [False, True]
    assert [sits_on_committee(user.id) for user in (juror, member, councillor)] == [False, True, False]
    for user, kept in ((juror, "awards"), (member, "budget_committee"), (councillor, "memberships")):
        told = {name: PERSONAL_DATA[name].collect(user) for name in ("awards", "budget_committee", "memberships")}
        told["awards"] = told["awards"]["juries"]
        assert [name for name, entries in told.items() if entries] == [kept]


def test_a_seat_of_a_round_says_since_when_and_who_noted_it_and_is_none_of_a_body(town, same):
    round_, award, _body = same
    moderator, juror = town.moderator(), town.clerk()
    juries.choose_juror(award.id, juror.id, by=moderator)
    seats = [committee.name(round_.id, juror.id, by=moderator), *queries.seated(AwardJuror, award.id)]
    assert [(type(seat), seat.seat_key, seat.serial, seat.begins, seat.until, seat.way, seat.noted_by_id)
            for seat in seats] == [
        (kind, kind.seats.key, 1, queries.today(), None, SeatWay.APPOINTMENT, moderator.id)
        for kind in (CommitteeMember, AwardJuror)]
    with pytest.raises(NotFound):
        queries.body_of(seats[0].id)
    with pytest.raises(Conflict, match="이미 심사위원이에요"):
        juries.choose_juror(award.id, juror.id, by=moderator)
    with pytest.raises(Conflict, match="이미 위원이에요"):
        committee.name(round_.id, juror.id, by=moderator)


def test_no_more_sit_on_a_jury_than_it_has_seats(town, same, monkeypatch):
    _round, award, _body = same
    monkeypatch.setattr(AwardJuror, "seats", type(AwardJuror.seats)(key=AwardJuror.seats.key, number=1))
    juries.choose_juror(award.id, town.clerk().id, by=town.moderator())
    with pytest.raises(Conflict, match="명까지"):
        juries.choose_juror(award.id, town.official().id, by=town.moderator())


def test_a_body_forgets_the_name_of_who_leaves_and_a_jury_keeps_its_number(town, same):
    _round, award, body = same
    user = town.clerk()
    juries.choose_juror(award.id, user.id, by=town.moderator())
    appointed(body.id, taking(user), by=town.administrator())
    with use_case(user) as work:
        for name in ("memberships", "awards"):
            PERSONAL_DATA[name].erase(user, work.session)
    db.session.expire_all()
    assert list(awards.panel(award.id).jury) == [user.id]
    assert [seat.user_id for seat in queries.family(body.slug).top.sitting] == [None]


def test_two_who_name_the_same_member_at_once(app, town, same):
    round_, _award, _body = same
    moderator, user = town.moderator(), town.resident()
    ids = round_.id, user.id, moderator.id
    answers = all_at_once(app, *[lambda: committee.name(*ids[:2], by=db.session.get_one(type(user), ids[2]))] * 2)
    assert sorted(type(answer).__name__ for answer in answers) == ["CommitteeMember", "Conflict"]
    db.session.rollback()
    assert len(committees.members(ids[0])) == 1
