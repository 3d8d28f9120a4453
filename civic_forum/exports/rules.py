"""Properties of a table, and how long one with personal data may be kept. Pure."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

KEPT_DAYS = 30
"""After so many days a file with personal data has to be deleted."""


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True)
class Column:
    label: object
    about: object


@dataclass(frozen=True)
class Filter:
    name: str
    label: object
    choices: Callable[[], list[tuple[str, object]]]
    """What can be chosen, with its words."""


@dataclass(frozen=True)
class Table:
    name: str
    label: object
    about: object
    columns: tuple[Column, ...]
    rows: Callable[[Mapping[str, str], object], Iterator[tuple[object, ...]]]
    """(what was chosen of the filters, who asks) → rows in the order of the columns"""
    why_not: Callable[..., str | None]
    """The predicate of who may take it out at the desk."""
    filters: tuple[Filter, ...] = ()
    personal: bool = False
    """Real names: never for everybody, never without a reason."""
    scope: Callable[[Any], Collection[int]] = lambda _user: frozenset()
    """For what its rows depend on: who asks → ids of departments or neighbourhoods."""


def delete_on(taken: date) -> date:
    """The last day on which who took a table may keep it."""
    return taken + timedelta(days=KEPT_DAYS)


def file_name(table: Table, taken: date, kind: Format) -> str:
    """A file with personal data says in its name when it has to go."""
    until = f"-delete-by-{delete_on(taken):%Y%m%d}" if table.personal else ""
    return f"{table.name}-{taken:%Y%m%d}{until}.{kind}"
