"""Forums as the page of an agenda names them: rows that it reads together with its record."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from civic_forum.agendas.queries import links as agendas
from civic_forum.kernel.json_rows import instant

from ..models import Forum
from ..rules.kinds import Stage, stage_of

MOST = 5


@dataclass(frozen=True)
class Linked:
    """A forum that a page leads to."""

    slug: str
    title: str
    starts_at: datetime
    stage: Stage


def about_agenda(agenda_id: sa.ColumnElement[int]) -> sa.Select:
    """Rows of the forums around an agenda, and around what was merged into it."""
    family = sa.select(agendas.family_of(agenda_id, "forum_agenda_family").c.id)
    return (sa.select(Forum.slug, Forum.title, Forum.starts_at, Forum.announced_at, Forum.opened_at, Forum.closed_at)
            .where(Forum.announced_at.is_not(None), Forum.agenda_id.in_(family))
            .order_by(Forum.starts_at.desc(), Forum.id.desc()).limit(MOST))


def linked(rows: Iterable[list]) -> list[Linked]:
    """Forums of such rows, the latest first."""
    return [Linked(slug, title, instant(starts), stage_of(*(one and instant(one) for one in moments)))
            for slug, title, starts, *moments in rows]
