"""Whoever does something in a round of awards waits for whoever holds it, and finds it as it is by then."""

import pytest

from civic_forum.awards import services
from civic_forum.awards.models import AwardRound
from civic_forum.awards.rules import RoundState
from civic_forum.kernel.base import db
from civic_forum.kernel.errors import Refusal
from tests.racing import held, on_postgresql

from .making import REASON, WHY, Round, answered

pytestmark = on_postgresql


def test_a_round_whose_scoring_has_begun_meanwhile_is_not_prepared_any_more(town):
    made, other, proposal = Round(town, scoring=False), town.moderator(), answered(town)
    row = db.session.get(AwardRound, made.id)
    for act in (lambda: services.nominate(made.id, proposal.number, WHY, by=made.moderator),
                lambda: services.choose_juror(made.id, other.id, by=made.moderator),
                lambda: services.begin_scoring(made.id, by=made.moderator)):
        row.state = RoundState.NOMINATING
        db.session.commit()
        with held(row, state=RoundState.SCORING), pytest.raises(Refusal):
            act()


def test_a_round_that_was_published_meanwhile_is_neither_scored_nor_published_again(town):
    made = Round(town).score()
    row = db.session.get(AwardRound, made.id)
    for act in (lambda: services.decline(made.nominees[0], by=made.proposals[0].author),
                lambda: services.publish(made.id, dict.fromkeys(made.nominees, REASON), by=made.moderator)):
        row.state, row.published_at = RoundState.SCORING, None
        db.session.commit()
        with held(row, state=RoundState.PUBLISHED), pytest.raises(Refusal):
            act()
