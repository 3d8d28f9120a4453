"""Notices to people who proposed a project: of the acts of offices with it, not of their own."""

from secrets import token_hex

import pytest
import sqlalchemy as sa

from civic_forum.budgets.projects import services as projects
from civic_forum.budgets.projects.models import Project
from civic_forum.budgets.projects.rules import Belonging
from civic_forum.budgets.reviews import services as reviews
from civic_forum.platform.base import db
from civic_forum.proposals.services.supports import support
from tests.budgets import making
from tests.budgets.reviews.opinions import eligible, not_eligible
from tests.budgets.reviews.test_reviewing import Case
from tests.notifications.told import last, notices, steps

from .test_handing_in import steps_of, text


@pytest.mark.parametrize(("opinion", "step"), [(eligible, "project_eligible"), (not_eligible, "project_not_eligible")])
def test_its_proposer_is_told_of_the_review_and_where_to_read_it(town, opinion, step):
    case = Case(town)
    author = case.project.author
    review = case.handed_in(opinion())
    assert steps(author) == ["project_in_review", step]
    assert last(author).url.endswith(f"/projects/A01#review-{review.id}")
    assert notices(case.official) == []


def test_nobody_is_told_of_their_own_doing(town):
    case = Case(town)
    author = case.project.author
    review = case.assigned()
    case.handed_in(eligible(), review)
    before = len(notices(author))
    projects.withdraw(case.project.id, reason="그만두기로 했어요.", by=author)
    assert len(notices(author)) == before


@pytest.mark.both
def test_the_notice_names_the_project_until_it_is_hidden_from_its_reader(town, browse):
    case = Case(town, facts={"title": "은행나무로 골목 쉼터"})
    author = case.project.author
    case.assigned()
    page = browse(author).get("/me/notices").text
    assert "은행나무로 골목 쉼터" in page and "부서가 적격성을 검토하기 시작했어요" in page


def test_those_who_support_a_proposal_are_told_that_it_became_a_project(town):
    budget_round, author, neighbour = making.new_round(town), town.resident(), town.resident()
    proposal = town.proposal(author=author)
    support(proposal.id, by=neighbour)
    projects.hand_in(budget_round.id, text(), Belonging(budget_round.envelopes[0].id), form_key=token_hex(16),
                     proposal_number=proposal.number, by=author)
    assert "became_project" in steps(neighbour)


@pytest.mark.both
def test_the_way_of_a_project_says_that_it_stands_on_the_ballot(town):
    budget_round = making.opened(town)
    made = budget_round.envelopes[0].id
    journeys = db.session.scalars(sa.select(Project.journey_id).filter_by(envelope_id=made)).all()
    assert [steps_of(one) for one in journeys] == [["project_on_ballot"]] * 3


def test_a_second_opinion_is_told_too(town):
    case, other = Case(town), town.department("교통행정과")
    author = case.project.author
    case.assigned()
    asked = reviews.ask_opinion(case.project.id, other.id, note="차가 다니나요?", by=case.official)
    reviews.hand_in(asked.id, eligible(), version=1, project_version=1, by=town.official(department=other))
    assert steps(author) == ["project_in_review", "project_opinion"]
