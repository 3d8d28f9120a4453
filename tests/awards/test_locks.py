"""Acts in a round of awards: each waits for whoever holds it, and finds it as it is by then."""

import pytest

from civic_forum.awards import services
from civic_forum.awards.models import AwardRound
from civic_forum.awards.rules import RoundState
from civic_forum.platform.base import db
from civic_forum.platform.errors import Denied, Refusal
from tests.factories import MAY
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


@pytest.mark.parametrize("act", [
    lambda made: services.decline(made.nominees[0], by=made.proposals[0].author),
    lambda made: services.publish(made.id, dict.fromkeys(made.nominees, REASON), by=made.moderator)],
    ids=["decline", "publish"])
def test_a_round_that_was_published_meanwhile_stays_as_it_is(town, act):
    made = Round(town).score()
    row = db.session.get(AwardRound, made.id)
    with held(row, state=RoundState.PUBLISHED, published_at=MAY), pytest.raises(Denied):
        act(made)
    assert db.session.get(AwardRound, made.id, populate_existing=True).published_at == MAY
