"""A proposal that is grouped but not taken up is decided with its agenda: its page says so in every place."""

import re

import pytest

from civic_forum.agendas.rules import Relation
from civic_forum.journeys import operations
from civic_forum.journeys.queries import entries
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.outcomes.rules import Decision
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import State

from .making import TITLE, agenda, carried, published, text


def stepper(browse, proposal) -> list[tuple[str, str, str]]:
    """Class, word and note of every stage."""
    page = " ".join(browse().get(f"/proposals/{proposal.number}").text.split())
    steps = re.search(r'<ol class="steps".*?</ol>', page)[0]
    return re.findall(r'<li class="(\w+)"[^>]*><b>([^<]+).*?</b>(?:<span>(.*?)</span>)?</li>', steps)


def state(proposal) -> State:
    db.session.rollback()
    return db.session.get(Proposal, proposal.id, populate_existing=True).state


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("before", [State.ANSWERED, State.GATHERING, State.LAPSED, State.ANSWER_DUE])
def test_the_stepper_follows_the_outcome_that_its_page_shows(before, town, pair, browse):
    proposal = town.proposal(state=before)
    about = agenda(town, pair[0], proposal)
    assert stepper(browse, proposal)[3][:2] == ("todo", "결정")
    outcome = published("agenda", about.id, *pair)
    decided, carried_out = stepper(browse, proposal)[3:]
    assert decided[:2] == ("done", "결정") and decided[2] and carried_out == ("todo", "실행", "")
    assert TITLE in browse().get(f"/proposals/{proposal.number}").text
    assert [one.step for one in entries(proposal.journey_id)][-1] == "outcome"
    assert state(proposal) is before, "being grouped moves nothing"
    carried(outcome, *pair)
    assert stepper(browse, proposal)[4][0] == "now" and stepper(browse, proposal)[4][2]
    carried(outcome, *pair, done=True)
    assert [one[0] for one in stepper(browse, proposal)[3:]] == ["done", "done"]
    assert state(proposal) is before


@pytest.mark.parametrize("reached", [State.IN_AGENDA, State.DECIDED])
def test_a_question_that_nobody_answered_is_not_shown_as_answered(reached, town, browse):
    proposal = town.proposal(state=reached)
    assert stepper(browse, proposal)[2][:2] == ("todo", "부서 답변")
    operations.add(db.session(), proposal.journey_id, "answered", at=clock.now())
    db.session.commit()
    assert stepper(browse, proposal)[2][:2] == ("done", "부서 답변")


def test_a_decision_that_was_put_off_decides_nothing(town, pair, browse):
    proposal = town.proposal(state=State.ANSWERED)
    about = agenda(town, pair[0], proposal)
    published("agenda", about.id, *pair, text(decision=Decision.POSTPONED, promised_on=None))
    assert stepper(browse, proposal)[3][0] == "todo"


def test_a_no_is_a_decision_too(town, pair, browse):
    proposal = town.proposal(state=State.ANSWERED)
    about = agenda(town, pair[0], proposal)
    published("agenda", about.id, *pair, text(decision=Decision.DECLINED, promised_on=None, cost=None))
    assert [one[0] for one in stepper(browse, proposal)[3:]] == ["done", "todo"]


@pytest.mark.in_turns(of=5)
def test_a_proposal_at_the_core_of_another_agenda_is_decided_with_that_one(town, pair, browse):
    proposal = town.proposal(state=State.ANSWERED)
    own = agenda(town, pair[0], proposal)
    beside = agenda(town, pair[0], proposal, slug="market", relation=Relation.RELATED)
    published("agenda", beside.id, *pair)
    assert stepper(browse, proposal)[3][:2] == ("todo", "결정")
    published("agenda", own.id, *pair)
    assert stepper(browse, proposal)[3][:2] == ("done", "결정")
