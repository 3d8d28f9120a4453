"""Each permission about accounts asked by the same cast: of one's own, at the desk, by administrators."""

import pytest
from flask_login import AnonymousUserMixin

from civic_forum.accounts import proofs
from civic_forum.accounts.policy import Visit
from civic_forum.accounts.services import codes, profile
from civic_forum.platform import clock, policy
from civic_forum.platform.base import db
from civic_forum.platform.errors import Denied
from civic_forum.platform.i18n import Language

from .people import PASSWORD, member

CLERKS = {"clerk", "elsewhere"}
STAFF = CLERKS | {"administrator", "second"}


@pytest.fixture
def cast(town):
    return {"visitor": AnonymousUserMixin(), "user": town.user(), "moderator": town.moderator(),
            "official": town.official(), "clerk": town.clerk(),
            "elsewhere": town.clerk(neighbourhood=town.neighbourhood("독산1동")), "administrator": town.administrator(),
            "second": town.administrator()}


def who(cast, name, subject=None):
    return {one for one, actor in cast.items() if policy.can(actor, f"accounts.{name}", subject)}


def test_everybody_has_their_own(cast):
    everybody = cast.keys() - {"visitor"}
    for name, without in (("change_own", set()), ("download_own", set()), ("leave", {"administrator", "second"})):
        assert who(cast, name) == everybody - without
        assert who(cast, name, cast["clerk"]) == {"clerk"}
        assert who(cast, name, cast["second"]) == {"second"} - without


@pytest.mark.parametrize("act", [
    lambda by: codes.ask_for_confirmation(by=by),
    lambda by: codes.ask_for_code(by=by),
    lambda by: codes.confirm("000000", by=by),
    lambda by: proofs.prove(PASSWORD, by=by),
    lambda by: profile.change_profile(profile.Profile("산호길 산책", None, None, Language.KO), by=by),
    lambda by: profile.confirm("000000", session_id=None, by=by),
    lambda by: profile.turn_off(by=by),
], ids=["email", "mobile", "digits", "proof", "profile", "second factor", "no second factor"])
def test_nobody_who_was_blocked_meanwhile_changes_anything(town, act):
    user = member(town, email="sanho@example.org", mobile="010-0000-1234")
    user.blocked_at = clock.now()
    db.session.commit()
    with pytest.raises(Denied):
        act(user)


def test_administrators_open_accounts_and_give_roles(town, cast):
    administrators = {"administrator", "second"}
    for name in ("create", "grant_role", "read_audit", "read_access_log", "remove_second_factor"):
        assert who(cast, name) == administrators, name
    for name in ("grant_role", "remove_second_factor"):
        assert who(cast, name, cast["user"]) == administrators
        assert who(cast, name, cast["second"]) == {"administrator"}
    assert not who(cast, "grant_role", town.user(sign_in_name=None, sign_in_key=None, left_at=clock.now()))


def test_codes_are_given_by_clerks_and_for_staff_by_administrators(town, cast):
    assert who(cast, "issue_desk_code") == who(cast, "issue_desk_code", cast["user"]) == STAFF
    assert who(cast, "issue_desk_code", cast["moderator"]) == {"administrator", "second"}
    assert who(cast, "issue_desk_code", cast["second"]) == {"administrator"}
    assert not who(cast, "issue_desk_code", town.user(blocked_at=clock.now()))
    assert "내 일을" in policy.why_not(cast["clerk"], "accounts.issue_desk_code", cast["clerk"])


def test_clerks_serve_their_own_neighbourhoods(town, cast):
    here, there = (frozenset((town.neighbourhood(name).id,)) for name in ("시흥1동", "독산1동"))
    for name in ("verify", "open_account", "print_letters"):
        assert who(cast, name) == who(cast, name, Visit(cast["user"], frozenset())) == CLERKS
        assert who(cast, name, Visit(None, here)) == who(cast, name, Visit(cast["user"], here)) == {"clerk"}
        assert not who(cast, name, Visit(cast["user"], here | there)) | who(cast, name, Visit(cast["clerk"], here))
    assert who(cast, "look_up") == who(cast, "look_up", Visit(cast["user"], here | there)) == STAFF
    assert who(cast, "look_up", Visit(cast["user"], here)) == STAFF - {"elsewhere"}
