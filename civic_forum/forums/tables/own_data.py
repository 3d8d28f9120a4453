"""Personal data at tables: for the download, and for leaving."""

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.platform.base import db

from ..models import Forum
from .models import ForumTable, Note, Seat, TableMessage


def collect(user: User) -> dict[str, list[dict[str, object]]]:
    return {
        "seats": [{"forum": row.slug, "table": row.number, "at": row.Seat.at.isoformat()} for row in _of(Seat, user)],
        "notes": [{"forum": row.slug, "table": row.number, "text": row.Note.text, "at": row.Note.at.isoformat(),
                   "removed_at": row.Note.removed_at and row.Note.removed_at.isoformat()} for row in _of(Note, user)],
        "messages": [{"forum": row.slug, "table": row.number, "text": row.TableMessage.text,
                      "at": row.TableMessage.at.isoformat()} for row in _of(TableMessage, user)],
        "tables_led": [{"forum": row.slug, "table": row.number} for row in db.session.execute(
            sa.select(Forum.slug, ForumTable.number).join(Forum, Forum.id == ForumTable.forum_id)
            .where(ForumTable.host_id == user.id).order_by(ForumTable.id))],
    }


def _of(kind: type, user: User):
    """Theirs, with the table and the forum at which it was."""
    return db.session.execute(
        sa.select(kind, Forum.slug, ForumTable.number).join(ForumTable, ForumTable.id == kind.table_id)
        .join(Forum, Forum.id == ForumTable.forum_id).where(kind.user_id == user.id).order_by(kind.id))


def erase(user: User, session) -> None:
    """Notes stay, as of somebody who has left; seats go, and what was said."""
    for kind in (Seat, TableMessage):
        session.execute(sa.delete(kind).where(kind.user_id == user.id))
