"""Editing, withdrawing and merging projects: who may in which phase, what is kept, what the others see of it."""

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.budgets.models import ChoiceGroup
from civic_forum.budgets.rules import Phase, ProjectState, Verdict
from civic_forum.budgets.projects import services as projects
from civic_forum.budgets.projects.models import EligibilityReview, Project, ProjectVersion
from civic_forum.budgets.projects.rules import Belonging
from civic_forum.budgets.reviews import services as reviews
from civic_forum.journeys.models import JourneyEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from tests.budgets import making
from tests.budgets.reviews.opinions import eligible
from tests.factories import saved
from tests.racing import at_once

from .test_handing_in import steps_of, text


def of_department(town, budget_round, **facts) -> tuple[Project, User]:
    """A project that a department answers for, and an official of it."""
    official = town.official(department=town.department("공원녹지과"))
    return making.project(town, budget_round, department_id=town.department("공원녹지과").id, **facts), official


@pytest.mark.both
def test_every_version_is_kept_and_the_journey_leads_to_it(town):
    budget_round = making.new_round(town)
    made = making.project(town, budget_round, state=ProjectState.HANDED_IN)
    projects.edit(made.id, text(title="골목 쉼터 두 곳"), version=1, note="한 곳을 더했어요.", by=made.author)
    projects.edit(made.id, text(title="골목 쉼터 세 곳", cost=30_000_000), version=2, by=made.author)
    kept = db.session.scalars(sa.select(ProjectVersion).filter_by(project_id=made.id)
                              .order_by(ProjectVersion.number)).all()
    assert [(one.number, one.title, one.cost) for one in kept] == [
        (1, "골목 쉼터 1", 10_000_000), (2, "골목 쉼터 두 곳", 10_000_000), (3, "골목 쉼터 세 곳", 30_000_000)]
    assert kept[1].note == "한 곳을 더했어요." and kept[2].note is None
    [first, second] = db.session.scalars(
        sa.select(JourneyEntry).filter_by(journey_id=made.journey_id).order_by(JourneyEntry.id)
    )
    assert (
        second.link == f"/budgets/{budget_round.slug}/projects/{made.code}/versions/3"
        and first.step == "project_edited"
    )
    assert db.session.get(Project, made.id).proposed_cost == 10_000_000


def test_the_same_values_change_nothing(town):
    made = making.project(town, making.new_round(town), state=ProjectState.HANDED_IN)
    for _twice in range(2):
        projects.edit(made.id, text(title="골목 쉼터 두 곳"), version=min(2, made.version), by=made.author)
    assert db.session.get(Project, made.id, populate_existing=True).version == 2


def test_a_reader_of_an_older_version_is_told(town):
    made = making.project(town, making.new_round(town), state=ProjectState.HANDED_IN)
    projects.edit(made.id, text(title="골목 쉼터 두 곳"), version=1, by=made.author)
    with pytest.raises(Conflict):
        projects.edit(made.id, text(title="골목 쉼터 세 곳"), version=1, by=made.author)
    assert db.session.get(Project, made.id).title == "골목 쉼터 두 곳"


WHO = {"proposer": {Phase.COLLECTING, Phase.ADJUSTING}, "official": {Phase.REVIEW, Phase.ADJUSTING},
       "moderator": {Phase.REVIEW, Phase.ADJUSTING}, "other_official": set(), "resident": set()}


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("phase", list(Phase)[:6])
def test_each_edits_in_their_phases(town, who, phase):
    budget_round = making.new_round(town, phase=phase)
    made, official = of_department(town, budget_round, state=ProjectState.IN_REVIEW)
    by = {"proposer": made.author, "official": official, "moderator": town.moderator(),
          "other_official": town.official(), "resident": town.resident()}[who]
    if phase in WHO[who]:
        projects.edit(made.id, text(title="고친 사업 이름"), version=1, note="함께 다듬었어요.", by=by)
        kept = db.session.scalars(sa.select(ProjectVersion).filter_by(project_id=made.id, number=2)).one()
        assert kept.by_id == by.id and (kept.department_id is not None) == (who == "official")
    else:
        with pytest.raises(Denied):
            projects.edit(made.id, text(title="고친 사업 이름"), version=1, note="함께 다듬었어요.", by=by)
        assert db.session.get(Project, made.id, populate_existing=True).version == 1


@pytest.mark.both
@pytest.mark.parametrize("office", ["official", "moderator"])
def test_a_proposer_is_no_office_to_the_own_project(town, office):
    budget_round = making.new_round(town, phase=Phase.REVIEW)
    made, official = of_department(town, budget_round)
    proposer = official if office == "official" else town.moderator()
    made.author_id = proposer.id
    db.session.commit()
    with pytest.raises(Denied):
        projects.edit(made.id, text(), version=1, note="함께 다듬었어요.", by=proposer)


