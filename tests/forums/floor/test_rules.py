"""The fair queue as a rule: what it gives, that the reason shown is the rule applied, and that nobody starves."""

from datetime import datetime, timedelta, timezone

from hypothesis import given, settings
from hypothesis import strategies as st

from civic_forum.forums.floor.rules import (AT_MOST, Asking, Heard, OPENLY, Why, bound, expected_wait_s, is_first_time,
                                            minutes_of, moved_up, order)
from tests.running.turns import share

T0 = datetime(2030, 5, 1, 10, tzinfo=timezone.utc)
MANY = settings(max_examples=share(200))


def asks(minute: float, who: str, number: int = 0, **facts) -> Asking:
    return Asking(T0 + timedelta(minutes=minute), number, frozenset(who.split()), **facts)


def said(line) -> list[tuple[str, str]]:
    return [(" ".join(sorted(one.request.voices)), str(one.why)) for one in line]


def test_two_first_time_speakers_go_before_somebody_who_asked_earlier():
    """독산로, 2020: who asked at 19:36:00 and had spoken came after two who asked later."""
    line = order([asks(36, "laundry"), asks(36.7, "market"), asks(37.1, "bus")], {"laundry"})
    assert said(line) == [("market", "first_time"), ("bus", "first_time"), ("laundry", "after_two")]


def test_the_reason_stays_the_same_once_those_two_have_spoken():
    heard = [Heard((T0 + timedelta(minutes=m), 0), Why.FIRST_TIME) for m in (36.7, 37.1)]
    line = order([asks(36, "laundry"), asks(38, "new")], {"laundry", "market", "bus"}, heard)
    assert said(line) == [("laundry", "after_two"), ("new", "first_time")]


def test_first_time_speakers_come_first_and_the_rest_by_time_of_asking():
    """가산동: the reasons of the queue in the sample."""
    line = order([asks(-5, "stairs"), asks(-9, "resident4"), asks(-4, "pots")], {"resident4", "pots"})
    assert said(line) == [("stairs", "first_time"), ("resident4", "after_first"), ("pots", "asked")]


def test_first_time_speakers_who_asked_before_use_up_nobodys_patience():
    heard = [Heard((T0 + timedelta(minutes=m), 0), Why.FIRST_TIME) for m in (-12, -10)]
    line = order([asks(-5, "stairs"), asks(-9, "resident4")], {"resident4"}, heard)
    assert said(line) == [("stairs", "first_time"), ("resident4", "after_first")]


def test_equal_times_are_decided_by_the_number():
    assert said(order([asks(1, "b", 8), asks(1, "a", 7)], ())) == [("a", "first_time"), ("b", "first_time")]


def test_a_group_is_first_time_only_if_neither_it_nor_the_one_who_asks_has_spoken():
    assert is_first_time(frozenset(("user:1", "group:g")), {"user:2"})
    assert not is_first_time(frozenset(("user:1", "group:g")), {"user:1"})
    assert not is_first_time(frozenset(("user:1", "group:g")), {"group:g"})
    assert is_first_time(frozenset(("user:1",)), {"group:g"}), "a member's own voice"


def test_of_several_who_ask_for_one_group_the_first_to_ask_is_first_time():
    line = order([asks(1, "a group"), asks(2, "b group"), asks(3, "c")], ())
    assert said(line) == [("a group", "first_time"), ("c", "first_time"), ("b group", "after_first")]


def test_the_host_puts_somebody_at_a_place_and_they_move_up_with_the_others():
    line = order([asks(1, "a"), asks(2, "b"), asks(3, "c"), asks(4, "d", 4, moved_to=2)], ())
    assert said(line) == [("a", "first_time"), ("d", "moved"), ("b", "first_time"), ("c", "first_time")]
    assert moved_up(line, 1) == {4: 1}
    assert moved_up(line, 2) == moved_up(line, 3) == {}


def test_nobody_moves_up_beyond_the_first_place():
    line = order([asks(1, "a", 1, moved_to=1), asks(2, "b", 2, moved_to=1)], ())
    assert [one.place for one in line] == [1, 2]
    assert moved_up(line, 1) == {}


