"""Votes of budget rounds: whose envelope it is hears of it, and objections to its roll reach those who keep it."""

import pytest

from civic_forum.ballots.events import BoxPublished
from civic_forum.ballots.rules.boxes import ConfirmedAction
from civic_forum.ballots.officials import services as confirmations
from civic_forum.ballots.rolls import services as roll_services
from civic_forum.budgets.rules import Phase
from civic_forum.platform.base import db
from civic_forum.platform.work import use_case
from civic_forum.notifications.queries import notices as subjects
from civic_forum.notifications.rules import NoticeKind
from tests.budgets import making
from tests.polls.making import voter

from .told import last, steps, told

VOTE = NoticeKind.VOTE


def neighbourhood_round(town):
    """A round in its vote: one envelope for all, one for 독산1동 alone."""
    budget_round = making.new_round(town, phase=Phase.VOTING)
    place = town.neighbourhood("독산1동")
    second = making.envelope(budget_round, name="독산1동")
    second.voters_of.append(place)
    db.session.commit()
    for one in (budget_round.envelopes[0], second):
        for _project in range(3):
            making.project(town, budget_round, envelope=one)
    return budget_round


@pytest.mark.both
def test_a_round_invites_everybody_once_however_many_envelopes_they_may_vote_in(town):
    here, there = voter(town), voter(town, place="독산1동")
    for _one in range(10):
        voter(town, place="독산1동")
    budget_round = making.opened(town, budget_round=neighbourhood_round(town))
    assert told(here) == [(VOTE, "vote_opens")]
    assert told(there) == [(VOTE, "vote_opens")]
    assert last(here).url == last(there).url == f"/budgets/{budget_round.slug}/ballot"
    assert last(here).about == f"budget_round:{budget_round.id}"
    about = f"budget_round:{budget_round.id}"
    assert subjects.titles([about], here.id) == {about: budget_round.title}
    first, second = budget_round.envelopes
    named = subjects.titles([f"envelope:{one.id}" for one in budget_round.envelopes], here.id)
    assert named == {f"envelope:{one.id}": f"{budget_round.title} — {one.name}" for one in (first, second)}


@pytest.mark.in_turns(of=5)
def test_voters_in_a_later_envelope_alone_are_invited_all_the_same(town):
    """Its box is opened when everybody else has been told already."""
    there = voter(town, place="독산1동")
    for _one in range(10):
        voter(town, place="독산1동")
    budget_round = neighbourhood_round(town)
    first, second = budget_round.envelopes
    first.voters_of.append(town.neighbourhood("시흥1동"))
    db.session.commit()
    making.prepared(town, budget_round=budget_round)
    for envelope in (first, second):
        proposed = confirmations.propose(ConfirmedAction.OPEN, envelope.box_id, by=town.official())
        assert told(there) == []
        confirmations.confirm(proposed.id, by=town.moderator())
    assert told(there) == [(VOTE, "vote_opens")]


@pytest.mark.in_turns(of=5)
def test_the_result_of_an_envelope_is_told_where_it_is_shown(town):
    here = voter(town)
    budget_round = making.opened(town)
    with use_case(None) as work:
        box = budget_round.envelopes[0].box
        box.published_at = work.at
        work.emit(BoxPublished(box.id, "other:1"))
    assert told(here)[-1] == (VOTE, "vote_result")
    assert last(here).url == f"/budgets/{budget_round.slug}/{budget_round.envelopes[0].slug}"


def test_an_objection_to_the_roll_of_an_envelope_reaches_moderators_and_comes_back(town):
    left_out, moderator = town.resident(), town.moderator()
    budget_round = making.prepared(town)
    envelope = budget_round.envelopes[0]
    made = roll_services.object_to(envelope.roll_id, "저는 시흥1동에 살아요.", by=left_out)
    assert "duty_roll_objection" in steps(moderator)
    assert last(moderator).url == f"/desk/budgets/{budget_round.slug}/rolls/{envelope.slug}"
    roll_services.answer(made.id, "확인해서 명부에 넣었어요.", by=moderator)
    assert told(left_out)[-1] == (VOTE, "roll_objection_answered")
    assert last(left_out).url == f"/budgets/{budget_round.slug}/{envelope.slug}/roll"
    assert last(left_out).about == envelope.subject


def test_a_round_that_nobody_announced_is_named_to_those_alone_who_prepare_it(town):
    reader, moderator = town.resident(), town.moderator()
    budget_round = making.new_round(town, announced_at=None)
    about = [budget_round.envelopes[0].subject]
    assert subjects.titles(about, reader.id) == {} and len(subjects.titles(about, moderator.id)) == 1
