"""One forum as a record, and attendance: the ground of every policy of a running forum, in one statement."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from civic_forum.blocks.slugs import SLUG
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.statements import made_once

from .chat.models import ForumMute
from .models import Forum, ForumDuty
from .registration.models import Registration
from .rules import CODE, Duty, Place, Way
from .tables.models import ForumTable, Seat


def no_such_forum() -> NotFound:
    return NotFound(_("이런 공론장은 없어요. 공론장 목록에서 찾아보세요."))


def by_slug(slug: str) -> Forum:
    """Raises NotFound."""
    return existing(slugged(slug), no_such_forum)


def slugged(slug: str) -> Forum | None:
    return db.session.scalar(_slugged(), {"slug": slug}) if SLUG.fullmatch(slug) else None


@made_once
def _slugged() -> sa.Select[tuple[Forum]]:
    return sa.select(Forum).where(Forum.slug == sa.bindparam("slug"))


def coded(code: str) -> Forum | None:
    return db.session.scalar(sa.select(Forum).filter_by(code=code)) if CODE.fullmatch(code) else None


def locked(forum_id: int) -> Forum:
    """The forum read again, and locked until this transaction ends: before any row of it. Raises NotFound."""
    statement = sa.select(Forum).filter_by(id=forum_id).with_for_update(key_share=True, of=Forum)
    return existing(db.session.scalar(statement.execution_options(populate_existing=True)), no_such_forum)


def proposals_of(forum_id: int) -> sa.Select[tuple[int | None]]:
    """SELECT of the ids of the proposals about which the tables of a workshop talk."""
    return sa.select(ForumTable.proposal_id).where(ForumTable.forum_id == forum_id, ForumTable.proposal_id.is_not(None))


@dataclass(frozen=True)
class Attendance:
    """Roles and place of somebody at one forum. For visitors and strangers everything is empty."""

    duties: frozenset[Duty] = frozenset()
    place: Place | None = None
    way: Way | None = None
    came_at: datetime | None = None
    table_id: int | None = None
    """Where they sit."""
    hosted_table_ids: frozenset[int] = frozenset()
    is_muted: bool = False

    @property
    def takes_part(self) -> bool:
        """Registered with a place, or somebody with a duty."""
        return self.place is Place.HELD or bool(self.duties) or bool(self.hosted_table_ids)


NOBODY = Attendance()


def attendance(forum: Forum, user, now: datetime) -> Attendance:
    """Attendance of this user at the forum right now."""
    if not user.is_authenticated:
        return NOBODY
    mute = sa.select(sa.literal("mute"), sa.null(), sa.null(), sa.null(), ForumMute.id).where(
        ForumMute.forum_id == forum.id, ForumMute.user_id == user.id, ForumMute.ended_at.is_(None),
        sa.or_(ForumMute.until.is_(None), ForumMute.until > now))
    rows = db.session.execute(sa.union_all(
        sa.select(sa.literal("duty").label("what"), sa.cast(ForumDuty.duty, sa.String).label("word"),
                  sa.null().label("way"), sa.null().label("came_at"), ForumDuty.id.label("ref"))
        .where(ForumDuty.forum_id == forum.id, ForumDuty.user_id == user.id),
        sa.select(sa.literal("place"), sa.cast(Registration.place, sa.String), sa.cast(Registration.way, sa.String),
                  Registration.came_at, Registration.id)
        .where(Registration.forum_id == forum.id, Registration.user_id == user.id),
        sa.select(sa.literal("seat"), sa.null(), sa.null(), sa.null(), Seat.table_id)
        .where(Seat.forum_id == forum.id, Seat.user_id == user.id),
        sa.select(sa.literal("host"), sa.null(), sa.null(), sa.null(), ForumTable.id)
        .where(ForumTable.forum_id == forum.id, ForumTable.host_id == user.id),
        mute)).all()
    place = next((row for row in rows if row.what == "place"), None)
    return Attendance(
        duties=frozenset(Duty(row.word) for row in rows if row.what == "duty"),
        place=place and Place(place.word), way=place and Way(place.way), came_at=place and place.came_at,
        table_id=next((row.ref for row in rows if row.what == "seat"), None),
        hosted_table_ids=frozenset(row.ref for row in rows if row.what == "host"),
        is_muted=any(row.what == "mute" for row in rows))
