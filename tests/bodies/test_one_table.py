"""Members of bodies, of budget committees and of juries in one table: each is found where they sit, and there alone."""

import pytest

from civic_forum.accounts.personal_data import PERSONAL_DATA
from civic_forum.blocks.seats import SeatFault, SeatWay
from civic_forum.bodies import operations, queries
from civic_forum.budgets.committee import queries as committees
from civic_forum.budgets.committee import services as committee
from civic_forum.budgets.committee.models import CommitteeMember
from civic_forum.budgets.models import BudgetRound
from civic_forum.budgets.rounds import queries as rounds
from civic_forum.budgets.trials.queries import sits_on_committee
from civic_forum.calls.models import Call, CallJuror
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, NotFound
from civic_forum.platform.work import use_case
from tests.budgets.committee.weighted import weighted
from tests.calls.making import call
from tests.racing import all_at_once

from .making import appointed, council, taking

pytestmark = pytest.mark.both


def sit(call, user, by):
    """A seat on the jury of a call."""
    with use_case(by) as work:
        return operations.appoint(work, CallJuror, call.id, user.id, field="juror", faults={
            SeatFault.TWICE: "이미 심사위원이에요.", SeatFault.FULL: "1명까지예요."})


def jury(call_):
    return [seat.user_id for seat in queries.seated(CallJuror, call_.id)]


@pytest.fixture
def same(town):
    """A round of budgets and a call with the same number; a body beside them."""
    round_, prize = weighted(town), call(town)
    while prize.id < round_.id:
        prize = call(town, slug=f"call-{prize.id}")
    while round_.id < prize.id:
        round_ = weighted(town)
    assert db.session.get(BudgetRound, prize.id) and db.session.get(Call, round_.id)
    return round_, prize, council(town.administrator())


def test_rounds_with_the_same_number_have_members_of_their_own(town, same):
    round_, prize, body = same
    moderator, juror, member, councillor = town.moderator(), town.clerk(), town.resident(), town.resident()
    sit(prize, juror, moderator)
    committee.name(round_.id, member.id, by=moderator)
    appointed(body.id, taking(councillor), by=town.administrator())
    db.session.expire_all()
    assert jury(prize) == [juror.id]
    assert [seat.user_id for seat in committees.members(round_.id)] == [member.id]
    assert [seat.user_id for seat in queries.family(body.slug).top.sitting] == [councillor.id]
    assert [rounds.own(rounds.detail(round_.slug), user).sits_on_committee for user in (juror, member)] == [False, True]
    assert [sits_on_committee(user.id) for user in (juror, member, councillor)] == [False, True, False]
    for user, kept in ((juror, "call_juries"), (member, "budget_committee"), (councillor, "memberships")):
        told = {name: PERSONAL_DATA[name].collect(user) for name in ("call_juries", "budget_committee", "memberships")}
        told["call_juries"] = told["call_juries"]["call_juries"]
        assert [name for name, entries in told.items() if entries] == [kept]


def test_a_seat_of_a_round_says_since_when_and_who_noted_it_and_is_none_of_a_body(town, same):
    round_, prize, _body = same
    moderator, juror = town.moderator(), town.clerk()
    sit(prize, juror, moderator)
    seats = [committee.name(round_.id, juror.id, by=moderator), *queries.seated(CallJuror, prize.id)]
    assert [(type(seat), seat.seat_key, seat.serial, seat.begins, seat.until, seat.way, seat.noted_by_id)
            for seat in seats] == [
        (kind, kind.seats.key, 1, queries.today(), None, SeatWay.APPOINTMENT, moderator.id)
        for kind in (CommitteeMember, CallJuror)]
    with pytest.raises(NotFound):
        queries.body_of(seats[0].id)
    with pytest.raises(Conflict, match="이미 심사위원이에요"):
        sit(prize, juror, moderator)
    with pytest.raises(Conflict, match="이미 위원이에요"):
        committee.name(round_.id, juror.id, by=moderator)


def test_no_more_sit_on_a_jury_than_it_has_seats(town, same, monkeypatch):
    _round, prize, _body = same
    monkeypatch.setattr(CallJuror, "seats", type(CallJuror.seats)(key=CallJuror.seats.key, number=1))
    sit(prize, town.clerk(), town.moderator())
    with pytest.raises(Conflict, match="명까지"):
        sit(prize, town.official(), town.moderator())


def test_a_body_forgets_the_name_of_who_leaves_and_a_jury_keeps_its_number(town, same):
    _round, prize, body = same
    user = town.clerk()
    sit(prize, user, town.moderator())
    appointed(body.id, taking(user), by=town.administrator())
    with use_case(user) as work:
        for name in ("memberships", "call_juries"):
            PERSONAL_DATA[name].erase(user, work.session)
    db.session.expire_all()
    assert jury(prize) == [user.id]
    assert [seat.user_id for seat in queries.family(body.slug).top.sitting] == [None]


def test_two_who_name_the_same_member_at_once(app, town, same):
    round_, _prize, _body = same
    moderator, user = town.moderator(), town.resident()
    ids = round_.id, user.id, moderator.id
    answers = all_at_once(app, *[lambda: committee.name(*ids[:2], by=db.session.get_one(type(user), ids[2]))] * 2)
    assert sorted(type(answer).__name__ for answer in answers) == ["CommitteeMember", "Conflict"]
    db.session.rollback()
    assert len(committees.members(ids[0])) == 1
