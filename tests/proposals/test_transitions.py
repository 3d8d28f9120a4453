"""No proposal ever goes a way that the table of transitions does not have."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from civic_forum.journeys.queries import entries
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.proposals import rules
from civic_forum.proposals import operations
from civic_forum.proposals.models import Support
from civic_forum.proposals.queries import records as queries
from civic_forum.proposals.services import publication, supports
from civic_forum.proposals.rules import (BEFORE_DECISION, PUBLIC, TAKES_SUPPORT, TRANSITIONS, Mover, Stage, State, Text,
                                         allowed, is_over, may_return, number, progress, reached, state_now)
from tests.factories import MAY

WAYS = {
    "draft": {"author": "held gathering"},
    "held": {"author": "withdrawn", "moderator": "draft gathering merged"},
    "gathering": {"author": "answer_due withdrawn", "moderator": "in_agenda merged", "official": "answered",
                  "clock": "lapsed", "support": "answer_due"},
    "answer_due": {"author": "withdrawn", "moderator": "in_agenda merged", "official": "answered"},
    "answered": {"author": "withdrawn", "moderator": "in_agenda merged", "official": "decided"},
    "in_agenda": {"author": "withdrawn", "moderator": "merged", "official": "decided"},
    "decided": {"official": "in_progress"},
    "in_progress": {"official": "done"},
    "lapsed": {"author": "withdrawn", "moderator": "in_agenda merged", "official": "answered"},
}
"""From each state, who moves a proposal, and where to."""


def test_a_proposal_goes_these_ways_and_no_other():
    assert TRANSITIONS == {(now, mover, then) for now, movers in WAYS.items() for mover, ways in movers.items()
                           for then in ways.split()}


def test_undecided_proposals_those_that_take_support_and_those_without_a_clock():
    assert BEFORE_DECISION == {"held", "gathering", "answer_due", "answered", "in_agenda", "lapsed"}
    assert TAKES_SUPPORT == {"gathering", "answer_due", "in_agenda"}
    assert rules._RESTING == {"lapsed", "answered", "decided"}


def test_the_table_has_no_way_out_of_what_is_over():
    for over in (State.DONE, State.WITHDRAWN, State.MERGED):
        assert not [step for step in TRANSITIONS if step[0] is over]


def test_only_a_merge_and_an_agenda_lead_back():
    back = {(now, before) for now in State for before in State if may_return(now, before)}
    assert {now for now, _before in back} == {State.IN_AGENDA, State.MERGED}
    assert (State.MERGED, State.LAPSED) in back and (State.MERGED, State.DONE) not in back


def test_a_deadline_counts_at_its_moment():
    assert not is_over(State.GATHERING, MAY, MAY - timedelta(microseconds=1))
    assert state_now(State.GATHERING, MAY, MAY) is State.LAPSED
    assert state_now(State.ANSWER_DUE, MAY, MAY) is State.ANSWER_DUE
    assert reached(20, 20) and not reached(19, 20)


def test_numbers_grow_beyond_four_digits():
    assert (number(2026, 412), number(2026, 12345)) == ("2026-0412", "2026-12345")


@pytest.mark.parametrize("state, statuses", [
    (State.GATHERING, "done now todo todo todo"), (State.ANSWER_DUE, "done done now todo todo"),
    (State.LAPSED, "done done todo todo todo"), (State.IN_AGENDA, "done done done now todo"),
    (State.IN_PROGRESS, "done done done done now"), (State.DONE, "done done done done done"),
])
def test_the_stepper_says_where_it_is(state, statuses):
    assert " ".join(status for _stage, status in progress(state)) == statuses
    assert [stage for stage, _status in progress(state)] == list(Stage)


@pytest.mark.parametrize("state, reached, statuses", [
    (State.GATHERING, State.DECIDED, "done now todo done todo"),
    (State.ANSWER_DUE, State.DECIDED, "done done now done todo"),
    (State.GATHERING, State.IN_PROGRESS, "done todo todo done now"),
    (State.ANSWER_DUE, State.IN_PROGRESS, "done done todo done now"),
    (State.GATHERING, State.DONE, "done now todo done done"),
    (State.ANSWERED, State.DECIDED, "done done done done todo"),
    (State.ANSWERED, State.IN_PROGRESS, "done done done done now"),
    (State.LAPSED, State.DONE, "done done todo done done"),
    (State.IN_AGENDA, State.DECIDED, "done done done done todo"),
    (State.DONE, State.DECIDED, "done done done done done"),
    (State.DECIDED, State.IN_PROGRESS, "done done done done now"),
    (State.IN_PROGRESS, State.DECIDED, "done done done done now"),
])
def test_the_stepper_follows_what_a_proposal_is_decided_by(state, reached, statuses):
    assert " ".join(status for _stage, status in progress(state, reached)) == statuses
    assert progress(State.WITHDRAWN, reached) == progress(State.MERGED, reached) == []


class Life(RuleBasedStateMachine):
    """Everything that can happen to one proposal, in any order, at any time."""

    def __init__(self, town):
        super().__init__()
        self.town = town
        self.author = town.resident()

    @initialize()
    def begin(self):
        self.proposal = self.town.proposal(author=self.author, threshold=2)
        self.other = self.town.proposal()
        self.was = self.proposal.state

    def teardown(self):
        clock.shift(0)

    def attempt(self, change):
        try:
            change()
        except Refusal:
            db.session.rollback()
        db.session.refresh(self.proposal)

    def moved(self, change):
        """One transaction, as a feature above opens it."""
        def work():
            proposal = queries.locked(self.proposal.id)
            try:
                change(proposal)
                db.session.commit()
            except Conflict:
                db.session.rollback()
                raise
        self.attempt(work)

    @rule()
    def support(self):
        self.attempt(lambda: supports.support(self.proposal.id, by=self.town.user()))

    @rule(days=st.integers(1, 30))
    def time_passes(self, days):
        clock.shift(clock.offset_seconds() + days * 86400)

    @rule()
    def job_runs(self):
        self.attempt(publication.lapse_due)

    @rule()
    def withdraw(self):
        self.attempt(lambda: publication.withdraw(self.proposal.id, reason="다시 생각해 볼게요.", by=self.author))

    @rule(words=st.sampled_from(["보도블록이 들떠서 넘어질 뻔했어요.", "보도블록이 깨져 있어서 위험해요."]))
    def edit(self, words):
        text = Text(self.proposal.title, words, self.proposal.wish)
        self.attempt(lambda: publication.edit(self.proposal.id, text, version=self.proposal.version, by=self.author))

    @rule(after=st.sampled_from(State), mover=st.sampled_from(Mover))
    def somebody_moves_it(self, after, mover):
        if after is State.MERGED:
            return
        self.moved(lambda proposal: operations.move(db.session, proposal, after, mover, at=clock.now()))

    @rule()
    def merge(self):
        self.moved(lambda proposal: operations.merge(db.session, proposal, self.other, at=clock.now()))

    @rule()
    def go_back(self):
        self.moved(lambda proposal: operations.move_back(db.session, proposal, at=clock.now()))

    @invariant()
    def only_ways_of_the_table(self):
        if not hasattr(self, "proposal"):
            return
        now = self.proposal.state
        reachable = now is self.was or may_return(self.was, now) or any(
            allowed(self.was, mover, now) for mover in Mover) or (
            (self.was, now) == (State.GATHERING, State.LAPSED))
        assert reachable, (self.was, now)
        self.was = now

    @invariant()
    def what_is_counted_is_there(self):
        if not hasattr(self, "proposal"):
            return
        db.session.refresh(self.proposal)
        assert self.proposal.support_count == db.session.scalar(
            sa.select(sa.func.count()).select_from(Support).filter_by(proposal_id=self.proposal.id))
        steps_so_far = [entry.step for entry in entries(self.proposal.journey_id)]
        for once in ("first_support", "threshold"):
            assert steps_so_far.count(once) <= 1
        if self.proposal.state is State.IN_AGENDA:
            assert self.proposal.state_before in PUBLIC
        if self.proposal.state is State.MERGED:
            assert self.proposal.state_before_merge in PUBLIC


@pytest.mark.both
def test_no_proposal_leaves_the_table(town):
    run_state_machine_as_test(lambda: Life(town),
                              settings=settings(max_examples=12, stateful_step_count=25, database=None))
