"""Forums, and people who do something at them, as things to join to."""

import sqlalchemy as sa

from civic_forum.accounts.pickers import people
from civic_forum.blocks.pickers import Choice, Pickable, has_words, register
from civic_forum.blocks.slugs import SLUG
from civic_forum.kernel.base import db
from civic_forum.kernel.i18n import _l, day

from . import labels
from .models import Forum, ForumDuty
from .policy.acting import may_read
from .queries import records


def _choice(forum: Forum) -> Choice:
    return Choice(forum.slug, forum.title, f"{day(forum.starts_at)} · {labels.STAGE[forum.stage]}")


def find(actor, value: str, _within: str) -> Choice | None:
    forum = records.slugged(value)
    return _choice(forum) if forum is not None and may_read(actor, forum) is None else None


def search(actor, text: str, limit: int, _within: str) -> list[Choice]:
    found = sa.select(Forum).where(has_words(text, Forum.title, Forum.slug))
    forums = db.session.scalars(found.order_by(Forum.starts_at.desc()).limit(limit))
    return [_choice(one) for one in forums if may_read(actor, one) is None]


FORUM = register(Pickable("forum", _l("공론장"), ("forums.prepare",), search, find, "/forums/", SLUG))
DUTY = register(people("forum_duty", _l("사람"), ("forums.prepare",),
                       lambda _within: sa.select(ForumDuty.user_id).where(ForumDuty.user_id.is_not(None))))
"""Those who do, or did, something at any forum."""
