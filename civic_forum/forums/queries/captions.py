"""Captions as they are read: the last ones, all of them in pages, some of them by their ids."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.kernel import paging
from civic_forum.kernel.base import db
from civic_forum.kernel.errors import NotFound
from civic_forum.kernel.i18n import _
from civic_forum.kernel.combined_query import Rows

from ..models import Caption, Forum, ForumDuty
from ..rules.captions import CORRECTABLE, SHOWN

PAGE = 100


@dataclass(frozen=True)
class Captions:
    """Captions in the hall."""

    lines: list[Caption]
    """The last ones, oldest first."""


def _all(forum_id: int) -> sa.Select[tuple[Caption]]:
    return sa.select(Caption).filter_by(forum_id=forum_id).options(joinedload(Caption.user))


def last(forum_id: int, limit: int = SHOWN) -> list[Caption]:
    """The last ones, oldest first."""
    newest = _all(forum_id).order_by(Caption.at.desc(), Caption.id.desc()).limit(limit)
    return list(reversed(db.session.scalars(newest).all()))


ROWS = Rows(sa.select(Caption).where(Caption.forum_id == sa.bindparam("forum_id")),
            (Caption.at.desc(), Caption.id.desc()), SHOWN, (Caption.user,))


def part(forum: Forum, _viewer) -> Captions:
    return of_rows(ROWS.alone(forum_id=forum.id))


def of_rows(rows: Sequence[Sequence]) -> Captions:
    return Captions([row[0] for row in rows][::-1])


def page(forum_id: int, after: str | None = None) -> paging.Page[Caption]:
    """Captions from the first on. Raises Invalid for a token that is none."""
    query = _all(forum_id).order_by(Caption.at, Caption.id).limit(PAGE + 1)
    if token := paging.parts(after, int, int):
        query = query.where(sa.tuple_(Caption.at, Caption.id) > sa.tuple_(paging.moment(token[0]), token[1]))
    return paging.page_of(db.session.scalars(query).all(), PAGE, lambda one: (paging.microseconds(one.at), one.id))


def everything(forum_id: int) -> list[Caption]:
    return list(db.session.scalars(_all(forum_id).order_by(Caption.at, Caption.id)))


def of_ids(forum_id: int, ids: Sequence[int]) -> list[Caption]:
    return list(db.session.scalars(_all(forum_id).where(Caption.id.in_(ids)).order_by(Caption.at, Caption.id)))


def correctable(forum_id: int, caption_id: int) -> Caption:
    """One of the last lines. Raises NotFound for an earlier one."""
    found = next((one for one in last(forum_id, CORRECTABLE) if one.id == caption_id), None)
    if found is None:
        raise NotFound(_("지나간 자막이라 여기서는 고칠 수 없어요. 마친 뒤에 회의록에서 바로잡아 주세요."))
    return found


def speakers(forum_id: int) -> list[ForumDuty]:
    """People whose words a captioner may choose beside those of the turn: everybody with a duty."""
    return list(db.session.scalars(sa.select(ForumDuty).filter_by(forum_id=forum_id)
                                   .options(joinedload(ForumDuty.user)).order_by(ForumDuty.id)))
