"""Texts of a wave of spam: by what they say, by who wrote them, by a burst of new accounts."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.blocks.kinds import Ref
from civic_forum.comments.models import Comment
from civic_forum.platform.base import db
from civic_forum.platform.rich_text import excerpt
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.queries.records import READABLE
from civic_forum.search import queries as search

from ..rules import MOST_AT_ONCE

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
    return _found({kind: [one for of, one in things if of == kind] for kind in TEXTS})


def _found(ids: dict[str, list[int]]) -> list[Found]:
    return _listed(lambda table: table.id.in_(ids["comment" if table is Comment else "proposal"]))


def _listed(condition) -> list[Found]:
    """Texts under this condition that everybody can read, the newest first, as many as one act may have."""
    rows = [*_comments(condition), *_proposals(condition)]
    return sorted(rows, key=lambda one: (one.at, one.id), reverse=True)[:MOST_AT_ONCE]


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
