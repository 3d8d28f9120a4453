"""Objecting to the roll of a poll: in the days for checking it, whoever asks and by whatever way."""

from datetime import timedelta

import pytest

from civic_forum.ballots.rolls import services as rolls
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict
from tests.polls.making import prepared

TEXT = "명부에 제 이름이 없어요."
DAY = timedelta(days=1)


def with_days(town, first, last):
    vote = prepared(town)
    now = clock.now()
    vote.roll_check_from, vote.roll_check_to = first and now + first, last and now + last
    db.session.commit()
    return vote


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize(("first", "last"), [(-DAY, DAY), (None, DAY), (-DAY, None), (None, None)])
def test_in_the_days_for_checking_somebody_objects(town, first, last):
    vote = with_days(town, first, last)
    assert rolls.object_to(vote.roll_id, TEXT, by=town.resident()).answered_at is None


@pytest.mark.parametrize(("first", "last"), [(DAY, 2 * DAY), (-2 * DAY, -DAY)])
def test_before_and_after_them_nobody_does(town, first, last):
    vote = with_days(town, first, last)
    with pytest.raises(Conflict, match="이의를 내는 기간이 아니에요"):
        rolls.object_to(vote.roll_id, TEXT, by=town.resident())


@pytest.mark.both
def test_another_poll_has_days_of_its_own(town):
    with_days(town, -2 * DAY, -DAY)
    other = with_days(town, None, None)
    assert rolls.object_to(other.roll_id, TEXT, by=town.resident()).roll_id == other.roll_id
