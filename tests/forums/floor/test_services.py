"""Asking for the floor and leading the queue: who may, what it does, and that everybody sees why."""

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.forums.chat import mutes
from civic_forum.forums.floor import queries as floors
from civic_forum.forums.floor import services as floor
from civic_forum.forums.floor.models import SpeakingRequest, Turn
from civic_forum.forums.floor.rules import Why
from civic_forum.forums.models import ForumEvent
from civic_forum.forums.preparing import services as stages
from civic_forum.forums.rules import AgeGroup, Duty, PassedWhy, RequestState
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from tests.forums.scene import announced_forum, key, live_forum
from tests.racing import at_once


def line(scene):
    return floors.read(scene.forum, clock.now()).line


def called(scene):
    return [one.request.called for one in line(scene)]


def kinds(scene):
    return [str(kind) for kind in db.session.scalars(sa.select(ForumEvent.kind).filter_by(forum_id=scene.forum.id)
                                                     .order_by(ForumEvent.number))]


@pytest.mark.both
def test_somebody_asks_and_stands_in_the_queue_with_the_reason(scene):
    ann, ben = scene.person(), scene.person()
    scene.turn(ben)
    floor.ask(scene.forum.id, "골목이 어두워요", by=ben)
    floor.ask(scene.forum.id, by=ann)
    assert [(one.request.called, one.place, one.why, one.first_time) for one in line(scene)] == [
        (ann.nickname, 1, Why.FIRST_TIME, True), (ben.nickname, 2, Why.AFTER_FIRST, False)]
    assert kinds(scene) == ["floor.asked", "floor.asked"]
    assert db.session.scalar(sa.select(AuditEntry.action).order_by(AuditEntry.id.desc())) == "forums.floor_asked"


def test_nobody_asks_while_the_queue_is_closed_or_the_forum_is_not_live(scene, town):
    ann = scene.person()
    floor.open_floor(scene.forum.id, False, by=scene.host)
    with pytest.raises(Denied, match="받지 않아요"):
        floor.ask(scene.forum.id, by=ann)
    floor.open_floor(scene.forum.id, True, by=scene.host)
    floor.ask(scene.forum.id, by=ann)
    with pytest.raises(Denied, match="아직"):
        floor.ask(announced_forum(town, floor_open=True).id, by=town.moderator())


def test_asking_twice_is_one_request_and_the_same_sending_is_applied_once(scene):
    ann, sent = scene.person(), key()
    first = floor.ask(scene.forum.id, key=sent, by=ann)
    assert floor.ask(scene.forum.id, key=sent, by=ann).id == first.id
    with pytest.raises(Conflict, match="이미"):
        floor.ask(scene.forum.id, key=key(), by=ann)
    assert kinds(scene) == ["floor.asked"]


def test_asking_for_a_group_says_so(scene):
    ann = scene.person(neighbourhood="가산동")
    floor.ask(scene.forum.id, for_group="7번 출구 모임", group_size=6, show_neighbourhood=True, by=ann)
    one = line(scene)[0].request
    assert (one.for_group, one.group_size, one.about) == ("7번 출구 모임", 6, "가산동")
    with pytest.raises(Refusal, match="사람 수"):
        floor.ask(scene.forum.id, for_group="우리", group_size=1, by=scene.person())


def test_the_neighbourhood_is_shown_only_to_who_asks_for_that(scene):
    floor.ask(scene.forum.id, by=scene.person(neighbourhood="가산동"))
    assert line(scene)[0].request.about is None


def test_host_and_table_host_ask_for_somebody_without_a_device(scene, town):
    leader = town.resident()
    table = scene.table(4, leader)
    floor.ask_for(scene.forum.id, "은하수", by=leader)
    floor.ask_for(scene.forum.id, "맨 뒷줄 모자 쓴 분", by=scene.host)
    assert [(one.request.called, one.request.typed, one.request.table) for one in line(scene)] == [
        ("은하수", True, table.number), ("맨 뒷줄 모자 쓴 분", True, None)]
    with pytest.raises(Conflict, match="같은 이름"):
        floor.ask_for(scene.forum.id, "은하수", by=scene.host)
    with pytest.raises(Denied):
        floor.ask_for(scene.forum.id, "누구", by=scene.person())


