"""Signed counts: at midnight, and at the full hour where ten or more came since the last."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from civic_forum.ballots.box import closing_file, watching
from civic_forum.ballots.models import Count, Voter
from civic_forum.ballots.counting import closing
from civic_forum.ballots.counting import queries as tallies
from civic_forum.ballots.record import figures
from civic_forum.ballots.rules import signing
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.ballots import boxes
from tests.ballots.test_casting import give_back, take_paper

NOON = datetime(2026, 7, 17, 3, tzinfo=UTC)
"""In Seoul."""


def due(voted, *, at=NOON, last=None, opened=NOON - timedelta(minutes=30)):
    return watching.is_due(at, voted, last and Count(voters=last[0], at=last[1]), opened)


@pytest.mark.parametrize("voted, expected", [(0, False), (9, False), (10, True), (500, True)])
def test_the_full_hour_needs_ten_more(voted, expected):
    assert due(voted) is expected
    assert due(voted + 40, last=(40, NOON - timedelta(minutes=60))) is expected


def test_within_the_hour_nothing_is_due():
    assert not due(500, at=NOON + timedelta(minutes=59), last=(0, NOON))
    assert due(500, at=NOON + timedelta(minutes=60), last=(0, NOON))


def test_midnight_in_seoul_is_always_due():
    midnight = datetime(2026, 7, 17, 15, tzinfo=UTC)
    for last in (None, (3, midnight - timedelta(seconds=1))):
        assert due(3, at=midnight, last=last)
    assert not due(3, at=midnight + timedelta(minutes=1), last=(3, midnight))


def test_counts_are_signed_and_deleting_rows_lowers_none(town):
    made = boxes.box(voters=12, closes=200_000)
    for voter in made.voters[:11]:
        made.cast(voter, 1)
    clock.shift(90_000)
    assert watching.sign_due() == [made.id] and watching.sign_due() == []
    db.session.execute(sa.delete(Voter).where(Voter.box_id == made.id))
    db.session.execute(sa.insert(Voter).values(box_id=made.id, row_key=b"?" * 32, channel=1, paper=0, sealed=b""))
    db.session.commit()
    clock.shift(180_000)
    assert watching.sign_due() == [made.id]
    first, second = tallies.counts_of(made.id)
    assert (first.number, first.voters, second.number, second.voters) == (1, 11, 2, 11)
    assert signing.verify(first.public_key, signing.count(made.fingerprint, 1, first.at, 11, acts=[]), first.signature)


@pytest.mark.both
def test_taking_paper_lowers_no_count(town):
    made = boxes.box(voters=12, closes=200_000)
    for voter in made.voters[:11]:
        made.cast(voter, 1)
    clock.shift(90_000)
    watching.sign_due()
    take_paper(made, made.voters[0])
    take_paper(made, made.voters[1])
    give_back(made, 1)
    clock.shift(180_000)
    watching.sign_due()
    assert [one.voters for one in tallies.counts_of(made.id)] == [11, 11]
    clock.shift(300_000)
    closing.close(made.id)
    assert figures.counts_amiss(tallies.counts_of(made.id), closing_file.read(made.row).rows(), [[], []]) == []


def test_nothing_is_signed_before_the_opening_or_after_the_close(town):
    early, late = boxes.box(opens=1000, closes=300_000), boxes.box(closes=60)
    clock.shift(900)
    assert watching.sign_due() == []
    clock.shift(200_000)
    assert watching.sign_due() == [early.id] and late.row.closed_at is None
