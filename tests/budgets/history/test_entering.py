"""A round that was decided elsewhere is entered whole, or not at all."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from civic_forum.budgets.models import BudgetRound
from civic_forum.budgets.rules import Calendar, Phase, PhaseParts, ProjectState
from civic_forum.budgets.projects.models import Project
from civic_forum.budgets.projects.rules import ProjectText
from civic_forum.budgets.rounds import history
from civic_forum.budgets.rounds.rules import PastProject, PastRound, first_over
from civic_forum.budgets.parts import EnvelopeParts, Wording
from civic_forum.journeys.models import JourneyEntry
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal

DAY = datetime.fromisoformat("2021-12-31T10:00:00+09:00")


def project(code="N01", envelope="n01", state=ProjectState.DONE, cost=12_000_000, **facts) -> PastProject:
    return PastProject(code, envelope, ProjectText(f"{code} 골목 등", "어두운 골목에 등을 달아요.", cost), state, DAY, **facts)


def past(*projects, **facts) -> PastRound:
    return PastRound(**{
        "slug": "2021", "wording": Wording("2021년 동네 예산", 2021, "동마다 고른 사업이에요."), "decided_in": "2020 주민총회",
        "calendar": Calendar((PhaseParts(Phase.CARRIED_OUT, DAY - timedelta(days=300), DAY),)),
        "envelopes": [("n01", EnvelopeParts("가산동", 30_000_000))], "projects": projects or (project(),)} | facts)


@pytest.mark.both
def test_projects_stand_with_what_became_of_them_and_everybody_sees_it(town, browse):
    moderator = town.moderator()
    made = history.enter(past(project(), project("N02", state=ProjectState.DROPPED, note="자리를 찾지 못했어요.")), by=moderator)
    found = {one.code: one for one in db.session.scalars(sa.select(Project).filter_by(round_id=made.id))}
    assert {code: (one.state, one.decided_amount) for code, one in found.items()} == {
        "N01": (ProjectState.DONE, 12_000_000), "N02": (ProjectState.DROPPED, 0)}
    [step] = db.session.scalars(sa.select(JourneyEntry).filter_by(journey_id=found["N02"].journey_id))
    assert (step.step, step.at, step.evidence) == ("project_dropped", DAY, "자리를 찾지 못했어요.")
    page = browse().get("/budgets/2021").text
    assert "2020 주민총회에서 정한 사업이에요" in page and "N01 골목 등" in page


@pytest.mark.in_turns(of=5)
def test_it_is_found(town, browse):
    history.enter(past(), by=town.moderator())
    assert "/budgets/2021/projects/N01" in browse().get("/search?q=골목").text


@pytest.mark.parametrize("wrong, field", [
    (past(project(state=ProjectState.NOT_CHOSEN)), "projects"), (past(project(envelope="n02")), "projects"),
    (past(project(), project()), "projects"), (past(project(cost=30_000_001)), "projects"),
    (past(slug="2021 "), "slug"), (past(slug="trials"), "slug"), (past(decided_in=" "), "decided_in"),
    (past(envelopes=[("projects", EnvelopeParts("가산동", 30_000_000))], projects=(project(envelope="projects"),)),
     "envelopes"),
    (past(wording=Wording("", 2021)), "title"), (past(envelopes=[("n01", EnvelopeParts("", 30_000_000))]), "name"),
])
def test_a_decision_that_does_not_fit_is_refused_and_nothing_is_kept(town, wrong, field):
    with pytest.raises(Refusal) as refused:
        history.enter(wrong, by=town.moderator())
    assert refused.value.field == field
    assert not db.session.scalar(sa.select(sa.func.count()).select_from(BudgetRound))


def test_chosen_projects_may_cost_all_the_money_and_no_won_more():
    both = project(cost=18_000_000), project("N02", cost=12_000_000)
    assert first_over(past(*both)) is None
    assert first_over(past(*both, project("N03", cost=1))) == "가산동"


def test_an_address_is_taken_once(town):
    moderator = town.moderator()
    history.enter(past(), by=moderator)
    with pytest.raises(Conflict):
        history.enter(past(), by=moderator)


def test_only_moderators_enter_one(town):
    for user in (town.resident(), town.official(), town.clerk()):
        with pytest.raises(Denied):
            history.enter(past(), by=user)
    assert not db.session.scalar(sa.select(sa.func.count()).select_from(BudgetRound))


def test_a_project_that_is_chosen_only_has_no_amount_of_the_council():
    assert project(state=ProjectState.CHOSEN).decided_amount is None
    assert project(state=ProjectState.IN_PROGRESS).decided_amount == 12_000_000
    assert replace(project(), state=ProjectState.DROPPED).decided_amount == 0
    assert clock.now() > DAY
