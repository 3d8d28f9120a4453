"""Work that comes back after its department was closed: the successor has it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.answers.models import Answer, Assignment
from civic_forum.answers.queries import desk
from civic_forum.answers.services import author, cases, texts
from civic_forum.blocks.kinds import Ref
from civic_forum.budgets.projects import services as projects
from civic_forum.budgets.projects.models import EligibilityReview
from civic_forum.budgets.reviews import services as reviews
from civic_forum.budgets.rules import Phase, ProjectState
from civic_forum.commitments import operations as commitments
from civic_forum.figures import queries as figures
from civic_forum.outcomes.models import Outcome
from civic_forum.outcomes.policy import RIGHTS
from civic_forum.outcomes.rules import Progress
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Denied
from civic_forum.platform.i18n import local
from civic_forum.platform.work import use_case
from tests.answers import making as answers
from tests.budgets import making as budgets
from tests.budgets.projects.test_handing_in import text
from tests.budgets.reviews.opinions import eligible
from tests.district.test_closing import ask, confirm
from tests.outcomes import making as deciding

pytestmark = pytest.mark.both


@pytest.fixture
def places(town):
    return town.department("가과"), town.department("나과")


@pytest.fixture
def staff(town, places):
    """Two of the department that is closed, and one of its successor."""
    return [town.official(department=places[0]), town.official(department=places[0]),
            town.official(department=places[1])]


def closed(places, two, later):
    db.session.rollback()
    confirm(ask(*places, two[0]), two[1])
    assert later(1) == 1


def leading(proposal):
    db.session.rollback()
    return list(db.session.scalars(sa.select(Assignment.department_id).filter_by(
        proposal_id=proposal.id, is_lead=True, ended_at=None)))


def test_a_second_review_begins_at_the_successor(town, two, later, places, staff):
    proposal = answers.on_the_table(town, staff[0])
    answers.published(proposal, *staff[:2], answers.declined())
    cases.give_back(proposal.id, note="답변을 마쳤어요.", by=staff[0])
    closed(places, two, later)
    author.ask_review(proposal.id, reason="자리가 있는지 다시 재어 주세요.", by=db.session.get(User, proposal.author_id))
    assert leading(proposal) == [places[1].id]


def test_a_proposal_that_was_passed_on_comes_back_to_the_successor(town, two, later, places, staff):
    proposal = answers.on_the_table(town, staff[0])
    cases.refer(proposal.id, to="서울교통공사", note="지하철 출입구라서 교통공사가 답해요.", as_complaint=False, by=staff[0])
    closed(places, two, later)
    cases.undo_referral(proposal.id, reason="교통공사가 구청 일이라고 했어요.", by=staff[2])
    assert leading(proposal) == [places[1].id]


def test_a_correction_that_waits_is_on_the_desk_of_the_successor(town, two, later, places, staff):
    proposal = answers.on_the_table(town, staff[0])
    answer = answers.published(proposal, *staff[:2])
    texts.correct(answer.id, answers.text(cost=1), why="비용을 잘못 적었어요.", seen=1, by=staff[0])
    closed(places, two, later)
    for user in staff[1:]:
        assert [waiting.ref for waiting in desk.to_approve(user)] == [proposal.number]
    assert desk.to_approve(town.official(department=town.department("다과"))) == []
    answer = db.session.get(Answer, answer.id)
    texts.approve_correction(answer.id, seen=answer.correction["at"], by=staff[2])
    db.session.refresh(answer)
    assert answer.cost == 1 and answer.department_id == places[0].id
    with pytest.raises(Denied):
        texts.correct(answer.id, answers.text(cost=2), why="다시 고쳐요.", seen=2, by=town.official(
            department=town.department("다과")))


def test_a_late_answer_belongs_to_the_department_that_had_it_on_its_day(town, two, later, at, places, staff):
    proposals = [answers.on_the_table(town, staff[0]) for _number in range(2)]
    due = answers.duty_of(proposals[0]).due_on
    answers.published(proposals[0], *staff[:2], answers.declined())
    at(clock.now() + timedelta(days=(due - local(clock.now()).date()).days + 1))
    closed(places, two, lambda _days: later((due - local(clock.now()).date()).days + 40))
    answers.published(proposals[1], *staff[1:], answers.declined())
    at(clock.now() + timedelta(days=1))
    found = figures.answers(local(clock.now()).date()).departments
    assert {place: (counts.total, counts.late) for place, counts in found.items()} == {places[0].id: (2, 1)}


def test_a_project_that_is_looked_at_again_goes_to_the_successor(town, two, later, places, staff):
    project = budgets.project(town, budgets.new_round(town, phase=Phase.ADJUSTING), department_id=places[0].id,
                              state=ProjectState.HANDED_IN)
    review = reviews.assign(project.id, places[0].id, by=staff[0])
    reviews.hand_in(review.id, eligible(), version=1, project_version=1, by=staff[0])
    closed(places, two, later)
    projects.edit(project.id, text(cost=30_000_000), version=1, by=project.author)
    assert db.session.scalars(sa.select(EligibilityReview.department_id).filter_by(
        project_id=project.id, ended_at=None)).all() == [places[1].id]


def test_a_promise_of_a_closed_department_is_that_of_its_successor(town, two, later, places):
    closed(places, two, later)
    with use_case(None) as work:
        promise = commitments.keep(work, commitments.Promised(
            origins=(Ref("forum_decision", 1),), title="의자 놓기", department_id=places[0].id,
            promised_on=local(work.at).date()))
    assert promise.department_id == places[1].id


def test_an_outcome_that_is_done_is_corrected_by_the_successor(town, two, later, places, staff):
    agenda = deciding.agenda(town, staff[0])
    outcome = deciding.published("agenda", agenda.id, *staff[:2])
    outcome.progress = Progress.DONE
    db.session.commit()
    closed(places, two, later)
    assert db.session.get(Outcome, outcome.id).department_id == places[0].id
    for actor, kind in ((staff[2], None), (town.official(department=town.department("다과")), Denied)):
        assert (RIGHTS.correct(actor, outcome) is None) is (kind is None)
