from datetime import timedelta

import pytest

from civic_forum.journeys import queries
from civic_forum.journeys import operations
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.factories import MAY


def test_a_journey_is_told_from_the_oldest_step_on(town):
    journey = operations.start(db.session)
    operations.add(db.session, journey.id, "threshold", at=MAY + timedelta(days=3))
    operations.add(db.session, journey.id, "registered", at=MAY, evidence="종이로 받았어요", link="/proposals/2030-0001")
    first, second = queries.entries(journey.id)
    assert (first.title, first.at, first.text, first.url) == ("접수했어요", MAY, "종이로 받았어요", "/proposals/2030-0001")
    assert second.title == "공감 목표를 채웠어요"


def test_a_step_that_happens_once_stays_the_first(town):
    journey = operations.start(db.session)
    first = operations.add(db.session, journey.id, "threshold", at=MAY, once="threshold")
    again = operations.add(db.session, journey.id, "threshold", at=clock.now(), once="threshold")
    assert again is first
    assert [entry.at for entry in queries.entries(journey.id)] == [MAY]


def test_a_step_without_once_may_come_again(town):
    journey = operations.start(db.session)
    for day in range(3):
        operations.add(db.session, journey.id, "edited", at=MAY + timedelta(days=day))
    assert len(queries.entries(journey.id)) == 3


@pytest.mark.both
def test_ended_journeys_leave_nothing(town):
    journey = operations.start(db.session)
    operations.add(db.session, journey.id, "registered", at=MAY)
    operations.end(db.session, journey.id)
    assert queries.entries(journey.id) == []
