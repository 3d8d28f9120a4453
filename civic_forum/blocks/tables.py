"""Rows of a list as tables: CSV and XLSX say the same columns."""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import Any, BinaryIO

import sqlalchemy as sa

from civic_forum.platform import spreadsheets
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from civic_forum.platform.work import let_go

from .listing import Chosen, Column, Listing
from .orders import Row

BATCH = 2_000


def whole(statement: sa.Select[Any], key: sa.ColumnElement[Any]) -> Iterator[Row]:
    """Every row of a statement by its `key`, which is its first column and different in each row: a batch at a time,
    and between two of them no connection is held."""
    statement, after = statement.order_by(key).limit(BATCH), None
    while True:
        batch = db.session.execute(statement if after is None else statement.where(key > after)).all()
        let_go()
        yield from batch
        if len(batch) < BATCH:
            return
        after = batch[-1][0]
        time.sleep(0)  # SQLite never yields to gevent: let the others have their turn


def header(listing: Listing) -> list[str]:
    return [str(column.label) for column in listing.columns]


def rows(chosen: Chosen, scope: tuple[Any, ...] = ()) -> Iterator[tuple[object, ...]]:
    """Cells of every row below the filters, by the first column of the statement, in the order of the columns."""
    statement = chosen.listing.select(*scope).where(*chosen.conditions())
    cells = _cells(chosen.listing)
    for row in whole(statement, statement.selected_columns[0]):
        yield tuple([cell(row) for cell in cells])


def write_csv(file: BinaryIO, chosen: Chosen, scope: tuple[Any, ...] = (), *,
              above: Sequence[Sequence[object]] = ()) -> None:
    spreadsheets.write_csv(file, above, header(chosen.listing), rows(chosen, scope))


def write_xlsx(file: BinaryIO, chosen: Chosen, scope: tuple[Any, ...] = (), *,
               above: Sequence[Sequence[object]] = ()) -> None:
    """Raises Refusal for more rows than a sheet has."""
    spreadsheets.write_xlsx(file, above, header(chosen.listing), rows(chosen, scope))


def _value(column: Column) -> Callable[[Row], Any]:
    value: Callable[[Row], Any] = column.value or attrgetter(column.key)
    return (lambda row: _day(value(row))) if column.type == "day" else value


def _cells(listing: Listing) -> list[Callable[[Row], object]]:
    """For each column what its cell holds: labels in the language of the page, made once for all rows."""
    return [_cell(column) for column in listing.columns]


def _cell(column: Column) -> Callable[[Row], object]:
    value = _value(column)
    if column.labels is None:
        return value
    labels = {key: str(label) for key, label in column.labels.items()}

    def cell(row: Row) -> object:
        content = value(row)
        return labels.get(content, content)

    return cell


def _day(value: date | datetime | None) -> date | None:
    """In Seoul."""
    return local(value).date() if isinstance(value, datetime) else value
