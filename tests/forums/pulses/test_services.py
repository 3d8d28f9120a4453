"""Pulses as they are asked, answered, counted by hand and closed."""

import pytest
import sqlalchemy as sa

from civic_forum.forums import operations
from civic_forum.forums.models import ForumEvent
from civic_forum.forums.pulses import queries
from civic_forum.forums.pulses import services as pulses
from civic_forum.forums.pulses.models import Pulse, PulseHands, PulseResponse
from civic_forum.forums.rules import ForumEventKind, PulseKind
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from civic_forum.platform.work import use_case
from tests.forums.scene import key, live_forum


def begun(scene, kind=PulseKind.YES_NO_UNSURE):
    return pulses.begin(scene.forum.id, kind, "낮에 비는 주차면을 나눠 쓸 수 있나요?", key(), by=scene.host)


def bars(scene, viewer=None):
    return [(bar.value, bar.count) for bar in queries.part(scene.forum, viewer or scene.visitor).bars]


def kept():
    return db.session.scalar(sa.select(sa.func.count()).select_from(PulseResponse))


@pytest.mark.both
def test_one_is_open_at_a_time_and_comes_once(town):
    scene, once = live_forum(town), key()
    first = pulses.begin(scene.forum.id, PulseKind.WORD, "한 낱말로요?", once, by=scene.host)
    assert pulses.begin(scene.forum.id, PulseKind.WORD, "한 낱말로요?", once, by=scene.host).id == first.id
    with pytest.raises(Conflict):
        begun(scene)
    with pytest.raises(Denied):
        pulses.begin(scene.forum.id, PulseKind.WORD, "나도요?", key(), by=scene.person())


@pytest.mark.both
def test_an_answer_counts_is_changed_and_its_event_names_nobody(town):
    scene = live_forum(town)
    pulse, by, other = begun(scene), scene.person(), scene.person()
    for given in ("yes", "yes", "no"):
        pulses.answer(scene.forum.id, pulse.id, given, by=by)
    pulses.answer(scene.forum.id, pulse.id, "unsure", by=other)
    assert bars(scene) == [("yes", 0), ("no", 1), ("unsure", 1)]
    assert queries.part(scene.forum, by).mine == "no" and queries.part(scene.forum, scene.visitor).mine is None
    events = list(db.session.scalars(sa.select(ForumEvent).filter_by(kind=ForumEventKind.PULSE_ANSWERED)))
    assert len(events) == 3
    assert {(event.by_id, event.subject_id, str(event.details)) for event in events} == {(None, pulse.id, "{}")}


def test_the_list_of_events_holds_counts_after_every_tenth_answer_and_no_single_one(town):
    scene = live_forum(town)
    pulse, people = begun(scene), scene.people(12)
    for n, by in enumerate(people):
        pulses.answer(scene.forum.id, pulse.id, ("yes", "no")[n % 2], by=by)
    pulses.answer(scene.forum.id, pulse.id, "unsure", by=people[0])
    told = [event.details for event in db.session.scalars(
        sa.select(ForumEvent).filter_by(kind=ForumEventKind.PULSE_ANSWERED).order_by(ForumEvent.number))]
    assert [one for one in told if one] == [{"yes": 5, "no": 5}] and told[9]


@pytest.mark.both
def test_strangers_and_answers_that_are_none_are_refused(town):
    scene = live_forum(town)
    pulse = begun(scene)
    with pytest.raises(Denied):
        pulses.answer(scene.forum.id, pulse.id, "yes", by=town.resident())
    with pytest.raises(Refusal):
        pulses.answer(scene.forum.id, pulse.id, "maybe", by=scene.person())
    with pytest.raises(NotFound):
        pulses.answer(live_forum(town).forum.id, pulse.id, "yes", by=scene.moderator)


def test_at_the_close_the_counts_stay_and_what_each_said_is_gone(town):
    scene = live_forum(town)
    pulse = begun(scene)
    for by in scene.people(3):
        pulses.answer(scene.forum.id, pulse.id, "yes", by=by)
    pulses.count_hands(scene.forum.id, pulse.id, {"yes": 12, "no": 1}, by=scene.host)
    pulses.close(scene.forum.id, pulse.id, by=scene.host)
    assert pulse.counts == {"yes": 15, "no": 1} and kept() == 0
    assert bars(scene) == [("yes", 15), ("no", 1), ("unsure", 0)]
    assert queries.part(scene.forum, scene.visitor).hands == 13
    with pytest.raises(Denied, match="마쳤어요"):
        pulses.answer(scene.forum.id, pulse.id, "yes", by=scene.person())
    with pytest.raises(Conflict):
        pulses.close(scene.forum.id, pulse.id, by=scene.host)
    begun(scene)


