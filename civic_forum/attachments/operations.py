"""Operations on files for features whose things carry them, inside their own transaction.

The caller has locked the thing and checked that its actor may change it.
"""

from datetime import datetime
from secrets import token_urlsafe

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.platform import plain_text
from civic_forum.platform.base import store
from civic_forum.platform.errors import Conflict, NotFound, Refusal, existing
from civic_forum.platform.i18n import _

from .models import Attachment, AttachmentSet
from .prepared import PreparedFile
from .rules import FileRefused, check_sizes
from .sentences import sentence

LONGEST_DESCRIPTION = 300


def open_set(session, kind: str, owner_id: int | None = None) -> AttachmentSet:
    """A new, empty set for a thing of this registered kind."""
    return store(session, AttachmentSet(kind=kind, owner_id=owner_id))


def add(session, set_id: int, *, prepared: PreparedFile, description: str = "", by: User, at: datetime) -> Attachment:
    """Put a file that was prepared before the transaction into a set.

    Raises Refusal where the set would hold too many files or too much.
    """
    _lock(session, set_id)
    held = session.execute(sa.select(Attachment.size, Attachment.position).filter_by(set_id=set_id)).all()
    try:
        check_sizes([attachment.size for attachment in held] + [prepared.size])
    except FileRefused as refused:
        raise Refusal(sentence(refused), field="files") from refused
    if not prepared.is_kept():
        raise Conflict(_("올린 파일이 오래되어 사라졌어요. 파일을 다시 골라 주세요."), field="files")
    return store(session, Attachment(
        key=token_urlsafe(16), set_id=set_id, position=max((attachment.position for attachment in held), default=0) + 1,
        name=prepared.name, media_type=prepared.media_type, is_picture=prepared.is_picture, size=prepared.size,
        description=_described(description), digest=prepared.digest, thumbnail_digest=prepared.thumbnail_digest,
        width=prepared.width, height=prepared.height, added_by_id=by.id, added_at=at))


def describe(session, set_id: int, key: str, description: str) -> None:
    """Change the sentence about a file of this set."""
    _of_set(session, set_id, key).description = _described(description)


def remove(session, set_id: int, key: str) -> None:
    """Take a file out of this set. Its blob goes by itself once nothing names it any more."""
    _lock(session, set_id)
    session.delete(_of_set(session, set_id, key))
    session.flush()


def throw_away(session, set_id: int) -> None:
    """Delete a set with all its files; nothing may point to it any more."""
    session.execute(sa.delete(Attachment).filter_by(set_id=set_id))
    session.execute(sa.delete(AttachmentSet).filter_by(id=set_id))


def _lock(session, set_id: int) -> AttachmentSet:
    return session.get_one(AttachmentSet, set_id, with_for_update={"key_share": True}, populate_existing=True)


def _of_set(session, set_id: int, key: str) -> Attachment:
    return existing(session.scalar(sa.select(Attachment).filter_by(set_id=set_id, key=key)),
                    lambda: NotFound(_("그 파일은 이미 없어요. 화면을 새로 고쳐 주세요.")))


def _described(description: str) -> str:
    return plain_text.beginning(plain_text.clean(description), LONGEST_DESCRIPTION)
