"""Polls as things to join to."""

import sqlalchemy as sa

from civic_forum.blocks.pickers import Choice, Pickable, has_words, register
from civic_forum.blocks.slugs import SLUG
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _l, end_day

from .models import Poll
from .policy import may_read
from .queries import records


def _choice(poll: Poll) -> Choice:
    return Choice(poll.slug, poll.title, f"{poll.slug} · {end_day(poll.closes_at)}")


def _is_shown(actor, poll: Poll) -> bool:
    return poll.rehearsal_of_id is None and may_read(actor, poll) is None


def find(actor, value: str, _within: str) -> Choice | None:
    poll = records.slugged(value)
    return _choice(poll) if poll is not None and _is_shown(actor, poll) else None


def search(actor, text: str, limit: int, _within: str) -> list[Choice]:
    query = sa.select(Poll).where(has_words(text, Poll.title, Poll.slug), Poll.rehearsal_of_id.is_(None))
    polls = db.session.scalars(query.order_by(Poll.closes_at.desc()).limit(limit))
    return [_choice(poll) for poll in polls if _is_shown(actor, poll)]


POLL = register(Pickable("poll", _l("투표"), ("polls.see_desk",), search, find, "/polls/", SLUG))
"""Whoever may ask for it sees those that are being prepared."""
