"""Every SELECT of attachments."""

import re
from collections.abc import Collection

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _

from .models import Attachment, AttachmentSet
from .policy import may_read

KEY = re.compile(r"[A-Za-z0-9_-]{1,32}")
AT_ONCE = 500


def of_set(set_id: int | None) -> list[Attachment]:
    """The files of a set in their order; none of a thing that has no set."""
    if set_id is None:
        return []
    return list(db.session.scalars(sa.select(Attachment).filter_by(set_id=set_id)
                                   .order_by(Attachment.position, Attachment.id)))


def of_sets(ids: Collection[int]) -> dict[int | None, list[Attachment]]:
    """Number of a set → its files in their order; without one nothing is read."""
    files: dict[int | None, list[Attachment]] = {}
    for file in db.session.scalars(sa.select(Attachment).where(Attachment.set_id.in_(ids)).order_by(
            Attachment.position, Attachment.id)) if ids else ():
        files.setdefault(file.set_id, []).append(file)
    return files


def first_picture(set_id: sa.ColumnElement[int | None]) -> sa.ScalarSelect[str]:
    """The key of the first picture of a set, as a column of a list."""
    return (sa.select(Attachment.key).where(Attachment.set_id == set_id, Attachment.is_picture)
            .order_by(Attachment.position, Attachment.id).limit(1).correlate_except(Attachment).scalar_subquery())


def readable(key: str, viewer) -> Attachment:
    """The file of this address; raises NotFound also where the viewer may not read it."""
    row = KEY.fullmatch(key) and db.session.execute(
        sa.select(Attachment, AttachmentSet).join(AttachmentSet, AttachmentSet.id == Attachment.set_id)
        .where(Attachment.key == key)).one_or_none()
    if not row or may_read(viewer, row.AttachmentSet):
        raise NotFound(_("없거나 지금은 볼 수 없는 파일이에요."))
    return row.Attachment


def named(digests: list[str]) -> set[str]:
    """Those of these digests that some row names."""
    known: set[str] = set()
    for start in range(0, len(digests), AT_ONCE):
        some = digests[start:start + AT_ONCE]
        for column in (Attachment.digest, Attachment.thumbnail_digest):
            known.update(db.session.scalars(sa.select(column).where(column.in_(some))))
    return known


def added_by(user: User) -> list[Attachment]:
    return list(db.session.scalars(sa.select(Attachment).filter_by(added_by_id=user.id).order_by(Attachment.id)))


def digest_of_picture(set_id: sa.ColumnElement[int | None]) -> sa.ScalarSelect[str]:
    """The digest of the first picture of a set, as a column of a statement about the thing that has it."""
    return (sa.select(Attachment.digest).where(Attachment.set_id == set_id, Attachment.is_picture)
            .order_by(Attachment.position, Attachment.id).limit(1).correlate_except(Attachment).scalar_subquery())
