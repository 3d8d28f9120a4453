"""The outcome that a feature makes of the ballots: counted with them and signed with the result, or nothing is."""

import json

import pytest

from civic_forum.ballots.counting import publication
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Unavailable

from . import boxes
from .officials import vote_so


def over(made, monkeypatch):
    """An hour and a half later."""
    now = clock.now()
    monkeypatch.setattr(clock, "read", lambda: now + boxes.timedelta(minutes=90))
    monkeypatch.setattr(clock, "offset_seconds", lambda: 90 * 60)
    return made


def counted_by(monkeypatch, outcome):
    """Boxes of this kind of subject have this outcome."""
    vote_so(monkeypatch, "counted", outcome=outcome)
    made = boxes.box(12, subject="counted:1")
    made.cast(made.voters[0], 1, 2)
    made.cast(made.voters[1])
    made.cast(made.voters[2], 2)
    made.cast(made.voters[2], 3)
    for voter in made.voters[3:10]:
        made.cast(voter, 1)
    return over(made, monkeypatch)


def test_it_gets_every_ballot_that_counts_and_stands_in_the_signed_result(town, monkeypatch):
    seen = []

    def outcome(box, totals, choices, order):
        assert order is None
        seen.extend(choices)
        return {"best": max(totals.options, key=lambda one: one["votes"])["option"], "of": box.subject}

    made = counted_by(monkeypatch, outcome)
    box = publication.count(made.id, by=None)
    result = json.loads(box.result)
    assert result["outcome"] == {"best": 1, "of": "counted:1"} and result["ballots"] == 10
    assert sorted(seen) == sorted(made.choice(*chosen) for chosen in ((1, 2), (), (3,), *[(1,)] * 7))


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("outcome", [
    lambda *_given: {"share": 0.5}, lambda *_given: {"done": True}, lambda *_given: {"left": -1}, "raises"])
def test_an_outcome_that_cannot_be_signed_stops_the_count(town, monkeypatch, outcome):
    def raises(*_given):
        raise ValueError("these are ballots of another vote")

    made = counted_by(monkeypatch, raises if outcome == "raises" else outcome)
    with pytest.raises(Unavailable):
        publication.count(made.id, by=None)
    db.session.rollback()
    assert made.row.counted_at is None and made.row.result is None


def test_other_votes_have_that_of_their_definition(town, monkeypatch):
    made = counted_by(monkeypatch, None)
    assert json.loads(publication.count(made.id, by=None).result)["outcome"] == {"kind": "poll", "selected": []}
