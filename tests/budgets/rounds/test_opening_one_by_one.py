"""Envelopes of a round are opened one by one; what may still happen between the first and the last."""

import json
from datetime import timedelta

import pytest

from civic_forum.ballots.rules.boxes import ConfirmedAction
from civic_forum.ballots.officials import services as confirmations
from civic_forum.budgets.models import BudgetRound
from civic_forum.budgets.rules import Calendar, Phase, PhaseParts, span_of
from civic_forum.budgets.projects.models import Project
from civic_forum.budgets.process import PROCESS
from civic_forum.budgets.rounds import opening
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict
from tests.budgets import making


def open_box(town, envelope):
    proposed = confirmations.propose(ConfirmedAction.OPEN, envelope.box_id, by=town.official())
    confirmations.confirm(proposed.id, by=town.moderator())
    db.session.rollback()
    return db.session.get(BudgetRound, envelope.round_id, populate_existing=True)


def first_of(envelope):
    return db.session.query(Project).filter_by(envelope_id=envelope.id, number=1).one()


def codes_of(envelope):
    return [one["code"] for one in json.loads(envelope.box.definition)["options"]]


@pytest.mark.in_turns(of=5)
def test_a_project_hidden_after_the_first_opening_stays_on_the_ballot_that_is_opened_later(town):
    made = open_box(town, making.prepared(town, envelopes=2).envelopes[0])
    hidden, before = first_of(made.envelopes[1]), made.envelopes[1].box.fingerprint
    hidden.hidden_at = clock.now()
    db.session.commit()
    made = open_box(town, made.envelopes[1])
    assert made.envelopes[1].box.fingerprint == before and hidden.code in codes_of(made.envelopes[1])


@pytest.mark.in_turns(of=5)
def test_one_hidden_before_it_gives_its_number_to_the_next(town):
    made = making.prepared(town, envelopes=2, projects=4)
    hidden = first_of(made.envelopes[1])
    hidden.hidden_at = clock.now()
    db.session.commit()
    made = opening.prepare(open_box(town, made.envelopes[0]).id, by=town.moderator())
    made = open_box(town, made.envelopes[1])
    assert len(codes_of(made.envelopes[1])) == 3 and hidden.code not in codes_of(made.envelopes[1])
    assert first_of(made.envelopes[1]).code == codes_of(made.envelopes[1])[0]


def days(budget_round, **changed):
    return Calendar(tuple(PhaseParts(one.phase, **{"starts_at": one.starts_at, "ends_at": one.ends_at, "note": one.note}
                                  | changed.get(one.phase, {})) for one in budget_round.phases),
                    budget_round.paper_until)


def test_a_vote_that_ends_as_the_next_phase_begins_ends_then_whenever_that_one_is_moved_to(town):
    made, moderator = making.prepared(town), town.moderator()
    chosen = span_of(made.phases, Phase.CHOSEN).starts_at
    PROCESS.write(made.id, days(made, voting={"ends_at": None}), version=made.version, by=moderator)
    made = open_box(town, made.envelopes[0])
    later = {"voting": {"ends_at": chosen}, "chosen": {"starts_at": chosen + timedelta(days=1)}}
    made = PROCESS.write(made.id, days(made, **later), version=made.version, by=moderator)
    assert span_of(made.phases, Phase.VOTING).ends_at == chosen == made.envelopes[0].box.closes_at


@pytest.mark.in_turns(of=5)
def test_no_vote_is_opened_while_an_envelope_with_projects_has_no_box(town):
    made = making.new_round(town, phase=Phase.VOTING, envelopes=2)
    for _one in range(3):
        making.project(town, made, envelope=made.envelopes[0])
    making.voter(town)
    made = opening.prepare(made.id, by=town.moderator())
    for _one in range(3):
        making.project(town, made, envelope=made.envelopes[1])
    with pytest.raises(Conflict, match="다시 준비"):
        open_box(town, made.envelopes[0])
    db.session.rollback()
    made = opening.prepare(made.id, by=town.moderator())
    assert all(open_box(town, one).opened_at for one in made.envelopes)
