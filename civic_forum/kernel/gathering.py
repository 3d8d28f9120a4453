"""Rows of a second statement as one JSON column of the first, so that a page needs no statement more."""

import json
from collections.abc import Sequence
from datetime import datetime, timezone

import sqlalchemy as sa

from .base import is_sqlite


def gathered(rows: sa.Select, about) -> sa.ScalarSelect:
    """All rows of a statement about a record of the outer statement, in their order."""
    inner = rows.correlate(about).subquery()
    build, gather = (("json_array", "json_group_array") if is_sqlite() else ("json_build_array", "json_agg"))
    return sa.select(getattr(sa.func, gather)(getattr(sa.func, build)(*inner.c))).scalar_subquery()


def rows_of(column: str | list | None) -> Sequence[list]:
    """What `gathered` gave: text on SQLite, None for no rows on PostgreSQL."""
    return json.loads(column) if isinstance(column, str) else column or []


def instant_of(text: str) -> datetime:
    """A moment out of such a row."""
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)