def test_a_request_is_taken_back_by_who_made_it(scene):
    ann, ben = scene.person(), scene.person()
    request = floor.ask(scene.forum.id, by=ann)
    with pytest.raises(Denied):
        floor.withdraw(scene.forum.id, request.id, by=ben)
    scene.muted(ann)
    floor.withdraw(scene.forum.id, request.id, by=ann)
    floor.withdraw(scene.forum.id, request.id, by=ann)
    assert (called(scene), kinds(scene)) == ([], ["floor.asked", "floor.withdrawn"])
    with pytest.raises(NotFound):
        floor.call(scene.forum.id, request.id, "먼저", None, by=scene.host)


def test_a_request_of_another_forum_is_none_here(scene, town):
    other = live_forum(town)
    request = floor.ask(other.forum.id, by=other.person())
    for act in (lambda: floor.withdraw(scene.forum.id, request.id, by=scene.host),
                lambda: floor.call(scene.forum.id, request.id, "먼저", None, by=scene.host),
                lambda: floor.pass_over(scene.forum.id, request.id, PassedWhy.ABSENT, by=scene.host)):
        with pytest.raises(NotFound):
            act()


def test_the_host_calls_the_next_and_the_turn_keeps_the_rule_that_gave_the_place(scene):
    ann = scene.person(neighbourhood="가산동", age_group=AgeGroup.FROM_65)
    request = floor.ask(scene.forum.id, "계단", for_group="어르신 모임", by=ann)
    turn = floor.call_next(scene.forum.id, None, by=scene.host)
    assert (turn.user_id, turn.request_id, turn.why, turn.first_time, turn.role, turn.topic, turn.for_group) == (
        ann.id, request.id, "first_time", True, "participant", "계단", "어르신 모임")
    assert (turn.neighbourhood_id, turn.age_group, turn.limit_s) == (
        scene.town.neighbourhood("가산동").id, AgeGroup.FROM_65, 180)
    assert turn.item_id == scene.forum.items[1].id, "the item that is on"
    assert request.state is RequestState.CALLED and called(scene) == []
    with pytest.raises(Refusal, match="기다리고 있지 않아요"):
        floor.call_next(scene.forum.id, turn.id, by=scene.host)


def test_the_next_turn_ends_the_one_before(scene):
    for _ in range(2):
        floor.ask(scene.forum.id, by=scene.person())
    first = floor.call_next(scene.forum.id, None, by=scene.host)
    second = floor.call_next(scene.forum.id, first.id, by=scene.moderator)
    assert first.ended_at is not None and second.ended_at is None
    assert kinds(scene)[-3:] == ["floor.turn_started", "floor.turn_ended", "floor.turn_started"]


def test_calling_out_of_order_says_why_and_leaves_the_others_as_they_were(scene):
    requests = [floor.ask(scene.forum.id, by=scene.person()) for _ in range(3)]
    with pytest.raises(Refusal):
        floor.call(scene.forum.id, requests[2].id, "", None, by=scene.host)
    turn = floor.call(scene.forum.id, requests[2].id, "곧 버스가 끊겨요", None, by=scene.host)
    assert (turn.why, requests[2].moved_why) == ("called", "곧 버스가 끊겨요")
    assert [one.request.id for one in line(scene)] == [requests[0].id, requests[1].id]
    assert floor.call(scene.forum.id, requests[0].id, "", turn.id,
                      by=scene.host).why == "first_time", "was first anyway"


def test_the_host_moves_somebody_openly_and_they_move_up_as_others_leave(scene):
    requests = [floor.ask(scene.forum.id, by=scene.person()) for _ in range(4)]
    floor.move(scene.forum.id, requests[3].id, 2, "휠체어로 먼저 나와 있어요", by=scene.host)
    second = line(scene)[1]
    assert (second.request.id, second.why, second.request.moved_why) == (requests[3].id, Why.MOVED, "휠체어로 먼저 나와 있어요")
    floor.withdraw(scene.forum.id, requests[0].id, by=scene.host)
    assert [one.request.id for one in line(scene)] == [requests[n].id for n in (3, 1, 2)]
    floor.ask(scene.forum.id, by=scene.person())
    assert line(scene)[0].request.id == requests[3].id
    with pytest.raises(Refusal, match="번째"):
        floor.move(scene.forum.id, requests[1].id, 9, "뒤로", by=scene.host)


