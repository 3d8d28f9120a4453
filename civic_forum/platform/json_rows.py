"""Rows that belong to a record as one JSON column of its own statement, so that a page needs no statement more."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timezone

import sqlalchemy as sa

from .base import is_sqlite


def gathered(rows: sa.Select, about: type) -> sa.ScalarSelect:
    """All rows of a statement that is correlated with the model `about`."""
    inner = rows.correlate(about).subquery()
    build, gather = (("json_array", "json_group_array") if is_sqlite() else ("json_build_array", "json_agg"))
    return sa.select(getattr(sa.func, gather)(getattr(sa.func, build)(*inner.c))).scalar_subquery()


def gathered_beside(reads: Mapping[str, Callable[[sa.ColumnElement[int]], sa.Select]],
                    record_id: sa.ColumnElement[int], about: type) -> list[sa.ScalarSelect]:
    """Facts that features above need for their sections of a page (`Page.reads`) about a record of `about`."""
    return [gathered(rows(record_id), about) for rows in reads.values()]


def beside(reads: Iterable[str], columns: Sequence[str | list | None]) -> dict[str, Sequence[list]]:
    """Result of `gathered_beside`, by the names of what is read."""
    return dict(zip(reads, map(rows_of, columns), strict=True))


def rows_of(column: str | list | None) -> Sequence[list]:
    """Rows from the result of `gathered`: text on SQLite, None for no rows on PostgreSQL."""
    return json.loads(column) if isinstance(column, str) else column or []


def instant(text: str) -> datetime:
    """A moment of such a row."""
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)
