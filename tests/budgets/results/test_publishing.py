"""Publishing the vote of an envelope: its projects are chosen, or not, and everybody concerned learns of it."""

import sqlalchemy as sa

from civic_forum.budgets.projects.models import Project
from civic_forum.budgets.rules import ProjectState
from civic_forum.journeys.models import JourneyEntry
from civic_forum.platform.base import db
from civic_forum.platform.i18n import Language, speaking
from civic_forum.notifications.models import Notice
from tests.budgets import making

from .published import box_of, projects, publish, published

COSTS = (60_000_000, 50_000_000, 40_000_000)


def ballots_for(*votes: int) -> list[tuple[int, ...]]:
    """As many ballots as that for 1, 2, 3 …"""
    return [(number,) for number, count in enumerate(votes, 1) for _one in range(count)]


def journey(project_or_proposal) -> list[tuple[str, str, str]]:
    found = db.session.scalars(sa.select(JourneyEntry).filter_by(journey_id=project_or_proposal.journey_id)
                               .order_by(JourneyEntry.id))
    return [(one.step, one.evidence, one.link) for one in found]


def of(envelope) -> list[Project]:
    """As they are now, in the order of their numbers."""
    envelope_id = sa.inspect(envelope).identity[0]
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Project).filter_by(envelope_id=envelope_id).order_by(Project.number)))


def test_those_that_were_funded_are_chosen_in_this_order_and_the_others_are_not(town):
    envelope = published(town, COSTS, ballots_for(5, 9, 7))
    assert [(one.state, one.place_in_order) for one in of(envelope)] == [
        (ProjectState.NOT_CHOSEN, None), (ProjectState.CHOSEN, 1), (ProjectState.CHOSEN, 2)]


def test_every_project_learns_in_its_journey_what_became_of_it_and_where_it_is_explained(town):
    envelope = published(town, COSTS, ballots_for(5, 9, 7))
    first, second, _third = of(envelope)
    address = f"/budgets/{envelope.round.slug}/{envelope.slug}/results"
    assert journey(second)[-1] == ("project_chosen", f"{envelope.name}에서 첫 번째로 뽑혔어요. 21명 가운데 9명이 골랐어요.",
                                   f"{address}/{second.code}")
    step, evidence, link = journey(first)[-1]
    assert step == "project_not_chosen" and link == f"{address}/{first.code}"
    assert evidence == f"{envelope.name}: 차례에 남은 돈이 모자랐어요. 21명 가운데 5명이 골랐어요."


def test_the_proposal_behind_it_learns_the_same_and_who_follows_it_is_told(town):
    author = town.resident()
    proposal = town.proposal(author=author)
    envelope = published(town, COSTS[:1], ballots_for(3), proposal_id=proposal.id)
    [project] = of(envelope)
    assert journey(proposal)[-1] == journey(project)[-1]
    assert journey(project)[-1][1].endswith("뽑혔어요. 투표한 사람이 적어서 표 수는 공개하지 않아요.")
    told = db.session.scalars(sa.select(Notice).filter_by(user_id=author.id)).all()
    assert [one.step for one in told if one.about == f"proposal:{proposal.id}"] == ["project_chosen"]


def test_other_envelopes_of_the_round_stay_as_they_are(town):
    budget_round = making.new_round(town, envelopes=2)
    one, other = budget_round.envelopes
    waiting = projects(town, budget_round, COSTS[:1], envelope=other)
    published(town, COSTS, ballots_for(1, 2, 3), budget_round=budget_round, envelope=one)
    assert db.session.get(Project, waiting[0].id, populate_existing=True).state is ProjectState.ON_BALLOT


def test_the_public_steps_are_korean_whatever_language_the_official_reads(town):
    budget_round = making.new_round(town)
    made = projects(town, budget_round, COSTS[:1])
    box = box_of(budget_round.envelopes[0], made)
    with speaking(Language.EN):
        publish(box, ballots_for(2))
    assert "뽑혔어요" in journey(of(budget_round.envelopes[0])[0])[-1][1]
