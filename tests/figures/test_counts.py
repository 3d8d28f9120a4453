"""Counts: acts by month, people once, the way of proposals, days to answer."""

from datetime import timedelta

import pytest

from civic_forum.answers.models import Duty
from civic_forum.answers.rules import AnswerOutcome, DutyKind
from civic_forum.ballots.models import Voter
from civic_forum.ballots.box.sealing import Channel as VotingChannel
from civic_forum.figures import queries
from civic_forum.figures.rules import Act, Means, Step
from civic_forum.forums.rules import AgeGroup, Place, Way
from civic_forum.opinions.models import OpinionMap
from civic_forum.outcomes.rules import Decision
from civic_forum.platform.base import db
from civic_forum.proposals.models import ProposalTally
from civic_forum.proposals.rules import Channel, State
from tests.common import today
from tests.factories import MAY, saved
from tests.forums.scene import announced_forum
from tests.opinions.making import consultation
from tests.outcomes.making import agenda, answered, published, text

from .making import before, commented, living, registered, replied, supported, voted


def told(asked, number, participants, days):
    return saved(OpinionMap(consultation_id=asked.id, number=number, at=before(days), participants=participants,
                            published={}, kept=b""))


def counted():
    return queries.participation(today())


def test_acts_fall_into_their_months_and_means(town, at):
    at(MAY + timedelta(days=19))
    proposal = town.proposal(published_at=before())
    town.proposal(published_at=before(100), channel=Channel.PAPER)
    town.proposal(published_at=before(100), channel=Channel.DESK)
    supported(proposal, living(town, "가산동", 3))
    commented(proposal, town.resident())
    forum = announced_forum(town)
    registered(forum, town.resident(), way=Way.ON_SITE)
    voted(online=7, assisted=2, paper=1)
    found = counted()
    assert {key: (sum(row), row[-1]) for key, row in found.acts.items()} == {
        (Act.PROPOSAL, Means.ONLINE): (1, 1), (Act.PROPOSAL, Means.PAPER): (1, 0),
        (Act.PROPOSAL, Means.ASSISTED): (1, 0), (Act.SUPPORT, Means.ONLINE): (3, 3),
        (Act.COMMENT, Means.ONLINE): (1, 1), (Act.REGISTRATION, Means.ON_SITE): (1, 1),
        (Act.VOTE, Means.ONLINE): (7, 7), (Act.VOTE, Means.ASSISTED): (2, 2), (Act.VOTE, Means.PAPER): (1, 1)}
    assert (found.total(), found.total(means=Means.PAPER), found.total(act=Act.VOTE)) == (18, 2, 10)
    assert found.by_month()[-4:] == [2, 0, 0, 16]


def test_a_person_counts_once_whatever_they_did(town):
    [somebody, other] = living(town, "가산동", 2)
    proposal = town.proposal(author=somebody, published_at=before())
    supported(proposal, [somebody, other])
    commented(proposal, somebody)
    registered(announced_forum(town), somebody, age_group=AgeGroup.TO_39)
    found = counted()
    assert (found.people, found.places.said, found.ages.said, found.ages.unsaid) == (2, 2, 1, 1)


@pytest.mark.both
def test_answers_and_ballots_that_tell_nobody_who_took_part_are_counted_beside(town):
    asked, over = consultation(), consultation(lasts=timedelta(minutes=1))
    for number, (participants, days) in enumerate(((40, 3), (52, 2), (60, 0)), 1):
        told(asked, number, participants, days)
    told(over, 1, 9, 2)
    long_over = consultation(open_since=timedelta(days=460), lasts=timedelta(days=10))
    told(long_over, 1, 70, 440)
    running = dict(opened_at=before(9), opens_at=before(9), closes_at=before(-9), published_at=None, result=None)
    boxes = [voted(**running | more) for more in ({}, {}, {"rehearsal": True}, {"closed_at": before(1)})]
    for place, box in enumerate(boxes):
        for number in range(place + 3):
            saved(Voter(box_id=box.id, row_key=bytes([place, number]) * 16, channel=VotingChannel.ONLINE, sealed=b"x"))
    found = queries.numbers(today())
    assert (found.responses, found.ballots) == (69, 7)


