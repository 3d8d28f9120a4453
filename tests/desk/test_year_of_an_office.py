"""A year of an office: at every hour each duty is on one living desk, and no lateness vanishes."""

from collections import Counter
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from civic_forum.commitments.queries import records as promises
from civic_forum.figures import queries as figures
from civic_forum.platform import waiting
from civic_forum.platform.base import db
from tests.conftest import empty
from tests.desk import year
from tests.running.turns import LONG

OTHERS = (Phase.generate,) if LONG else ()


@pytest.mark.in_turns(of=10)
@settings(max_examples=2, derandomize=True, phases=(Phase.explicit, *OTHERS),
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@example(52)
@given(st.integers(0, 10_000))
def test_each_duty_of_a_year_is_on_one_living_desk_and_late_where_it_was(town, at, monkeypatch, seed):
    db.session.rollback()
    empty()
    monkeypatch.setattr(waiting, "WORK", {name: waiting.WORK[name] for name in year.KINDS})
    lived = year.live(town, Random(seed), at)
    assert len(lived.book) >= 300 and lived.noted >= 100 and lived.sampled >= 30 and len(lived.gone) == 5
    late = lived.late()
    departments = figures.answers(lived.today).departments
    assert {place: counts.late for place, counts in departments.items() if counts.late} == Counter(
        owed.had_it for owed in late if owed.kind != year.PROMISE and owed.ended_on), "of who had it on its day"
    for owed in late:
        if owed.kind == year.PROMISE:
            assert owed.had_it == [entry.content["department"] for entry in promises.entries(int(owed.ref))
                                   if "department" in entry.content and entry.on <= owed.due_on][-1]
    assert {owed.had_it for owed in late} == {place.id for place in lived.places}
