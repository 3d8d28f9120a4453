"""Data of questions, pulses, chat and mutes about somebody: handed out on request, and gone when they leave."""

import pytest
import sqlalchemy as sa

from civic_forum.accounts.personal_data import PERSONAL_DATA
from civic_forum.forums.chat import mutes
from civic_forum.forums.chat import services as chat
from civic_forum.forums.chat.models import ChatMessage, ForumMute
from civic_forum.forums.pulses import services as pulses
from civic_forum.forums.pulses.models import PulseResponse
from civic_forum.forums.questions import own_data as voices_data
from civic_forum.forums.questions import services as questions
from civic_forum.forums.questions.models import Question
from civic_forum.forums.rules import PulseKind
from civic_forum.platform.base import db
from tests.forums.scene import key, live_forum


def spoken(town):
    scene = live_forum(town)
    by, other = scene.person(), scene.person()
    question = questions.ask(scene.forum.id, "언제요?", key(), by=by)
    questions.support(scene.forum.id, questions.ask(scene.forum.id, "어디서요?", key(), by=other).id, by=by)
    for one in (by, other):
        chat.say(scene.forum.id, f"{one.id}번의 말", key(), by=one)
    pulse = pulses.begin(scene.forum.id, PulseKind.YES_NO_UNSURE, "그런가요?", by=scene.host)
    for one in (by, other):
        pulses.answer(scene.forum.id, pulse.id, "yes", by=one)
    mutes.mute(scene.forum.id, by.id, "말씀을 끊었어요.", None, by=scene.host)
    return scene, by, other, question


def test_everything_of_ones_own_is_handed_out_and_nothing_of_others(town):
    _scene, by, other, _question = spoken(town)
    given = PERSONAL_DATA["forum_voices"].collect(by)
    assert [one["text"] for one in given["questions"]] == ["언제요?"]
    assert [one["text"] for one in given["chat"]] == [f"{by.id}번의 말"]
    assert len(given["supported_questions"]) == 1 and given["open_pulses"][0]["answer"] == "yes"
    assert given["silenced"][0]["reason"] == "말씀을 끊었어요."
    assert PERSONAL_DATA["forum_voices"].collect(other)["silenced"] == []


@pytest.mark.both
def test_leaving_takes_chat_and_open_answers_away_and_leaves_questions_without_a_name(town, browse):
    scene, by, other, question = spoken(town)
    nickname = by.nickname
    voices_data.erase(by, db.session)
    by.nickname = None
    db.session.commit()
    assert db.session.scalars(sa.select(ChatMessage.user_id)).all() == [other.id]
    assert db.session.scalars(sa.select(PulseResponse.user_id)).all() == [other.id]
    assert db.session.scalar(sa.select(ForumMute.reason)) == ""
    assert db.session.get(Question, question.id).asker == "탈퇴한 회원"
    shown = browse().get(f"/forums/{scene.forum.slug}").text
    assert "언제요?" in shown and f"{by.id}번의 말" not in shown and nickname not in shown
