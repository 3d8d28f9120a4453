"""Closing a department with a successor."""

import os
import signal
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from civic_forum.accounts.models import RoleGrant
from civic_forum.accounts.rules import Role
from civic_forum.accounts.services import people as roles
from civic_forum.answers.models import Assignment
from civic_forum.answers.rules import AssignmentState
from civic_forum.answers.forms import DepartmentForm
from civic_forum.commitments import operations as commitments
from civic_forum.commitments.models import Commitment
from civic_forum.commitments.rules import Status
from civic_forum.desk.services import closing
from civic_forum.desk.services import district as lists
from civic_forum.district import queries
from civic_forum.district.extensions import OPEN_WORK
from civic_forum.district.models import Department
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from civic_forum.platform.work import use_case
from tests import factories
from tests.common import day, let_go

DEPARTMENTS = lists.DistrictList.DEPARTMENTS
WHY = "2027년 1월 1일에 조직을 바꿔요."
pytestmark = pytest.mark.both


def ask(department, successor, by, **facts):
    return closing.close(DEPARTMENTS, department.id, successor.id, **{
        "why": WHY, "from_day": day(), "seen": queries.last_change(DEPARTMENTS, department.id), "by": by} | facts)


def confirm(change, by, seen=None):
    closing.CLOSING.confirm(lists.subject_of(change.id), seen=seen, by=by)


def assigned(town, department, *, is_lead=True, **facts):
    proposal = facts.pop("proposal", None) or town.proposal()
    return factories.saved(Assignment(**{
        "proposal_id": proposal.id, "department_id": department.id, "is_lead": is_lead, "by_id": proposal.author_id,
        "state": AssignmentState.TAKEN, "at": clock.now()} | facts))


def promised(department, status=None):
    with use_case(None) as work:
        made = commitments.begin(work, "election_pledge", day(-9), {"title": "가로등", "department": department.id})
        if status is not None:
            commitments.put(work, made, commitments.EntryKind.STATUS, day(-8), {"status": status, "why": ""})
    return made


def open_on(department):
    db.session.rollback()
    return {name: number for name, number in closing.counts(DEPARTMENTS, department).items() if number}


def test_everything_open_moves_at_once_and_what_is_past_stays(town, two, later):
    old, new = town.department("마을자치과"), town.department("주민참여협치과")
    official = town.official(department=old)
    task = assigned(town, old)
    past = assigned(town, old, ended_at=clock.now(), state=AssignmentState.ENDED)
    promise, kept = promised(old), promised(old, Status.DONE)
    assert open_on(old) == {"staff": 1, "assignments": 1, "commitments": 1}
    change = ask(old, new, two[0])
    assert later(0) == 0 and open_on(old)
    confirm(change, two[1])
    assert later(1) == 1 and open_on(old) == {}
    assert open_on(new) == {"staff": 1, "assignments": 1, "commitments": 1}
    moved = db.session.scalar(sa.select(Assignment).filter_by(department_id=new.id))
    assert (moved.proposal_id, moved.at, moved.is_lead) == (task.proposal_id, task.at, True)
    assert db.session.get(Assignment, past.id).department_id == old.id
    assert db.session.get(Commitment, promise.id).department_id == new.id
    assert db.session.get(Commitment, kept.id).department_id == old.id
    grant = db.session.scalar(sa.select(RoleGrant).filter_by(user_id=official.id, withdrawn_at=None))
    assert grant.department_id == new.id and grant.granted_at == official.grants[0].granted_at
    assert old.id not in [each.id for each in queries.departments()]
    assert queries.department_names()[old.id] == "마을자치과(지금은 주민참여협치과)"
    assert queries.ids_by_name(queries.departments(closed=True))["마을자치과"] == new.id


def test_nothing_is_given_to_a_closed_department_any_more(app, town, two, later):
    old, new = town.department("마을자치과"), town.department("주민참여협치과")
    somebody = town.user()
    confirm(ask(old, new, two[0]), two[1])
    later(1)
    with pytest.raises(Refusal, match="어느 부서"):
        roles.grant(somebody, Role.OFFICIAL, department_id=old.id, by=None)
    with app.test_request_context():
        choices = [choice.value for choice in DepartmentForm(formdata=None).department.choices]
    assert choices == ["", str(new.id)] and queries.open_department(old.id) is None
    with pytest.raises(Conflict, match="이미 닫았"):
        lists.rename(lists.DistrictList.DEPARTMENTS, old.id, lists.Decision(name_ko="새과", words={"en": "New"}, why=WHY),
                     from_day=day(), seen=1, by=two[0])


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("case, sentence", [
    ("itself", "자기 자신"), ("closed", "목록에서"), ("gone", "목록에서"), ("twice", "기다리고"), ("today", "내일부터"),
    ("why", "5자부터"), ("seen", "다른 관리자가"), ("chain", "이미 정한")])
def test_a_closing_that_cannot_be_is_refused(town, two, later, case, sentence):
    old, new, other = (town.department(name) for name in ("가과", "나과", "다과"))
    facts = {"today": {"from_day": day(0)}, "why": {"why": "왜"}, "seen": {"seen": 99}}.get(case, {})
    if case == "closed":
        confirm(ask(new, other, two[0]), two[1])
        later(1)
        facts = {"from_day": day()}
    if case == "twice":
        ask(old, other, two[0])
    if case == "chain":
        ask(new, other, two[0])
    successor = {"itself": old, "gone": Department(id=999)}.get(case, new)
    with pytest.raises((Refusal, Conflict), match=sentence):
        ask(old, successor, two[0], **facts)


