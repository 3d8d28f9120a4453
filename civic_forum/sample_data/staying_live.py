"""The live forum of the sample, as alive in a month as when it was loaded: while nobody does anything there, its
moments move on with the clock, so that whoever opens it finds a turn within its time.

Its events stay as they are: clients have been told of them.
"""

from collections.abc import Iterable
from datetime import timedelta

import sqlalchemy as sa
from flask import current_app

from civic_forum.forums.chat.models import ChatMessage
from civic_forum.forums.floor.models import SpeakingRequest, Turn
from civic_forum.forums.models import Forum, ForumEvent
from civic_forum.forums.pulses.models import Pulse
from civic_forum.forums.questions.models import Question
from civic_forum.forums.record.models import Caption
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.work import use_case

from .forums import entries

QUIET = timedelta(minutes=2)
"""So long nobody did anything: whoever leads it is left alone."""
LEAST_LEFT = timedelta(seconds=75)
"""Of a turn; a job looks every minute."""
SPOKEN = timedelta(seconds=25)
"""So long the turn has run when its forum was moved on."""
MOMENTS = {
    Forum: ("starts_at", "ends_at", "opened_at"), Turn: ("started_at", "ended_at"),
    SpeakingRequest: ("asked_at", "ended_at"),
    Caption: ("at",), ChatMessage: ("at",), Question: ("asked_at", "answered_at"), Pulse: ("opened_at", "closed_at"),
}


def keep_alive() -> bool:
    """Move the forum on if it is due; True if it was."""
    if not current_app.config["SAMPLE"]:
        return False
    with use_case(None):
        forum = db.session.scalar(sa.select(Forum).filter_by(slug=entries()["live"]["slug"], closed_at=None)
                                  .where(Forum.opened_at.is_not(None)).with_for_update(key_share=True, of=Forum))
        return forum is not None and _move_on(forum)


def _move_on(forum: Forum) -> bool:
    now = clock.now()
    turn = db.session.scalar(sa.select(Turn).filter_by(forum_id=forum.id, ended_at=None))
    last = db.session.scalar(sa.select(sa.func.max(ForumEvent.number)).filter_by(forum_id=forum.id))
    last_at = db.session.scalar(sa.select(ForumEvent.at).filter_by(forum_id=forum.id, number=last))
    if turn is None or now - (last_at or forum.opened_at) < QUIET:
        return False
    if turn.started_at + timedelta(seconds=turn.limit_s) - now > LEAST_LEFT:
        return False
    by = now - SPOKEN - turn.started_at
    for row, names in rows(forum):
        for name in names:
            if (moment := getattr(row, name)) is not None:
                done = moment <= now and name != "ends_at"  # and nothing done stands in the future
                setattr(row, name, min(moment + by, now) if done else moment + by)
    return True


def rows(forum: Forum) -> Iterable[tuple[object, tuple[str, ...]]]:
    """Rows with moments that people see, and the names of these."""
    yield forum, MOMENTS[Forum]
    for item in forum.items:
        yield item, ("started_at", "ended_at")
    for model, names in MOMENTS.items():
        if model is not Forum:
            for row in db.session.scalars(sa.select(model).filter_by(forum_id=forum.id)):
                yield row, names
