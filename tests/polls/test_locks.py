"""Changes of a poll or an election season: each waits for whoever holds it, and decides by what was left."""

from datetime import date

import pytest

from civic_forum.ballots.models import BallotBox
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict
from civic_forum.polls import process
from civic_forum.polls.parts import Wording
from civic_forum.polls import services as telling
from tests.racing import held, on_postgresql

from .making import poll, prepared

pytestmark = on_postgresql
ASKED = Wording("빈터를 어떻게 쓸까요?", "하나만 골라 주세요.")


def test_a_poll_edited_meanwhile_is_not_overwritten(town):
    moderator = town.moderator()
    made = poll(town, by=moderator)
    with held(made, version=made.version + 1), pytest.raises(Conflict):
        process.PROCESS.write(made.id, ASKED, version=made.version, by=moderator)


def test_an_edit_waits_for_the_box_that_may_be_opened(town):
    moderator = town.moderator()
    made = prepared(town, by=moderator, voters=1)
    with held(db.session.get(BallotBox, made.box_id)):
        telling.notify(made.id, "알림", "장소가 바뀌었어요.", by=moderator)


def test_a_season_is_removed_by_one(town):
    administrator = town.administrator()
    season = telling.set_season("지방선거", date(2030, 5, 1), date(2030, 6, 1), by=administrator)
    with held(season):
        telling.remove_season(season.id, by=administrator)
