"""Filters of lists by what the district has."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from civic_forum.blocks.filters import Apart, Filter
from civic_forum.platform import plain_text
from civic_forum.platform.filters import unknown
from civic_forum.platform.i18n import _l

from . import queries

EVERYWHERE = 0
"""Stands for the whole district where a neighbourhood is asked for."""


def neighbourhood(where: Any, everywhere: sa.ColumnElement[bool] | None = None, label: object = None) -> Filter:
    """`everywhere`: condition of what is for the whole district, which the label names; without it no choice. One that
    was closed is listed by its successor, to which old addresses lead."""
    def choices() -> Mapping[int, object]:
        names = queries.open_neighbourhood_names()
        return names if everywhere is None else {EVERYWHERE: label, **names}

    def case(place: int) -> Apart | sa.ColumnElement[bool] | None:
        if place == EVERYWHERE:
            return everywhere
        within = queries.places_within((place,))
        return _either(where, tuple(sorted(within))) if len(within) > 1 else None

    def present(text: str) -> int:
        number = plain_text.number(text, digits=5)
        if number == EVERYWHERE and everywhere is not None or number in queries.neighbourhood_names():
            return queries.place_at(number)  # type: ignore[no-any-return]
        raise unknown()

    return Filter("neighbourhood", _l("동"), where, choices, _l("모든 동"), type=sa.BigInteger(), cases=case, read=present,
                  alone={EVERYWHERE: _l("구 전체")})


def category(column: Any) -> Filter:
    """A list by category: one that was closed is listed by its successor, to which old addresses lead."""
    def merged(key: str) -> Apart | None:
        keys = tuple(other.key for other in queries.categories().values() if other.now == key)
        return _either(column, keys) if len(keys) > 1 else None

    return Filter("category", _l("분야"), column, queries.open_categories, _l("모든 분야"), cases=merged, read=_present)


@lru_cache(256)
def _either(where: Any, keys: tuple[Any, ...]) -> Apart:
    parts = tuple(where(key) if callable(where) else where == key for key in keys)
    return Apart(parts, sa.or_(*parts))


def _present(key: str) -> str:
    if category := queries.categories().get(key):
        return category.now
    raise unknown()
