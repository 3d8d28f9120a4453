"""Forums, and people who do something at them, as things to join to."""

import re

import sqlalchemy as sa

from civic_forum.accounts.pickers import people
from civic_forum.blocks.pickers import Choice, Pickable, has_words, register
from civic_forum.blocks.slugs import SLUG
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _l, day

from . import labels
from . import queries
from .models import Forum, ForumDuty
from .policy import may_read
from .record.models import Decision

NUMBER = re.compile(r"[1-9][0-9]{0,17}")
DECISION_ADDRESS = re.compile(r"#decision-([1-9][0-9]{0,17})$")


def _choice(forum: Forum) -> Choice:
    return Choice(forum.slug, forum.title, f"{day(forum.starts_at)} · {labels.STAGE[forum.stage]}")


def find(actor, slug: str, _within: str) -> Choice | None:
    forum = queries.slugged(slug)
    return _choice(forum) if forum is not None and may_read(actor, forum) is None else None


def search(actor, text: str, limit: int, _within: str) -> list[Choice]:
    statement = sa.select(Forum).where(has_words(text, Forum.title, Forum.slug))
    forums = db.session.scalars(statement.order_by(Forum.starts_at.desc()).limit(limit))
    return [_choice(forum) for forum in forums if may_read(actor, forum) is None]


def _decision(decision: Decision) -> Choice:
    return Choice(str(decision.id), decision.text, day(decision.at))


DECIDED = (sa.select(Decision).join(Forum, Forum.id == Decision.forum_id)
           .where(Decision.removed_at.is_(None), Forum.announced_at.is_not(None)))


def find_decision(_actor, text: str, _within: str) -> Choice | None:
    """By its number, or by its address on the page of its forum."""
    number = NUMBER.fullmatch(text) or DECISION_ADDRESS.search(text)
    decision = db.session.scalar(DECIDED.where(Decision.id == int(number[number.lastindex or 0]))) if number else None
    return _decision(decision) if decision is not None else None


def search_decisions(_actor, text: str, limit: int, _within: str) -> list[Choice]:
    statement = DECIDED.where(has_words(text, Decision.text)).order_by(Decision.id.desc()).limit(limit)
    return [_decision(decision) for decision in db.session.scalars(statement)]


FORUM = register(Pickable("forum", _l("공론장"), ("forums.prepare",), search, find, "/forums/", SLUG))
DECISION = register(Pickable("forum_decision", _l("공론장 의결"), ("polls.make", "forums.prepare"), search_decisions,
                             find_decision, exact=NUMBER))
DUTY = register(people("forum_duty", _l("사람"), ("forums.prepare",),
                       lambda _within: sa.select(ForumDuty.user_id).where(ForumDuty.user_id.is_not(None))))
"""Those who do, or did, something at any forum."""
