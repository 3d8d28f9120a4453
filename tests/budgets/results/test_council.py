"""Decisions of the district council on chosen projects, and progress of those in the budget."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import current_app

from civic_forum.accounts.models import User
from civic_forum.budgets.projects.models import CouncilStep, Project
from civic_forum.budgets.results import council
from civic_forum.budgets.results.rules import Decided, Wrong, why_not
from civic_forum.budgets.rules import CouncilDecision, Phase, ProjectState
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from tests.budgets import making
from tests.common import today
from tests.racing import at_once

from .published import published
from .test_publishing import ballots_for, journey, of

CONFIRMED, CUT, DROPPED = CouncilDecision.CONFIRMED, CouncilDecision.CUT, CouncilDecision.DROPPED
COSTS = (30_000_000, 20_000_000, 10_000_000, 90_000_000)


def chosen(town, **facts):
    """Three chosen projects and one that did not fit."""
    return published(town, COSTS, ballots_for(9, 7, 5, 3), **facts)


def all_three(envelope, *, reason="같은 곳의 다른 공사와 겹쳐요.") -> list[Decided]:
    first, second, third, _other = of(envelope)
    return [Decided(first.code, CONFIRMED), Decided(second.code, CUT, 15_000_000, reason),
            Decided(third.code, DROPPED, None, reason)]


def nothing_entered() -> bool:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(CouncilStep)) == 0


# What may be entered


@pytest.mark.parametrize("decided, wrong", [
    (Decided("A01", CONFIRMED), None),
    (Decided("A01", CUT, 50, "겹치는 공사"), None),
    (Decided("A01", DROPPED, None, "겹치는 공사"), None),
    (Decided("A01", CUT, None, "겹치는 공사"), Wrong.AMOUNT),
    (Decided("A01", CUT, 0, "겹치는 공사"), Wrong.AMOUNT),
    (Decided("A01", CUT, 100, "겹치는 공사"), Wrong.AMOUNT),
    (Decided("A01", CUT, 50, ""), Wrong.REASON),
    (Decided("A01", DROPPED, None, "음"), Wrong.REASON),
    (Decided("A01", DROPPED, None, "가" * 4), Wrong.REASON), (Decided("A01", DROPPED, None, "가" * 5), None),
    (Decided("A01", CONFIRMED, None, "가" * 2_000), None),
    (Decided("A01", CONFIRMED, None, "가" * 2_001), Wrong.TOO_LONG),
])
def test_parts_that_go_together_in_a_decision(decided, wrong):
    assert why_not(decided, 100) is wrong


def test_several_projects_are_entered_at_once_each_with_its_amount_and_state(town):
    envelope = chosen(town)
    council.decide(envelope.round_id, all_three(envelope), on=today(), by=town.moderator())
    assert [(one.state, one.decided_amount) for one in of(envelope)] == [
        (ProjectState.IN_BUDGET, 30_000_000), (ProjectState.IN_BUDGET, 15_000_000), (ProjectState.DROPPED, 0),
        (ProjectState.NOT_CHOSEN, None)]


def test_a_change_by_the_council_is_a_step_with_its_reason_in_both_journeys(town):
    proposal = town.proposal()
    budget_round = making.new_round(town, phase=Phase.CHOSEN)
    envelope = published(town, COSTS[:1], ballots_for(4), budget_round=budget_round, proposal_id=proposal.id)
    [project] = of(envelope)
    council.decide(budget_round.id, [Decided(project.code, CUT, 12_000_000, "물길 공사와 겹쳐요.")], on=today(),
                   by=town.official())
    step = ("project_in_budget", "구의회가 3,000만 원을 1,200만 원으로 줄여 확정했어요. 물길 공사와 겹쳐요.",
            f"/budgets/{budget_round.slug}/projects/{project.code}")
    assert journey(project)[-1] == journey(proposal)[-1] == step


def test_one_that_does_not_fit_leaves_all_as_they_were(town):
    envelope = chosen(town)
    decisions = all_three(envelope)
    with pytest.raises(Refusal) as refused:
        council.decide(envelope.round_id, [*decisions[:1], Decided(decisions[1].code, CUT, 20_000_000, "겹쳐요 겹쳐요")],
                       on=today(), by=town.moderator())
    assert refused.value.field == f"amount-{decisions[1].code}" and nothing_entered()


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("how", ["twice in one form", "not chosen", "entered before", "of nobody", "nothing", "secret"])
def test_a_decision_that_cannot_be_entered_is_refused_without_a_trace(town, how):
    envelope, moderator = chosen(town), town.moderator()
    one, other = Decided(of(envelope)[0].code, CONFIRMED), Decided(of(envelope)[3].code, CONFIRMED)
    given = {"twice in one form": [one, one], "not chosen": [one, other], "entered before": [one],
             "of nobody": [one, Decided("Z99", CONFIRMED)], "nothing": [],
             "secret": [Decided(one.code, DROPPED, None, "담당자 900101-1234568에게 물어보세요.")]}[how]
    if how == "entered before":
        council.decide(envelope.round_id, [one], on=today(), by=moderator)
    before = db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry))
    with pytest.raises(Refusal):
        council.decide(envelope.round_id, given, on=today(), by=moderator)
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == before


@pytest.mark.parametrize("days", [1, -1])
def test_the_day_lies_between_the_result_and_today(town, days):
    envelope = chosen(town)
    with pytest.raises(Refusal) as refused:
        council.decide(envelope.round_id, all_three(envelope), on=today() + timedelta(days=days), by=town.moderator())
    assert refused.value.field == "on" and nothing_entered()


# Putting right


def entered(town, decided=CONFIRMED, **more):
    envelope = chosen(town)
    project = of(envelope)[0]
    council.decide(envelope.round_id, [Decided(project.code, decided, **more)], on=today(), by=town.moderator())
    return envelope, project


@pytest.mark.both
def test_an_entry_is_put_right_and_everybody_reads_that_it_was(town):
    envelope, project = entered(town)
    council.correct(envelope.round_id, Decided(project.code, CUT, 25_000_000, "회의록과 달랐어요."), on=today(),
                    seen=("confirmed", 30_000_000), by=town.moderator())
    [project, *_rest] = of(envelope)
    assert (project.state, project.decided_amount) == (ProjectState.IN_BUDGET, 25_000_000)
    assert journey(project)[-1][0] == "project_council_corrected" and "2,500만 원" in journey(project)[-1][1]
    [trail] = db.session.scalars(sa.select(AuditEntry).filter_by(action="budgets.council_corrected"))
    assert trail.details == {"decision": "confirmed", "amount": 30_000_000}


@pytest.mark.parametrize("before, after", [(CONFIRMED, DROPPED), (DROPPED, CONFIRMED)])
def test_a_project_can_be_put_back_and_taken_out_by_a_correction(town, before, after):
    reason = {"reason": "회의록과 달랐어요."}
    envelope, project = entered(town, before, **reason)
    amount = 30_000_000 if before is CONFIRMED else 0
    council.correct(envelope.round_id, Decided(project.code, after, **reason), on=today(),
                    seen=(before.value, amount), by=town.moderator())
    expected = ProjectState.DROPPED if after is DROPPED else ProjectState.IN_BUDGET
    assert of(envelope)[0].state is expected
    assert [step for step, _evidence, _link in journey(of(envelope)[0])][-2:] == [
        "project_council_corrected", f"project_{expected.value}"]


def test_a_correction_of_what_another_has_put_right_meanwhile_is_refused(town):
    envelope, project = entered(town)
    with pytest.raises(Conflict):
        council.correct(envelope.round_id, Decided(project.code, CUT, 1, "회의록과 달랐어요."), on=today(),
                        seen=("cut", 30_000_000), by=town.moderator())


# Carrying out


def test_the_department_of_a_project_says_that_it_has_begun_and_that_it_is_done(town):
    department = town.department()
    budget_round = making.new_round(town, phase=Phase.CHOSEN)
    envelope = published(town, COSTS[:1], ballots_for(4), budget_round=budget_round, department_id=department.id)
    [project] = of(envelope)
    council.decide(budget_round.id, [Decided(project.code, CONFIRMED)], on=today(), by=town.moderator())
    official = town.official(department=department)
    council.carry_out(project.id, ProjectState.IN_PROGRESS, note="설계를 맡겼어요.", by=official)
    council.carry_out(project.id, ProjectState.DONE, note="의자 세 개를 놓았어요.", by=official)
    assert of(envelope)[0].state is ProjectState.DONE
    assert [one[:2] for one in journey(project)[-2:]] == [
        ("project_in_progress", "설계를 맡겼어요."), ("project_done", "의자 세 개를 놓았어요.")]


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("after", [ProjectState.DONE, ProjectState.CHOSEN, ProjectState.DROPPED])
def test_no_step_is_left_out(town, after):
    envelope, project = entered(town)
    with pytest.raises(Refusal):
        council.carry_out(project.id, after, note="다 했어요.", by=town.moderator())
    assert db.session.get(Project, project.id, populate_existing=True).state is ProjectState.IN_BUDGET


def test_another_department_and_what_is_not_in_the_budget_are_refused(town):
    envelope, project = entered(town)
    with pytest.raises(Denied):
        council.carry_out(project.id, ProjectState.IN_PROGRESS, note="시작했어요.", by=town.official())
    with pytest.raises(Denied):
        council.carry_out(of(envelope)[1].id, ProjectState.IN_PROGRESS, note="시작했어요.", by=town.moderator())
    with pytest.raises(Refusal):
        council.carry_out(project.id, ProjectState.IN_PROGRESS, note=" ", by=town.moderator())
    with pytest.raises(NotFound):
        council.carry_out(10**9, ProjectState.IN_PROGRESS, note="시작했어요.", by=town.moderator())


def test_of_two_officials_who_enter_the_same_at_once_one_is_first(town):
    envelope = chosen(town)
    round_id, decisions = envelope.round_id, all_three(envelope)
    people = [town.moderator().id, town.official().id]
    db.session.rollback()
    found = at_once(current_app._get_current_object(), 2, lambda n: council.decide(
        round_id, decisions, on=today(), by=db.session.get(User, people[n])))
    assert sorted(isinstance(one, Conflict) for one in found) == [False, True]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(CouncilStep)) == 3
    assert [step for step, _evidence, _link in journey(of(envelope)[0])].count("project_in_budget") == 1
