"""The index on PostgreSQL: a table of ready-made tsvectors with a GIN index."""

from collections.abc import Sequence
from datetime import timezone
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.orm import Session

from civic_forum.platform.base import WRITTEN

from .models import Entry
from .rules import Wish, numbered

_index = sa.table("search_index", sa.column("id", sa.BigInteger), sa.column("tokens", TSVECTOR))
_ADD = sa.text("INSERT INTO search_index(id, tokens) VALUES (:id, CAST(:tokens AS tsvector))")

SHORT_WALK, FEW, LONG_WALK, LONGER_WALK = 400, 3, 5_000, 20_000
"""How many of the newest entries are looked at one by one before the GIN index is asked, and how few
hits on the short walk make the long one not worth while. GIN finds rare words at once but must fetch
and sort every match of a frequent one; of a frequent word the newest twenty are never far, unless
filters let few of them through: hence the longer walk below a restriction."""


def document(tokens: Sequence[str]) -> str:
    """The tokens as PostgreSQL reads them. No token holds a quote, a space or a backslash."""
    places: dict[str, list[str]] = {}
    for number, token in enumerate(tokens, start=1):
        places.setdefault(token, []).append(str(number))
    return " ".join(f"'{token}':{','.join(numbers)}" for token, numbers in places.items())


def add(session: Session, number: int, tokens: Sequence[str]) -> None:
    session.execute(_ADD, {"id": number, "tokens": document(tokens)})


def discard(session: Session, number: int, _tokens: Sequence[str]) -> None:
    session.execute(sa.delete(_index).where(_index.c.id == number))


def discard_many(session: Session, entries: Sequence[tuple[int, Sequence[str]]]) -> None:
    """Forget several texts; each with its number."""
    session.execute(sa.delete(_index).where(_index.c.id.in_([number for number, _tokens in entries])))


def clear(session: Session) -> None:
    session.execute(sa.delete(_index))


def add_many(session: Session, entries: Sequence[dict], documents: Sequence[str]) -> None:
    connection = session.connection()
    cursor = connection.connection.cursor()
    columns = [column.name for column in Entry.__table__.c]
    with cursor.copy(f"COPY search_entry ({', '.join(columns)}) FROM STDIN") as copy:
        for entry in entries:
            in_utc = entry | {"at": entry["at"].astimezone(timezone.utc).replace(tzinfo=None)}
            copy.write_row([in_utc[column] for column in columns])
    with cursor.copy("COPY search_index (id, tokens) FROM STDIN") as copy:
        for entry, tokens in zip(entries, documents):
            copy.write_row((entry["id"], tokens))
    connection.info.setdefault(WRITTEN, set()).add(Entry.__tablename__)


def finish_many(session: Session) -> None:
    """Sort in what still waits in the list of the GIN index, which every query reads, and tell the planner."""
    session.execute(sa.text("SELECT gin_clean_pending_list('ix_search_index_tokens')"))
    session.execute(sa.text("ANALYZE search_entry, search_index"))


def all_of(*expressions: str) -> str:
    return "(" + " & ".join(expressions) + ")"


def any_of(*expressions: str) -> str:
    return "(" + " | ".join(expressions) + ")"


def without(expression: str, unwanted: str) -> str:
    return f"{expression} & !{unwanted}"


def phrase(tokens: Sequence[str]) -> str:
    return "(" + " <-> ".join(f"'{token}'" for token in tokens) + ")"


def newest(session: Session, wishes: Sequence[Wish], restrict: sa.ColumnElement[bool] | None) -> Sequence[sa.Row]:
    """The newest entries of each list, in one statement; `number` says of which list."""
    statement = _all_newest(len(wishes)) if restrict is None else _all_newest.__wrapped__(len(wishes), restrict)
    return session.execute(statement, numbered(wishes)).all()


@lru_cache
def _all_newest(count: int, restrict: sa.ColumnElement[bool] | None = None) -> sa.Select:
    # Building it takes longer than running it, so it is kept.
    parts = [_newest_of(number, restrict) for number in range(count)]
    ids = sa.union_all(*(sa.select(sa.literal(number).label("number"), part.c.id)
                         for number, part in enumerate(parts))).subquery("ids")
    return sa.select(ids.c.number, *Entry.__table__.c).join_from(ids, Entry, Entry.id == ids.c.id)


def _newest_of(number: int, restrict: sa.ColumnElement[bool] | None) -> sa.Subquery:
    """First a short walk; a long one if that found some but not enough; the GIN index if there are still too few."""
    limit = sa.bindparam(f"limit_{number}", type_=sa.BigInteger)
    near = _first(_walk(number, SHORT_WALK), restrict, limit)
    seen = near if restrict is None else _first(_walk(number, SHORT_WALK), None, sa.literal(FEW + 1))
    length = LONG_WALK if restrict is None else LONGER_WALK
    far = _first(_walk(number, length), restrict, limit, _size(seen) > FEW, _size(near) < limit)
    looked_up = _first(_look_up(number, _size(near) < limit, _size(far) < limit), restrict, limit)
    every = sa.union(*(sa.select(part.c.id) for part in (near, far, looked_up))).subquery()
    return sa.select(every).order_by(every.c.id.desc()).limit(limit).subquery()


def _walk(number: int, length: int) -> sa.Subquery:
    # The limit inside is a fence: the planner cannot turn the walk into something else.
    between = _index.c.id.between(sa.bindparam(f"first_{number}"), sa.bindparam(f"last_{number}"))
    walk = sa.select(_index).where(between).order_by(_index.c.id.desc()).limit(length).subquery()
    return sa.select(walk.c.id).where(_matching(walk.c.tokens, number)).subquery()


def _look_up(number: int, *conditions: sa.ColumnElement[bool]) -> sa.CTE:
    # Materialised, or the planner may walk the primary key for `ORDER BY id DESC LIMIT`; nor shall it
    # read all of that key for the comparison, hence the sum. The tokens themselves say of which kind.
    return (sa.select(_index.c.id)
            .where(_matching(_index.c.tokens, number), _index.c.id + 0 <= sa.bindparam(f"last_{number}"), *conditions)
            .cte().prefix_with("MATERIALIZED"))


def _first(matches: sa.FromClause, restrict: sa.ColumnElement[bool] | None, limit: sa.ColumnElement[int],
           *conditions: sa.ColumnElement[bool]) -> sa.CTE:
    newest = _restricted(matches, restrict).where(*conditions).order_by(matches.c.id.desc()).limit(limit)
    return newest.cte().prefix_with("MATERIALIZED")


def _restricted(matches: sa.FromClause, restrict: sa.ColumnElement[bool] | None) -> sa.Select[tuple[int]]:
    if restrict is None:
        return sa.select(matches.c.id)
    return sa.select(matches.c.id).join_from(matches, Entry, Entry.id == matches.c.id).where(restrict)


def _size(matches: sa.CTE) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).select_from(matches).scalar_subquery()


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
    matches = sa.select(_index.c.id).where(_matching(_index.c.tokens, number)).cte().prefix_with("MATERIALIZED")
    some = _restricted(matches, restrict).limit(cap).subquery()
    return sa.select(sa.func.count()).select_from(some).scalar_subquery()


def _matching(tokens: sa.ColumnElement, number: int) -> sa.ColumnElement[bool]:
    return tokens.op("@@")(sa.cast(sa.bindparam(f"expression_{number}", type_=sa.Text), TSQUERY))
