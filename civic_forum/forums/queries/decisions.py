"""Decisions of a forum."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.kernel.base import db
from civic_forum.kernel.combined_query import Rows

from ..models import Decision, Forum


@dataclass(frozen=True)
class Decisions:
    """Decisions in the hall."""

    decisions: list[Decision]
    """In the order in which they were read out, those taken away among them."""

    @property
    def standing(self) -> list[Decision]:
        return [one for one in self.decisions if one.removed_at is None]


def ids_of(forum_id: int) -> sa.Select[tuple[int]]:
    """SELECT of the ids of those that stand."""
    return sa.select(Decision.id).where(Decision.forum_id == forum_id, Decision.removed_at.is_(None))


def _all(forum_id: int) -> sa.Select[tuple[Decision]]:
    return (
        sa.select(Decision).filter_by(forum_id=forum_id).options(joinedload(Decision.department)).order_by(Decision.id)
    )


ROWS = Rows(sa.select(Decision).where(Decision.forum_id == sa.bindparam("forum_id")), (Decision.id,),
            beside=(Decision.department,))


def part(forum: Forum, _viewer) -> Decisions:
    return of_rows(ROWS.alone(forum_id=forum.id))


def of_rows(rows: Sequence[Sequence]) -> Decisions:
    return Decisions([row[0] for row in rows])


def of_ids(forum_id: int, ids: Sequence[int]) -> list[Decision]:
    return list(db.session.scalars(_all(forum_id).where(Decision.id.in_(ids))))
