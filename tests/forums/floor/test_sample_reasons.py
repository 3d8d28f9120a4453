"""The reasons that the sample forums show are those that the rule gives."""

import json
from datetime import datetime, timedelta, timezone

from civic_forum.app import ROOT
from civic_forum.forums.floor.rules import Asking, Heard, Why, order

SAMPLE = json.loads((ROOT / "civic_forum" / "sample_data" / "data" / "forums.json").read_text("utf-8"))["forums"]


def test_the_forum_of_2020_called_everybody_as_the_rule_would_have():
    asked = [one for one in SAMPLE[0]["speakers"] if "asked_at" in one]
    when = lambda one, name: datetime.fromisoformat(one[name])
    spoken = {one["id"] for one in asked if not one["first_time"]}
    heard, called = [], set()
    for n, one in enumerate(asked):
        waiting = [Asking(when(other, "asked_at"), m, frozenset((other["id"],))) for m, other in enumerate(asked)
                   if other["id"] not in called and when(other, "asked_at") <= when(one, "starts_at")]
        next_one = order(waiting, spoken, heard)[0]
        assert (next_one.request.number, next_one.why) == (n, Why(one["queue_reason"]))
        called.add(one["id"])
        spoken.add(one["id"])
        heard.append(Heard(next_one.request.when, next_one.why))
    assert len(heard) == 6


def test_the_queue_of_the_forum_that_is_live_stands_as_the_rule_has_it():
    queue = SAMPLE[1]["queue"]
    now = datetime(2030, 5, 1, 12, tzinfo=timezone.utc)
    requests = [Asking(now + timedelta(**one["asked_at"]), n, frozenset((one["name"],))) for n, one in enumerate(queue)]
    before = [Heard((now - timedelta(minutes=minutes), -minutes), Why.FIRST_TIME) for minutes in (14, 11)]
    line = order(requests, {one["name"] for one in queue if not one["first_time"]}, before)
    assert [(one.request.number, one.place, one.why) for one in line] == [
        (n, one["position"], Why(one["reason"])) for n, one in enumerate(queue)]
