"""Nobody decides about a project of their own, nor about one that competes with it for the same money."""

import pytest

from civic_forum.budgets.projects import services as projects
from civic_forum.budgets.projects.models import EligibilityReview, Project, SecondLook
from civic_forum.budgets.projects.rules import Belonging, ProjectText
from civic_forum.budgets.reviews import services as reviews
from civic_forum.budgets.committee import queries as committee_queries
from civic_forum.budgets.committee import services as committee
from civic_forum.budgets.rounds import services as groups
from civic_forum.budgets.rules import Grouping, Phase, ProjectState
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from tests.budgets import making
from tests.budgets.committee.weighted import seated, weighted
from tests.budgets.reviews.opinions import eligible, not_eligible
from tests.factories import saved
from tests.picking import chosen

SAID = "내가 낸 사업이 있어서 할 수 없어요"
NOTE = "모두 좋다고 했어요."


def state_of(project) -> ProjectState:
    db.session.rollback()
    return db.session.get(Project, project.id, populate_existing=True).state


def refuses(do) -> None:
    with pytest.raises(Denied, match=SAID):
        do()
    db.session.rollback()


def test_a_moderator_merges_neither_their_own_project_nor_a_rival_and_another_one_does(town, browse):
    budget_round, by = making.new_round(town, phase=Phase.ADJUSTING, envelopes=2), town.moderator()
    own = making.project(town, budget_round, author=by)
    rival, other = making.project(town, budget_round), making.project(town, budget_round)
    away = making.project(town, budget_round, envelope=budget_round.envelopes[1])
    for one, into in ((rival, own), (own, rival), (rival, other), (away, rival), (rival, away)):
        refuses(lambda one=one, into=into: projects.merge(one.id, into.code, note=NOTE, by=by))
        assert state_of(one) is ProjectState.ELIGIBLE
    page = f"/budgets/{budget_round.slug}/projects/{rival.code}"
    assert browse(by).get(f"{page}/merge").status_code == 403
    answer = browse(by).post(f"{page}/merge", data=chosen("into", own.code) | {"note": NOTE})
    assert answer.status_code == 403 and SAID in answer.text
    assert (
        f"{page}/merge" not in browse(by).get(page).text and f"{page}/merge" in browse(town.moderator()).get(page).text
    )
    projects.merge(rival.id, other.code, note=NOTE, by=town.moderator())
    assert state_of(rival) is ProjectState.MERGED


def test_it_is_the_person_that_counts_and_not_the_account(town):
    budget_round = making.new_round(town, phase=Phase.ADJUSTING)
    making.project(town, budget_round, author=town.resident(mobile="01012345678"))
    rival, other = making.project(town, budget_round), making.project(town, budget_round)
    refuses(lambda: projects.merge(rival.id, other.code, note=NOTE, by=town.moderator(mobile="01012345678")))


@pytest.mark.parametrize("state", [ProjectState.WITHDRAWN, ProjectState.MERGED, ProjectState.NOT_ELIGIBLE])
def test_a_project_that_is_out_has_no_rivals(town, state):
    budget_round, by = making.new_round(town, phase=Phase.ADJUSTING), town.moderator()
    making.project(town, budget_round, author=by, state=state)
    rival, other = making.project(town, budget_round), making.project(town, budget_round)
    assert projects.merge(rival.id, other.code, note=NOTE, by=by).merged_into_id == other.id


def under_review(town, budget_round, department, **facts):
    made = making.project(town, budget_round, state=ProjectState.IN_REVIEW, department_id=department.id, **facts)
    return made, saved(EligibilityReview(project_id=made.id, department_id=department.id, assigned_at=clock.now(),
                                         due_at=clock.now(), cost_parts=[]))


def test_an_official_does_not_review_what_competes_with_their_own(town, browse):
    budget_round, department = making.new_round(town, phase=Phase.REVIEW), town.department("공원녹지과")
    by, colleague = town.official(department=department), town.official(department=department)
    making.project(town, budget_round, author=by, state=ProjectState.HANDED_IN)
    rival, review = under_review(town, budget_round, department)
    refuses(lambda: reviews.save(review.id, eligible(), version=1, by=by))
    refuses(lambda: reviews.hand_in(review.id, not_eligible(), version=1, project_version=1, by=by))
    page = browse(by).get(f"/desk/reviews/{review.id}").text
    assert SAID in page and "검토 내기" not in page
    assert reviews.hand_in(review.id, eligible(), version=1, project_version=1, by=colleague).ended_at
    conditional = making.project(town, budget_round, state=ProjectState.ELIGIBLE_IF, department_id=department.id)
    refuses(lambda: reviews.say_met(conditional.id, note=NOTE, by=by))
    assert browse(by).get(f"/desk/reviews/projects/{conditional.id}/conditions").status_code == 403
    reviews.say_met(conditional.id, note=NOTE, by=colleague)


def test_nobody_says_who_reviews_what_they_proposed_nor_asks_for_opinions_on_it(town):
    budget_round, department, by = making.new_round(town,
                                                    phase=Phase.REVIEW), town.department("공원녹지과"), town.moderator()
    own = making.project(town, budget_round, author=by, state=ProjectState.HANDED_IN)
    with pytest.raises(Denied, match="다른 사람이 검토해요"):
        reviews.assign(own.id, department.id, by=by)
    db.session.rollback()
    reviews.assign(own.id, department.id, by=town.moderator())
    with pytest.raises(Denied, match="다른 사람이 검토해요"):
        reviews.ask_opinion(own.id, town.department("도로과").id, note=NOTE, by=by)
    rival = making.project(town, budget_round, state=ProjectState.HANDED_IN)
    assert reviews.assign(rival.id, department.id, by=by), "to whom a rival is given is public and no judgement"


