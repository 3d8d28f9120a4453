"""Officers: two administrators, never one with as many accounts as they like."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.rules import Role
from civic_forum.ballots.officers.models import Officer
from civic_forum.ballots.officers import queries, services
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from tests.ballots.officials import after

from .people import granted, staff

TEAM = "주민참여과 참여소통팀장"


@pytest.fixture
def administrators(town):
    return staff(town, Role.ADMINISTRATOR), staff(town, Role.ADMINISTRATOR)


def officers():
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(Officer).where(Officer.granted_at.is_not(None)))


def test_two_administrators_grant_and_everybody_reads_it(town, browse, administrators):
    one, other = administrators
    proposed = services.propose(staff(town), f"  {TEAM} ", by=one)
    assert queries.granted() == [] and TEAM not in browse().get("/votes/officers").text
    services.confirm(proposed.id, by=other)
    found = queries.granted()
    assert [(each.position, each.proposed_by_id, each.granted_by_id) for each in found] == [(TEAM, one.id, other.id)]
    page = browse().get("/votes/officers").text
    assert TEAM in page and "관리자 두 명이 함께 정함" in page and found[0].user.nickname not in page


def test_nobody_confirms_themselves(town, administrators):
    one, other = administrators
    proposed = services.propose(other, TEAM, by=one)
    with pytest.raises(Denied):
        services.confirm(proposed.id, by=other)
    with pytest.raises(Denied):
        services.propose(one, "총무과장", by=one)
    assert officers() == 0


@pytest.mark.both
@pytest.mark.parametrize("known", ["mobile", "email"])
def test_two_accounts_of_one_person_are_one(town, administrators, known):
    one, other = administrators
    officer = staff(town)
    proposed = services.propose(officer, TEAM, by=one)
    setattr(other, known, "01012345678" if known == "mobile" else "an@example.org")
    setattr(officer, known, getattr(other, known))
    db.session.commit()
    with pytest.raises(Denied):
        services.confirm(proposed.id, by=other)
    assert officers() == 0


def test_an_administrator_made_by_one_administrator_grants_nothing(town, administrators):
    """The attack: one administrator makes accounts administrators and officials, and lets them act for two."""
    one, other = administrators
    puppet = staff(town, Role.ADMINISTRATOR, granted_by=one)
    with pytest.raises(Denied):
        services.propose(staff(town), TEAM, by=puppet)
    proposed = services.propose(staff(town), TEAM, by=one)
    with pytest.raises(Denied):
        services.confirm(proposed.id, by=puppet)
    assert officers() == 0
    granted(puppet, by=(one, other))
    services.confirm(proposed.id, by=puppet)
    assert officers() == 2


@pytest.mark.both
def test_an_administrator_who_is_an_officer_only_since_today_grants_nothing_yet(town, administrators, app, monkeypatch):
    monkeypatch.setitem(app.config, "SAMPLE", False)
    monkeypatch.setitem(app.config, "STAFF_TOTP", "no")
    one, other = administrators
    puppet = staff(town, Role.ADMINISTRATOR, granted_by=one)
    granted(puppet, by=(one, other), at=clock.now() - timedelta(days=6, hours=23))
    proposed = services.propose(staff(town), TEAM, by=one)
    with pytest.raises(Denied):
        services.confirm(proposed.id, by=puppet)


@pytest.mark.parametrize("who", ["resident", "clerk", "observer", "unverified", "left", "blocked"])
def test_somebody_who_cannot_be_one_is_refused(town, administrators, who):
    somebody = {"resident": lambda: town.resident(), "clerk": lambda: staff(town, Role.CLERK),
                "observer": lambda: staff(town, Role.OBSERVER), "unverified": lambda: staff(town, verified=False),
                "left": lambda: staff(town), "blocked": lambda: staff(town)}[who]()
    somebody.left_at = clock.now() if who == "left" else None
    somebody.blocked_at = clock.now() if who == "blocked" else None
    db.session.commit()
    with pytest.raises(Refusal):
        services.propose(somebody, TEAM, by=administrators[0])
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Officer)) == 0


@pytest.mark.parametrize("position", ["", "가", " ", "가" * 81])
def test_a_position_says_something(town, administrators, position):
    with pytest.raises(Refusal):
        services.propose(staff(town), position, by=administrators[0])


def test_a_position_and_a_person_stand_once(town, administrators):
    first = staff(town)
    services.propose(first, TEAM, by=administrators[0])
    with pytest.raises(Conflict):
        services.propose(first, "다른 자리", by=administrators[1])
    with pytest.raises(Conflict):
        services.propose(staff(town), TEAM, by=administrators[1])


@pytest.mark.both
def test_a_proposal_is_void_after_a_day_and_can_be_made_again(town, administrators):
    one, other = administrators
    somebody = staff(town)
    proposed = services.propose(somebody, TEAM, by=one)
    after(24 * 3600)
    with pytest.raises(Conflict):
        services.confirm(proposed.id, by=other)
    again = services.propose(somebody, TEAM, by=one)
    services.confirm(again.id, by=other)
    assert officers() == 1


def test_a_proposal_of_somebody_who_may_not_any_more_is_void(town, administrators):
    one, other = administrators
    proposed = services.propose(staff(town), TEAM, by=one)
    one.grants[0].withdrawn_at = clock.now()
    db.session.commit()
    with pytest.raises(Conflict):
        services.confirm(proposed.id, by=other)
    assert officers() == 0


@pytest.mark.both
def test_ended_is_ended(town, administrators):
    one, other = administrators
    proposed = services.propose(staff(town), TEAM, by=one)
    services.end(proposed.id, by=other)
    for attempt in (services.confirm, services.end):
        with pytest.raises(Conflict):
            attempt(proposed.id, by=other)
    with pytest.raises(NotFound):
        services.end(999_999, by=one)


@pytest.mark.both
def test_a_command_grants_the_first_ones_and_it_shows(town, browse):
    services.grant_by_command(staff(town), TEAM)
    assert "서버에서 명령으로 정함" in browse().get("/votes/officers").text
    assert db.session.scalars(sa.select(AuditEntry.actor_id).filter_by(action="ballots.officer_granted")).all() == [
        None
    ]


def test_a_grant_waits_seven_days_but_in_a_marked_sample(town, app, monkeypatch):
    one = granted(staff(town), at=clock.now())
    assert queries.is_in_force(one, clock.now())
    monkeypatch.setitem(app.config, "SAMPLE", False)
    assert not queries.is_in_force(one, clock.now() + timedelta(days=7, seconds=-1))
    assert queries.is_in_force(one, one.granted_at + timedelta(days=7))
