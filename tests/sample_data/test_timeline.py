from datetime import datetime, timedelta

import pytest

from civic_forum.platform.i18n import SEOUL
from civic_forum.sample_data import timeline
from civic_forum.sample_data.people import read
from civic_forum.sample_data.steps import FILES

LOADED = datetime(2027, 3, 2, 8, 15, tzinfo=SEOUL)


@pytest.mark.parametrize("text, moment", [
    ("2020-03-14T11:26:00+09:00", datetime(2020, 3, 14, 11, 26, tzinfo=SEOUL)),
    ("2020-11-20", datetime(2020, 11, 20, 12, tzinfo=SEOUL)),
    ("-12d 09:30", datetime(2027, 2, 18, 9, 30, tzinfo=SEOUL)),
    ("-2d", datetime(2027, 2, 28, 12, tzinfo=SEOUL)),
    ("-90s", datetime(2027, 3, 2, 8, 13, 30, tzinfo=SEOUL)),
    ("+3d 18h", datetime(2027, 3, 5, 18, tzinfo=SEOUL)),
])
def test_a_moment_is_fixed_or_counted_from_the_day_of_loading(text, moment):
    assert timeline.instant(text, LOADED) == moment


@pytest.mark.parametrize("text, distance", [
    ("+40m", timedelta(minutes=40)), ("+3d 2h", timedelta(days=3, hours=2)), ("+2h", timedelta(hours=2)),
])
def test_a_comment_comes_so_long_after_its_proposal(text, distance):
    assert timeline.after(text, LOADED) == LOADED + distance


@pytest.mark.parametrize("text", ["", "+", "3d", "+soon"])
def test_any_other_distance_is_refused(text):
    with pytest.raises(ValueError):
        timeline.after(text, LOADED)


@pytest.mark.parametrize("hour", range(24))
def test_every_moment_of_the_sample_can_be_read_and_lies_before_loading(hour):
    loaded = LOADED.replace(hour=hour, minute=1)
    created = {entry["key"]: timeline.instant(entry["created"], loaded) for entry in read("proposals")}
    opened = datetime(2019, 12, 9, tzinfo=SEOUL)
    assert all(opened <= at < timeline.lately(at, loaded) < loaded for at in created.values())
    assert all(timeline.after(remark["time"], created[remark["proposal"]]) < loaded for remark in read("comments"))


@pytest.mark.parametrize("hour", range(24))
def test_every_step_lies_before_loading(hour):
    loaded = LOADED.replace(hour=hour, minute=1)
    moments = [step["at"] for file in FILES for step in read(file) if not step["at"].startswith("@")]
    assert len(moments) > 300 and all(timeline.instant(at, loaded) < loaded for at in moments)


@pytest.mark.parametrize("told, moment", [
    ({"minutes": -42}, "2027-03-02T07:33:00+09:00"), ({"days": 12, "time": "14:00"}, "2027-03-14T14:00:00+09:00"),
    ({"days": -11}, "2027-02-19"), ({"years": 1}, 2028), ({"in_quarters": -1}, "2026-4"),
    ({"in_quarters": 4}, "2028-1"), ({"number": 1, "minutes": 5}, {"number": 1, "minutes": 5}),
])
def test_an_entry_is_resolved_for_its_loading(told, moment):
    assert timeline.resolved([{"at": told}], LOADED) == [{"at": moment}]


def test_supports_are_spread_up_to_the_end():
    moments = timeline.spread(LOADED, LOADED + timedelta(days=8), 20)
    assert len(moments) == 20 and moments == sorted(moments) and moments[-1] == LOADED + timedelta(days=8)
    assert moments[9] < LOADED + timedelta(days=4)