def test_today_and_what_is_older_than_a_year_are_left_out(town):
    for days in (0, 400):
        supported(town.proposal(published_at=before(days)), [town.resident()], days)
        voted(online=5, closes_at=before(days))
    found = counted()
    assert (found.people, found.total()) == (0, 0)


def test_a_text_hidden_taken_back_or_of_the_office_is_no_participation(town):
    proposal = town.proposal(published_at=before(500))
    town.proposal(published_at=before(), hidden_at=before(1), hidden_rule="abuse")
    town.proposal(published_at=None, state=State.HELD)
    for facts in ({"deleted_at": before(1)}, {"hidden_at": before(1)}, {"as_moderator": True},
                  {"department_id": town.department().id}):
        commented(proposal, town.user(), **facts)
    registered(announced_forum(town), town.user(), place=Place.WITHDRAWN)
    voted(online=9, rehearsal=True)
    voted(online=9, published_at=None)
    voted(online=9, published_at=None, result=None)
    assert (counted().people, counted().total()) == (0, 0)


def test_few_people_of_a_neighbourhood_or_an_age_are_hidden(town, app):
    proposal, forum = town.proposal(published_at=before(500)), announced_forum(town)
    many, few = living(town, "가산동", 9), living(town, "독산1동", 2)
    some = living(town, "독산2동", 6)
    supported(proposal, [*many, *few, *some, town.user()])
    for user in some:
        registered(forum, user, age_group=AgeGroup.FROM_65)
    found = counted()
    assert [group.people for group in found.places.groups] == [9, None, None]
    assert (found.places.said, found.places.unsaid, found.places.hidden) == (17, 1, 2)
    assert [group.people for group in found.ages.groups] == [None, None, None, None]
    assert [group.residents for group in found.places.groups] == [24_800, 34_600, 15_900]


def test_a_neighbourhood_that_the_file_does_not_name_is_not_compared(town):
    supported(town.proposal(published_at=before(500)), living(town, "없는동", 6))
    assert not counted().places.compared and counted().places.missing() == []


def tallied(**totals):
    for state, total in totals.items():
        saved(ProposalTally(state=State(state), total=total))


@pytest.mark.both
def test_the_way_of_proposals(town):
    tallied(gathering=3, answered=2, done=1, in_progress=1, draft=5, held=5)
    reached = {"threshold_reached_at": before(9)}
    replied(town, town.proposal(state=State.ANSWERED, **reached))
    replied(town, town.proposal(state=State.ANSWERED), AnswerOutcome.DECLINED)
    for state in (State.DONE, State.IN_PROGRESS):
        town.proposal(state=state, **reached)
    assert queries.numbers(today()).steps == {
        Step.PROPOSED: 7, Step.SUPPORTED: 3, Step.ANSWERED: 2, Step.PROMISED: 3, Step.DONE: 1}


@pytest.mark.in_turns(of=5)
def test_outcomes_of_proposals_and_agendas_promise_too(town):
    official, second = town.official(), town.official()
    alone, put_off, inside = answered(town, official), answered(town, official), town.proposal()
    published("proposal", alone.id, official, second)
    published("proposal", put_off.id, official, second, text(decision=Decision.POSTPONED, promised_on=None))
    published("agenda", agenda(town, official, inside).id, official, second)
    db.session.refresh(inside)
    assert queries.numbers(today()).steps[Step.PROMISED] == 1 + (inside.state is State.DECIDED)


def test_answers_by_days_and_by_department(town):
    roads = town.department("도로과")
    for took, late in ((3, False), (20, False), (90, True)):
        replied(town, town.proposal(), took=took, late=late)
    replied(town, town.proposal(), took=40, late=True, department=roads)
    found = queries.answers(today())
    assert (found.all.classes, found.all.total, found.all.late, found.all.median) == ((1, 0, 1, 1, 1), 4, 2, 30)
    assert {one: (some.total, some.late) for one, some in found.departments.items()} == {
        town.department().id: (3, 1), roads.id: (1, 1)}


def test_answers_owed_and_late_today(town):
    for due, paused in ((-1, None), (0, None), (-9, -10)):
        saved(Duty(proposal_id=town.proposal().id, kind=DutyKind.THRESHOLD, started_at=before(40), days=30,
                   due_on=today() + timedelta(days=due), paused_on=paused and today() + timedelta(days=paused)))
    assert queries.figures(today()).answers.all.open_late == 1
