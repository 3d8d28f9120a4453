"""The live forum of the sample, opened at any hour."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.attachments.models import Attachment
from civic_forum.forums import queries as forums
from civic_forum.forums.chat.models import ChatMessage
from civic_forum.forums.floor.models import Turn
from civic_forum.forums.models import ForumEvent
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.sample_data import staying_live

LIVE = "gvalley-lunch-live"
pytestmark = pytest.mark.usefixtures("district")


@pytest.fixture(autouse=True)
def as_it_was():
    """Put back all that is moved: other tests find the district as it was."""
    before = clock.offset_seconds()
    forum = forums.slugged(LIVE)
    rows = [*staying_live.rows(forum), (last(forum), ("at",))]
    moments = [(type(row), sa.inspect(row).identity, name, getattr(row, name)) for row, names in rows for name in names]
    yield
    clock.shift(before)
    for model, number, name, moment in moments:
        setattr(db.session.get_one(model, number), name, moment)
    db.session.commit()


def last(forum) -> ForumEvent:
    return db.session.scalars(sa.select(ForumEvent).filter_by(forum_id=forum.id, number=forum.last_number)).one()


def left_s(forum) -> float:
    turn = db.session.scalar(sa.select(Turn).filter_by(forum_id=forum.id, ended_at=None))
    return (turn.started_at + timedelta(seconds=turn.limit_s) - clock.now()).total_seconds()


def test_a_turn_is_within_its_time_however_late_it_is_opened():
    forum = forums.slugged(LIVE)
    before = db.session.execute(sa.select(ForumEvent.number, ForumEvent.at).filter_by(forum_id=forum.id)).all()
    length = forum.ends_at - forum.starts_at
    for hours in (5, 30, 24 * 40):
        clock.shift(clock.offset_seconds() + hours * 3600)
        assert left_s(forum) < 0 and staying_live.keep_alive()
        forum = forums.slugged(LIVE)
        assert left_s(forum) > 90 and forum.starts_at < clock.now() < forum.ends_at
        assert forum.ends_at - forum.starts_at == length
        item = next(one for one in forum.items if one.started_at and not one.ended_at)
        assert item.started_at + timedelta(minutes=item.minutes) > clock.now()
        said = db.session.scalar(sa.select(sa.func.max(ChatMessage.at)).filter_by(forum_id=forum.id))
        assert clock.now() - said < timedelta(minutes=5)
        assert not staying_live.keep_alive(), "it stands while the turn has time"
    assert db.session.execute(sa.select(ForumEvent.number, ForumEvent.at).filter_by(forum_id=forum.id)).all() == before


def test_it_is_left_alone_while_somebody_does_something():
    forum = forums.slugged(LIVE)
    clock.shift(clock.offset_seconds() + 3600)
    last(forum).at = clock.now()
    db.session.commit()
    assert not staying_live.keep_alive()


def test_a_slide_that_says_what_it_shows_is_on_the_screen():
    shown = db.session.get_one(Attachment, forums.slugged(LIVE).shown_id)
    assert shown.width and "80센티미터" in shown.description
