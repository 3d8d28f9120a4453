"""Index of texts that can be found by searching, one row for each."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from civic_forum.platform.base import Number, db

from . import schema
from .rules import TITLE_LENGTH
from .spelling import KEY_LENGTH


class Entry(db.Model):
    """A text as it is found and shown; its tokens lie in `search_index` under the same id."""

    __tablename__ = "search_entry"
    __table_args__ = (sa.UniqueConstraint("kind", "ref_id"),)

    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=False)
    """Grows with the age of the text within its kind: `rules.place`."""
    kind: Mapped[str] = mapped_column(sa.String(40))
    """One of `rules.KINDS`."""
    ref_id: Mapped[int]
    """The id of the text in its own table."""
    title: Mapped[str] = mapped_column(sa.String(TITLE_LENGTH))
    body: Mapped[str] = mapped_column(sa.Text)
    """Plain text, at most 10,000 characters."""
    at: Mapped[datetime]


class KnownWord(db.Model):
    """A word of the texts that can be found, under one of the keys at which words beside it are looked for."""

    __tablename__ = "search_word"

    key: Mapped[str] = mapped_column(sa.String(KEY_LENGTH), primary_key=True)
    """`spelling.keys`"""
    word: Mapped[str] = mapped_column(sa.String(KEY_LENGTH), primary_key=True)
    count: Mapped[int]
    """Texts that had it when they were last counted."""


@sa.event.listens_for(Entry.__table__, "after_create")
def _create_index(_table, connection, **_):
    schema.create(connection)


@sa.event.listens_for(Entry.__table__, "before_drop")
def _drop_index(_table, connection, **_):
    schema.drop(connection)