def test_somebody_silenced_while_waiting_is_passed_over_and_everybody_sees_it(scene):
    silenced, gone, ann = scene.person(), scene.person(), scene.person()
    for user in (silenced, gone, ann):
        floor.ask(scene.forum.id, by=user)
    scene.muted(silenced)
    gone.blocked_at = clock.now()
    db.session.commit()
    turn = floor.call_next(scene.forum.id, None, by=scene.host)
    assert turn.user_id == ann.id
    assert [one.passed_why for one in floors.read(scene.forum, clock.now()).passed] == [PassedWhy.MAY_NOT] * 2
    assert kinds(scene)[-3:] == ["floor.passed", "floor.passed", "floor.turn_started"]


def test_somebody_silenced_has_the_floor_no_more_and_keeps_the_place_in_the_queue(scene):
    ann, ben = scene.person(), scene.person()
    turn = scene.turn(ann, seconds=None)
    floor.ask(scene.forum.id, by=ben)
    floor.ask(scene.forum.id, by=ann)
    mutes.mute(scene.forum.id, ben.id, "다른 분 말씀을 끊었어요.", None, by=scene.host)
    assert turn.ended_at is None
    made = mutes.mute(scene.forum.id, ann.id, "다른 분 말씀을 끊었어요.", None, by=scene.host)
    assert turn.ended_at is not None
    assert called(scene) == [ben.nickname, ann.nickname]
    mutes.unmute(scene.forum.id, made.id, by=scene.host)
    assert floor.call_next(scene.forum.id, None, by=scene.host).user_id == ann.id


def test_a_silenced_person_is_not_called_out_of_order_either(scene):
    panellist, ann = scene.with_duty(Duty.PANEL), scene.person()
    floor.ask(scene.forum.id, by=scene.person())
    request = floor.ask(scene.forum.id, by=ann)
    duty = next(one for one in scene.forum.duties if one.user_id == panellist.id)
    for user in (ann, panellist):
        scene.muted(user)
    with pytest.raises(Refusal, match="발언할 수 없는"):
        floor.call(scene.forum.id, request.id, "먼저", None, by=scene.host)
    with pytest.raises(Refusal, match="발언할 수 없는"):
        floor.give(scene.forum.id, None, duty_id=duty.id, by=scene.host)


@pytest.mark.both
def test_the_host_passes_over_somebody_who_is_not_there(scene):
    request = floor.ask(scene.forum.id, by=scene.person())
    floor.pass_over(scene.forum.id, request.id, PassedWhy.ABSENT, by=scene.host)
    assert (request.state, request.passed_why, called(scene)) == (RequestState.PASSED, PassedWhy.ABSENT, [])


def test_panel_host_and_departments_speak_without_a_request(scene):
    panellist = scene.with_duty(Duty.PANEL, about="독산2동", topic="밤길을 서른 번 걸어 보니")
    duties = {one.user_id: one.id for one in scene.forum.duties}
    one = floor.give(scene.forum.id, None, duty_id=duties[panellist.id], by=scene.host)
    two = floor.give(scene.forum.id, one.id, duty_id=duties[scene.host.id], topic="약속", by=scene.host)
    three = floor.give(scene.forum.id, two.id, name="도로과", by=scene.host)
    assert [(turn.role, turn.name, turn.about, turn.topic, turn.why) for turn in (one, two, three)] == [
        ("panel", None, "독산2동", "밤길을 서른 번 걸어 보니", None), ("host", None, None, "약속", None),
        ("official", "도로과", None, None, None)]
    floor.ask(scene.forum.id, by=panellist)
    assert not line(scene)[0].first_time, "has spoken as a panellist"
    with pytest.raises(NotFound):
        floor.give(scene.forum.id, three.id, duty_id=0, by=scene.host)
    with pytest.raises(Refusal):
        floor.give(scene.forum.id, three.id, name="구청장", role="king", by=scene.host)