def test_only_what_the_host_does_openly_stands_above_the_rule():
    assert OPENLY == {Why.MOVED, Why.CALLED}


def test_somebody_called_out_of_order_neither_uses_up_nor_renews_the_count():
    first = [Heard((T0 + timedelta(minutes=m), 0), Why.FIRST_TIME) for m in (5, 6)]
    called = [Heard((T0 + timedelta(minutes=7), 0), Why.CALLED)]
    waiting = [asks(1, "old"), asks(9, "new")]
    assert said(order(waiting, {"old"}, first + called))[0] == ("old", "after_two")
    assert said(order(waiting, {"old"}, first[:1] + called))[0] == ("new", "first_time")


def test_the_wait_is_what_is_left_and_the_turns_ahead():
    assert expected_wait_s(1, 180, 0) == 20
    assert expected_wait_s(3, 180, 60) == 60 + 20 + 2 * 200
    assert expected_wait_s(1, 180, -30) == 20
    assert [minutes_of(seconds) for seconds in (0, 1, 60, 61)] == [0, 1, 1, 2]


voices = st.builds(lambda who, group: frozenset((f"u{who}", *([f"g{group}"] if group else []))),
                   st.integers(0, 9), st.integers(0, 3))
requests = st.lists(st.tuples(st.integers(0, 30), voices, st.none() | st.integers(1, 6)), max_size=12).map(
    lambda asked: [Asking(T0 + timedelta(minutes=m), n, who, to) for n, (m, who, to) in enumerate(asked)])
spoken = st.frozensets(st.sampled_from([f"u{n}" for n in range(10)] + ["g1", "g2", "g3"]))
heard = st.lists(st.builds(Heard, st.tuples(st.integers(-9, 30).map(lambda m: T0 + timedelta(minutes=m)),
                                            st.integers(0, 99)), st.sampled_from(Why)), max_size=6)


def why_here(line, place, spoken, heard) -> Why | None:
    """The rule's word on one place, worked out from its words alone: from everybody before it, in any order it could
    have been, and never from how `order` goes through them. None: the rule would have somebody else there."""
    me = line[place]
    behind = line[place:]
    before = [*heard, *(Heard(one.request.when, one.why) for one in line[:place])]
    def is_new(one):
        earlier = (other for other in line if other.request.when < one.request.when)
        return is_first_time(one.request.voices, spoken.union(*(other.request.voices for other in earlier)))
    new = [one for one in behind if is_new(one)]
    old = [one for one in behind if not is_new(one)]
    oldest = min((one.request.when for one in old), default=None)
    last_old = max((n for n, turn in enumerate(before) if turn.why not in (Why.FIRST_TIME, *OPENLY)), default=-1)
    went_ahead = [turn for turn in before[last_old + 1:] if turn.why is Why.FIRST_TIME and oldest
                  and turn.when > oldest]
    if oldest and len(went_ahead) >= AT_MOST:
        return Why.AFTER_TWO if me.request.when == oldest else None
    if new:
        return Why.FIRST_TIME if me.request.when == min(one.request.when for one in new) else None
    if me.request.when != oldest:
        return None
    later = any(turn.why is Why.FIRST_TIME and turn.when > oldest for turn in before)
    return Why.AFTER_FIRST if later else Why.ASKED


@MANY
@given(requests, spoken, heard)
def test_the_reason_shown_is_the_rule_applied(requests, spoken, heard):
    line = order(requests, spoken, heard)
    assert sorted(one.request.number for one in line) == [one.number for one in requests]
    assert [one.place for one in line] == list(range(1, len(line) + 1))
    for one in line:
        assert (one.why is Why.MOVED) == bool(one.request.moved_to)
    by_rule = [one for one in line if one.why is not Why.MOVED]
    for place, one in enumerate(by_rule):
        assert one.why is why_here(by_rule, place, spoken, heard)


@MANY
@given(requests, spoken, heard)
def test_the_place_depends_on_nothing_but_what_is_written_down(requests, spoken, heard):
    assert order(reversed(requests), spoken, heard) == order(requests, spoken, heard)


