"""The index on PostgreSQL: a table of ready-made tsvectors with a GIN index."""

from collections.abc import Sequence
from datetime import timezone

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.orm import Session

from .models import Entry

_index = sa.table("search_index", sa.column("id", sa.BigInteger), sa.column("tokens", TSVECTOR))
_ADD = sa.text("INSERT INTO search_index(id, tokens) VALUES (:id, CAST(:tokens AS tsvector))")

WALKS = ((1_000, 3), (25_000, None))
"""How many of the newest entries are looked at one by one before the GIN index is asked, and with how
few hits among them a longer walk is not worth it. GIN finds rare words at once but must fetch and sort
every match of a frequent one; of a frequent word the newest twenty are never far (1 µs an entry)."""


def document(tokens: Sequence[str]) -> str:
    """The tokens as PostgreSQL reads them. No token holds a quote, a space or a backslash."""
    places: dict[str, list[str]] = {}
    for number, token in enumerate(tokens, start=1):
        places.setdefault(token, []).append(str(number))
    return " ".join(f"'{token}':{','.join(found)}" for token, found in places.items())


def add(session: Session, number: int, tokens: Sequence[str]) -> None:
    session.execute(_ADD, {"id": number, "tokens": document(tokens)})


def discard(session: Session, number: int, _tokens: Sequence[str]) -> None:
    session.execute(sa.delete(_index).where(_index.c.id == number))


def clear(session: Session) -> None:
    session.execute(sa.delete(_index))


def add_many(session: Session, entries: Sequence[dict], documents: Sequence[str]) -> None:
    cursor = session.connection().connection.cursor()
    columns = [column.name for column in Entry.__table__.c]
    with cursor.copy(f"COPY search_entry ({', '.join(columns)}) FROM STDIN") as copy:
        for entry in entries:
            in_utc = entry | {"at": entry["at"].astimezone(timezone.utc).replace(tzinfo=None)}
            copy.write_row([in_utc[column] for column in columns])
    with cursor.copy("COPY search_index (id, tokens) FROM STDIN") as copy:
        for entry, tokens in zip(entries, documents):
            copy.write_row((entry["id"], tokens))


def finish_many(session: Session) -> None:
    """Sort the entries into the GIN index that still wait in its list, which every query would read."""
    session.execute(sa.text("SELECT gin_clean_pending_list('ix_search_index_tokens')"))


def all_of(*expressions: str) -> str:
    return "(" + " & ".join(expressions) + ")"


def any_of(*expressions: str) -> str:
    return "(" + " | ".join(expressions) + ")"


def without(expression: str, unwanted: str) -> str:
    return f"{expression} & !{unwanted}"


def phrase(tokens: Sequence[str]) -> str:
    return "(" + " <-> ".join(f"'{token}'" for token in tokens) + ")"


def newest(session: Session, expression: str, places: tuple[int, int], limit: int,
           restrict: sa.ColumnElement[bool] | None) -> Sequence[sa.Row]:
    """Entries that match, from the last place backwards."""
    for length, few in WALKS:
        found = session.execute(_walked(expression, places, length, limit, restrict)).all()
        if len(found) == limit:
            return found
        if few is not None and len(found) <= few:
            break
    return session.execute(_looked_up(expression, places, limit, restrict)).all()


def _walked(expression: str, places: tuple[int, int], length: int, limit: int,
            restrict: sa.ColumnElement[bool] | None) -> sa.Select:
    # The limit inside is a fence: the planner cannot turn the walk into something else.
    walk = (sa.select(_index).where(_index.c.id.between(*places))
            .order_by(_index.c.id.desc()).limit(length).subquery("walk"))
    statement = (sa.select(*Entry.__table__.c).join_from(walk, Entry, Entry.id == walk.c.id)
                 .where(_matching(walk.c.tokens, expression)).order_by(walk.c.id.desc()).limit(limit))
    return statement if restrict is None else statement.where(restrict)


def _looked_up(expression: str, places: tuple[int, int], limit: int,
               restrict: sa.ColumnElement[bool] | None) -> sa.Select:
    # Materialised, or the planner may walk the primary key for `ORDER BY id DESC LIMIT`.
    found = (sa.select(_index.c.id).where(_matching(_index.c.tokens, expression), _index.c.id.between(*places))
             .cte("found").prefix_with("MATERIALIZED"))
    if restrict is None:
        first = sa.select(found).order_by(found.c.id.desc()).limit(limit).subquery("first")
        return (sa.select(*Entry.__table__.c).join_from(first, Entry, Entry.id == first.c.id)
                .order_by(first.c.id.desc()))
    return (sa.select(*Entry.__table__.c).join_from(found, Entry, Entry.id == found.c.id)
            .where(restrict).order_by(found.c.id.desc()).limit(limit))


def tally(session: Session, expressions: Sequence[str], cap: int,
          restrict: sa.ColumnElement[bool] | None = None) -> Sequence[int]:
    """How many entries match each expression; counting stops at `cap`."""
    return session.execute(sa.select(*(_counted(expression, cap, restrict) for expression in expressions))).one()


def _counted(expression: str, cap: int, restrict: sa.ColumnElement[bool] | None) -> sa.ScalarSelect[int]:
    found = (sa.select(_index.c.id).where(_matching(_index.c.tokens, expression))
             .cte().prefix_with("MATERIALIZED"))
    first = sa.select(found.c.id).limit(cap)
    if restrict is not None:
        first = first.join_from(found, Entry, Entry.id == found.c.id).where(restrict)
    return sa.select(sa.func.count()).select_from(first.subquery()).scalar_subquery()


def _matching(tokens: sa.ColumnElement, expression: str) -> sa.ColumnElement[bool]:
    return tokens.op("@@")(sa.cast(expression, TSQUERY))
