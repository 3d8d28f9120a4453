"""Events for sockets, and who still may hear them."""

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from civic_forum.accounts.models import RoleGrant, User, UserSession
from civic_forum.accounts.queries.passkeys import has_second_factor
from civic_forum.accounts.queries.sessions import still_open
from civic_forum.accounts.rules import Role
from civic_forum.platform.base import db

from ..models import Forum, ForumDuty, ForumEvent
from ..registration.models import Registration
from ..rules import Duty, Place
from ..tables.models import ForumTable, Seat


def latest(forum_ids) -> dict[int, int]:
    """The number of the last event of each of these forums."""
    return dict(db.session.execute(sa.select(Forum.id, Forum.last_number).where(Forum.id.in_(forum_ids))).all())


def between(forum_id: int, after: int, upto: int) -> list[ForumEvent]:
    """The events after one number, up to another, in their order."""
    return list(db.session.scalars(sa.select(ForumEvent).where(
        ForumEvent.forum_id == forum_id, ForumEvent.number > after, ForumEvent.number <= upto)
        .order_by(ForumEvent.number)))


def forum(forum_id: int) -> Forum:
    return db.session.get_one(Forum, forum_id)


@dataclass
class Rights:
    """Rights that the holder of a session still has."""

    user_id: int
    has_second_factor: bool
    roles: set[Role] = field(default_factory=set)
    hosts: set[int] = field(default_factory=set)
    """Forums that they lead."""
    tables: dict[int, set[int]] = field(default_factory=dict)
    """By forum: the tables where they sit, or that they host."""


def rights(session_ids: list[int], forum_ids: list[int], now: datetime) -> dict[int, Rights]:
    """By session, in one statement. A session that is over, or whose user is blocked or has left, is not among them."""
    mine = sa.select(UserSession.id, UserSession.user_id).where(
        UserSession.id.in_(session_ids), still_open()).cte("mine")
    none = sa.cast(sa.null(), sa.BigInteger)

    def told(word, ref, forum, *joined):
        what = sa.literal(word).label("what")
        return sa.select(what, mine.c.id, mine.c.user_id, ref, forum).select_from(mine).join(*joined)

    rows = db.session.execute(sa.union_all(
        sa.select(sa.case((has_second_factor(), "sure"), else_="session").label("what"),
                  mine.c.id.label("session_id"), mine.c.user_id, none.label("ref"), none.label("forum_id"))
        .select_from(mine).join(User, User.id == mine.c.user_id)
        .where(User.left_at.is_(None), sa.or_(User.blocked_at.is_(None), User.blocked_until <= now)),
        told("duty", none, ForumDuty.forum_id, ForumDuty, ForumDuty.user_id == mine.c.user_id)
        .where(ForumDuty.forum_id.in_(forum_ids), ForumDuty.duty == Duty.HOST),
        told("table", ForumTable.id, ForumTable.forum_id, ForumTable, ForumTable.host_id == mine.c.user_id)
        .where(ForumTable.forum_id.in_(forum_ids)),
        told("table", Seat.table_id, Seat.forum_id, Seat, Seat.user_id == mine.c.user_id)
        .where(Seat.forum_id.in_(forum_ids), _still_takes_part()),
        sa.select(sa.cast(RoleGrant.role, sa.String), mine.c.id, mine.c.user_id, none, none).select_from(mine)
        .join(RoleGrant, RoleGrant.user_id == mine.c.user_id).where(RoleGrant.withdrawn_at.is_(None)))).all()
    known = {row.session_id: Rights(row.user_id, row.what == "sure") for row in rows if row.what in ("session", "sure")}
    for row in rows:
        if (rights := known.get(row.session_id)) is None or row.what in ("session", "sure"):
            continue
        if row.what == "duty":
            rights.hosts.add(row.forum_id)
        elif row.what == "table":
            rights.tables.setdefault(row.forum_id, set()).add(row.ref)
        else:
            rights.roles.add(Role(row.what))
    return known


def _still_takes_part() -> sa.ColumnElement[bool]:
    """True if whoever sits there may sit there, as `Attendance.takes_part` has it."""
    return sa.or_(
        sa.exists().where(Registration.forum_id == Seat.forum_id, Registration.user_id == Seat.user_id,
                          Registration.place == Place.HELD),
        sa.exists().where(ForumDuty.forum_id == Seat.forum_id, ForumDuty.user_id == Seat.user_id),
        sa.exists().where(ForumTable.forum_id == Seat.forum_id, ForumTable.host_id == Seat.user_id))


def announced(forum_ids) -> set[int]:
    """Those of them that everybody may read."""
    return set(db.session.scalars(sa.select(Forum.id).where(Forum.id.in_(forum_ids), Forum.announced_at.isnot(None))))