def test_the_last_department_is_not_closed(town, two):
    only = town.department("가과")
    with pytest.raises(Refusal, match="마지막"):
        ask(only, only, two[0])


def test_another_administrator_verified_at_a_desk_confirms(town, two):
    old, new = town.department("가과"), town.department("나과")
    change = ask(old, new, two[0])
    for actor, kind in ((two[0], Denied), (town.administrator(), Denied), (town.moderator(), Denied)):
        factories.signed_in_anew(actor.id)
        with pytest.raises(kind):
            confirm(change, actor)
    confirm(change, two[1])
    with pytest.raises((Conflict, NotFound)):
        confirm(change, two[1])


def test_it_is_void_once_what_was_shown_changed(town, two):
    old, new = town.department("가과"), town.department("나과")
    change = ask(old, new, two[0])
    assigned(town, old)
    with pytest.raises(Conflict, match="바뀌었어요"):
        confirm(change, two[1])
    lists.withdraw(change.id, by=two[1])
    change = ask(old, new, two[0])
    with pytest.raises(Conflict, match="화면을 연 뒤"):
        confirm(change, two[1], seen=b"another page")


def test_it_is_void_where_the_successor_is_closed_by_its_day(town, two, later):
    old, new, other = (town.department(name) for name in ("가과", "나과", "다과"))
    confirm(ask(old, new, two[0], from_day=day(9)), two[1])
    with pytest.raises(Conflict, match="이미 정한"):
        ask(new, other, two[0])


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2), st.booleans(), st.booleans()), max_size=12))
def test_every_open_task_lies_on_living_departments_before_and_after(app, tasks):
    with app.app_context():
        town = factories.Town()
        departments = [town.department(name) for name in ("가과", "나과", "다과")]
        proposals = [town.proposal() for _number in range(6)]
        led, seen = set(), set()
        for number, place, lead, ended in tasks:
            is_lead = lead and number not in led
            if not ended and (number, place) in seen:
                continue
            led |= {number} if is_lead and not ended else set()
            seen |= set() if ended else {(number, place)}
            assigned(town, departments[place], proposal=proposals[number], is_lead=is_lead,
                     ended_at=clock.now() if ended else None)
        before = {proposals[number].id for number, _place in seen}
        with use_case(None) as work:
            OPEN_WORK["assignments"].carry_over(work, departments[0].id, departments[1].id)
        rows = list(db.session.scalars(sa.select(Assignment).where(
            Assignment.ended_at.is_(None), Assignment.proposal_id.in_([proposal.id for proposal in proposals]))))
        assert {row.proposal_id for row in rows} == before
        assert departments[0].id not in {row.department_id for row in rows}
        assert {row.proposal_id for row in rows if row.is_lead} == {proposals[number].id for number in led}
        assert len({(row.proposal_id, row.department_id) for row in rows}) == len(rows)


def test_a_worker_that_is_killed_moves_all_or_nothing(town, two, later, monkeypatch):
    old, new = town.department("라과"), town.department("마과")
    for _number in range(3):
        assigned(town, old)
    promised(old)
    confirm(ask(old, new, two[0]), two[1])
    tomorrow = clock.now() + timedelta(days=1)
    db.session.rollback()
    let_go()
    child = os.fork()
    if child == 0:  # dies with the assignments moved and the promise not
        monkeypatch.setattr(clock, "read", lambda: tomorrow)
        monkeypatch.setattr(commitments, "put", lambda *_given, **_more: os.kill(os.getpid(), signal.SIGKILL))
        lists.apply_due()
        os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    assert open_on(old) == {"assignments": 3, "commitments": 1} and open_on(new) == {}
    assert later(1) == 1 and lists.apply_due() == 0
    assert open_on(old) == {} and open_on(new) == {"assignments": 3, "commitments": 1}


def head_of(department):
    return db.session.scalars(sa.select(RoleGrant.user_id).where(
        RoleGrant.department_id == department.id, RoleGrant.is_head, RoleGrant.withdrawn_at.is_(None))).all()


@pytest.mark.parametrize("chosen", [0, 1])
def test_of_two_heads_the_one_who_was_chosen_stays(town, two, later, chosen):
    places = [town.department(name) for name in ("가과", "나과")]
    heads = [town.user() for _place in places]
    for place, head in zip(places, heads, strict=True):
        roles.grant(head, Role.OFFICIAL, department_id=place.id, is_head=True, by=None)
    for wrong in (None, two[0].id):
        with pytest.raises(Refusal, match="부서장") as refused:
            ask(places[0], places[1], two[0], head_id=wrong)
        assert refused.value.field == "head"
    confirm(ask(places[0], places[1], two[0], head_id=heads[chosen].id), two[1])
    assert later(1) == 1
    assert head_of(places[1]) == [heads[chosen].id] and head_of(places[0]) == []


def test_the_only_head_stays_head_and_none_makes_none(town, two, later, browse):
    old, new, third = (town.department(name) for name in ("가과", "나과", "다과"))
    head = town.user()
    roles.grant(head, Role.OFFICIAL, department_id=old.id, is_head=True, by=None)
    change = ask(old, new, two[0])
    assert f"{head.nickname} 님이 나과의 부서장이 돼요" in browse(two[1]).get(f"/desk/district/changes/{change.id}").text
    confirm(change, two[1])
    later(1)
    assert head_of(new) == [head.id]
    factories.signed_in_anew()
    roles.grant(town.user(), Role.OFFICIAL, department_id=third.id, is_head=True, by=None)
    page = browse(two[0]).get(f"/desk/district/departments/{third.id}/closing").text
    assert head.nickname in page and 'name="head"' in page