def test_a_rivals_request_for_a_second_look_is_answered_by_another_moderator(town, browse):
    budget_round, by = making.new_round(town, phase=Phase.REVIEW), town.moderator()
    making.project(town, budget_round, author=by)
    rival = making.project(town, budget_round, state=ProjectState.NOT_ELIGIBLE)
    look = saved(SecondLook(project_id=rival.id, user_id=rival.author_id, text="다시 봐 주세요.", at=clock.now()))
    answer = "앞의 검토가 맞아서 그대로 두었어요."
    refuses(lambda: reviews.decline(look.id, answer=answer, by=by))
    refuses(lambda: reviews.grant(look.id, town.department().id, answer=answer, by=by))
    assert browse(by).get(f"/desk/reviews/second-looks/{look.id}").status_code == 403
    assert reviews.decline(look.id, answer=answer, by=town.moderator()).answered_at


def text_of(project, **facts) -> ProjectText:
    return ProjectText(**{"title": project.title, "text": "앉아 쉴 의자를 골목마다 두 개씩 놓아요.", "place": "", "scope": "",
                          "cost": project.cost} | facts)


def test_an_office_edits_nothing_that_competes_with_its_own(town, browse):
    budget_round, by = making.new_round(town, phase=Phase.ADJUSTING, envelopes=2), town.moderator()
    own = making.project(town, budget_round, author=by)
    rival, away = making.project(town, budget_round), making.project(town, budget_round,
                                                                     envelope=budget_round.envelopes[1])
    refuses(lambda: projects.edit(rival.id, text_of(rival, cost=90_000_000), version=1, note=NOTE, by=by))
    into = Belonging(budget_round.envelopes[0].id, None, None, None)
    refuses(lambda: projects.edit(away.id, text_of(away), version=1, note=NOTE, belonging=into, by=by))
    page = f"/budgets/{budget_round.slug}/projects"
    assert browse(by).get(f"{page}/{rival.code}/edit").status_code == 403
    assert f"{rival.code}/edit" not in browse(by).get(f"{page}/{rival.code}").text
    assert browse(by).get(f"{page}/{own.code}/edit").status_code == 200
    elsewhere = Belonging(budget_round.envelopes[1].id, None, None, None)
    projects.edit(own.id, text_of(own), version=1, belonging=elsewhere, by=by)
    db.session.rollback()
    assert db.session.get(Project, own.id).envelope_id == budget_round.envelopes[0].id, "its proposer moves it no more"
    assert projects.edit(rival.id, text_of(rival), version=1, note=NOTE, by=town.moderator()).version == 2


def test_groups_of_rivals_are_made_by_somebody_else(town):
    budget_round, by = making.new_round(town), town.moderator()
    own = making.project(town, budget_round, author=by)
    rival, other = making.project(town, budget_round), making.project(town, budget_round)
    slug, version = budget_round.envelopes[0].slug, budget_round.version
    choice = Grouping(name="골목", min_choices=0, max_choices=1, codes=(rival.code,))
    refuses(lambda: groups.exclude(budget_round.id, "같은 자리예요", [rival.code, other.code], version=version, by=by))
    refuses(lambda: groups.group(budget_round.id, slug, choice, version=version, by=by))
    made = groups.exclude(budget_round.id, "같은 자리예요", [own.code, rival.code], version=version, by=town.moderator())
    refuses(lambda: groups.include(budget_round.id, made.id, version=version + 1, by=by))


def test_a_member_recommends_neither_their_own_project_nor_its_rivals(town, browse):
    budget_round = weighted(town, envelopes=2)
    (_member, user), *_others = seated(town, budget_round, 3)
    own, rival = making.project(town, budget_round, author=user), making.project(town, budget_round)
    away = making.project(town, budget_round, envelope=budget_round.envelopes[1])
    for code in (own.code, rival.code):
        with pytest.raises(Refusal, match="내가 권할 수 없어요"):
            committee.recommend(budget_round.id, {code, away.code}, by=user)
        db.session.rollback()
    page = browse(user).get(f"/budgets/{budget_round.slug}/committee").text
    assert "내가 권할 수 없어요" in page and page.count(" disabled>") == 2
    member = committee.recommend(budget_round.id, {away.code}, finished=True, by=user)
    assert committee_queries.own_codes(member.id) == {away.code}


def test_in_each_envelope_three_members_without_a_project_there_are_needed(town):
    budget_round = weighted(town, envelopes=2)
    (member, user), *others = seated(town, budget_round, 3)
    making.project(town, budget_round, author=user)
    making.project(town, budget_round)
    for _member, one in [(member, user), *others]:
        committee.recommend(budget_round.id, set(), finished=True, by=one)
    with pytest.raises(Conflict, match="배정 예산 1: .*3명 이상"):
        committee.fix(budget_round.id, by=town.moderator())
    db.session.rollback()
    (_more, fourth), = seated(town, budget_round, 1)
    committee.recommend(budget_round.id, {"A02"}, finished=True, by=fourth)
    assert committee.fix(budget_round.id, by=town.moderator()).members == 4


def test_sums_on_paper_are_entered_by_a_moderator_without_a_project_in_the_round(town):
    budget_round, by = weighted(town), town.moderator()
    own = making.project(town, budget_round, author=by)
    refuses(lambda: committee.enter(budget_round.id, 5, {own.code: 5}, "회의", by=by))
    other = town.moderator()
    committee.enter(budget_round.id, 5, {own.code: 1}, "회의", by=other)
    late = making.project(town, budget_round)
    refuses(lambda: committee.complete(budget_round.id, {late.code: 0}, by=by))
    refuses(lambda: committee.annul(budget_round.id, "다시 세어 주세요.", by=by))
