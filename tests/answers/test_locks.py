"""Changes of an answer or its proposal: each waits for whoever holds it, and decides by what was left."""

import pytest

from civic_forum.answers.services import author, cases, texts
from civic_forum.platform.errors import Refusal
from civic_forum.proposals.rules import State
from tests.racing import held, on_postgresql

from .making import on_the_table, owed, published, text

pytestmark = on_postgresql


@pytest.fixture
def answer(town, official):
    return published(on_the_table(town, official), official, town.official())


@pytest.mark.in_turns(of=5)
def test_judgements_are_added_to_what_was_counted_by_then(town, answer):
    by = town.user()
    with held(answer, understood=7):
        assert author.judge(answer.id, understood=True, by=by).understood == 8


@pytest.mark.in_turns(of=5)
def test_a_version_that_was_corrected_meanwhile_is_not_overwritten(answer, official):
    with held(answer, version=2), pytest.raises(Refusal):
        texts.correct(answer.id, text(cost=1), why="비용을 잘못 적었어요.", seen=1, by=official)


def test_nothing_is_taken_that_was_withdrawn_meanwhile(town, official):
    proposal = owed(town)
    with held(proposal, state=State.WITHDRAWN), pytest.raises(Refusal):
        cases.take(proposal.id, by=official)