@pytest.mark.both
def test_a_turn_is_given_more_time_and_ended(scene):
    turn = scene.turn(scene.person(), seconds=None)
    floor.extend(scene.forum.id, turn.id, 60, by=scene.host)
    assert turn.limit_s == 240
    with pytest.raises(Refusal):
        floor.extend(scene.forum.id, turn.id, 0, by=scene.host)
    floor.end(scene.forum.id, turn.id, by=scene.host)
    floor.end(scene.forum.id, turn.id, by=scene.moderator)
    assert kinds(scene) == ["floor.turn_extended", "floor.turn_ended"]
    with pytest.raises(Conflict, match="이미 마친"):
        floor.extend(scene.forum.id, turn.id, 60, by=scene.host)


@pytest.mark.both
def test_the_length_of_turns_holds_from_the_next_one_on(scene):
    turn = scene.turn(scene.person(), seconds=None)
    floor.set_length(scene.forum.id, 120, by=scene.host)
    floor.ask(scene.forum.id, by=scene.person())
    assert (turn.limit_s, floor.call_next(scene.forum.id, turn.id, by=scene.host).limit_s) == (180, 120)
    with pytest.raises(Refusal, match="30초"):
        floor.set_length(scene.forum.id, 5, by=scene.host)


def test_with_the_forum_the_turn_ends_and_who_waits_has_waited(scene):
    request = floor.ask(scene.forum.id, by=scene.person())
    turn = scene.turn(scene.person(), seconds=None)
    stages.close_forum(scene.forum.id, by=scene.host)
    assert (turn.ended_at is not None, request.state, request.passed_why) == (True, RequestState.PASSED,
                                                                              PassedWhy.NO_TIME)
    assert kinds(scene)[-1] == "forum.closed"
    with pytest.raises(Denied, match="마쳤어요"):
        floor.call_next(scene.forum.id, None, by=scene.host)


def test_the_place_of_somebody_who_asked_now_is_the_one_they_get(scene):
    ben = scene.person()
    scene.turn(ben)
    for _ in range(3):
        floor.ask(scene.forum.id, by=scene.person())
    ahead = floors.read(scene.forum, clock.now())
    assert (ahead.first.place, ahead.again.place) == (4, 4)
    cat, request = scene.person(), floor.ask(scene.forum.id, by=ben)
    ahead = floors.part(scene.forum, cat)
    assert (ahead.mine, ahead.has_spoken, ahead.preview.place) == (None, False, 4)
    floor.ask(scene.forum.id, by=cat)
    assert floors.part(scene.forum, cat).mine.place == 4
    assert floors.part(scene.forum, ben).mine.request.id == request.id and floors.part(scene.forum, ben).has_spoken


def together(app, number, user_ids, act):
    """act(user) in so many threads at once, each with its own session; afterwards what they left can be seen."""
    db.session.rollback()
    answers = at_once(app, number, lambda n: act(db.session.get_one(User, user_ids[n % len(user_ids)])))
    db.session.rollback()
    return answers


def test_two_hosts_who_call_next_at_once_give_the_floor_once(scene, app):
    for _ in range(4):
        floor.ask(scene.forum.id, by=scene.person())
    forum_id = scene.forum.id
    answers = together(app, 4, [scene.host.id, scene.moderator.id], lambda by: floor.call_next(forum_id, None, by=by))
    assert sorted(type(one).__name__ for one in answers) == ["Conflict"] * 3 + ["Turn"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Turn)) == 1
    assert len(line(scene)) == 3


def test_somebody_who_asks_twice_at_once_stands_in_the_queue_once(scene, app):
    ann, forum_id = scene.person().id, scene.forum.id
    answers = together(app, 4, [ann], lambda by: floor.ask(forum_id, by=by))
    assert sorted(type(one).__name__ for one in answers) == ["Conflict"] * 3 + ["SpeakingRequest"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SpeakingRequest)) == 1