def test_an_office_says_what_it_changed(town):
    made, official = of_department(town, making.new_round(town, phase=Phase.ADJUSTING), state=ProjectState.IN_REVIEW)
    with pytest.raises(Refusal) as refused:
        projects.edit(made.id, text(), version=1, by=official)
    assert refused.value.field == "note"


@pytest.mark.parametrize("state", [state for state in ProjectState if state.value in (
    "not_eligible", "merged", "withdrawn", "on_ballot", "chosen", "in_budget", "done")])
def test_a_project_that_is_over_is_not_edited(town, state):
    made = making.project(town, making.new_round(town, phase=Phase.ADJUSTING), state=state)
    with pytest.raises(Denied):
        projects.edit(made.id, text(), version=1, by=made.author)
    with pytest.raises(Denied):
        projects.withdraw(made.id, reason="그만둘래요.", by=made.author)


def test_the_cap_holds_for_edits_too(town):
    made = making.project(town, making.new_round(town, project_cap=20_000_000), state=ProjectState.HANDED_IN)
    with pytest.raises(Refusal, match="2,000만 원"):
        projects.edit(made.id, text(cost=20_000_001), version=1, by=made.author)


@pytest.mark.both
def test_a_change_of_the_proposer_after_the_review_is_looked_at_again(town):
    budget_round = making.new_round(town, phase=Phase.ADJUSTING)
    made, official = of_department(town, budget_round, state=ProjectState.HANDED_IN)
    review = reviews.assign(made.id, town.department("공원녹지과").id, by=official)
    reviews.hand_in(review.id, eligible(), version=1, project_version=1, by=official)
    projects.edit(made.id, text(cost=30_000_000), version=1, by=made.author)
    again = db.session.scalars(sa.select(EligibilityReview).filter_by(project_id=made.id, ended_at=None)).one()
    assert db.session.get(Project, made.id).state is ProjectState.IN_REVIEW
    assert again.department_id == review.department_id and again.text == eligible().text and again.verdict is None
    projects.edit(made.id, text(cost=31_000_000), version=2, note="값을 다시 셈했어요.", by=official)
    assert db.session.get(Project, made.id).state is ProjectState.IN_REVIEW


def test_an_office_may_adjust_what_is_eligible_without_a_new_review(town):
    made, official = of_department(town, making.new_round(town, phase=Phase.ADJUSTING))
    projects.edit(made.id, text(cost=9_000_000), version=1, note="값을 다시 셈했어요.", by=official)
    found = db.session.get(Project, made.id)
    assert (found.state, found.cost, found.version) == (ProjectState.ELIGIBLE, 9_000_000, 2)


def test_a_project_moves_to_another_envelope_and_out_of_its_groups(town):
    budget_round = making.new_round(town, envelopes=2)
    first, second = budget_round.envelopes
    group = saved(ChoiceGroup(envelope_id=first.id, position=1, name="주민제안형", max_choices=2))
    made = making.project(town, budget_round, state=ProjectState.HANDED_IN, group_id=group.id)
    projects.edit(made.id, text(), version=1, belonging=Belonging(second.id), by=made.author)
    found = db.session.get(Project, made.id)
    assert (found.envelope_id, found.group_id, found.code) == (second.id, None, "A01")


@pytest.mark.both
def test_once_collecting_is_over_its_proposer_moves_it_nowhere(town):
    budget_round = making.new_round(town, phase=Phase.ADJUSTING, envelopes=2)
    made = making.project(town, budget_round, state=ProjectState.IN_REVIEW)
    projects.edit(made.id, text(), version=1, belonging=Belonging(budget_round.envelopes[1].id), by=made.author)
    assert db.session.get(Project, made.id).envelope_id == budget_round.envelopes[0].id
    projects.edit(made.id, text(), version=2, note="다른 예산이 맞아요.", belonging=Belonging(budget_round.envelopes[1].id),
                  by=town.moderator())
    assert db.session.get(Project, made.id).envelope_id == budget_round.envelopes[1].id


