"""Changes of a round, project, review or trial: each waits for whoever holds it, and finds it as it is by then."""

import pytest

from civic_forum.budgets.rounds import opening
from civic_forum.budgets.trials import services as trials
from civic_forum.budgets.trials.models import BudgetTrial
from civic_forum.budgets.projects import services as projects
from civic_forum.budgets.projects.models import EligibilityReview
from civic_forum.budgets.reviews import services as reviews
from civic_forum.budgets.parts import ProjectLimits, Wording
from civic_forum.budgets.rules import Phase, ProjectState
from civic_forum.budgets.process import PROCESS
from civic_forum.platform.base import db
from civic_forum.platform.clock import now
from civic_forum.platform.errors import Conflict, Refusal
from tests.racing import held, on_postgresql

from . import making
from .reviews.opinions import eligible, not_eligible
from .reviews.test_reviewing import Case
from .reviews.test_second_looks import ANSWER, ask
from .trials.test_importing import brought_in

pytestmark = on_postgresql


def test_a_round_that_was_edited_meanwhile_is_not_overwritten(town):
    budget_round, moderator = making.new_round(town), town.moderator()
    with held(budget_round, version=budget_round.version + 1), pytest.raises(Conflict):
        PROCESS.write(budget_round.id, Wording("주민참여예산", 2031), version=budget_round.version, by=moderator)


def test_reviews_are_due_by_the_round_once_nobody_holds_them(town):
    case, moderator = Case(town), town.moderator()
    review = case.assigned()
    due_at = review.due_at
    with held(review):
        PROCESS.write(case.round.id, ProjectLimits(review_due_days=3), version=case.round.version, by=moderator)
    assert db.session.get(EligibilityReview, review.id, populate_existing=True).due_at < due_at


def test_a_project_that_was_withdrawn_meanwhile_is_not_withdrawn_again(town):
    project = making.project(town, making.new_round(town))
    with held(project, state=ProjectState.WITHDRAWN), pytest.raises(Refusal):
        projects.withdraw(project.id, reason="다른 곳에 이야기했어요.", by=project.author)


def test_a_ballot_waits_for_whoever_holds_one_of_its_projects(town):
    budget_round, moderator = making.new_round(town, phase=Phase.VOTING), town.moderator()
    first, *_others = (making.project(town, budget_round) for _ in range(3))
    making.voter(town)
    with held(first):
        opening.prepare(budget_round.id, by=moderator)


@pytest.mark.in_turns(of=5)
def test_a_review_that_was_saved_meanwhile_is_not_overwritten(town):
    case = Case(town)
    review = case.assigned()
    with held(review, version=review.version + 1), pytest.raises(Conflict):
        reviews.save(review.id, eligible(), version=review.version, by=case.official)


def test_a_second_look_is_answered_once(town):
    case, moderator = Case(town), town.moderator()
    case.handed_in(not_eligible())
    look = ask(case)
    with held(look, is_granted=False, answer=ANSWER, answered_at=now()), pytest.raises(Refusal):
        reviews.decline(look.id, answer=ANSWER, by=moderator)


def test_a_trial_is_counted_once(town):
    trial = brought_in(town.official())
    with held(db.session.get(BudgetTrial, trial.id), failed="이 파일은 셀 수 없어요."):
        assert not trials.count(trial.id)
