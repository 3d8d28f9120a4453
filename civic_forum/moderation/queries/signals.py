"""Signals that nobody has looked at, what they are found in, and the words that moderators watch for."""

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.blocks import listing
from civic_forum.blocks.listing import Chosen, Filter, Listing, Order
from civic_forum.comments.models import Comment
from civic_forum.platform import plain_text
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.paging import Page

from .. import labels
from ..models import Signal, WatchedWord
from .texts import of_kind, saying

LATEST = 500
"""Comments and accounts that are looked through for what repeats."""


UNSEEN = listing.declare(Listing(
    "signals", lambda: sa.select(Signal).where(Signal.seen_at.is_(None)), endpoint="moderation_desk.list_signals",
    size=30,
    filters=(Filter("signal", _l("눈에 띄는 점"), Signal.kind, labels.SIGNAL, _l("눈에 띄는 점 모두")),
             of_kind(Signal.subject_kind, accounts=True),
             saying(Signal.subject_kind, Signal.subject_id)),
    orders=(Order("newest", _l("최신순"), (Signal.at.desc(), Signal.id.desc())),
            Order("oldest", _l("오래된순"), (Signal.at, Signal.id)))))


def unseen(wanted: Chosen, after: str | None = None) -> Page[Signal]:
    """Signals at which nobody has looked yet."""
    page = wanted.page(after)
    return Page([row[0] for row in page.items], page.after)


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
