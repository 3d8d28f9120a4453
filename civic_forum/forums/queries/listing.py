"""Lists of forums: a page of cards, the same few statements however many there are."""

from dataclasses import dataclass

import sqlalchemy as sa

from civic_forum.kernel import clock, paging
from civic_forum.kernel.base import db
from civic_forum.kernel.i18n import local
from civic_forum.kernel.statements import made_once

from ..models import Forum, Registration
from ..rules.kinds import Place, Stage

PAGE = 20
RANK = {Stage.LIVE: 0, Stage.ANNOUNCED: 1, Stage.FINISHED: 2}
OF_STAGE = {
    Stage.PREPARING: sa.and_(Forum.announced_at.is_(None), Forum.opened_at.is_(None), Forum.closed_at.is_(None)),
    Stage.ANNOUNCED: sa.and_(Forum.announced_at.is_not(None), Forum.opened_at.is_(None), Forum.closed_at.is_(None)),
    Stage.LIVE: sa.and_(Forum.opened_at.is_not(None), Forum.closed_at.is_(None)),
    Stage.FINISHED: Forum.closed_at.is_not(None),
}
"""What `rules.kinds.stage_of` says, as conditions."""


@dataclass(frozen=True)
class ForumCard:
    """A forum as a list shows it."""

    forum: Forum
    registered: int
    """How many have a place."""

    @property
    def stage(self) -> Stage:
        return self.forum.stage


def listed(stage: Stage | None, after: str | None = None, *, limit: int = PAGE) -> paging.Page[ForumCard]:
    """Live ones, then those to come, the next one first, then those that are over, the latest first.

    Raises Invalid for an `after` that is no token.
    """
    to_come = OF_STAGE[Stage.ANNOUNCED]
    rank = sa.case((OF_STAGE[Stage.LIVE], 0), (to_come, 1), else_=2)
    place = paging.parts(after, int, int, int)
    found = _base().where(Forum.announced_at.is_not(None), OF_STAGE[stage] if stage else sa.true())
    if place is not None:
        found = found.where(sa.or_(rank > place[0], sa.and_(rank == place[0], _beyond(*place))))
    rows = _cards(found.order_by(
        rank, sa.case((to_come, Forum.starts_at)), sa.case((to_come, Forum.id)), Forum.starts_at.desc(),
        Forum.id.desc()).limit(limit + 1))
    return paging.page_of(rows, limit, lambda card: (
        RANK[card.stage], paging.microseconds(card.forum.starts_at), card.forum.id))


def _beyond(rank: int, age: int, number: int) -> sa.ColumnElement[bool]:
    at = paging.moment(age)
    if rank == RANK[Stage.ANNOUNCED]:
        return sa.or_(Forum.starts_at > at, sa.and_(Forum.starts_at == at, Forum.id > number))
    return sa.or_(Forum.starts_at < at, sa.and_(Forum.starts_at == at, Forum.id < number))


def everything(after: str | None = None, *, limit: int = PAGE) -> paging.Page[ForumCard]:
    """For the desk: also those that are being prepared, the latest first."""
    place = paging.parts(after, int, int)
    found = _base()
    if place is not None:
        found = found.where(_beyond(RANK[Stage.FINISHED], *place))
    rows = _cards(found.order_by(Forum.starts_at.desc(), Forum.id.desc()).limit(limit + 1))
    return paging.page_of(rows, limit, lambda card: (paging.microseconds(card.forum.starts_at), card.forum.id))


def standing_out(limit: int = 3) -> list[ForumCard]:
    """Forums of the first page: live ones, and the next ones."""
    return _cards(_first_page(), rows=limit)


@made_once
def _first_page() -> sa.Select:
    """The statement of `standing_out`, made once; it is given how many `rows`."""
    return _base().where(Forum.announced_at.is_not(None), Forum.closed_at.is_(None)).order_by(
        sa.case((OF_STAGE[Stage.LIVE], 0), else_=1), Forum.starts_at, Forum.id).limit(sa.bindparam("rows"))


def of_ids(forum_ids: list[int]) -> dict[int, ForumCard]:
    """Those of these forums that everybody sees."""
    return {card.forum.id: card for card in _cards(
        _base().where(Forum.announced_at.is_not(None), Forum.id.in_(forum_ids)))}


def by_id(forum_id: int) -> Forum | None:
    return db.session.get(Forum, forum_id)


def _base() -> sa.Select:
    registered = (sa.select(sa.func.count()).where(
        Registration.forum_id == Forum.id, Registration.place == Place.HELD).correlate(Forum).scalar_subquery())
    return sa.select(Forum, registered)


def _cards(statement: sa.Select, **bound: object) -> list[ForumCard]:
    return [ForumCard(forum, _came(forum) or registered) for forum, registered in db.session.execute(statement, bound)]


def _came(forum: Forum) -> int | None:
    """Of a forum from before this site: how many had registered."""
    return (forum.came or {}).get("registered")


def days_left(forum: Forum) -> int:
    """Days until it begins, as the district counts them; 0 today and afterwards."""
    return max(0, (local(forum.starts_at).date() - local(clock.now()).date()).days)
