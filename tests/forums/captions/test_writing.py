"""Captions: who types them, whose words they are, what is applied once and until when they can be corrected."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.forums import fragments
from civic_forum.forums.models import ForumDuty, ForumEvent
from civic_forum.forums.record import captions
from civic_forum.forums.record.rules import CORRECTABLE
from civic_forum.forums.rules import Duty
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Denied, NotFound, Refusal
from tests.forums.scene import key, live_forum


def events(scene):
    return list(
        db.session.scalars(sa.select(ForumEvent).filter_by(forum_id=scene.forum.id).order_by(ForumEvent.number))
    )


def test_a_captioner_who_is_muted_types_nothing(town):
    scene = live_forum(town)
    everywhere = scene.with_duty(Duty.CAPTIONER)
    everywhere.muted_until = clock.now() + timedelta(days=1)
    db.session.commit()
    scene.muted(scene.captioner)
    for user in (scene.captioner, everywhere):
        with pytest.raises(Denied):
            captions.write(scene.forum.id, "한 줄", key(), by=user)


@pytest.mark.both
def test_the_words_are_of_whoever_has_the_floor_or_of_whom_the_captioner_names(town):
    scene = live_forum(town)
    speaker = scene.person()
    panel = scene.with_duty(Duty.PANEL)
    duty = db.session.scalar(sa.select(ForumDuty).filter_by(user_id=panel.id))
    of_hall = captions.write(scene.forum.id, "박수 소리", key(), by=scene.captioner)
    turn = scene.turn(speaker, seconds=None, ago=10)
    of_turn = captions.write(scene.forum.id, "낮에는 비어 있어요.", key(), by=scene.captioner)
    of_panel = captions.write(scene.forum.id, "세어 보니 그래요.", key(), duty_id=duty.id, by=scene.captioner)
    assert of_hall.called is None
    assert (of_turn.turn_id, of_turn.called) == (turn.id, speaker.nickname)
    assert (of_panel.turn_id, of_panel.called) == (None, panel.nickname)


def test_a_duty_of_another_forum_is_nobody_here(town):
    scene, other = live_forum(town), live_forum(town)
    duty = db.session.scalar(sa.select(ForumDuty).filter_by(user_id=other.host.id))
    with pytest.raises(NotFound):
        captions.write(scene.forum.id, "한 줄", key(), duty_id=duty.id, by=scene.captioner)


def test_the_last_lines_can_be_corrected_and_earlier_ones_cannot(town):
    scene = live_forum(town)
    lines = [captions.write(scene.forum.id, f"줄 {n}", key(), by=scene.captioner) for n in range(CORRECTABLE + 1)]
    captions.correct(scene.forum.id, lines[-1].id, "고친 줄", by=scene.host)
    with pytest.raises(NotFound):
        captions.correct(scene.forum.id, lines[0].id, "고친 줄", by=scene.captioner)
    db.session.expire_all()
    assert (lines[-1].text, lines[-1].corrected_at is None, lines[0].text) == ("고친 줄", False, "줄 0")


@pytest.mark.parametrize("text", ["", "  ", "가" * 501, "제 번호는 900101-1234568이에요"])
def test_empty_long_and_secret_lines_are_refused(town, text):
    scene = live_forum(town)
    with pytest.raises(Refusal):
        captions.write(scene.forum.id, text, key(), by=scene.captioner)
    assert events(scene) == []


@pytest.mark.both
def test_a_new_line_goes_to_the_end_and_a_corrected_one_where_it_stands(town, app):
    scene = live_forum(town)
    first = captions.write(scene.forum.id, "앞 <b>줄</b>", key(), by=scene.captioner)
    second = captions.write(scene.forum.id, "뒤 줄", key(), by=scene.captioner)
    captions.correct(scene.forum.id, first.id, "바로잡은 줄", by=scene.captioner)
    with app.test_request_context():
        new = fragments.puts(scene.forum, events(scene)[:2])
        later = fragments.puts(scene.forum, events(scene)[2:])
    assert [(one.id, one.into) for one in new] == [(f"caption-{first.id}", "caption-lines"),
                                                   (f"caption-{second.id}", "caption-lines")]
    assert [(one.id, one.into) for one in later] == [(f"caption-{first.id}", None)]
    assert "바로잡은 줄" in later[0].html
