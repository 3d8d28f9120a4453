"""The second person: who it may be, plain and strict, and an act that waits for one."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import RoleGrant, User
from civic_forum.accounts.queries import people
from civic_forum.accounts.rules import Role, marks_of
from civic_forum.blocks.two_people import HELD_FOR, Signatory, Strength, TwoPeople, why_not_second
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.joint_acts import JointAct
from civic_forum.platform.errors import Conflict, Denied, NotFound
from civic_forum.platform.work import use_case
from tests.ballots.officers.people import staff
from tests.racing import all_at_once, held, on_postgresql

NOW = datetime(2026, 3, 2, 9, tzinfo=timezone.utc)


def signatory(number, **facts):
    return Signatory(**{"id": number, "marks": frozenset({("account", number), ("person", number)}),
                        "is_verified_at_desk": True, "held_since": NOW - HELD_FOR, "granted_by": frozenset()} | facts)


FIRST, SECOND = signatory(1), signatory(2)


def refused(first=FIRST, second=SECOND, about=(), strength=Strength.STRICT, **given):
    return why_not_second(first, second, about, strength=strength, now=NOW, **given) is not None


@pytest.mark.parametrize("strength", Strength)
def test_another_person_in_the_right_may_confirm(strength):
    assert not refused(strength=strength)
    assert not refused(first=None, strength=strength)


@pytest.mark.parametrize("strength", Strength)
@pytest.mark.parametrize("mark", [("account", 1), ("person", 1), ("mobile", "010-1"), ("mail", "a@b.kr")])
def test_nobody_confirms_under_another_account_of_theirs(strength, mark):
    first = signatory(1, marks=frozenset({("account", 1), ("person", 1), ("mobile", "010-1"), ("mail", "a@b.kr")}))
    assert refused(first, replace(SECOND, marks=SECOND.marks | {mark}), strength=strength)


@pytest.mark.parametrize("strength", Strength)
def test_nobody_confirms_what_is_about_themselves_or_about_who_began(strength):
    assert refused(about=[SECOND.marks], strength=strength)
    assert refused(about=[frozenset({("person", 1)})], strength=strength)
    assert not refused(about=[frozenset({("person", 3)})], strength=strength)


@pytest.mark.parametrize("strength", Strength)
def test_both_hold_the_right_at_the_confirmation(strength):
    assert refused(replace(FIRST, held_since=None), strength=strength)
    assert refused(second=replace(SECOND, held_since=None), strength=strength)


@pytest.mark.parametrize("second", [replace(SECOND, is_verified_at_desk=False),
                                    replace(SECOND, held_since=NOW - HELD_FOR + timedelta(seconds=1)),
                                    replace(SECOND, granted_by=frozenset({1}))])
def test_only_the_strict_rule_asks_for_desk_days_and_who_gave_the_right(second):
    assert refused(second=second)
    assert not refused(second=second, strength=Strength.PLAIN)


def test_nobody_confirms_for_somebody_to_whom_they_gave_the_right():
    assert refused(replace(FIRST, granted_by=frozenset({2})))
    assert not refused(replace(FIRST, granted_by=frozenset({3})), replace(SECOND, granted_by=frozenset({3})))


def test_in_a_sample_the_days_are_none():
    assert not refused(second=replace(SECOND, held_since=NOW), held_for=timedelta())


def test_a_right_is_held_since_the_grant_that_counts_now(town):
    clerk, other = staff(town, Role.CLERK), town.administrator()
    seen = people.signatory(clerk, [Role.CLERK])
    assert seen.marks == marks_of(clerk) and seen.is_verified_at_desk
    assert seen.held_since == clerk.grants[0].granted_at
    assert people.signatory(clerk, [Role.MODERATOR]).held_since is None
    assert people.signatory(clerk, [Role.CLERK], "no").held_since is None
    db.session.execute(sa.update(RoleGrant).where(RoleGrant.user_id == clerk.id).values(granted_by_id=other.id))
    db.session.expire_all()
    assert people.signatory(clerk, [Role.CLERK]).granted_by == {other.id}
    clerk.blocked_at = clock.now()
    assert people.signatory(clerk, [Role.CLERK]).held_since is None


# An act that is declared: a user's nickname is looked at by two clerks


def may(actor, _user):
    return None if Role.CLERK in actor.roles else "only clerks"


def of_user(subject, signers):
    number = int(subject.removeprefix("user:"))
    return people.held(number, *signers)[number]


def carry_out(_work, user):
    user.language = "en"


NAMED = TwoPeople(name="tests.named", strength=Strength.STRICT, may=may, held=of_user,
                  shown=lambda user: [user.id, user.nickname], about=lambda user: [marks_of(user)],
                  signatory=lambda number, _user: people.signatory(db.session.get_one(User, number), [Role.CLERK]),
                  held_for=people.held_for, carry_out=carry_out)


@pytest.fixture
def scene(town):
    user = town.user()
    NAMED.propose(f"user:{user.id}", by=(first := staff(town, Role.CLERK)))
    return user, f"user:{user.id}", first, staff(town, Role.CLERK)


def actions():
    return db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)).all()


@pytest.mark.both
def test_an_act_that_one_begins_another_confirms_once(app, scene):
    user, subject, first, second = scene
    with pytest.raises(Denied):
        NAMED.confirm(subject, by=first)
    number = second.id
    answers = all_at_once(app, *[lambda: NAMED.confirm(subject, by=db.session.get(User, number)) and "done"] * 3)
    assert answers.count("done") == 1 and all(isinstance(answer, NotFound | str) for answer in answers)
    db.session.rollback()
    act = db.session.scalar(sa.select(JointAct))
    assert (act.by_id, act.confirmed_by_id, user.language) == (first.id, second.id, "en")
    assert actions() == ["tests.named_proposed", "tests.named_confirmed"]


def test_it_is_void_once_something_shown_is_another_one_or_a_day_is_over(scene):
    user, subject, first, second = scene
    seen = NAMED.pending(subject).fingerprint
    with pytest.raises(Conflict):
        NAMED.confirm(subject, seen=bytes(32), by=second)
    user.nickname = "다른 이름"
    db.session.commit()
    with pytest.raises(Conflict):
        NAMED.confirm(subject, seen=seen, by=second)
    NAMED.propose(subject, by=first)
    clock.shift(24 * 3600)
    with pytest.raises(Conflict):
        NAMED.confirm(subject, by=second)
    clock.shift(24 * 3600 - 60)
    NAMED.confirm(subject, by=second)


def test_it_waits_for_a_day_to_the_second(scene):
    user, subject, _first, _second = scene
    act = NAMED.pending(subject)
    assert [NAMED.why_void(act, user, act.at + timedelta(seconds=late)) is None for late in (86_399, 86_400)] == [
        True, False]


def test_a_command_begins_what_one_person_confirms(scene):
    user, subject, _first, second = scene
    with use_case(None) as work:
        NAMED.begin(work, subject, people.held(user.id)[user.id])
    assert NAMED.confirm(subject, by=second).by_id is None


@pytest.mark.parametrize("loses", ["first", "second"])
def test_somebody_who_lost_the_role_since_neither_began_nor_confirms(scene, loses):
    _user, subject, first, second = scene
    db.session.execute(sa.update(RoleGrant).where(RoleGrant.user_id == (first if loses == "first" else second).id)
                       .values(withdrawn_at=clock.now()))
    db.session.commit()
    with pytest.raises(Denied):
        NAMED.confirm(subject, by=second)


def test_nobody_without_the_right_begins_it_or_takes_it_back(town, scene):
    _user, subject, _first, _second = scene
    other = town.user()
    for act in (NAMED.propose, NAMED.withdraw):
        with pytest.raises(Denied):
            act(f"user:{other.id}" if act == NAMED.propose else subject, by=other)
    assert [act.subject for act in db.session.scalars(sa.select(JointAct).filter_by(ended_at=None))] == [subject]


def test_a_confirmation_asks_for_the_right_too(scene):
    _user, subject, _first, second = scene
    with pytest.raises(Denied, match="not today"):
        replace(NAMED, may=lambda _actor, _user: "not today").confirm(subject, by=second)


def test_the_same_waits_once_and_is_taken_back(scene):
    _user, subject, first, second = scene
    with pytest.raises(Conflict):
        NAMED.propose(subject, by=second)
    NAMED.withdraw(subject, by=first)
    with pytest.raises(Conflict):
        NAMED.withdraw(subject, by=first)
    with pytest.raises(NotFound):
        NAMED.confirm(subject, by=second)
    assert actions() == ["tests.named_proposed", "tests.named_withdrawn"]


@on_postgresql
def test_a_confirmation_waits_for_whoever_ends_it(app, scene):
    _user, subject, _first, second = scene
    with held(NAMED.pending(subject), ended_at=clock.now()), pytest.raises(NotFound):
        NAMED.confirm(subject, by=second)


@on_postgresql
def test_a_confirmation_holds_the_account_of_whoever_began(app, scene):
    _user, subject, first, second = scene
    with held(first, blocked_at=clock.now()), pytest.raises(Denied):
        NAMED.confirm(subject, by=second)


@on_postgresql
def test_beginning_waits_for_whoever_ends_it(app, scene):
    _user, subject, first, _second = scene
    with held(NAMED.pending(subject), ended_at=clock.now()):
        assert NAMED.propose(subject, by=first)


@on_postgresql
def test_taking_back_waits_for_whoever_ends_it(app, scene):
    _user, subject, first, _second = scene
    with held(NAMED.pending(subject), ended_at=clock.now()), pytest.raises(Conflict):
        NAMED.withdraw(subject, by=first)