def test_withdrawing_keeps_the_text_and_ends_its_reviews(town):
    budget_round = making.new_round(town, phase=Phase.REVIEW)
    made, official = of_department(town, budget_round, state=ProjectState.HANDED_IN)
    review = reviews.assign(made.id, town.department("공원녹지과").id, by=official)
    with pytest.raises(Denied):
        projects.withdraw(made.id, reason="그만둘래요.", by=town.moderator())
    with pytest.raises(Refusal):
        projects.withdraw(made.id, reason="", by=made.author)
    projects.withdraw(made.id, reason="더 좋은 사업이 있어요.", by=made.author)
    found = db.session.get(Project, made.id)
    assert found.state is ProjectState.WITHDRAWN and found.withdrawn_at is not None and found.title
    assert db.session.get(EligibilityReview, review.id, populate_existing=True).taken_back_at is not None
    assert steps_of(made.journey_id)[-1] == "project_withdrawn"


def test_merging_leads_from_one_to_the_other_and_back(town, browse):
    budget_round = making.new_round(town, phase=Phase.REVIEW)
    one, other = (making.project(town, budget_round, state=ProjectState.IN_REVIEW, title=title)
                  for title in ("작은 쉼터 사업", "큰 쉼터 사업"))
    with pytest.raises(Denied):
        projects.merge(one.id, other.code, note="그래도 좋아요.", by=one.author)
    projects.merge(one.id, other.code, note="제안한 분이 좋다고 했어요.", by=town.moderator())
    found = db.session.get(Project, one.id)
    assert (found.state, found.merged_into_id) == (ProjectState.MERGED, other.id)
    assert steps_of(one.journey_id) == ["project_merged"] and steps_of(other.journey_id) == ["project_took_up"]
    base = f"/budgets/{budget_round.slug}/projects"
    assert "큰 쉼터 사업" in browse().get(f"{base}/{one.code}").text
    assert "작은 쉼터 사업" in browse().get(f"{base}/{other.code}").text


@pytest.mark.parametrize("state", [ProjectState.NOT_ELIGIBLE, ProjectState.WITHDRAWN, ProjectState.MERGED])
def test_nothing_is_merged_into_what_is_over_or_elsewhere(town, state):
    budget_round, elsewhere, moderator = making.new_round(town), making.new_round(town), town.moderator()
    made, over = making.project(town, budget_round), making.project(town, budget_round, state=state)
    far = making.project(town, elsewhere, code="Z01")
    for code in (over.code, far.code, made.code, "없음", "A99"):
        with pytest.raises(Refusal) as refused:
            projects.merge(made.id, code, note="합치기로 했어요.", by=moderator)
        assert refused.value.field == "into"


def test_two_that_are_merged_into_each_other_at_once_become_one(town, app):
    budget_round, moderator = making.new_round(town), town.moderator().id
    pair = [making.project(town, budget_round) for _one in range(2)]
    ids, codes = [one.id for one in pair], [one.code for one in pair]
    db.session.rollback()
    answers = at_once(app, 2, lambda n: projects.merge(
        ids[n], codes[1 - n], note="합치기로 했어요.", by=db.session.get(User, moderator)).id)
    assert sum(isinstance(one, Refusal) for one in answers) == 1
    states = sorted(db.session.get(Project, one, populate_existing=True).state for one in ids)
    assert states == [ProjectState.ELIGIBLE, ProjectState.MERGED]


def test_of_several_editors_with_the_same_page_one_is_heard(town, app):
    made = making.project(town, making.new_round(town, phase=Phase.ADJUSTING), state=ProjectState.IN_REVIEW)
    project_id, moderator = made.id, town.moderator().id
    db.session.rollback()
    answers = at_once(app, 5, lambda n: projects.edit(
        project_id, text(title=f"{n}번째로 고친 이름"), version=1, note="다듬었어요.", by=db.session.get(User, moderator)).id)
    assert sum(isinstance(one, Conflict) for one in answers) == 4
    assert db.session.get(Project, project_id, populate_existing=True).version == 2


def test_an_edit_in_the_moment_of_handing_in_a_review_is_never_judged_unread(town, app):
    budget_round = making.new_round(town, phase=Phase.ADJUSTING)
    made, official = of_department(town, budget_round, state=ProjectState.HANDED_IN)
    review = reviews.assign(made.id, town.department("공원녹지과").id, by=official).id
    project_id, author, judge = made.id, made.author_id, official.id
    db.session.rollback()

    def act(n):
        if n:
            return projects.edit(project_id, text(cost=50_000_000), version=1, by=db.session.get(User, author)).id
        return reviews.hand_in(review, eligible(), version=1, project_version=1, by=db.session.get(User, judge)).id

    at_once(app, 2, act)
    found = db.session.get(Project, project_id, populate_existing=True)
    said = db.session.get(EligibilityReview, review, populate_existing=True)
    assert found.cost == 10_000_000 or found.state is ProjectState.IN_REVIEW
    assert said.ended_at is None or said.verdict is Verdict.ELIGIBLE and said.project_version == 1
