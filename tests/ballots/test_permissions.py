"""Each permission about votes asked by the same cast: at the desk, of observers, of officials, of the roll."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask_login import AnonymousUserMixin

from civic_forum.accounts.models import RoleGrant
from civic_forum.accounts.rules import Role, same_person
from civic_forum.ballots.models import BallotBox
from civic_forum.ballots.policy import Typing
from civic_forum.platform import clock, policy
from civic_forum.platform.base import db
from tests.factories import MAY, saved

DESK = {"clerk", "elsewhere", "moderator"}


@pytest.fixture
def cast(town):
    return {"visitor": AnonymousUserMixin(), "user": town.user(), "clerk": town.clerk(), "moderator": town.moderator(),
            "elsewhere": town.clerk(neighbourhood=town.neighbourhood("독산1동")), "official": town.official(),
            "second": town.official(department=town.department("공원녹지과")), "observer": town.staff(Role.OBSERVER),
            "administrator": town.administrator()}


def who(cast, name, subject=None):
    return {one for one, actor in cast.items() if policy.can(actor, f"ballots.{name}", subject)}


@pytest.mark.parametrize("name", ["issue_paper", "open_kiosk"])
def test_clerks_serve_those_of_their_neighbourhood(town, cast, name):
    assert who(cast, name) == DESK
    assert who(cast, name, town.neighbourhood().id) == {"clerk", "moderator"}


@pytest.mark.parametrize(("held_for", "allowed"), [
    (timedelta(), set()), (timedelta(days=6, hours=23), set()), (timedelta(days=7), DESK)])
def test_outside_a_sample_whoever_serves_a_vote_has_held_the_role_for_seven_days(cast, app, at, monkeypatch, held_for,
                                                                                 allowed):
    at(clock.now())
    monkeypatch.setitem(app.config, "SAMPLE", False)
    monkeypatch.setitem(app.config, "STAFF_TOTP", "optional")
    db.session.execute(sa.update(RoleGrant).values(granted_at=clock.now() - held_for))
    db.session.expire_all()
    for name in ("issue_paper", "open_kiosk", "type_paper", "settle_paper"):
        assert who(cast, name) == allowed, name


def test_a_new_role_opens_no_other_desk_to_somebody_who_has_long_been_a_clerk(cast, town, app, monkeypatch):
    monkeypatch.setitem(app.config, "SAMPLE", False)
    monkeypatch.setitem(app.config, "STAFF_TOTP", "optional")
    clerk, there = cast["clerk"], town.neighbourhood("독산1동").id
    db.session.execute(sa.update(RoleGrant).values(granted_at=clock.now() - timedelta(days=8)))
    saved(RoleGrant(user_id=clerk.id, role=Role.MODERATOR, granted_at=clock.now()))
    saved(RoleGrant(user_id=clerk.id, role=Role.CLERK, neighbourhood_id=there, granted_at=clock.now()))
    db.session.expire_all()
    assert who(cast, "issue_paper", there) == {"elsewhere", "moderator"}


def test_a_batch_is_typed_by_two_and_settled_by_a_third(cast):
    clerk, elsewhere = cast["clerk"], cast["elsewhere"]
    for typing, types, settles in (
            (None, DESK, DESK), (Typing(()), DESK, DESK), (Typing((), is_settled=True), set(), set()),
            (Typing((clerk,)), DESK - {"clerk"}, DESK - {"clerk"}), (Typing((), (clerk,)), DESK, DESK),
            (Typing((clerk,), (elsewhere,)), {"elsewhere"}, DESK - {"clerk"}),
            (Typing((), (clerk, elsewhere)), {"clerk", "elsewhere"}, DESK),
            (Typing((clerk, elsewhere)), set(), {"moderator"})):
        assert who(cast, "type_paper", typing) == types
        assert who(cast, "settle_paper", typing) == settles


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize(("mine", "theirs", "same"), [
    ({}, {}, False), ({"person_id": 7}, {"person_id": 7}, True), ({"person_id": 7}, {"person_id": 8}, False),
    ({"mobile": "01012345678"}, {"mobile": "01012345678"}, True),
    ({"email": "An@example.org"}, {"email": "an@example.org"}, True), ({"email": "an@example.org"}, {}, False),
    ({"confirmed_email": "an@example.org", "email": "old@example.org"}, {"email": "An@Example.org"}, True),
    ({"confirmed_email": "an@example.org", "email": "old@example.org"}, {"email": "old@example.org"}, False),
])
def test_two_accounts_of_one_person(cast, mine, theirs, same):
    """Neither types what the other has typed, nor settles it."""
    one, other = cast["clerk"], cast["elsewhere"]
    with db.session.no_autoflush:
        for user, facts in ((one, mine), (other, theirs)):
            for name, value in facts.items():
                setattr(user, name, value)
        assert same_person(one, one) and same_person(one, other) is same_person(other, one) is same
        may = {"moderator"} if same else {"moderator", "elsewhere"}
        assert who(cast, "type_paper", Typing((one,))) == who(cast, "settle_paper", Typing((one,))) == may
        db.session.rollback()


def test_rights_to_observe_and_to_answer_objections(cast):
    opened, waiting = BallotBox(opened_at=MAY), BallotBox()
    for name in ("observe", "object"):
        assert who(cast, name) == who(cast, name, opened) == {"observer"}
        assert not who(cast, name, waiting)
    assert who(cast, "answer_objection") == {"official", "second"}
    [department_id] = cast["second"].department_ids()
    assert who(cast, "answer_objection", department_id) == {"second"}
    assert who(cast, "withhold_objection") == who(cast, "read_objections") == {"moderator", "official", "second"}
    assert "부서 담당자만 부서 이름으로" in policy.why_not(cast["user"], "ballots.answer_objection", department_id)


def test_rights_to_officiate_and_to_keep_the_roll(cast):
    assert who(cast, "officiate") == {"moderator", "official", "second", "administrator"}
    assert who(cast, "keep_roll") == {"moderator"}
    assert who(cast, "object_to_roll") == cast.keys() - {"visitor"}


def test_nobody_handles_a_vote_without_the_second_factor(cast, app, monkeypatch):
    monkeypatch.setitem(app.config, "STAFF_TOTP", "required")
    for name in ("issue_paper", "type_paper", "officiate", "keep_roll", "withhold_objection"):
        assert not who(cast, name)
    for name in ("issue_paper", "officiate"):
        assert "2단계 인증" in policy.why_not(cast["moderator"], f"ballots.{name}")
