"""The programme against the clock."""

from datetime import datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from civic_forum.forums.floor.rules import ItemState, PlannedItem, behind_s, timed

T0 = datetime(2030, 5, 1, 14, tzinfo=timezone.utc)
PLAN = (5, 15, 20, 10)


def at(minute: float) -> datetime:
    return T0 + timedelta(minutes=minute)


def items(*times, extra=()) -> list[PlannedItem]:
    """The plan, with (started, ended) minutes of those that have begun."""
    times = [*times, *[(None, None)] * (len(PLAN) - len(times))]
    return [PlannedItem(n, minutes, dict(extra).get(n, 0), started if started is None else at(started),
                 ended if ended is None else at(ended))
            for n, (minutes, (started, ended)) in enumerate(zip(PLAN, times), start=1)]


def shown(line) -> list[tuple[str, float, float]]:
    return [(str(one.state), (one.starts_at - T0) / timedelta(minutes=1), (one.ends_at - T0) / timedelta(minutes=1))
            for one in line]


def test_before_it_begins_everything_is_as_planned():
    assert shown(timed(items(), T0, at(-30))) == [
        ("coming", 0, 5), ("coming", 5, 20), ("coming", 20, 40), ("coming", 40, 50)]


def test_an_item_that_runs_over_its_time_moves_those_to_come():
    line = timed(items((0, 5), (5, None)), T0, at(26))
    assert shown(line) == [("done", 0, 5), ("on", 5, 20), ("coming", 26, 46), ("coming", 46, 56)]
    assert line[1].left_s(at(26)) == -360


def test_minutes_that_were_added_move_what_comes():
    line = timed(items((0, 5), (5, None), extra={2: 5}.items()), T0, at(10))
    assert shown(line)[1:3] == [("on", 5, 25), ("coming", 25, 45)]


def test_time_that_was_saved_brings_nobody_earlier_than_announced():
    line = timed(items((0, 2)), T0, at(2))
    assert shown(line)[:2] == [("done", 0, 2), ("coming", 5, 20)]
    assert behind_s(line) == 0


def test_an_item_that_was_left_out_takes_no_time():
    line = timed(items((0, 5), (None, None), (6, None)), T0, at(10))
    assert [one.state for one in line] == [ItemState.DONE, ItemState.SKIPPED, ItemState.ON, ItemState.COMING]
    assert shown(line)[3] == ("coming", 40, 50)
    assert behind_s(line) == -14 * 60


def test_a_forum_that_is_late_before_it_began_comes_now():
    assert shown(timed(items(), T0, at(7)))[:2] == [("coming", 7, 12), ("coming", 12, 27)]


def test_a_forum_that_began_late_says_how_late():
    assert behind_s(timed(items((7, None)), T0, at(8))) == 7 * 60


@st.composite
def programmes(draw):
    """Any number of items, of which some at the beginning were held, one after the other."""
    minutes = draw(st.lists(st.integers(1, 60), min_size=1, max_size=8))
    held, clock, made = draw(st.integers(0, len(minutes))), draw(st.integers(-30, 30)), []
    for n, length in enumerate(minutes, start=1):
        if n > held:
            made.append(PlannedItem(n, length))
            continue
        started = clock
        clock += draw(st.integers(0, 90))
        made.append(PlannedItem(n, length, draw(st.integers(0, 10)), at(started),
                         None if n == held and draw(st.booleans()) else at(clock)))
    return made, at(clock + draw(st.integers(0, 90)))


@given(programmes())
def test_items_to_come_never_overlap_and_never_lie_in_the_past(made):
    items, now = made
    line = timed(items, T0, now)
    for before, one in zip(line, line[1:]):
        if one.state is ItemState.COMING:
            assert one.starts_at >= max(one.planned_at, before.ends_at)
            assert one.starts_at >= now or one.starts_at == one.planned_at
            assert one.starts_at == one.planned_at or one.starts_at in (before.ends_at, now)
    assert sum(one.state is ItemState.ON for one in line) <= 1
    assert [one.planned_at for one in line] == [
        T0 + timedelta(minutes=sum(item.minutes for item in items[:n])) for n in range(len(items))]