@MANY
@given(requests, spoken, heard)
def test_after_calling_the_first_the_others_stand_as_they_stood(requests, spoken, heard):
    """Nobody's place or reason changes because the queue does what it said it would. (Where one voice waits twice, the
    second request changes: then it is not the first time any more.)"""
    voices = [one.voices for one in requests]
    requests = [Asking(one.asked_at, one.number, one.voices) for n, one in enumerate(requests)
                if one.voices.isdisjoint(frozenset().union(*voices[:n]))]
    line = order(requests, spoken, heard)
    if line:
        rest = order([one.request for one in line[1:]], spoken | line[0].request.voices,
                     [*heard, Heard(line[0].request.when, line[0].why)])
        assert [(one.request, one.why) for one in rest] == [(one.request, one.why) for one in line[1:]]


@MANY
@given(requests, st.integers(1, 12), st.sampled_from(range(12)))
def test_a_moved_one_stands_where_the_host_put_it_as_far_as_the_queue_goes(requests, to, which):
    chosen = which % len(requests) if requests else None
    asked = [Asking(one.asked_at, one.number, one.voices, to if n == chosen else None) for n,
             one in enumerate(requests)]
    line = order(asked, ())
    assert [one.place for one in line if one.why is Why.MOVED] == ([min(to, len(asked))] if asked else [])


acts = st.lists(st.one_of(st.tuples(st.just("ask"), st.integers(0, 14), st.integers(0, 4)),
                          st.tuples(st.just("call"), st.just(0), st.just(0)),
                          st.tuples(st.just("withdraw"), st.integers(0, 30), st.just(0)),
                          st.tuples(st.just("speak"), st.integers(0, 14), st.just(0))), max_size=80)


@MANY
@given(acts)
def test_nobody_starves(acts):
    """An asker has the floor after at most `bound` turns, whatever others do: come, go, or speak as panellists."""
    waiting, spoken, heard, before = [], set(), [], {}
    turns_before: dict[int, int] = {}
    for number, (act, n, m) in enumerate(acts + [("call", 0, 0)] * 80):
        line = order(waiting, spoken, heard)
        if act == "ask" and not any(f"u{n}" in one.voices for one in waiting):
            one = Asking(T0 + timedelta(seconds=number), number, frozenset((f"u{n}", *([f"g{m}"] if m else []))))
            before[number], turns_before[number] = len(waiting), 0
            waiting.append(one)
        elif act == "speak":
            spoken.add(f"u{n}")
        elif act == "withdraw" and waiting:
            waiting.pop(n % len(waiting))
        elif act == "call" and line:
            called = line[0]
            assert turns_before[called.request.number] <= bound(before[called.request.number])
            waiting.remove(called.request)
            for one in waiting:
                turns_before[one.number] += 1
            spoken |= called.request.voices
            heard.append(Heard(called.request.when, called.why))
    assert not waiting


@MANY
@given(st.integers(0, 5))
def test_a_stream_of_new_people_does_not_keep_anybody_out(earlier):
    """A new person asks before every turn, for ever: the bound is reached and kept."""
    old = [asks(n, f"old{n}", n) for n in range(earlier + 1)]
    waiting, heard, spoken = list(old), [], {f"old{n}" for n in range(earlier + 1)}
    for turn in range(200):
        waiting.append(asks(100 + turn, f"new{turn}", 100 + turn))
        called = order(waiting, spoken, heard)[0]
        waiting.remove(called.request)
        spoken |= called.request.voices
        heard.append(Heard(called.request.when, called.why))
        if called.request == old[-1]:
            assert turn == bound(earlier)
            return
    raise AssertionError("the one who had spoken never had the floor again")


@MANY
@given(acts)
def test_a_first_time_speaker_is_overtaken_by_nobody_who_asked_later(acts):
    waiting, spoken, heard = [], set(), []
    for number, (act, n, _m) in enumerate(acts):
        if act == "ask" and not any(f"u{n}" in one.voices for one in waiting):
            waiting.append(Asking(T0 + timedelta(seconds=number), number, frozenset((f"u{n}",))))
        line = order(waiting, spoken, heard)
        if act == "call" and line:
            called = line[0].request
            for one in waiting:
                if one.when < called.when:
                    assert not is_first_time(one.voices, spoken)
            waiting.remove(called)
            spoken |= called.voices
            heard.append(Heard(called.when, line[0].why))
