"""Signals that nobody has looked at, what they are found in, and the words that moderators watch for."""

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.comments.models import Comment
from civic_forum.kernel import paging, plain_text
from civic_forum.kernel.base import db
from civic_forum.kernel.errors import NotFound
from civic_forum.kernel.i18n import _
from civic_forum.kernel.paging import Page

from ..models import Signal, WatchedWord

PAGE = 30
LATEST = 500
"""Comments and accounts that are looked through for what repeats."""


def unseen(after: str | None = None) -> Page[Signal]:
    """Signals at which nobody has looked yet, the newest first."""
    found = sa.select(Signal).where(Signal.seen_at.is_(None))
    if (start := paging.parts(after, int, int)) is not None:
        found = found.where(sa.tuple_(Signal.at, Signal.id) < sa.tuple_(paging.moment(start[0]), start[1]))
    rows = db.session.scalars(found.order_by(Signal.at.desc(), Signal.id.desc()).limit(PAGE + 1)).all()
    return paging.page_of(rows, PAGE, lambda one: (paging.microseconds(one.at), one.id))


def locked(signal_id: int) -> Signal:
    """Raises NotFound."""
    found = db.session.scalar(sa.select(Signal).filter_by(id=signal_id).with_for_update())
    if found is None:
        raise NotFound(_("없는 알림이에요. 새로 고친 뒤 다시 확인해 주세요."))
    return found


def words() -> list[WatchedWord]:
    return list(db.session.scalars(sa.select(WatchedWord).order_by(WatchedWord.word)))


def word_keys() -> list[str]:
    """The words as they are compared."""
    return [plain_text.key(word) for word in db.session.scalars(sa.select(WatchedWord.word))]


def latest_comments() -> list[tuple[int, str]]:
    rows = db.session.execute(sa.select(Comment.id, Comment.source).where(Comment.deleted_at.is_(None))
                              .order_by(Comment.id.desc()).limit(LATEST))
    return [tuple(row) for row in rows]


def latest_accounts() -> list[tuple[int, object]]:
    """Those that people made themselves, the oldest first."""
    rows = db.session.execute(sa.select(User.id, User.created_at).where(User.opened_by_id.is_(None))
                              .order_by(User.id.desc()).limit(LATEST))
    return [tuple(row) for row in rows][::-1]
