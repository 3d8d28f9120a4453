"""Two at once: one person counts once, one administrator stays, five tries are five."""

from datetime import date
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa

from civic_forum.accounts.identity import Identity
from civic_forum.accounts.models import Letter, Person, RoleGrant, User
from civic_forum.accounts.rules import AffiliationKind, Evidence, Role
from civic_forum.accounts.services import letters, residency
from civic_forum.accounts.services import people as roles
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from tests.accounts.people import posted

pytestmark = pytest.mark.both

WHO = Identity("김서윤", date(1985, 4, 2))


def at_once(app, *doings):
    """Run each in a thread of its own; returns what each raised, None for what went well."""
    db.session.rollback()
    start, came = Barrier(len(doings)), [None] * len(doings)

    def run(number, doing):
        with app.app_context():
            start.wait()
            try:
                doing()
            except Refusal as refusal:
                came[number] = refusal

    threads = [Thread(target=run, args=pair) for pair in enumerate(doings)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.expire_all()
    return came


def me(user_id):
    return db.session.get_one(User, user_id)


@pytest.mark.parametrize("accounts", [2, 5])
def test_clerks_who_verify_one_person_for_several_accounts_at_once_make_one_resident(app, town, accounts):
    place = town.neighbourhood().id
    pairs = [(town.clerk().id, town.user().id) for _each in range(accounts)]

    def verify(clerk_id, user_id):
        return lambda: residency.verify(me(user_id), WHO, affiliations={AffiliationKind.LIVE: place},
                                        evidence=Evidence.PASSPORT, by=me(clerk_id))

    came = at_once(app, *(verify(*pair) for pair in pairs))
    assert came.count(None) == 1
    assert {refusal.status for refusal in came if refusal} == {409}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Person)) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(User).where(User.is_resident)) == 1


def test_two_clerks_who_verify_one_account_at_once_make_one_person(app, town):
    place, user = town.neighbourhood().id, town.user().id
    clerks = [town.clerk().id for _each in range(2)]
    at_once(app, *(lambda clerk=clerk: residency.verify(
        me(user), WHO, affiliations={AffiliationKind.LIVE: place}, evidence=Evidence.PASSPORT, by=me(clerk))
        for clerk in clerks))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Person)) == 1


def test_administrators_who_withdraw_each_other_leave_one(app, town):
    ids = [town.administrator().id for _each in range(3)]
    grants = dict(db.session.execute(sa.select(RoleGrant.user_id, RoleGrant.id)).all())
    ring = list(zip(ids, ids[1:] + ids[:1], strict=True))
    at_once(app, *(lambda by=by, of=of: roles.withdraw(grants[of], by=me(by)) for by, of in ring))
    left = db.session.scalar(sa.select(sa.func.count()).select_from(RoleGrant).where(
        RoleGrant.role == Role.ADMINISTRATOR, RoleGrant.withdrawn_at.is_(None)))
    assert left >= 1


def test_the_command_line_takes_the_role_of_the_last_administrator_from_nobody(app, town):
    ids = [town.administrator().id for _each in range(2)]
    grants = dict(db.session.execute(sa.select(RoleGrant.user_id, RoleGrant.id)).all())
    came = at_once(app, *(lambda of=of: roles.withdraw(grants[of], by=None) for of in ids))
    assert sorted(str(refusal) for refusal in came if refusal) == ["마지막 관리자예요. 다른 관리자를 먼저 정해 주세요."]


def test_a_role_given_twice_at_once_is_held_once(app, town):
    administrators, user = [town.administrator().id for _each in range(2)], town.user().id
    came = at_once(app, *(lambda by=by: roles.grant(me(user), Role.MODERATOR, by=me(by)) for by in administrators))
    assert came.count(None) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RoleGrant).where(RoleGrant.user_id == user)) == 1


def test_ten_wrong_codes_at_once_count_as_five_tries(app, town):
    place = town.neighbourhood()
    clerk, user = town.clerk(), town.user()
    letter = letters.request(WHO, "금하로 00길 1", place.id, by=user).id
    letters.print_batch([letter], by=clerk)
    posted(town, letter)
    user = user.id
    came = at_once(app, *(lambda: letters.confirm("0000-0000-00000", by=me(user)) for _each in range(10)))
    assert [refusal.status for refusal in came if "맞지 않아요" in str(refusal)] == [422] * 4
    assert [refusal.status for refusal in came if "다섯 번 잘못" in str(refusal)] == [422]
    assert db.session.get_one(Letter, letter).outcome == "used_up"


def test_two_requests_at_once_are_one_letter(app, town):
    place, user = town.neighbourhood().id, town.user().id
    came = at_once(app, *(lambda: letters.request(WHO, "금하로 00길 1", place, by=me(user)) for _each in range(4)))
    assert came.count(None) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Letter)) == 1
