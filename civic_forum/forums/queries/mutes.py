"""People silenced in a forum now."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from civic_forum.kernel import clock
from civic_forum.kernel.base import Instant, db
from civic_forum.kernel.errors import NotFound
from civic_forum.kernel.i18n import _
from civic_forum.kernel.combined_query import Rows

from ..models import Forum, ForumMute


@dataclass(frozen=True)
class Mutes:
    """Those that hold now. All of them are for those who run the forum, one for whom it is about."""

    standing: list[ForumMute]
    mine: ForumMute | None = None


NOW = sa.bindparam("now", type_=Instant())
ROWS = Rows(sa.select(ForumMute).where(
    ForumMute.forum_id == sa.bindparam("forum_id"), ForumMute.ended_at.is_(None),
    sa.or_(ForumMute.until.is_(None), ForumMute.until > NOW)), (ForumMute.id,), beside=(ForumMute.user,))


def part(forum: Forum, viewer) -> Mutes:
    if not viewer.is_authenticated:
        return Mutes([])
    return of_rows(ROWS.alone(forum_id=forum.id, now=clock.now()), viewer)


def of_rows(rows: Sequence[Sequence], viewer) -> Mutes:
    standing = [row[0] for row in rows]
    mine = (one for one in standing if one.user_id == viewer.id)
    return Mutes(standing, next(mine, None))


def held(forum_id: int, mute_id: int) -> ForumMute:
    """The mute read again; the forum's lock, which the caller holds, guards it. Raises NotFound."""
    found = db.session.scalar(sa.select(ForumMute).filter_by(forum_id=forum_id, id=mute_id)
                              .execution_options(populate_existing=True))
    if found is None:
        raise NotFound(_("이 공론장에 그런 조치가 없어요. 새로 고친 뒤 확인해 주세요."))
    return found
