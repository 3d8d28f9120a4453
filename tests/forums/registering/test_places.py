"""Places of a forum: the last one goes to one, those who wait get what becomes free in the order of asking."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import AccessRecord, User
from civic_forum.accounts.services import leaving
from civic_forum.blocks import submissions
from civic_forum.forums.models import Forum, ForumEvent
from civic_forum.forums.preparing import services as preparing
from civic_forum.forums.preparing.process import PROCESS
from civic_forum.forums.preparing.parts import Times
from civic_forum.forums.registration import queries
from civic_forum.forums.registration import own_data as registration_data
from civic_forum.forums.registration import services as registering
from civic_forum.forums.registration.models import RecordingConsent, Registration
from civic_forum.forums.registration.rules import RegistrationRequest
from civic_forum.forums.rules import AgeGroup, ForumEventKind, Place, Way
from civic_forum.platform import clock, jobs
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from civic_forum.notifications.models import Notice
from tests.forums.scene import VISITOR, announced_forum, live_forum
from tests.racing import at_once

ONLINE, ON_SITE = RegistrationRequest(Way.ONLINE), RegistrationRequest(Way.ON_SITE)


def place_of(forum, user) -> Place | None:
    db.session.rollback()
    one = queries.of(forum.id, user.id)
    return one and one.place


@pytest.mark.both
def test_of_many_who_ask_at_once_one_gets_the_last_place_and_the_others_wait_in_order(town, app):
    forum = announced_forum(town, online_places=3)
    ids = [town.resident().id for _one in range(8)]
    forum_id = forum.id

    def ask(n):
        return registering.register(forum_id, ONLINE, by=db.session.get(User, ids[n])).place

    places = at_once(app, 8, ask)
    assert sorted(map(str, places)) == ["held"] * 3 + ["waiting"] * 5
    waiting = list(db.session.scalars(sa.select(Registration).filter_by(place=Place.WAITING)
                                      .order_by(Registration.asked_at, Registration.id)))
    assert [queries.mine(forum_id, one.user).ahead for one in waiting] == [0, 1, 2, 3, 4]


@pytest.mark.both
def test_a_withdrawal_at_once_frees_as_many_places_for_those_who_waited_longest(town, app):
    forum = announced_forum(town, online_places=4)
    users = [town.resident() for _one in range(10)]
    for user in users:
        registering.register(forum.id, ONLINE, by=user)
    forum_id, ids = forum.id, [user.id for user in users]
    at_once(app, 4, lambda n: registering.withdraw(forum_id, by=db.session.get(User, ids[n])))
    db.session.rollback()
    held = set(db.session.scalars(sa.select(Registration.user_id).filter_by(place=Place.HELD)))
    assert held == set(ids[4:8])
    told = db.session.execute(sa.select(Notice.user_id, Notice.step)).all()
    assert sorted(told) == [(one, "forum_place_given") for one in ids[4:8]]


def test_more_places_go_to_those_who_wait_and_none_is_taken_from_who_has_one(town):
    moderator, forum = town.moderator(), announced_forum(town, online_places=1)
    users = [town.resident() for _one in range(3)]
    for user in users:
        registering.register(forum.id, ONLINE, by=user)

    def times(online):
        return Times(forum.place, forum.starts_at, forum.ends_at, forum.on_site_places, online,
                     forum.registration_from, forum.registration_to)

    PROCESS.write(forum.id, times(2), version=forum.version, by=moderator)
    assert [place_of(forum, user) for user in users] == [Place.HELD, Place.HELD, Place.WAITING]
    with pytest.raises(Refusal, match="이미 2명이"):
        PROCESS.write(forum.id, times(1), version=forum.version, by=moderator)


@pytest.mark.both
def test_changing_the_way_takes_the_other_list_and_never_loses_a_place_unasked(town):
    forum = announced_forum(town, online_places=1, on_site_places=1)
    first, second, third = (town.resident() for _one in range(3))
    registering.register(forum.id, ONLINE, by=first)
    registering.register(forum.id, ON_SITE, by=second)
    registering.register(forum.id, ONLINE, by=third)
    with pytest.raises(Conflict, match="자리가 다 찼어요"):
        registering.register(forum.id, ON_SITE, by=first)
    assert place_of(forum, first) is Place.HELD
    registering.withdraw(forum.id, by=second)
    registering.register(forum.id, ON_SITE, by=first)
    assert place_of(forum, first) is Place.HELD and place_of(forum, third) is Place.HELD


@pytest.mark.both
def test_somebody_who_comes_back_after_withdrawing_asks_anew(town):
    forum = announced_forum(town, online_places=1)
    first, second, third = (town.resident() for _each in range(3))
    registering.register(forum.id, ONLINE, by=first)
    registering.register(forum.id, ONLINE, by=second)
    registering.withdraw(forum.id, by=first)
    assert registering.register(forum.id, ONLINE, by=third).place is Place.WAITING
    assert registering.register(forum.id, ONLINE, by=first).place is Place.WAITING
    assert place_of(forum, second) is Place.HELD
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Registration)) == 3
    known = submissions.of_owner(first.id)
    assert [entry.stands for entry in known] == [False, True] and queries.of(forum.id, first.id).submission is known[1]
    registering.withdraw(forum.id, by=second)
    assert place_of(forum, third) is Place.HELD and place_of(forum, first) is Place.WAITING


@pytest.mark.both
def test_nobody_registers_before_or_after_the_days(town):
    now = clock.now()
    early = announced_forum(town, registration_from=now + timedelta(hours=1))
    late = announced_forum(town, registration_to=now - timedelta(hours=1))
    hidden = announced_forum(town, announced_at=None)
    user = town.resident()
    for forum, why in ((early, "아직 신청을 받지 않아요"), (late, "신청을 마감했어요"), (hidden, "아직 알리지 않았")):
        with pytest.raises(Denied, match=why):
            registering.register(forum.id, ONLINE, by=user)
    with pytest.raises(Denied, match="로그인"):
        registering.register(early.id, ONLINE, by=VISITOR)


def test_while_it_is_live_who_registers_is_there_as_long_as_there_are_places(town):
    scene = live_forum(town, online_places=1, on_site_places=0)
    first, second = town.resident(), town.resident()
    one = registering.register(scene.forum.id, ONLINE, key="a" * 16, by=first)
    assert one.place is Place.HELD and one.came_at is not None
    registering.register(scene.forum.id, ONLINE, key="a" * 16, by=first)
    registering.arrive(scene.forum.id, by=first)
    assert [event.kind for event in db.session.scalars(sa.select(ForumEvent))] == [ForumEventKind.PERSON_CAME]
    with pytest.raises(Conflict, match="남은 자리가 없어요"):
        registering.register(scene.forum.id, ONLINE, by=second)
    with pytest.raises(Refusal, match="그렇게 참여할 수 없어요"):
        registering.register(scene.forum.id, ON_SITE, by=second)
    with pytest.raises(Denied, match="참여를 신청한 사람만"):
        registering.arrive(scene.forum.id, by=second)
    preparing.close_forum(scene.forum.id, by=scene.host)
    with pytest.raises(Denied, match="이미 마쳤어요"):
        registering.withdraw(scene.forum.id, by=first)


@pytest.mark.both
def test_needs_are_sealed_and_opened_only_after_a_reason_that_is_kept(town):
    forum = announced_forum(town, accessibility=["실시간 자막", "수어 통역"])
    moderator, user = town.moderator(), town.resident()
    one = registering.register(forum.id,
                               RegistrationRequest(Way.ONLINE, ("수어 통역", "없는 것"), "휠체어 자리가 필요해요", AgeGroup.FROM_65),
                               consents=True, by=user)
    assert one.needs == ["수어 통역"] and "휠체어".encode() not in one.needs_sealed
    with pytest.raises(Refusal, match="5자부터"):
        registering.see_needs(forum.id, one.id, "왜", by=moderator)
    for nobody in (user, town.official(), town.clerk()):
        with pytest.raises(Denied):
            registering.see_needs(forum.id, one.id, "자리를 준비하려고", by=nobody)
    assert registering.see_needs(forum.id, one.id, "자리를 준비하려고", by=moderator) == "휠체어 자리가 필요해요"
    seen = db.session.scalar(sa.select(AccessRecord))
    assert (seen.by_id, seen.user_id, seen.reason) == (moderator.id, user.id, "자리를 준비하려고")
    assert queries.needed(forum.id) == {"수어 통역": 1}


@pytest.mark.both
def test_consent_is_kept_apart_and_taken_back_without_losing_the_place(town):
    forum, user = announced_forum(town), town.resident()
    with pytest.raises(Denied, match="신청한 뒤에"):
        registering.consent(forum.id, True, by=user)
    registering.register(forum.id, ONLINE, consents=True, by=user)
    assert registering.consent(forum.id, False, by=user).given is False
    registering.register(forum.id, ONLINE, by=user)
    assert db.session.scalar(sa.select(RecordingConsent.given)) is False and place_of(forum, user) is Place.HELD


@pytest.mark.both
def test_a_moderator_withdraws_somebody_who_is_told_why_and_nobody_else_can(town):
    forum, moderator, user = announced_forum(town), town.moderator(), town.resident()
    one = registering.register(forum.id, ONLINE, by=user)
    with pytest.raises(Denied):
        registering.withdraw_other(forum.id, one.id, "두 번 신청했어요", by=town.resident())
    with pytest.raises(Refusal):
        registering.withdraw_other(forum.id, one.id, " ", by=moderator)
    registering.withdraw_other(forum.id, one.id, "두 번 신청했어요", by=moderator)
    notice = db.session.scalar(sa.select(Notice).filter_by(user_id=user.id))
    assert notice.step == "forum_place_taken" and notice.details == {"why": "두 번 신청했어요"}
    with pytest.raises(Denied, match="이미 거둔"):
        registering.withdraw_other(forum.id, one.id, "두 번 신청했어요", by=moderator)
    with pytest.raises(NotFound):
        registering.withdraw_other(announced_forum(town).id, one.id, "다른 공론장", by=moderator)


@pytest.mark.both
def test_needs_are_forgotten_some_days_after_the_end_and_not_before(town, app, at):
    scene = live_forum(town, accessibility=["실시간 자막"])
    user = town.resident()
    registering.register(scene.forum.id, RegistrationRequest(Way.ONLINE, ("실시간 자막",), "앞자리", AgeGroup.TO_39), by=user)
    preparing.close_forum(scene.forum.id, by=scene.host)
    days = app.config["RETAIN_FORUM_NEEDS_DAYS"]
    over = db.session.scalar(sa.select(Forum.closed_at))
    at(over + timedelta(days=days) - timedelta(minutes=1))
    assert jobs.enforce_retention(app)["needs of those who came to forums"] == 0
    at(over + timedelta(days=days, minutes=1))
    assert jobs.enforce_retention(app)["needs of those who came to forums"] == 1
    db.session.rollback()
    one = queries.of(scene.forum.id, user.id)
    assert (one.needs, one.needs_sealed, one.age_group) == ([], None, None) and one.place is Place.HELD


def test_somebody_who_leaves_takes_along_their_words_and_frees_the_place(town):
    forum = announced_forum(town, online_places=1)
    user, next_one = town.resident(), town.resident()
    registering.register(forum.id, RegistrationRequest(Way.ONLINE, (), "조용한 자리", AgeGroup.TO_18), consents=True,
                         by=user)
    registering.register(forum.id, ONLINE, by=next_one)
    assert registration_data.collect(user)[0]["needs_in_words"] == "조용한 자리"
    assert registration_data.collect(user)[0]["number"] == submissions.collect(user)[0]["number"]
    leaving._erase_again(user.id)
    assert place_of(forum, user) is Place.WITHDRAWN and place_of(forum, next_one) is Place.HELD
    one = queries.of(forum.id, user.id)
    assert (one.needs_sealed, one.submission.owner_id, one.submission.stands) == (None, None, False)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RecordingConsent)) == 0
