"""The outcome of a vote: never before its result, never about who voted."""

from datetime import date

import pytest
import sqlalchemy as sa

from civic_forum.blocks.kinds import Ref
from civic_forum.journeys.queries import entries
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from civic_forum.outcomes import services
from civic_forum.outcomes.models import Outcome
from civic_forum.outcomes.queries import way
from civic_forum.outcomes.rules import WayStep
from civic_forum.polls.models import Poll
from tests.ballots.officials import observers_sign
from tests.common import today
from tests.polls.published import published as voted
from tests.polls.published import votes

from .making import TITLE, published, text


@pytest.fixture
def poll(town):
    """A published vote that came from one proposal."""
    made = voted(town, votes(12, 20, 5), ballots=40, blank=3)
    proposal = town.proposal()
    db.session.get(Poll, made.id).proposals = [proposal]
    db.session.commit()
    return made, proposal


@pytest.mark.both
def test_the_vote_and_its_proposals_show_the_outcome_and_voters_are_told_where_to_look(town, poll, browse, queries):
    made, proposal = poll
    official, second = town.official(), town.official()
    outcome = published("poll", made.id, official, second)
    observers_sign(made.box_id)
    client = browse()
    for address in (f"/polls/{made.slug}", f"/proposals/{proposal.number}", "/outcomes?kind=poll"):
        assert TITLE in client.get(address).text, address
    with queries() as seen:
        client.get(f"/polls/{made.slug}")
    assert len(seen) <= 10, seen
    told = client.get(f"/outcomes/{outcome.id}").text
    assert "/receipts" in told and "무엇을 골랐는지는 아무도 몰라요" in told
    steps = {step.step: step for step in way.shown(db.session.get(Outcome, outcome.id))}
    assert (steps[WayStep.VOTED].count, steps[WayStep.VOTED].url) == (40, f"/polls/{made.slug}")
    assert [entry.step for entry in entries(proposal.journey_id)][-1] == "outcome"


def test_nothing_is_decided_before_the_vote_was_over(town, poll):
    made, _proposal = poll
    with pytest.raises(Refusal) as refused:
        services.submit(Ref("poll", made.id), text(decided_on=date(2026, 1, 2)), seen=0, by=town.official())
    assert refused.value.field == "decided_on" and db.session.scalar(sa.select(Outcome)) is None
    assert services.save(Ref("poll", made.id), text(decided_on=today()), seen=0, by=town.official()).version == 1
