"""Roles that only read, and roles with a last day."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import RoleGrant
from civic_forum.accounts.rules import Role
from civic_forum.accounts.services import people
from civic_forum.notifications.models import Notice
from civic_forum.platform import clock, policy
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import local

pytestmark = pytest.mark.both


def day(number):
    return local(clock.now()).date() + timedelta(days=number)


@pytest.fixture
def reader(town):
    user = town.user()
    people.grant(user, Role.READER, title="감사 담당", by=None)
    db.session.refresh(user)
    return user


def answer(name, actor):
    try:
        return policy.why_not(actor, name)
    except (AttributeError, TypeError):
        return "asks for a subject"


def test_a_reader_may_no_more_than_a_member_but_read_figures(town, reader):
    member = town.user()
    allowed = {name for name in policy.names() if answer(name, reader) is None}
    assert allowed - {name for name in policy.names() if answer(name, member) is None} == {
        "desk.enter", "figures.see_desk"}


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("path, status", [
    ("/desk", 200), ("/desk/figures", 200), ("/desk/roles", 403), ("/desk/people", 403), ("/desk/absences", 403),
    ("/desk/exports", 403), ("/desk/audit", 403), ("/desk/commitments", 403), ("/desk/answers", 403)])
def test_a_reader_sees_the_figures_of_the_office_and_nothing_personal(reader, browse, path, status):
    assert browse(reader).get(path).status_code == status


@pytest.mark.parametrize("role, title", [(Role.READER, ""), (Role.READER, "가" * 61), (Role.MODERATOR, "감사 담당")])
def test_a_reader_and_nobody_else_has_a_title(town, role, title):
    with pytest.raises(Refusal, match="직함"):
        people.grant(town.user(), role, title=title, by=None)


def open_roles(user):
    db.session.rollback()
    return list(db.session.scalars(sa.select(RoleGrant.role).filter_by(user_id=user.id, withdrawn_at=None)))


def test_a_role_ends_after_its_last_day_and_is_told_a_week_before(town, at):
    user, here = town.user(), clock.now()
    with pytest.raises(Refusal, match="내일부터"):
        people.grant(user, Role.MODERATOR, ends_on=day(0), by=None)
    people.grant(user, Role.MODERATOR, ends_on=day(10), by=None)
    assert people.tell_ends() == 0
    at(here + timedelta(days=3))
    assert (people.tell_ends(), people.tell_ends()) == (1, 0)
    at(here + timedelta(days=10))
    assert people.end_due() == 0 and open_roles(user) == [Role.MODERATOR]
    at(here + timedelta(days=11))
    assert (people.end_due(), people.end_due()) == (1, 0) and open_roles(user) == []
    steps = db.session.scalars(sa.select(Notice.step).filter_by(user_id=user.id).order_by(Notice.id)).all()
    assert steps == ["role_ends", "roles_ended"]


def test_the_last_administrator_keeps_the_role(town, at):
    user = town.user()
    people.grant(user, Role.ADMINISTRATOR, ends_on=day(1), by=None)
    at(clock.now() + timedelta(days=2))
    assert people.end_due() == 0 and open_roles(user) == [Role.ADMINISTRATOR]
    town.administrator()
    assert people.end_due() == 1 and open_roles(user) == []
