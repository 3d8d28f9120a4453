"""A second look: by the proposer, once for each review, within its days; granted or declined by a moderator."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.budgets.projects import services as projects
from civic_forum.budgets.projects.models import EligibilityReview, SecondLook
from civic_forum.budgets.reviews import services as reviews
from civic_forum.budgets.rules import Phase, ProjectState
from civic_forum.platform.base import db
from civic_forum.platform.errors import Denied, Refusal
from tests.budgets import making
from tests.racing import at_once

from .opinions import eligible, eligible_if, not_eligible
from .test_reviewing import Case

TEXT = "옆 땅은 구청 땅이에요. 거기에 놓으면 돼요."
ANSWER = "구청 땅이 맞는지 다시 살펴볼게요."


def ask(case, **facts) -> SecondLook:
    return reviews.ask(case.project.id, **{"text": TEXT, "by": case.project.author} | facts)


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("opinion", [not_eligible, eligible_if])
def test_its_proposer_asks_and_everybody_reads_it(town, browse, opinion):
    case = Case(town)
    case.handed_in(opinion())
    ask(case)
    page = browse().get(f"/budgets/{case.round.slug}/projects/{case.project.code}").text
    assert TEXT in page and "답을 기다려요" in page and case.steps[-1] == "project_second_look"


def test_eligible_projects_and_those_still_reviewed_are_not_asked_about(town):
    case = Case(town)
    review = case.assigned()
    with pytest.raises(Denied):
        ask(case)
    case.handed_in(eligible(), review)
    with pytest.raises(Denied):
        ask(case)


@pytest.mark.in_turns(of=5)
@pytest.mark.both
@pytest.mark.parametrize("text", ["", "짧아요", "가" * 1_001, "제 번호는 900101-1234568 이에요. 연락 주세요."])
def test_a_request_says_something_and_nothing_secret(town, text):
    case = Case(town)
    case.handed_in(not_eligible())
    with pytest.raises(Refusal) as refused:
        ask(case, text=text)
    assert refused.value.field == "text" and db.session.scalar(sa.select(sa.func.count(SecondLook.id))) == 0


def test_the_days_of_the_round_are_counted_to_the_moment(town, at):
    case = Case(town, second_look_days=7)
    ended = case.handed_in(not_eligible()).ended_at
    at(ended + timedelta(days=7))
    with pytest.raises(Denied, match="7일 안에만"):
        ask(case)
    at(ended + timedelta(days=7, microseconds=-1))
    assert ask(case).id


def test_each_review_is_asked_about_once(town):
    case, moderator = Case(town), town.moderator()
    case.handed_in(not_eligible())
    reviews.decline(ask(case).id, answer="사유지가 맞아요. 지도를 확인했어요.", by=moderator)
    with pytest.raises(Denied, match="한 번"):
        ask(case)
    again = reviews.assign(case.project.id, case.department.id, note="새로 알게 된 것이 있어요.", by=moderator)
    case.handed_in(not_eligible(), again)
    assert ask(case).id


def test_granted_it_is_reviewed_again_by_this_department_or_another(town):
    case, other = Case(town), town.department("교통행정과")
    case.handed_in(not_eligible())
    look = ask(case)
    review = reviews.grant(look.id, other.id, answer=ANSWER, by=town.moderator())
    assert (review.second_look_id, review.department_id) == (look.id, other.id)
    assert case.now.state is ProjectState.IN_REVIEW and case.now.department_id == other.id
    reviews.hand_in(review.id, eligible(), version=1, project_version=1, by=town.official(department=other))
    assert case.now.state is ProjectState.ELIGIBLE


def test_declined_the_review_stands_and_the_answer_is_public(town, browse):
    case = Case(town)
    case.handed_in(not_eligible())
    reviews.decline(ask(case).id, answer="사유지가 맞아요. 지도를 확인했어요.", by=town.moderator())
    assert case.now.state is ProjectState.NOT_ELIGIBLE and case.steps[-1] == "project_look_declined"
    page = browse().get(f"/budgets/{case.round.slug}/projects/{case.project.code}").text
    assert "사유지가 맞아요. 지도를 확인했어요." in page and "그대로 두었어요" in page


def test_a_grant_that_fails_leaves_the_request_open(town):
    case = Case(town)
    case.handed_in(not_eligible())
    look = ask(case)
    with pytest.raises(Refusal):
        reviews.grant(look.id, 10**6, answer=ANSWER, by=town.moderator())
    assert db.session.get(SecondLook, look.id, populate_existing=True).answered_at is None
    assert case.now.state is ProjectState.NOT_ELIGIBLE


def test_of_two_requests_at_once_one_is_kept(town, app):
    case = Case(town)
    case.handed_in(not_eligible())
    project_id, author = case.project.id, case.project.author_id
    db.session.rollback()
    answers = at_once(app, 3, lambda _n: reviews.ask(project_id, text=TEXT, by=db.session.get(User, author)).id)
    assert sum(isinstance(one, Refusal) for one in answers) == 2


def test_granted_and_declined_at_once_it_has_one_answer(town, app):
    case = Case(town)
    case.handed_in(not_eligible())
    look, department, moderator = ask(case).id, case.department.id, town.moderator().id
    db.session.rollback()

    def act(n):
        by = db.session.get(User, moderator)
        return (reviews.grant(look, department, answer=ANSWER, by=by) if n
                else reviews.decline(look, answer=ANSWER, by=by)).id

    answers = at_once(app, 2, act)
    assert sum(isinstance(one, Refusal) for one in answers) == 1
    found = db.session.get(SecondLook, look, populate_existing=True)
    assert (case.now.state is ProjectState.IN_REVIEW) is found.is_granted


@pytest.mark.both
def test_a_withdrawn_project_is_not_reviewed_again(town):
    case = Case(town)
    case.handed_in(eligible_if())
    look = ask(case)
    projects.withdraw(case.project.id, reason="그만둘래요.", by=case.project.author)
    with pytest.raises(Refusal):
        reviews.grant(look.id, case.department.id, answer=ANSWER, by=town.moderator())
    assert db.session.scalar(sa.select(sa.func.count(EligibilityReview.id)).filter_by(ended_at=None)) == 0


def test_a_proposer_has_it_reviewed_by_nobody_of_their_choice(town):
    """A moderator neither gives their own project out again nor passes its review on; nor does an official."""
    department, other = town.department("공원녹지과"), town.department("교통행정과")
    budget_round = making.new_round(town, phase=Phase.REVIEW)
    for author in (town.moderator(), town.official(department=department)):
        refused = making.project(town, budget_round, state=ProjectState.NOT_ELIGIBLE, author_id=author.id)
        with pytest.raises(Denied):
            reviews.assign(refused.id, other.id, note="다른 부서가 더 알아요.", by=author)
        db.session.rollback()
        waiting = making.project(town, budget_round, state=ProjectState.HANDED_IN, author_id=author.id)
        review = reviews.assign(waiting.id, department.id, by=town.moderator())
        with pytest.raises(Denied):
            reviews.pass_on(review.id, other.id, note="다른 부서가 더 알아요.", by=author)
        db.session.rollback()
