"""Playing a forum again shows after each event what the database said then."""

import random
from datetime import timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from civic_forum.forums.floor import programme
from civic_forum.forums.floor import queries as floors
from civic_forum.forums.floor import services as floor
from civic_forum.forums.floor.models import Turn
from civic_forum.forums.minutes import replay
from civic_forum.forums.minutes.rules import replay as rules
from civic_forum.forums.models import Forum, ProgrammeItem
from civic_forum.forums.preparing import services as stages
from civic_forum.forums.pulses import queries as pulses
from civic_forum.forums.pulses import rules as pulse_rules
from civic_forum.forums.pulses import services as polling
from civic_forum.forums.record import captions
from civic_forum.forums.rules import ForumEventKind, PassedWhy, PulseKind
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from tests.factories import MAY
from tests.forums.scene import key, live_forum

A_YEAR = timedelta(days=366)


def as_it_is(scene) -> rules.State:
    """The state that the tables say now."""
    db.session.expire_all()
    forum = db.session.get_one(Forum, scene.forum.id)
    pulse = pulses.open_one(forum.id)
    counts = pulses.responses(pulse.id) if pulse else {}
    found = rules.State(
        number=forum.last_number, floor_open=forum.floor_open,
        item_id=db.session.scalar(sa.select(ProgrammeItem.id).where(
            ProgrammeItem.forum_id == forum.id, ProgrammeItem.started_at.is_not(None),
            ProgrammeItem.ended_at.is_(None))),
        turn_id=db.session.scalar(sa.select(Turn.id).filter_by(forum_id=forum.id, ended_at=None)),
        queue=tuple(one.request.id for one in floors.read(forum, clock.now()).line),
        pulse_id=pulse and pulse.id,
        counts=tuple((one, counts[one]) for one in rules.CHOICES if counts.get(one)))
    db.session.rollback()
    return found


