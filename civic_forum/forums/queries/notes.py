"""Notes and their groups, as services read them under the forum's lock."""

from collections.abc import Sequence

import sqlalchemy as sa

from civic_forum.kernel.base import db
from civic_forum.kernel.errors import NotFound
from civic_forum.kernel.i18n import _

from ..models import ForumTable, Note, NoteGroup


def chosen(table_id: int, ids: Sequence[int]) -> list[Note]:
    """These notes of the table. Raises NotFound when one of them is another table's, or was taken away."""
    found = db.session.scalars(sa.select(Note).where(Note.table_id == table_id, Note.id.in_(ids),
                                                     Note.removed_at.is_(None)).order_by(Note.id)).all()
    if len(found) != len(set(ids)):
        raise NotFound(_("그 사이에 뗀 쪽지가 있어요. 다시 골라 주세요."))
    return list(found)


def group(table_id: int, group_id: int) -> NoteGroup:
    """Raises NotFound for one of another table, or one that was taken away."""
    found = db.session.scalar(sa.select(NoteGroup).filter_by(table_id=table_id, id=group_id, removed_at=None))
    if found is None:
        raise NotFound(_("그 사이에 없앤 묶음이에요. 다시 골라 주세요."))
    return found


def number_of_groups(table_id: int) -> tuple[int, int]:
    """The last number given, and how many there are."""
    row = db.session.execute(sa.select(
        sa.func.coalesce(sa.func.max(NoteGroup.number), 0), sa.func.count().filter(NoteGroup.removed_at.is_(None)))
        .where(NoteGroup.table_id == table_id)).one()
    return row[0], row[1]


def strongest(table_id: int) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Note)
                             .where(Note.table_id == table_id, Note.strongest, Note.removed_at.is_(None)))


def written_by(forum_id: int, user_id: int) -> int:
    """Number of notes that somebody wrote in this forum, those taken away included."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Note)
                             .join(ForumTable, ForumTable.id == Note.table_id)
                             .where(ForumTable.forum_id == forum_id, Note.user_id == user_id))


def on_paper(table_id: int) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Note)
                             .where(Note.table_id == table_id, Note.on_paper))
