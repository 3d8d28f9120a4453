"""Agendas as things to join to."""

import sqlalchemy as sa

from civic_forum.blocks.pickers import Choice, Pickable, has_words, register
from civic_forum.blocks.slugs import SLUG
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _, _l

from . import labels
from .models import Agenda
from .policy import may_moderate, may_read
from .queries import records


def _choice(agenda: Agenda) -> Choice:
    state = labels.STATE[agenda.state] if agenda.published_at else _("아직 공개하지 않음")
    return Choice(agenda.slug, agenda.question, f"{agenda.slug} · {state}")


def _search(text: str, limit: int, *conditions: sa.ColumnElement[bool]) -> list[Choice]:
    statement = sa.select(Agenda).where(has_words(text, Agenda.question, Agenda.slug), Agenda.merged_into_id.is_(None),
                                        *conditions)
    return [_choice(agenda) for agenda in db.session.scalars(statement.order_by(Agenda.id.desc()).limit(limit))]


def search_public(_actor, text: str, limit: int, _within: str) -> list[Choice]:
    return _search(text, limit, Agenda.published_at.is_not(None))


def find_public(_actor, value: str, _within: str) -> Choice | None:
    agenda = records.slugged(value)
    return _choice(agenda) if agenda is not None and agenda.published_at is not None else None


def search_all(actor, text: str, limit: int, _within: str) -> list[Choice]:
    """Those that are being prepared too, for moderators, who alone are asked for one."""
    return _search(text, limit) if may_moderate(actor) is None else search_public(actor, text, limit, "")


def find_any(actor, value: str, _within: str) -> Choice | None:
    agenda = records.slugged(value)
    return _choice(agenda) if agenda is not None and may_read(actor, agenda) is None else None


AGENDA = register(Pickable("agenda", _l("의제"), ("agendas.moderate",), search_public, find_public, "/agendas/", SLUG))
"""Those that everybody may read."""
ANY_AGENDA = register(Pickable("any_agenda", _l("의제"), ("agendas.moderate",), search_all, find_any, "/agendas/", SLUG))
