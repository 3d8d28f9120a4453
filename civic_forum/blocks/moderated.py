"""Texts that people report and moderators hide, as a capability of their kind."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic

import sqlalchemy as sa
from sqlalchemy.orm import Session

from .kinds import Actor, Capability, Record


def _put_hidden(_work: Any, hidden: Mapping[Any, tuple[datetime, str] | None]) -> None:
    for record, hiding in hidden.items():
        record.hidden_at, record.hidden_rule = hiding or (None, None)


@dataclass(frozen=True)
class Passage:
    """A text as whoever decides about it reads it: the reported one, or one around it."""

    id: int
    author: str
    at: datetime
    parts: tuple[Any, ...]
    """Safe HTML or plain text."""
    is_deleted: bool = False
    hidden_rule: str | None = None


@dataclass(frozen=True)
class Surroundings:
    """A reported text with what stands around it."""

    title: str | None
    """Of the thing itself, or of what it is about."""
    url: str
    passage: Passage
    parent: Passage | None = None
    before: Sequence[Passage] = ()
    after: Sequence[Passage] = ()


@dataclass(frozen=True, kw_only=True)
class Moderated(Capability, Generic[Record]):
    """A text that people report and moderators hide. What is not said goes by the columns `hidden_at` and
    `hidden_rule` of the model."""

    find: Callable[[Actor, int], Record | None]
    """The text, or None where the actor cannot see it or nobody answers for its words."""
    excerpt: Callable[[Record], str]
    author: sa.ColumnElement[int] | Any
    """Whose it is, as a column of the model."""
    words: sa.ColumnElement[str] | Any
    """Column of the text by which moderators look for it."""
    around: Callable[[Record], Surroundings | None]
    """None: nothing that anybody could have reported."""
    locked: Callable[[Session, Collection[int]], Mapping[int, Record]] | None = None
    """Read again, and locked in one order until the transaction ends."""
    put_hidden: Callable[[Any, Mapping[Record, tuple[datetime, str] | None]], None] = _put_hidden
    """(work, record → since when and under which rule it is hidden, None: it is shown)"""
    described: Callable[[Collection[int]], Mapping[int, tuple[str, str]]]
    """id → the first words and the address, hidden ones too, in one statement; for moderators and authors."""
    at: Callable[[str], int | None]
    """The id of the text at this address, None for an address of something else."""
    is_anonymous: bool = False
    """No page says whose it is, and it may be nobody's any more: moderators learn it by a report alone."""

    def authors(self, session: Session, ids: Collection[int]) -> dict[int, int | None]:
        """id → id of the author, where there is one or none is needed; nothing is locked."""
        key = self.author.class_.id
        rows = session.execute(sa.select(key, self.author.label("author")).where(
            key.in_(ids), sa.or_(self.author.is_not(None), sa.literal(self.is_anonymous))))
        return {row.id: row.author for row in rows}

    def held(self, session: Session, ids: Collection[int]) -> Mapping[int, Record]:
        """As `locked` says."""
        if self.locked is not None:
            return self.locked(session, ids)
        model = self.author.class_
        rows = session.scalars(sa.select(model).where(model.id.in_(ids)).order_by(model.id)
                               .with_for_update(key_share=True, of=model).execution_options(populate_existing=True))
        return {record.id: record for record in rows}


_hidden_because: dict[str, object] = {}


def say_rules(labels: Mapping[str, object]) -> None:
    """The rules of moderation in words, for pages of what was hidden."""
    _hidden_because.update(labels)


def rule(name: str | None) -> str:
    """Words of the rule under which something was hidden; nothing for none."""
    return str(_hidden_because.get(name, name)) if name else ""
