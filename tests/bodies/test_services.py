"""Bodies, seats and memberships: who may, what is refused, what follows."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.personal_data import PERSONAL_DATA
from civic_forum.blocks.seats import MemberFunction
from civic_forum.bodies import policy, queries, services
from civic_forum.bodies.models import Body, MemberChange, Membership
from civic_forum.bodies.queries import today
from civic_forum.bodies.rules import BodyAccess, BodyKind
from civic_forum.notifications.models import Notice
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.work import use_case
from tests.factories import count
from tests.racing import all_at_once

from .making import CIVIL, CLOSED, COUNCIL, another, appointed, council, left, taking


@pytest.fixture
def administrator(town):
    return town.administrator()


def case(body):
    return queries.family(body.slug).top


def test_seats_are_filled_until_none_is_empty_and_free_again_afterwards(town, administrator):
    body, people = council(administrator), [town.resident() for _ in range(4)]
    first, second = (appointed(body.id, taking(user), by=administrator) for user in people[:2])
    with pytest.raises(Conflict, match="빈자리가 없어요"):
        appointed(body.id, taking(people[2]), by=administrator)
    left(first.id, today(), "이사했어요.", by=administrator)
    third = taking(people[2], begins=today() + timedelta(days=1))
    assert appointed(body.id, third, by=administrator).serial == 3
    assert {membership.member for membership in case(body).sitting} == {people[0].id, people[1].id}
    with pytest.raises(Conflict, match="이미 이 자리"):
        appointed(body.id, taking(people[1], begins=today() + timedelta(days=5)), by=administrator)
    appointed(body.id, taking(people[1], begins=second.until + timedelta(days=1), until=None), by=administrator)


@pytest.mark.parametrize("facts, sentence", [
    ({"begins": COUNCIL.begins - timedelta(days=1)}, "있는 동안"), ({"until": today() - timedelta(days=1)}, "첫날보다"),
    ({"seat": "heads"}, "이런 자리는"), ({"name": "가" * 61}, "60자"), ({"sign_in_name": "nobody-here"}, "로그인 이름")])
def test_a_term_that_does_not_fit_leaves_no_trace(town, administrator, facts, sentence):
    body = council(administrator)
    before = count(AuditEntry)
    with pytest.raises(Refusal, match=sentence):
        appointed(body.id, taking(**facts), by=administrator)
    assert count(Membership) == 0 and count(AuditEntry) == before


def test_secretary_and_administrator_note_members_and_nobody_else(town, administrator):
    body, other = council(administrator), council(administrator, slug="other")
    secretary, member = town.resident(), town.resident()
    appointed(body.id, taking(secretary, function=MemberFunction.SECRETARY), by=administrator)
    appointed(other.id, taking(member), by=administrator)
    made = appointed(body.id, taking(name="느티나무"), by=secretary)
    for user in (member, town.official(), town.moderator(), town.clerk()):
        with pytest.raises(Denied):
            appointed(body.id, taking(), by=user)
        with pytest.raises(Denied):
            left(made.id, today(), "이사했어요.", by=user)
    with pytest.raises(Denied):
        appointed(other.id, taking(), by=secretary)
    for act in (lambda: services.edit(body.id, COUNCIL, version=1, by=secretary),
                lambda: services.add_seats(body.id, "more", CIVIL, by=secretary),
                lambda: services.edit_seats(body.id, "civil", CIVIL, by=secretary),
                lambda: services.close(body.id, seen=2, by=secretary),
                lambda: services.make(COUNCIL, "another", by=secretary)):
        with pytest.raises(Denied):
            act()


def test_a_secretary_whose_term_is_over_notes_nobody(town, administrator):
    body, secretary = council(administrator), town.resident()
    made = appointed(body.id, taking(secretary, function=MemberFunction.SECRETARY, begins=today()
                                            - timedelta(days=9)), by=administrator)
    left(made.id, today() - timedelta(days=1), "그만두었어요.", by=administrator)
    with pytest.raises(Denied):
        appointed(body.id, taking(), by=secretary)


def test_two_who_take_the_last_seat_at_once(app, town, administrator):
    body = council(administrator, seats=replace(CIVIL, number=1))
    people = [town.resident().sign_in_name for _ in range(2)]
    changes = [services.appoint(body.id, taking(sign_in_name=name), by=administrator).id for name in people]
    by_id = another(administrator).id
    answers = all_at_once(app, *(lambda change=change: services.approve(
        change, by=db.session.get_one(type(administrator), by_id)) for change in changes))
    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "Membership"]
    assert count(Membership) == count(MemberChange) == 1


def test_the_database_keeps_a_seat_from_being_filled_twice(town, administrator):
    body = council(administrator)
    made = appointed(body.id, taking(town.resident()), by=administrator)
    names = [column.name for column in Membership.__table__.columns if column.name != "id"]
    columns = {name: getattr(made, name) for name in names}
    for facts in ({"user_id": None}, {"serial": 9}):
        with pytest.raises(Conflict), use_case(administrator) as work:
            work.session.add(Membership(**columns | facts))


def test_closing_ends_every_membership_that_day_as_it_was_said_before(town, administrator):
    body, user = council(administrator), town.resident()
    appointed(body.id, taking(user), by=administrator)
    appointed(body.id, taking(begins=today() + timedelta(days=3)), by=administrator)
    with pytest.raises(Conflict, match="위원이 바뀌었어요"):
        services.close(body.id, seen=1, by=administrator)
    assert services.close(body.id, seen=2, by=administrator) == 2
    db.session.expire_all()
    assert case(body).body.ends == today()
    assert [membership.until for membership in case(body).memberships] == [today(), today() + timedelta(days=3)]
    assert all(membership.end_reason for membership in case(body).memberships)


def test_a_member_is_told_of_the_beginning_and_of_the_end(town, administrator):
    body, user = council(administrator), town.resident()
    made = appointed(body.id, taking(user), by=administrator)
    appointed(body.id, taking(name="구의원 가"), by=administrator)
    left(made.id, today(), "이사했어요.", by=administrator)
    assert list(db.session.execute(sa.select(Notice.user_id, Notice.step, Notice.url).order_by(Notice.id))) == [
        (user.id, "membership_begun", "/bodies/council"), (user.id, "membership_ended", "/bodies/council")]


def test_only_the_member_says_whether_a_name_is_shown(town, administrator):
    body, user = council(administrator), town.resident()
    made = appointed(body.id, taking(user, consent=True), by=administrator)
    assert made.shown == "민간 위원", "the office consents for nobody who can"
    with pytest.raises(Denied):
        services.consent(made.id, True, by=administrator)
    assert services.consent(made.id, True, by=user).shown == user.nickname
    assert services.consent(made.id, False, by=user).shown == "민간 위원"


def test_own_data_says_where_somebody_sat_and_leaving_takes_the_name_away(town, administrator):
    body, user = council(administrator), town.resident()
    made = appointed(body.id, taking(user), by=administrator)
    services.consent(made.id, True, by=user)
    kept = PERSONAL_DATA["memberships"].collect(user)
    assert [(entry["body"], entry["seat"], entry["named"]) for entry in kept] == [("council", "civil", True)]
    with use_case(user) as work:
        PERSONAL_DATA["memberships"].erase(user, work.session)
    db.session.expire_all()
    [membership] = case(body).sitting
    assert membership.shown == membership.called == "민간 위원" and membership.user_id is None


@pytest.mark.parametrize("facts, field", [
    ({"access": BodyAccess.CLOSED}, "access_reason"), ({"ends": COUNCIL.begins - timedelta(days=1)}, "ends"),
    ({"name": ""}, "name"), ({"mandate": "가" * 501}, "mandate")])
def test_a_body_that_is_not_said_rightly_is_not_made(town, administrator, facts, field):
    with pytest.raises(Refusal) as refused:
        services.make(replace(COUNCIL, **facts), "council", by=administrator)
    assert refused.value.field == field and count(Body) == 0


@pytest.mark.both
def test_addresses_belong_to_one_body_and_bodies_lie_two_deep(town, administrator):
    top = council(administrator)
    with pytest.raises(Conflict):
        services.make(COUNCIL, "council", by=administrator)
    for end in ("new", "Not-One", "-"):
        with pytest.raises(Refusal):
            services.make(COUNCIL, end, by=administrator)
    below = services.make(replace(COUNCIL, kind=BodyKind.DIVISION, parent_id=top.id), "below", by=administrator)
    with pytest.raises(Refusal, match="둘 수 없어요"):
        services.make(replace(COUNCIL, parent_id=below.id), "deeper", by=administrator)
    with pytest.raises(Refusal, match="둘 수 없어요"):
        services.edit(top.id, replace(COUNCIL, parent_id=below.id), version=1, by=administrator)


@pytest.mark.both
def test_two_who_say_anew_what_a_body_is(town, administrator):
    body = council(administrator)
    services.edit(body.id, replace(COUNCIL, name="새 협치회의"), version=1, by=administrator)
    with pytest.raises(Conflict, match="다른 사람이 고쳤어요"):
        services.edit(body.id, COUNCIL, version=1, by=administrator)


@pytest.mark.both
def test_seats_are_not_fewer_than_those_who_sit_there(town, administrator):
    body = council(administrator)
    appointed(body.id, taking(), by=administrator)
    with pytest.raises(Conflict, match="1명"):
        services.edit_seats(body.id, "civil", replace(CIVIL, number=0), by=administrator)
    assert services.edit_seats(body.id, "civil", replace(CIVIL, number=1), by=administrator).number == 1
    with pytest.raises(Conflict):
        services.add_seats(body.id, "civil", CIVIL, by=administrator)
    with pytest.raises(Refusal):
        services.add_seats(body.id, "민간", CIVIL, by=administrator)


def test_a_body_that_is_over_stays_as_it_was(town, administrator):
    body = council(administrator)
    services.close(body.id, seen=0, by=administrator)
    with pytest.raises(Conflict, match="끝난"):
        services.close(body.id, seen=0, by=administrator)
    clock.shift(24 * 3600)
    for act in (lambda: appointed(body.id, taking(), by=administrator),
                lambda: services.close(body.id, seen=0, by=administrator)):
        with pytest.raises(Conflict, match="끝난"):
            act()


def test_closed_bodies_are_read_by_their_members_and_administrators(town, administrator):
    body, member = council(administrator, CLOSED), town.resident()
    appointed(body.id, taking(member), by=administrator)
    may = {user: policy.may_read(user, case(body)) is None
           for user in (member, administrator, town.moderator(), town.official(), town.resident())}
    assert list(may.values()) == [True, True, False, False, False]