class Script:
    """A forum whose host and people do one thing after another, as chance has it."""

    def __init__(self, town, chance: random.Random):
        self.scene, self.chance = live_forum(town, floor_open=False, opened_at=None), chance
        forum = self.scene.forum
        for item in forum.items:
            item.started_at = item.ended_at = None
        db.session.commit()
        self.forum_id, self.host = forum.id, self.scene.host
        self.people = self.scene.people(7)
        stages.open_forum(forum.id, by=self.host)
        floor.open_floor(forum.id, True, by=self.host)

    def acts(self):
        yield from (self.ask, self.ask, self.ask, self.ask, self.ask_for, self.call_next, self.call, self.move,
                    self.withdraw, self.pass_over,
                    self.end_turn, self.next_item, self.open_pulse, self.answer, self.answer, self.count,
                    self.close_pulse)

    def something(self):
        """One act; what is refused changes nothing."""
        try:
            self.chance.choice(list(self.acts()))()
        except Refusal:
            db.session.rollback()

    def line(self):
        return floors.read(db.session.get_one(Forum, self.forum_id), clock.now())

    def seen(self):
        turn = self.line().turn
        return turn and turn.id

    def one_of_line(self) -> int:
        line = self.line().line
        if not line:
            raise Refusal("nobody waits")
        return self.chance.choice(line).request.id

    def ask(self):
        group = self.chance.choice(["", "", "걷는 모임"])
        floor.ask(self.forum_id, for_group=group, group_size=3 if group else None, by=self.chance.choice(self.people))

    def ask_for(self):
        floor.ask_for(self.forum_id, f"어르신 {self.chance.randint(1, 3)}", by=self.host)

    def call_next(self):
        floor.call_next(self.forum_id, self.seen(), by=self.host)

    def call(self):
        floor.call(self.forum_id, self.one_of_line(), "먼저 가셔야 해요.", self.seen(), by=self.host)

    def move(self):
        floor.move(self.forum_id, self.one_of_line(), self.chance.randint(1, 4), "먼저 가셔야 해요.", by=self.host)

    def withdraw(self):
        floor.withdraw(self.forum_id, self.one_of_line(), by=self.host)

    def pass_over(self):
        floor.pass_over(self.forum_id, self.one_of_line(), PassedWhy.ABSENT, by=self.host)

    def end_turn(self):
        floor.end(self.forum_id, self.seen() or 0, by=self.host)

    def next_item(self):
        items = db.session.scalars(sa.select(ProgrammeItem).filter_by(forum_id=self.forum_id)
                                   .order_by(ProgrammeItem.number)).all()
        on = next((one.id for one in items if one.started_at and not one.ended_at), None)
        programme.start(self.forum_id, self.chance.choice(items).id, on, by=self.host)

    def open_pulse(self):
        kind = self.chance.choice([PulseKind.YES_NO_UNSURE, PulseKind.YES_NO_UNSURE, PulseKind.WORD])
        polling.begin(self.forum_id, kind, "밤길이 편안한가요?", by=self.host)

    def yes_or_no(self):
        polling.begin(self.forum_id, PulseKind.YES_NO_UNSURE, "밤길이 편안한가요?", by=self.host)

    def pulse(self) -> int:
        found = pulses.open_one(self.forum_id)
        if found is None:
            raise Refusal("none is open")
        return found.id

    def answer(self):
        value = self.chance.choice(["yes", "no", "unsure"])
        polling.answer(self.forum_id, self.pulse(), value, by=self.chance.choice(self.people))

    def count(self):
        polling.count_hands(self.forum_id, self.pulse(), {"yes": self.chance.randint(0, 4), "no": 1}, by=self.host)

    def close_pulse(self):
        polling.close(self.forum_id, self.pulse(), by=self.host)


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("seed", range(4))
def test_after_each_event_it_is_as_the_database_said_then(town, seed, monkeypatch):
    monkeypatch.setattr(pulse_rules, "TOLD_EVERY", 1)
    script = Script(town, random.Random(seed))
    said, acts = {}, [script.yes_or_no, *[script.answer] * 3, *[script.something] * 56]
    for act in acts:
        act()
        state = as_it_is(script.scene)
        said[state.number] = state
    stages.close_forum(script.forum_id, by=script.host)
    last = as_it_is(script.scene)
    recording = replay.recording(db.session.get_one(Forum, script.forum_id))
    states = [state for _event, state in rules.after(recording.events, recording.facts)]
    played = {number: max((one for one in states if one.number <= number), key=lambda one: one.number)
              for number in [*said, last.number]}
    told = {event.number for event in recording.events if set(event.details) & set(rules.CHOICES)}
    for number, state in {**said, last.number: last}.items():
        shown = played[number]
        assert (shown.item_id, shown.turn_id, shown.floor_open, shown.queue, shown.pulse_id) == (
            state.item_id, state.turn_id, state.floor_open, state.queue, state.pulse_id), number
        assert number not in told or shown.counts == state.counts, number
    assert told & set(said)
    assert any(len(one.queue) > 1 for one in said.values())
    assert (last.queue, last.turn_id, last.pulse_id) == ((), None, None)


def test_a_moment_is_that_of_the_last_event_before_it(town, at):
    scene = live_forum(town)
    now = clock.now()
    at(now)
    first = captions.write(scene.forum.id, "첫 줄", key(), by=scene.captioner)
    moment = clock.now()
    at(moment + A_YEAR)
    captions.write(scene.forum.id, "뒷줄", key(), by=scene.captioner)
    recording = replay.recording(scene.forum)
    assert rules.at(moment, recording.events, recording.facts).caption_id == first.id
    assert rules.at(moment - A_YEAR, recording.events, recording.facts) == rules.State()


def test_a_request_that_was_never_made_changes_nothing_in_the_queue():
    facts = rules.Facts({1: rules.FloorRequest(MAY, 1, frozenset({"a"}))},
                        {1: rules.Given(frozenset({"b"}), request_id=9, why="first_time")})
    events = [SimpleNamespace(number=number, at=MAY, kind=kind, subject_id=subject, details={"place": 1})
              for number, (kind, subject) in enumerate((
                  (ForumEventKind.FLOOR_ASKED, 1), (ForumEventKind.FLOOR_ASKED, 9), (ForumEventKind.FLOOR_MOVED, 9),
                  (ForumEventKind.FLOOR_WITHDRAWN, 9), (ForumEventKind.TURN_STARTED, 9),
                  (ForumEventKind.TURN_STARTED, 1)), start=1)]
    assert {state.queue for _event, state in rules.after(events, facts)} == {(1,)}


def test_events_at_the_tables_are_not_played(town):
    scene = live_forum(town)
    recording = replay.recording(scene.forum)
    assert recording.events == []
    assert {"chat", "people", "note", "question"}.isdisjoint({kind.about for kind in replay.SHOWN})
