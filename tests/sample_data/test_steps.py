"""Steps of the sample's files: what they name must be there, and what they say becomes the arguments of services."""

import json
from datetime import date, datetime, timedelta

import pytest

from civic_forum.platform.i18n import SEOUL
from civic_forum.outcomes.rules import Decision, OutcomeText
from civic_forum.sample_data import steps
from civic_forum.sample_data.people import Crowd

LOADED = datetime(2027, 3, 2, 8, 15, tzinfo=SEOUL)
NOTE = {"at": "-3d 10:00", "do": "agenda.note", "by": "moderator1",
        "with": {"agenda_id": "@agenda:one", "what": "걸었어요"}}


@pytest.fixture
def events(tmp_path, monkeypatch):
    """Events of these steps, written to a file called `played`."""
    monkeypatch.setattr(steps, "DATA", tmp_path)
    monkeypatch.setattr(steps.Script, "__post_init__", lambda script: None)

    def made(*some, **known):
        (tmp_path / "played.json").write_text(json.dumps(some), "utf-8")
        script = steps.Script(LOADED, Crowd({"moderator1": LOADED}, frozenset()),
                              {"comment:c1": LOADED - timedelta(days=4)}, {},
                              known.get("ids", {"agenda:one": 1}))
        return script.events(["played"])
    return made


@pytest.mark.parametrize("wrong, sentence", [
    ({"do": "agenda.sing"}, "there is no step called agenda.sing"),
    ({"by": "nobody"}, "nobody is called nobody"),
    ({"with": {"agenda_id": "@agenda:two", "what": "걸었어요"}}, "nothing is called agenda:two"),
    ({"with": {"agenda_id": "@agenda:one"}}, "missing a required argument: 'what'"),
    ({"with": {"agenda_id": "@agenda:one", "what": "걸었어요", "where": "여기"}}, "unexpected keyword argument 'where'"),
    ({"at": "soon"}, "soon is no moment"),
    ({"at": "@comment:c9 +2h"}, "@comment:c9 +2h is no moment"),
    ({"who": "moderator1"}, "it needs at and do"),
])
def test_a_wrong_name_in_a_step_stops_the_loading_before_anything_is_played(events, wrong, sentence):
    with pytest.raises(steps.WrongStep) as refused:
        events(NOTE, NOTE | wrong)
    assert str(refused.value).startswith("played.json, step 2: ") and sentence in str(refused.value)


def test_a_thing_that_is_made_only_later_stops_the_loading_at_its_step(events, monkeypatch):
    monkeypatch.setattr(Crowd, "user", lambda crowd, name: name)
    event, _later = events(NOTE, {"at": "-2d", "do": "agenda.begin", "by": "moderator1", "as": "agenda:one",
                                  "with": {"slug": None, "wording": {"question": "?"}}}, ids={})
    with pytest.raises(steps.WrongStep, match="played.json, step 1: agenda.note: .*agenda:one"):
        event.what()


@pytest.mark.parametrize("text, before", [
    ("-20h", timedelta(hours=20)), ("-2m", timedelta(minutes=2)), ("@comment:c1 +36h", timedelta(days=2, hours=12)),
])
def test_a_moment_is_counted_from_the_loading_or_from_what_was_written(events, text, before):
    event, = events(NOTE | {"at": text})
    assert event.at == LOADED - before


def test_steps_of_one_moment_come_in_the_order_of_the_file(events):
    first, second = events(NOTE, NOTE)
    assert (first.at, first.order + 1) == (second.at, second.order)


def test_arguments_get_the_types_of_the_signature(events, monkeypatch):
    told = []

    def publish(text: OutcomeText, days: dict[int, str], *, by: str) -> None:
        told.append((text, days, by))
    monkeypatch.setitem(steps.STEPS, "outcome.publish", publish)
    monkeypatch.setattr(Crowd, "user", lambda crowd, name: name)
    event, = events({"at": "-1d", "do": "outcome.publish", "by": "moderator1", "with": {
        "text": {"decision": "decided", "title": "의자", "reasons": "", "what_follows": "", "decided_on": "2020-02-16",
                 "promised_on": None, "cost": 5, "cost_note": None, "documents": [["표", "셈"]]},
        "days": {"@agenda:one": "하루"}}})
    event.what()
    assert told == [(OutcomeText(Decision.DECIDED, "의자", "", "", date(2020, 2, 16), None, 5, None, (("표", "셈"),)),
                     {1: "하루"}, "moderator1")]
