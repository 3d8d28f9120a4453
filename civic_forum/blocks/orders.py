"""Orders of a list, and the tokens by which its pages follow each other."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql import operators
from sqlalchemy.types import TypeEngine

from civic_forum.platform import paging
from civic_forum.platform.base import Instant, Number
from civic_forum.platform.errors import Invalid
from civic_forum.platform.i18n import _

from .filters import Condition

Row = Any


@dataclass(frozen=True)
class OrderPart:
    """A value of a token: its type there and as it is bound, and the ways between the two."""

    kind: type
    type: TypeEngine[Any]
    put: Callable[[Any], int | str] = lambda value: value
    take: Callable[[Any], Any] = lambda value: value


def _iso_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise Invalid(_("주소의 쪽 번호가 맞지 않아요. 목록의 처음부터 다시 봐 주세요.")) from wrong


NUMBER, TEXT = OrderPart(int, Number), OrderPart(str, sa.String())
MOMENT = OrderPart(int, Instant(), paging.microseconds, paging.moment)
DAY = OrderPart(int, sa.Date(), date.toordinal,
                lambda number: date.fromordinal(min(max(number, 1), date.max.toordinal())))
ISO_DAY = OrderPart(str, sa.Date(), date.isoformat, _iso_day)


@dataclass(frozen=True, eq=False)
class Order:
    """One order of a list, total by its last column."""

    key: str
    label: object
    by: tuple[sa.ColumnElement[Any], ...]
    """Columns of ORDER BY; a page begins behind their values in the last row of the one before."""
    parts: tuple[OrderPart, ...] = ()
    """Of the token, one for each column; without them by the types of the columns."""
    place: Callable[[Row], tuple[Any, ...]] | None = None
    """A row → values of the parts; without it the columns of the row, or of its record, that have the same names."""
    beyond: Callable[..., Condition] | None = None
    """(a bound value for each part) → condition of what comes behind; without it from the columns."""

    @cached_property
    def columns(self) -> list[tuple[sa.ColumnElement[Any], bool]]:
        """Each with whether it descends."""
        terms = [sa.asc(term).element if isinstance(term, InstrumentedAttribute) else term for term in self.by]
        return [(term.element, True) if isinstance(term, sa.UnaryExpression) and term.modifier is operators.desc_op
                else (term, False) for term in terms]

    @property
    def descends(self) -> bool:
        return self.columns[0][1]

    @cached_property
    def _parts(self) -> tuple[OrderPart, ...]:
        return self.parts or tuple(_part_of(column.type) for column, _desc in self.columns)

    @cached_property
    def _place(self) -> Callable[[Row], tuple[Any, ...]]:
        if self.place is not None:
            return self.place
        keys = [str(column.key) for column, _desc in self.columns]
        entities = [column._annotations.get("parententity") for column, _desc in self.columns]
        record = next((entity.class_.__name__ for entity in entities if entity is not None), "")

        def place(row: Row) -> tuple[Any, ...]:
            source = getattr(row, record, row)
            return tuple([getattr(source, key) for key in keys])

        return place

    def at(self, row: Row) -> tuple[Any, ...]:
        """The place of a row, for comparing it with others and for a token."""
        values = self._place(row)
        return tuple([part.put(value) for part, value in zip(self._parts, values, strict=True)])

    def bound(self, after: str | None) -> dict[str, object] | None:
        """Values that a token binds; None for no token. Raises Invalid."""
        values = paging.parts(after, *[part.kind for part in self._parts])
        if values is None:
            return None
        return {f"behind_{number}": part.take(value)
                for number, (part, value) in enumerate(zip(self._parts, values, strict=True))}

    def further(self) -> Condition:
        """Condition of what comes behind the bound place."""
        binds = [sa.bindparam(f"behind_{number}", type_=part.type) for number, part in enumerate(self._parts)]
        if self.beyond is not None:
            return self.beyond(*binds)
        columns = [column for column, _desc in self.columns]
        if len({desc for _column, desc in self.columns}) == 1:
            mine, theirs = sa.tuple_(*columns), sa.tuple_(*binds)
            return mine < theirs if self.descends else mine > theirs
        condition: Condition = sa.false()
        for (column, desc), bind in reversed(list(zip(self.columns, binds, strict=True))):
            condition = sa.or_(column < bind if desc else column > bind, sa.and_(column == bind, condition))
        return condition


def _part_of(kind: TypeEngine[Any]) -> OrderPart:
    if isinstance(kind, Instant):
        return MOMENT
    if isinstance(kind, sa.Date):
        return DAY
    return NUMBER if isinstance(kind, sa.Integer) else TEXT
