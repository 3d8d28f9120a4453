"""Codes, letters, roles and persons: whoever comes second waits, and finds what the first has left."""

import pytest
import sqlalchemy as sa

from civic_forum.accounts.identity import Identity
from civic_forum.accounts.models import Affiliation, Letter, OneTimeCode, Person, RoleGrant
from civic_forum.accounts.rules import AffiliationKind, Evidence, Purpose, Role
from civic_forum.accounts.operations import issue_code
from civic_forum.accounts.services import codes, letters, residency, staff_acts
from civic_forum.accounts.services import people as roles
from civic_forum.platform.base import db
from civic_forum.platform.clock import now
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from civic_forum.platform.work import use_case
from tests.factories import MAY
from tests.ballots.people import verified
from tests.polls.making import voter
from tests.racing import held, on_postgresql

from .people import member, posted, second_clerk

pytestmark = on_postgresql
WHO = Identity("김하늘", MAY.date().replace(year=1980))


def only(table):
    return db.session.scalars(sa.select(table)).one()


def test_a_link_works_once(town):
    user = member(town, email="anna@example.org")
    with use_case(None) as work:
        code = issue_code(work.session, user.id, Purpose.CONFIRM_EMAIL, at=work.at, email=user.email)
    with held(only(OneTimeCode), used_at=now()), pytest.raises(Refusal):
        codes.confirm_email(code)


def test_a_link_waits_for_its_account_and_holds_up_nobody_who_ends_it(town):
    user = member(town, email="anna@example.org")
    with use_case(None) as work:
        code = issue_code(work.session, user.id, Purpose.CONFIRM_EMAIL, at=work.at, email=user.email)
    with held(user, gone=only(OneTimeCode)), pytest.raises(Refusal):
        codes.confirm_email(code)


def test_digits_that_were_used_up_meanwhile_prove_nothing(town):
    user = member(town, mobile="010-0000-1234")
    codes.ask_for_code(by=user)
    with held(only(OneTimeCode), used_at=now()), pytest.raises(NotFound):
        codes.confirm("000000", by=user)


def test_an_address_that_was_taken_out_meanwhile_gets_no_letter(town):
    user = member(town, email="anna@example.org")
    with held(user, email=None), pytest.raises(Refusal):
        codes.ask_for_confirmation(by=user)


def test_a_letter_that_has_ended_meanwhile_is_neither_cancelled_nor_printed_nor_confirmed(town):
    user, clerk = town.user(), town.clerk()
    letter = letters.request(WHO, "금하로 00길 1", town.neighbourhood().id, by=user)
    for act in (lambda: letters.cancel(by=user), lambda: letters.print_batch([letter.id], by=clerk),
                lambda: letters.confirm("0000-0000-00000", by=user)):
        letter.ended_at, letter.code_hash = None, bytes(32)
        db.session.commit()
        with held(only(Letter), ended_at=now()), pytest.raises(NotFound):
            act()


def test_the_last_administrator_stays_whoever_went_meanwhile(town):
    one, other = town.administrator(), town.administrator()
    going = db.session.scalar(sa.select(RoleGrant).filter_by(user_id=other.id))
    [staying] = one.grants
    with held(going, withdrawn_at=now()), pytest.raises(Refusal, match="마지막 관리자"):
        roles.withdraw(staying.id, by=None)


def test_nobody_grants_roles_who_was_blocked_meanwhile(town):
    administrator, user = town.administrator(), town.user()
    with held(administrator, blocked_at=now()), pytest.raises(Denied):
        roles.grant(user, Role.MODERATOR, by=administrator)


def test_a_role_is_withdrawn_once(town):
    [grant] = town.moderator().grants
    assert grant.role is Role.MODERATOR
    with held(grant, withdrawn_at=now()), pytest.raises(Conflict):
        roles.withdraw(grant.id, by=None)


def test_namesakes_are_compared_as_they_are_by_then(town):
    user, clerk = voter(town), town.clerk()
    person = db.session.get(Person, user.person_id)
    person.identity_hash = WHO.hash
    db.session.commit()
    with held(person):
        assert len(residency.compare(WHO, by=clerk)) == 1


def test_a_place_is_declared_on_what_was_said_of_it_before(town):
    user, there = town.user(), town.neighbourhood("시흥2동")
    residency.declare(AffiliationKind.WORK, town.neighbourhood().id, by=user)
    with held(only(Affiliation)):
        residency.declare(AffiliationKind.WORK, there.id, by=user)
    assert only(Affiliation).neighbourhood_id == there.id


def test_a_letter_that_was_posted_meanwhile_is_posted_once(town):
    letter = letters.request(WHO, "금하로 00길 1", town.neighbourhood().id, by=town.user())
    letters.print_batch([letter.id], by=town.clerk())
    with held(only(Letter), posted_at=now()), pytest.raises(NotFound):
        posted(town, letter.id)


@pytest.mark.parametrize("whose", ["first", "second", "owner"])
def test_the_second_clerk_waits_for_whoever_changes_one_of_the_three(town, whose):
    owner, first, second = verified(town, neighbourhood_id=town.neighbourhood().id), town.clerk(), second_clerk(town)
    codes.issue(owner, Identity("김하늘", MAY.date().replace(1980, 1, 1)), evidence=Evidence.PASSPORT, by=first)
    row, change = {"first": (first, {"blocked_at": now()}), "second": (second, {"blocked_at": now()}),
                   "owner": (owner, {"staff_act_at": now()})}[whose]
    with held(row, **change), pytest.raises(Refusal):
        staff_acts.confirm_seen(Identity("김하늘", MAY.date().replace(1980, 1, 1)), evidence=Evidence.PASSPORT, by=second)
