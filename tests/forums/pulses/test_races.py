"""A hall that answers all at once."""

import time

import pytest
import sqlalchemy as sa

from civic_forum.forums.models import ForumEvent
from civic_forum.forums.pulses import services as pulses
from civic_forum.forums.pulses.models import Pulse, PulseResponse
from civic_forum.forums.rules import ForumEventKind, PulseKind
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from tests.common import user
from tests.forums.scene import key, live_forum
from tests.racing import at_once

pytestmark = pytest.mark.both


def test_an_answer_while_the_pulse_closes_is_counted_or_refused_and_never_kept(town, app):
    scene = live_forum(town)
    forum, host, people = scene.forum.id, scene.host.id, [one.id for one in scene.people(7)]
    pulse = pulses.begin(forum, PulseKind.YES_NO_UNSURE, "그런가요?", key(), by=scene.host).id
    db.session.rollback()
    acts = [lambda by=by: pulses.answer(forum, pulse, "yes", by=user(by)) for by in people]
    acts.insert(3, lambda: pulses.close(forum, pulse, by=user(host)))
    answers = at_once(app, 8, lambda n: acts[n]())
    taken = len([one for n, one in enumerate(answers) if n != 3 and not isinstance(one, Refusal)])
    assert sum(db.session.get(Pulse, pulse, populate_existing=True).counts.values()) == taken
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PulseResponse)) == 0
    told = db.session.scalars(sa.select(ForumEvent.kind).order_by(ForumEvent.number)).all()
    assert told == [ForumEventKind.PULSE_OPENED, *[ForumEventKind.PULSE_ANSWERED] * taken, ForumEventKind.PULSE_CLOSED]


def test_one_person_answering_many_times_at_once_counts_once(town, app):
    scene = live_forum(town)
    forum, by = scene.forum.id, scene.person().id
    pulse = pulses.begin(forum, PulseKind.YES_NO_UNSURE, "그런가요?", key(), by=scene.host).id
    db.session.rollback()
    answers = at_once(app, 6, lambda n: pulses.answer(forum, pulse, ("yes", "no")[n % 2], by=user(by)))
    assert not [one for one in answers if isinstance(one, Refusal)]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PulseResponse)) == 1


@pytest.mark.long
def test_a_thousand_answers_from_many_at_once_are_all_taken(town, app):
    scene = live_forum(town)
    forum, people = scene.forum.id, [one.id for one in scene.people(200)]
    pulse = pulses.begin(forum, PulseKind.YES_NO_UNSURE, "그런가요?", key(), by=scene.host).id
    db.session.rollback()
    began, worked = time.monotonic(), time.process_time()
    hands = 8

    def some(n):
        for turn in range(5):
            for by in people[n::hands]:
                pulses.answer(forum, pulse, ("yes", "no", "unsure")[turn % 3], by=user(by))

    at_once(app, hands, some)
    took, worked = time.monotonic() - began, time.process_time() - worked
    events = db.session.scalar(sa.select(sa.func.count()).where(ForumEvent.kind == ForumEventKind.PULSE_ANSWERED))
    print(f"{events} answers in {took:.1f} s ({worked:.1f} s of the processor) on {db.engine.dialect.name}")
    assert events == 1000
