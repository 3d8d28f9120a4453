"""Reading long tables: a batch at a time, and between two of them no connection is held."""

import time
from collections.abc import Iterator

import sqlalchemy as sa

from civic_forum.kernel.base import db
from civic_forum.kernel.work import let_go

BATCH = 2_000


def whole(statement: sa.Select, key: sa.ColumnElement) -> Iterator[sa.Row]:
    """Every row of a statement by its `key`, which is its first column and different in each row."""
    statement, after = statement.order_by(key).limit(BATCH), None
    while True:
        batch = db.session.execute(statement if after is None else statement.where(key > after)).all()
        let_go()
        yield from batch
        if len(batch) < BATCH:
            return
        after = batch[-1][0]
        time.sleep(0)  # SQLite never yields to gevent: let the others have their turn


def words(of: dict) -> dict:
    """In the language of the page, once for all rows."""
    return {one: str(word) for one, word in of.items()}


def numbers(chosen, *names: str) -> list[int | None]:
    """Chosen values of these filters, as numbers."""
    return [int(chosen[name]) if chosen.get(name) else None for name in names]
