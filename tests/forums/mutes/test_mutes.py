"""Silencing somebody in one forum."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.forums.chat import mutes
from civic_forum.forums.chat import services as chat
from civic_forum.forums.chat.models import ForumMute
from civic_forum.forums.models import ForumEvent
from civic_forum.forums.rules import Duty, ForumEventKind
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from tests.common import user
from tests.forums.scene import key, live_forum
from tests.racing import at_once

WHY = "여러 번 말씀을 끊었어요."


def test_it_holds_for_so_long_and_its_event_and_audit_entry_hold_no_name_and_no_reason(town, at):
    scene = live_forum(town)
    now, by = clock.now(), scene.person()
    at(now)
    mutes.mute(scene.forum.id, by.id, WHY, 10, key(), by=scene.host)
    event = db.session.scalar(sa.select(ForumEvent))
    entry = db.session.scalar(sa.select(AuditEntry).filter_by(action="forums.person_muted"))
    assert (event.kind, event.subject_id) == (ForumEventKind.PERSON_MUTED, by.id)
    assert WHY not in f"{event.details} {entry.details}" and by.nickname not in f"{event.details} {entry.details}"
    with pytest.raises(Denied, match="멈추게"):
        chat.say(scene.forum.id, "그래도요.", key(), by=by)
    assert mutes.part(scene.forum, by).mine.reason == WHY
    assert mutes.part(scene.forum, scene.person()).mine is None
    at(now + timedelta(minutes=10))
    chat.say(scene.forum.id, "이제 써요.", key(), by=by)
    assert mutes.part(scene.forum, by).standing == []


@pytest.mark.both
def test_until_the_end_it_is_over_when_the_host_says_so(town):
    scene = live_forum(town)
    by = scene.person()
    made = mutes.mute(scene.forum.id, by.id, WHY, None, key(), by=scene.moderator)
    with pytest.raises(Conflict):
        mutes.mute(scene.forum.id, by.id, WHY, 5, key(), by=scene.host)
    mutes.unmute(scene.forum.id, made.id, by=scene.host)
    chat.say(scene.forum.id, "고마워요.", key(), by=by)
    with pytest.raises(Conflict):
        mutes.unmute(scene.forum.id, made.id, by=scene.host)


def test_it_holds_in_this_forum_alone(town):
    scene, other = live_forum(town), live_forum(town)
    by = scene.person()
    other.person(user=by)
    made = mutes.mute(scene.forum.id, by.id, WHY, None, by=scene.host)
    chat.say(other.forum.id, "여기는 괜찮아요.", key(), by=by)
    with pytest.raises(NotFound):
        mutes.unmute(other.forum.id, made.id, by=other.host)


def test_the_host_is_not_silenced_and_nobody_else_silences(town):
    scene = live_forum(town)
    for untouchable in (scene.host, scene.moderator, scene.with_duty(Duty.HOST)):
        with pytest.raises(Denied):
            mutes.mute(scene.forum.id, untouchable.id, WHY, 5, by=scene.moderator)
    with pytest.raises(Denied):
        mutes.mute(scene.forum.id, scene.host.id, WHY, 5, by=scene.person())
    with pytest.raises(NotFound):
        mutes.mute(scene.forum.id, 10**9, WHY, 5, by=scene.host)
    for reason, minutes in (("", 5), (WHY, 7)):
        with pytest.raises(Refusal):
            mutes.mute(scene.forum.id, scene.person().id, reason, minutes, by=scene.host)


def test_the_same_key_again_is_the_same_mute(town):
    scene, once = live_forum(town), key()
    by = scene.person()
    first = mutes.mute(scene.forum.id, by.id, WHY, 5, once, by=scene.host)
    assert mutes.mute(scene.forum.id, by.id, WHY, 5, once, by=scene.host).id == first.id


def test_two_hosts_at_once_silence_once(town, app):
    scene = live_forum(town)
    forum, by, hosts = scene.forum.id, scene.person().id, [scene.host.id, scene.moderator.id]
    db.session.rollback()
    answers = at_once(app, 4, lambda n: mutes.mute(forum, by, WHY, 5, key(), by=user(hosts[n % 2])))
    assert len([one for one in answers if isinstance(one, Conflict)]) == 3
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ForumMute)) == 1
