"""Answers: one for each person and statement, whatever they come with, and no trace of who and when."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask_login import AnonymousUserMixin

from civic_forum.accounts.identity import Identity
from civic_forum.accounts.operations import verify_person
from civic_forum.accounts.personal_data import PERSONAL_DATA
from civic_forum.accounts.rules import AffiliationKind, Verification
from civic_forum.accounts.services import leaving
from civic_forum.opinions import answering, queries, services
from civic_forum.opinions.models import Participant, Statement
from civic_forum.opinions.queries import Draw
from civic_forum.opinions.rules import Audience, Basis
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.work import use_case
from tests.racing import all_at_once, at_once

from .making import consultation, participants, people, values, verified

NOBODY = AnonymousUserMixin()


def test_an_answer_is_kept_changed_and_withdrawn(town):
    asked, user = consultation(), town.user()
    answering.respond(asked.id, 1, 1, by=user)
    answering.respond(asked.id, 2, 0, by=user)
    answering.respond(asked.id, 1, -1, by=user)
    assert values() == [-1, 0] and participants() == [(Basis.ACCOUNT, 2)]
    assert answering.withdraw(asked.id, by=user) and not people() and not answering.withdraw(asked.id, by=user)


def test_an_answer_leaves_no_audit_entry_and_no_time(town):
    asked, user = consultation(), town.user()
    before = db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry))
    answering.respond(asked.id, 1, 1, by=user)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == before
    assert [column.name for column in Participant.__table__.columns] == [
        "consultation_id", "row_key", "basis", "is_counted", "is_empty", "sealed", "place"]
    assert not Participant.__table__.foreign_keys and not Participant.__table__.dialect_options["sqlite"]["with_rowid"]


@pytest.mark.both
def test_a_device_answers_where_everybody_may_and_its_answers_are_nobodys_who_signs_in(town):
    asked, user = consultation(), town.user()
    answering.respond(asked.id, 1, 1, by=NOBODY, device="a" * 22)
    assert answering.position(asked, Draw((1, 2), {}), by=user, device="a" * 22).answers == {}
    answering.respond(asked.id, 2, 1, by=user, device="a" * 22)
    assert sorted(participants()) == [(Basis.ACCOUNT, 1), (Basis.DEVICE, 1)]
    assert answering.withdraw(asked.id, by=user, device="a" * 22) and len(people()) == 1
    members = consultation(audience=Audience.MEMBERS)
    with pytest.raises(Denied):
        answering.respond(members.id, 1, 1, by=NOBODY, device="a" * 22)


def test_one_person_answers_once_whatever_accounts_they_have(town):
    asked, first = consultation(), verified(town.user())
    answering.respond(asked.id, 1, 1, by=first)
    leaving_first = first.person_id
    with use_case(None) as work:
        leaving.erase(work, work.session.merge(first))
    assert leaving_first and not people(), "an account that goes takes its answers along"
    second = town.user()
    answering.respond(asked.id, 1, -1, by=second)
    answering.respond(asked.id, 2, 1, by=verified(second))
    assert participants() == [(Basis.VERIFIED, 2)]


@pytest.mark.both
def test_answers_count_from_the_verification_on_not_from_the_next_answer(town):
    asked, user = consultation(verified_only=True), town.user()
    answering.respond(asked.id, 1, 1, by=user)
    here = town.neighbourhood("가산동")
    with use_case(None) as work:
        held = work.session.merge(user)
        verify_person(held, Identity("최금천", date(1960, 1, 2)), how=Verification.DESK,
                      affiliations={AffiliationKind.LIVE: here.id}, at=work.at)
    assert participants() == [(Basis.VERIFIED, 1)]
    answering.respond(asked.id, 2, 1, by=user)
    assert [(len(one.content.answers), one.content.neighbourhood_id) for one in people()] == [(2, here.id)]


def test_somebody_is_asked_by_audience_place_and_time(town):
    here, there = town.neighbourhood("가산동"), town.neighbourhood("독산1동")
    asked = consultation(audience=Audience.VERIFIED)
    asked.neighbourhoods = [here]
    db.session.commit()
    for user in (town.user(), verified(town.user(), "이산", place=there)):
        with pytest.raises(Denied):
            answering.respond(asked.id, 1, 1, by=user)
    answering.respond(asked.id, 1, 1, by=verified(town.user(), "박물", place=here))
    assert [one.content.neighbourhood_id for one in people()] == [here.id]
    over = consultation(open_since=timedelta(days=11))
    with pytest.raises(Denied):
        answering.respond(over.id, 1, 1, by=town.user())
    early = consultation(open_since=timedelta(hours=-2))
    with pytest.raises(Denied):
        answering.respond(early.id, 1, 1, by=town.user())
    assert len(people()) == 1


def test_bad_answers_leave_no_trace(town):
    asked, user = consultation(), town.user()
    for number, value in ((1, 2), (1, -2), (99, 1)):
        with pytest.raises(Refusal):
            answering.respond(asked.id, number, value, by=user)
    services.decide(asked.id, 1, services.Decision.TAKE_OUT, why="같은 말이 둘이에요.", by=town.moderator())
    with pytest.raises(Conflict):
        answering.respond(asked.id, 1, 1, by=user)
    assert not people()


@pytest.mark.both
def test_an_age_is_said_by_whoever_answered_and_only_while_answers_are_taken(town):
    asked, user = consultation(), town.user()
    with pytest.raises(Conflict):
        answering.say_age(asked.id, "65+", by=user)
    answering.respond(asked.id, 1, 1, by=user)
    for band, kept in (("65+", "65+"), ("19-39", "19-39"), ("", None), ("40-64", "40-64")):
        answering.say_age(asked.id, band, by=user)
        assert [one.content.age_band for one in people()] == [kept]
    with pytest.raises(Refusal):
        answering.say_age(asked.id, "84", by=user)
    assert PERSONAL_DATA["consultations"].collect(user)["ages"] == [{"consultation": asked.title, "age": "40-64"}]
    asked.closes_at = clock.now()
    db.session.commit()
    with pytest.raises(Denied):
        answering.say_age(asked.id, "", by=user)


@pytest.mark.both
def test_two_taps_are_one_answer_and_one_participant(app, town):
    asked, user = consultation(), town.user()
    found = at_once(app, 6, lambda n: answering.respond(asked.id, 1 + n % 3, 1, by=user))
    assert not any(isinstance(one, Exception) for one in found)
    assert [one.content.answers for one in people()] == [{1: 1, 2: 1, 3: 1}]


def test_a_statement_taken_out_while_one_answers_is_either_answered_or_refused(app, town):
    asked, user, moderator = consultation(), town.user(), town.moderator()
    found = all_at_once(
        app, lambda: answering.respond(asked.id, 1, 1, by=user),
        lambda: services.decide(asked.id, 1, services.Decision.TAKE_OUT, why="주제와 달라요.", by=moderator) and None)
    assert found[1] is None and isinstance(found[0], (answering.Answered, Conflict))
    assert len(values()) == isinstance(found[0], answering.Answered)


@pytest.mark.both
def test_statements_come_in_an_order_of_ones_own_that_stays(town):
    asked = consultation([f"한 줄 의견 {n}번이에요." for n in range(1, 31)])
    numbers = [one.number for one in queries.statements(asked.id)]
    orders = []
    for user in (town.user(), town.user()):
        order = []
        for _step in numbers:
            now = answering.position(asked, Draw(tuple(numbers), {}), by=user)
            assert answering.position(asked, Draw(tuple(numbers), {}), by=user).next == now.next
            order.append(now.next)
            answering.respond(asked.id, now.next, 1, by=user)
        assert sorted(order) == numbers and answering.position(asked, Draw(tuple(numbers), {}), by=user).next is None
        orders.append(order)
    assert orders[0] != orders[1]


@pytest.mark.both
def test_a_statement_of_ones_own_is_public_or_waits_and_is_there_once(town):
    user, other = town.user(), town.user()
    asked = consultation()
    made = services.write(asked.id, "  벤치에   등받이를 달아 주세요. ", by=user)
    assert (made.number, made.text, made.is_asked) == (7, "벤치에 등받이를 달아 주세요.", True)
    with pytest.raises(Conflict):
        services.write(asked.id, "벤치에 등받이를 달아 주세요.", by=other)
    slow = consultation(moderation="before")
    assert not services.write(slow.id, "벤치에 등받이를 달아 주세요.", by=user).is_asked
    assert [one.text for one in services.alike("벤치에 등받이를 달아 주면 좋겠어요", queries.statements(asked.id))] == [made.text]
    with pytest.raises(Denied):
        services.write(asked.id, "쿠키만 있는 사람은 답만 해요.", by=NOBODY, device="b" * 22)
    with pytest.raises(Refusal):
        services.write(asked.id, "제 번호는 900101-1234568 이에요.", by=user)
    written = sa.select(sa.func.count()).select_from(Statement).where(Statement.author_id.is_not(None))
    assert db.session.scalar(written) == 2


def test_nobody_writes_more_than_ten(app, town):
    asked, user = consultation(), town.user()
    found = at_once(app, 13, lambda n: services.write(asked.id, f"의견을 하나 더 적어요 {n}", by=user).number)
    assert sum(isinstance(one, int) for one in found) == 10
    assert clock.now() < asked.closes_at
