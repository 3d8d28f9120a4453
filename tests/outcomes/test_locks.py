"""Corrections of an outcome: each waits for whoever holds it, and learns that it has changed."""

import pytest

from civic_forum.platform.errors import Conflict
from civic_forum.outcomes import services
from tests.racing import held, on_postgresql

from .making import agenda, published, text

pytestmark = on_postgresql


@pytest.mark.in_turns(of=5)
def test_a_version_that_was_corrected_meanwhile_is_not_overwritten(town):
    official = town.official()
    outcome = published("agenda", agenda(town, official).id, official, town.official())
    with held(outcome, version=2), pytest.raises(Conflict):
        services.correct(outcome.id, text(cost=1), why="비용을 잘못 적었어요.", seen=1, by=official)
