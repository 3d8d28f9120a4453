"""Naming the committee, recommending projects, finishing and taking it up again."""

import pytest
import sqlalchemy as sa

from civic_forum.accounts.services import leaving
from civic_forum.budgets.committee import services
from civic_forum.budgets.committee import own_data as reactions_committee
from civic_forum.budgets.committee import queries as committee
from civic_forum.budgets.committee.models import CommitteeMark, CommitteeMember
from civic_forum.budgets.rules import ProjectState
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from tests.accounts.people import PASSWORD, member
from tests.budgets import making

from .weighted import weighted


def audited(action) -> list[dict]:
    return [one.details for one in db.session.scalars(sa.select(AuditEntry).filter_by(action=action))]


def marked(sitting) -> set[str]:
    return committee.own_codes(sitting.id)


def test_every_look_up_of_an_account_is_written_down_whether_it_is_there_or_not(town):
    budget_round, moderator = weighted(town), town.moderator()
    user = town.user(sign_in_name="wiwon")
    assert services.look_up(budget_round.id, "wiwon", by=moderator) == user.id
    assert services.look_up(budget_round.id, "nobody", by=moderator) is None
    assert services.look_up(budget_round.id, "", by=moderator) is None
    assert [one["found"] for one in audited("budgets.committee_looked_up")] == [True, False, False]


@pytest.mark.both
def test_a_member_is_named_once_and_can_be_taken_out_with_all_they_marked(town):
    budget_round, moderator, user = weighted(town), town.moderator(), town.user()
    project = making.project(town, budget_round)
    sitting = services.name(budget_round.id, user.id, by=moderator)
    with pytest.raises(Conflict):
        services.name(budget_round.id, user.id, by=moderator)
    services.recommend(budget_round.id, {project.code}, by=user)
    services.take_out(budget_round.id, sitting.id, by=moderator)
    assert committee.members(budget_round.id) == [] and db.session.scalar(sa.select(sa.func.count()).select_from(
        CommitteeMark)) == 0
    with pytest.raises(NotFound):
        services.take_out(budget_round.id, sitting.id, by=moderator)
    with pytest.raises(Denied):
        services.recommend(budget_round.id, {project.code}, by=user)


def test_marks_are_replaced_as_often_as_one_likes(town):
    budget_round, user = weighted(town), town.user()
    a, b, c = (making.project(town, budget_round) for _one in range(3))
    sitting = services.name(budget_round.id, user.id, by=town.moderator())
    services.recommend(budget_round.id, {a.code, b.code}, by=user)
    services.recommend(budget_round.id, {b.code, c.code}, by=user)
    assert marked(sitting) == {b.code, c.code}
    services.recommend(budget_round.id, set(), by=user)
    assert marked(sitting) == set()


@pytest.mark.both
def test_a_finished_member_takes_it_up_again_before_marking_anew(town):
    budget_round, user = weighted(town), town.user()
    project = making.project(town, budget_round)
    sitting = services.name(budget_round.id, user.id, by=town.moderator())
    with pytest.raises(Conflict):
        services.reopen(budget_round.id, by=user)
    services.recommend(budget_round.id, {project.code}, finished=True, by=user)
    with pytest.raises(Conflict):
        services.recommend(budget_round.id, set(), by=user)
    assert marked(sitting) == {project.code}
    services.reopen(budget_round.id, by=user)
    services.recommend(budget_round.id, set(), by=user)
    assert marked(sitting) == set() and db.session.get(CommitteeMember, sitting.id).finished_at is None


@pytest.mark.parametrize("state", [ProjectState.IN_REVIEW, ProjectState.NOT_ELIGIBLE, ProjectState.WITHDRAWN])
def test_a_project_that_does_not_stand_to_choice_cannot_be_recommended(town, state):
    budget_round, user = weighted(town), town.user()
    fit, other = making.project(town, budget_round), making.project(town, budget_round, state=state)
    sitting = services.name(budget_round.id, user.id, by=town.moderator())
    with pytest.raises(Refusal):
        services.recommend(budget_round.id, {fit.code, other.code}, by=user)
    with pytest.raises(Refusal):
        services.recommend(budget_round.id, {"Z99"}, by=user)
    assert marked(sitting) == set()


def test_a_member_who_leaves_the_site_leaves_the_committee(town):
    budget_round, user = weighted(town), member(town)
    project = making.project(town, budget_round)
    services.name(budget_round.id, user.id, by=town.moderator())
    services.recommend(budget_round.id, {project.code}, by=user)
    assert reactions_committee.collect(user)[0]["recommends"] == [project.code]
    leaving.leave(PASSWORD, by=user)
    assert committee.members(budget_round.id) == []
    assert db.session.scalar(sa.select(sa.func.count()).select_from(CommitteeMark)) == 0