@pytest.mark.both
def test_hands_are_counted_openly_in_the_hall_and_at_a_table_and_counting_again_replaces(town):
    scene = live_forum(town)
    pulse, guide = begun(scene), scene.person()
    table, other = scene.table(1, guide), scene.table(2)
    pulses.count_hands(scene.forum.id, pulse.id, {"yes": 9}, by=scene.host)
    pulses.count_hands(scene.forum.id, pulse.id, {"yes": 7, "no": 2}, by=scene.host)
    pulses.count_hands(scene.forum.id, pulse.id, {"unsure": 3}, table_id=table.id, by=guide)
    assert bars(scene) == [("yes", 7), ("no", 2), ("unsure", 3)]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PulseHands)) == 2
    event = db.session.scalar(sa.select(ForumEvent).order_by(ForumEvent.number.desc()).limit(1))
    assert (event.kind, event.details, event.by_id) == (ForumEventKind.PULSE_COUNTED, {"hands": 3}, guide.id)
    for by, at in ((guide, None), (guide, other.id), (scene.person(), table.id)):
        with pytest.raises(Denied):
            pulses.count_hands(scene.forum.id, pulse.id, {"yes": 1}, table_id=at, by=by)
    for wrong in ({"yes": -1}, {"yes": 1001}, {"perhaps": 1}):
        with pytest.raises(Refusal):
            pulses.count_hands(scene.forum.id, pulse.id, wrong, by=scene.host)


@pytest.mark.both
def test_equal_words_count_together_and_one_that_hurts_is_taken_out_openly(town):
    scene = live_forum(town)
    pulse, people = begun(scene, PulseKind.WORD), scene.people(4)
    for by, word in zip(people, ("안전", " 안 전", "Café", "바보"), strict=True):
        pulses.answer(scene.forum.id, pulse.id, word, by=by)
    assert bars(scene) == [("안전", 2), ("café", 1), ("바보", 1)]
    pulses.take_out(scene.forum.id, pulse.id, "바보", "사람을 깎아내리는 말이에요.", by=scene.host)
    assert bars(scene) == [("안전", 2), ("café", 1)]
    with pytest.raises(Refusal, match="뺀 낱말"):
        pulses.answer(scene.forum.id, pulse.id, "바보", by=people[0])
    with pytest.raises(Refusal):
        pulses.take_out(scene.forum.id, pulse.id, "바보", "한 번 더요.", by=scene.host)
    with pytest.raises(Refusal):
        pulses.count_hands(scene.forum.id, pulse.id, {"yes": 1}, by=scene.host)
    pulses.close(scene.forum.id, pulse.id, by=scene.host)
    assert pulse.counts == {"안전": 2, "café": 1}
    pulses.take_out(scene.forum.id, pulse.id, "Café", "상호예요.", by=scene.host)
    assert bars(scene) == [("안전", 2)]


def test_a_muted_person_answers_but_sends_no_word(town):
    scene = live_forum(town)
    muted = scene.person()
    scene.muted(muted)
    pulse = begun(scene)
    pulses.answer(scene.forum.id, pulse.id, "yes", by=muted)
    pulses.close(scene.forum.id, pulse.id, by=scene.host)
    word = begun(scene, PulseKind.WORD)
    with pytest.raises(Denied):
        pulses.answer(scene.forum.id, word.id, "안전", by=muted)


def test_the_one_that_is_open_ends_with_the_forum(town):
    scene = live_forum(town)
    pulse = begun(scene)
    pulses.answer(scene.forum.id, pulse.id, "no", by=scene.person())
    with use_case(scene.host) as work:
        operations.end_everything(work, scene.forum)
    assert db.session.get(Pulse, pulse.id).counts == {"no": 1} and kept() == 0


def test_the_part_is_one_statement(town, queries):
    scene = live_forum(town)
    pulse, by = begun(scene), scene.person()
    pulses.answer(scene.forum.id, pulse.id, "no", by=by)
    from civic_forum.forums.pulses import queries as asked
    with queries() as seen:
        asked.part(scene.forum, by)
    assert len(seen) == 1
