"""The index on SQLite: an FTS5 table without content, with one column of ready-made tokens."""

from collections.abc import Sequence
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from .models import Entry
from .rules import Wish, numbered

_index = sa.table("search_index", sa.column("rowid"))
# The plus keeps the planner from asking the index anew for each entry.
_same = Entry.id == sa.literal_column("+search_index.rowid")
_ADD = sa.text("INSERT INTO search_index(rowid, tokens) VALUES (:id, :tokens)")
# A table without content forgets a text only when it is told again what the text was.
_DISCARD = sa.text("INSERT INTO search_index(search_index, rowid, tokens) VALUES ('delete', :id, :tokens)")
_MERGE = sa.text("INSERT INTO search_index(search_index) VALUES ('optimize')")
_CLEAR = sa.text("INSERT INTO search_index(search_index) VALUES ('delete-all')")


def document(tokens: Sequence[str]) -> str:
    return " ".join(tokens)


def add(session: Session, number: int, tokens: Sequence[str]) -> None:
    session.execute(_ADD, {"id": number, "tokens": document(tokens)})


def discard(session: Session, number: int, tokens: Sequence[str]) -> None:
    session.execute(_DISCARD, {"id": number, "tokens": document(tokens)})


def discard_many(session: Session, entries: Sequence[tuple[int, Sequence[str]]]) -> None:
    """Forget several texts; each with its number and the tokens it had."""
    session.execute(_DISCARD, [{"id": number, "tokens": document(tokens)} for number, tokens in entries])


def clear(session: Session) -> None:
    session.execute(_CLEAR)


def add_many(session: Session, entries: Sequence[dict], documents: Sequence[str]) -> None:
    """Entries in the order of their ids: FTS5 writes a segment each time that an id is smaller than the last."""
    session.execute(sa.insert(Entry.__table__), entries)
    session.execute(_ADD, [{"id": entry["id"], "tokens": tokens} for entry, tokens in zip(entries, documents)])


def finish_many(session: Session) -> None:
    """Merge the segments, each of which every query asks (4 s for a million comments)."""
    session.execute(_MERGE)


def all_of(*expressions: str) -> str:
    return "(" + " AND ".join(expressions) + ")"


def any_of(*expressions: str) -> str:
    return "(" + " OR ".join(expressions) + ")"


def without(expression: str, unwanted: str) -> str:
    return f"{expression} NOT {unwanted}"


def phrase(tokens: Sequence[str]) -> str:
    return f'"{" ".join(tokens)}"'


def newest(session: Session, wishes: Sequence[Wish], restrict: sa.ColumnElement[bool] | None) -> Sequence[sa.Row]:
    """The newest entries of each list, in one statement; `number` says of which list."""
    statement = _all_newest(len(wishes)) if restrict is None else _all_newest.__wrapped__(len(wishes), restrict)
    return session.execute(statement, numbered(wishes)).all()


@lru_cache
def _all_newest(count: int, restrict: sa.ColumnElement[bool] | None = None) -> sa.Select:
    # Building it takes longer than running it, so it is kept.
    parts = [sa.select(_newest_of(number, restrict)) for number in range(count)]
    return sa.select(sa.union_all(*parts).subquery())


def _newest_of(number: int, restrict: sa.ColumnElement[bool] | None) -> sa.Subquery:
    """FTS5 walks its lists from the newest backwards by itself, as far as is asked."""
    between = _index.c.rowid.between(sa.bindparam(f"first_{number}"), sa.bindparam(f"last_{number}"))
    newest = (sa.select(sa.literal(number).label("number"), *Entry.__table__.c).join_from(_index, Entry, _same)
              .where(_matching(number), between).order_by(_index.c.rowid.desc())
              .limit(sa.bindparam(f"limit_{number}", type_=sa.Integer)))
    return (newest if restrict is None else newest.where(restrict)).subquery()


def tally(session: Session, expressions: Sequence[str], cap: int,
          restrict: sa.ColumnElement[bool] | None = None) -> Sequence[int]:
    """Numbers of entries that match each expression; counting stops at `cap`."""
    count = len(expressions)
    statement = _kept_tallies(count, cap) if restrict is None else _tallies(count, cap, restrict)
    return session.execute(statement, {f"expression_{number}": text for number, text in enumerate(expressions)}).one()


def _tallies(count: int, cap: int, restrict: sa.ColumnElement[bool] | None = None) -> sa.Select:
    return sa.select(*(_tallied(number, cap, restrict) for number in range(count)))


_kept_tallies = lru_cache(_tallies)


def _tallied(number: int, cap: int, restrict: sa.ColumnElement[bool] | None) -> sa.ScalarSelect[int]:
    matches = sa.select(_index.c.rowid).where(_matching(number)).limit(cap)
    if restrict is not None:
        matches = matches.join_from(_index, Entry, _same).where(restrict)
    return sa.select(sa.func.count()).select_from(matches.subquery()).scalar_subquery()


def _matching(number: int) -> sa.TextClause:
    return sa.text(f"search_index MATCH :expression_{number}")
