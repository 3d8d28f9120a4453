"""The index on SQLite: an FTS5 table without content, with one column of ready-made tokens."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from .models import Entry

_index = sa.table("search_index", sa.column("rowid"))
_ADD = sa.text("INSERT INTO search_index(rowid, tokens) VALUES (:id, :tokens)")
# A table without content forgets a text only when it is told again what the text was.
_DISCARD = sa.text("INSERT INTO search_index(search_index, rowid, tokens) VALUES ('delete', :id, :tokens)")
_CLEAR = sa.text("INSERT INTO search_index(search_index) VALUES ('delete-all')")


def document(tokens: Sequence[str]) -> str:
    return " ".join(tokens)


def add(session: Session, number: int, tokens: Sequence[str]) -> None:
    session.execute(_ADD, {"id": number, "tokens": document(tokens)})


def discard(session: Session, number: int, tokens: Sequence[str]) -> None:
    session.execute(_DISCARD, {"id": number, "tokens": document(tokens)})


def clear(session: Session) -> None:
    session.execute(_CLEAR)


def add_many(session: Session, entries: Sequence[dict], documents: Sequence[str]) -> None:
    """Entries in the order of their ids: FTS5 writes a segment each time that an id is smaller than the last."""
    session.execute(sa.insert(Entry.__table__), entries)
    session.execute(_ADD, [{"id": entry["id"], "tokens": tokens} for entry, tokens in zip(entries, documents)])


def finish_many(session: Session) -> None:
    """Nothing: FTS5 merges its segments as it goes."""


def all_of(*expressions: str) -> str:
    return "(" + " AND ".join(expressions) + ")"


def any_of(*expressions: str) -> str:
    return "(" + " OR ".join(expressions) + ")"


def without(expression: str, unwanted: str) -> str:
    return f"{expression} NOT {unwanted}"


def phrase(tokens: Sequence[str]) -> str:
    return f'"{" ".join(tokens)}"'


def newest(session: Session, expression: str, places: tuple[int, int], limit: int,
           restrict: sa.ColumnElement[bool] | None) -> Sequence[sa.Row]:
    """Entries that match, from the last place backwards; FTS5 walks its lists in that order by itself."""
    # The plus keeps the planner from asking the index anew for each entry.
    statement = (sa.select(*Entry.__table__.c)
                 .join_from(_index, Entry, Entry.id == sa.literal_column("+search_index.rowid"))
                 .where(_matching(expression), _index.c.rowid.between(*places))
                 .order_by(_index.c.rowid.desc()).limit(limit))
    return session.execute(statement if restrict is None else statement.where(restrict)).all()


def tally(session: Session, expressions: Sequence[str], cap: int,
          restrict: sa.ColumnElement[bool] | None = None) -> Sequence[int]:
    """How many entries match each expression; counting stops at `cap`."""
    return session.execute(sa.select(*(_counted(expression, cap, restrict) for expression in expressions))).one()


def _counted(expression: str, cap: int, restrict: sa.ColumnElement[bool] | None) -> sa.ScalarSelect[int]:
    found = sa.select(sa.literal_column("1").label("one")).where(_matching(expression)).limit(cap)
    if restrict is None:
        found = found.select_from(_index)
    else:
        found = found.join_from(_index, Entry, Entry.id == sa.literal_column("+search_index.rowid")).where(restrict)
    return sa.select(sa.func.count()).select_from(found.subquery()).scalar_subquery()


def _matching(expression: str) -> sa.TextClause:
    return sa.text("search_index MATCH :expression").bindparams(
        sa.bindparam("expression", expression, unique=True))
