"""Forums as the pages of things name them; those of agendas, proposals and polls read the rows together with their
record."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from civic_forum.agendas.queries import links as agendas
from civic_forum.answers.models import Answer
from civic_forum.blocks.about import is_about
from civic_forum.kernel.base import db
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
    return _rows(is_about(Forum, "agenda", family))


def about_proposal(proposal_id: sa.ColumnElement[int]) -> sa.Select:
    """Rows of the forums about a proposal, or about an answer to it."""
    answers = sa.select(Answer.id).where(Answer.proposal_id == proposal_id)
    return _rows(sa.or_(is_about(Forum, "proposal", [proposal_id]), is_about(Forum, "answer", answers)))


def about_poll(poll_id: sa.ColumnElement[int]) -> sa.Select:
    return _rows(is_about(Forum, "poll", [poll_id]))


def of_things(kind: str, ids: Sequence[int] | sa.Select) -> list[Linked]:
    """Forums about things of a kind. Asks by itself."""
    return [Linked(slug, title, starts, stage_of(*moments))
            for slug, title, starts, *moments in db.session.execute(_rows(is_about(Forum, kind, ids)))]


def _rows(about: sa.ColumnElement[bool]) -> sa.Select:
    return (sa.select(Forum.slug, Forum.title, Forum.starts_at, Forum.announced_at, Forum.opened_at, Forum.closed_at)
            .where(Forum.announced_at.is_not(None), about)
            .order_by(Forum.starts_at.desc(), Forum.id.desc()).limit(MOST))


def linked(rows: Iterable[list]) -> list[Linked]:
    """Forums of such rows, the latest first."""
    return [Linked(slug, title, instant(starts), stage_of(*(one and instant(one) for one in moments)))
            for slug, title, starts, *moments in rows]
