"""Waves of new accounts, and signals."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.blocks import listing
from civic_forum.blocks.filters import Filter
from civic_forum.blocks.kinds import Ref
from civic_forum.blocks.listing import Chosen, Listing
from civic_forum.blocks.orders import Order
from civic_forum.comments.models import Comment
from civic_forum.platform import folding
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.paging import Page
from civic_forum.platform.rich_text import excerpt
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.queries.records import READABLE
from civic_forum.search import queries as search

from .. import labels
from ..models import Signal, WatchedWord
from ..rules import MOST_AT_ONCE
from .texts import of_kind, saying

TEXTS = {"comment": Comment, "proposal": Proposal}
"""In the order in which they are locked. Objections are no spam: an author has one for each agenda."""


@dataclass(frozen=True)
class Found:
    """A text that may belong to a wave."""

    kind: str
    id: int
    text: str
    author_id: int
    author: str | None
    joined: datetime
    at: datetime
    url: str

    @property
    def key(self) -> str:
        return str(Ref(self.kind, self.id))


def still_shown(kind: str, ids: Collection[int]) -> list[int]:
    """Those of these texts that everybody can read; the caller holds them (`steps.texts.hold_texts`)."""
    if not ids:
        return []
    table = TEXTS[kind]
    return list(db.session.scalars(sa.select(table.id).where(table.id.in_(ids), _shown(table)).order_by(table.id)))


def by_text(words: str) -> list[Found]:
    """Texts that have every one of these words, the newest first."""
    hits = search.matches(words, tuple(TEXTS), limit=MOST_AT_ONCE).items
    return _found({kind: [hit.ref_id for hit in hits if hit.kind == kind] for kind in TEXTS})


def by_author(user_id: int) -> list[Found]:
    return _listed(lambda table: table.author_id == user_id)


def by_new_accounts(since: datetime) -> list[Found]:
    """Texts of accounts that were opened after this moment."""
    fresh = sa.select(User.id).where(User.created_at >= since)
    return _listed(lambda table: table.author_id.in_(fresh))


def of_things(things: Collection[tuple[str, int]]) -> list[Found]:
    """Those of these texts that everybody can read."""
    return _found({kind: [id_ for of, id_ in things if of == kind] for kind in TEXTS})


def _found(ids: dict[str, list[int]]) -> list[Found]:
    return _listed(lambda table: table.id.in_(ids["comment" if table is Comment else "proposal"]))


def _listed(condition) -> list[Found]:
    """Texts under this condition that everybody can read, the newest first, as many as one act may have."""
    rows = [*_comments(condition), *_proposals(condition)]
    return sorted(rows, key=lambda text: (text.at, text.id), reverse=True)[:MOST_AT_ONCE]


def _comments(condition) -> list[Found]:
    rows = db.session.execute(
        sa.select(Comment.id, Comment.html, Comment.author_id, User.nickname, User.created_at, Comment.at)
        .join(User, User.id == Comment.author_id).where(condition(Comment), _shown(Comment))
        .order_by(Comment.at.desc(), Comment.id.desc()).limit(MOST_AT_ONCE))
    return [Found("comment", key, excerpt(html), *who, url=f"/comments/{key}") for key, html, *who in rows]


def _proposals(condition) -> list[Found]:
    rows = db.session.execute(
        sa.select(Proposal.number, Proposal.id, Proposal.title, Proposal.author_id, User.nickname, User.created_at,
                  Proposal.published_at)
        .join(User, User.id == Proposal.author_id).where(condition(Proposal), _shown(Proposal))
        .order_by(Proposal.published_at.desc(), Proposal.id.desc()).limit(MOST_AT_ONCE))
    return [Found("proposal", key, title, *who, url=f"/proposals/{number}") for number, key, title, *who in rows]


def _shown(table) -> sa.ColumnElement[bool]:
    return sa.and_(Comment.deleted_at.is_(None), Comment.hidden_at.is_(None)) if table is Comment else READABLE


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
    return existing(db.session.scalar(sa.select(Signal).filter_by(id=signal_id).with_for_update()),
                    lambda: NotFound(_("없는 알림이에요. 새로 고친 뒤 다시 확인해 주세요.")))


def words() -> list[WatchedWord]:
    return list(db.session.scalars(sa.select(WatchedWord).order_by(WatchedWord.word)))


def word_keys() -> list[str]:
    """The words as they are compared."""
    return [folding.folded(word) for word in db.session.scalars(sa.select(WatchedWord.word))]


def latest_comments() -> list[tuple[int, str]]:
    rows = db.session.execute(sa.select(Comment.id, Comment.source).where(Comment.deleted_at.is_(None))
                              .order_by(Comment.id.desc()).limit(LATEST))
    return [tuple(row) for row in rows]


def latest_accounts() -> list[tuple[int, object]]:
    """Those that people made themselves, the oldest first."""
    rows = db.session.execute(sa.select(User.id, User.created_at).where(User.opened_by_id.is_(None))
                              .order_by(User.id.desc()).limit(LATEST))
    return [tuple(row) for row in rows][::-1]
