"""Work of a juror who has still to score: it waits at the desk."""

from datetime import timedelta

import pytest

from civic_forum.awards import services
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.proposals.rules import State
from tests.awards.making import Round
from tests.desk.test_desk_work import counts, desk, links


def test_a_juror_finds_what_is_not_scored_yet(town, browse):
    made = Round(town)
    clerk = made.jury[2]
    page = desk(browse, clerk)
    assert counts(page)["포상 심사"] == 2
    assert set(links(page)) == {f"/desk/awards/nominees/{one}" for one in made.nominees}
    assert browse(clerk).get(links(page)[0]).status_code == 200
    services.score(made.nominees[0], (9, 9), by=clerk)
    assert links(desk(browse, clerk)) == [f"/desk/awards/nominees/{made.nominees[1]}"]
    assert "/desk/awards/nominees" not in desk(browse, town.clerk())
    services.score(made.nominees[1], (1, 2), by=clerk)
    assert "/desk/awards/nominees" not in desk(browse, clerk)


@pytest.mark.parametrize("gone", [{"hidden_at": clock.now(), "hidden_rule": "abuse"}, {"state": State.WITHDRAWN}])
def test_a_nominee_that_stands_no_more_waits_for_nobody(town, browse, gone):
    made = Round(town)
    for name, value in gone.items():
        setattr(made.proposals[0], name, value)
    db.session.commit()
    assert links(desk(browse, made.jury[2])) == [f"/desk/awards/nominees/{made.nominees[1]}"]


@pytest.mark.both
def test_nothing_waits_after_the_last_day_for_sheets_for_nobody_can_hand_one_in(town, browse, at):
    made = Round(town, days=10)
    clerk, now = made.jury[2], clock.now()
    at(now + timedelta(days=10))
    assert len(links(desk(browse, clerk))) == 2
    at(now + timedelta(days=11))
    assert "/desk/awards/nominees" not in desk(browse, clerk)
