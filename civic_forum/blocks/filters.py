"""Filters of a list: how each narrows it, and how addresses say its values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from civic_forum.platform import plain_text
from civic_forum.platform.base import Instant
from civic_forum.platform.filters import unknown

NOW: sa.BindParameter[Any] = sa.bindparam("now", type_=Instant())
Condition = sa.ColumnElement[bool]


@dataclass(frozen=True, eq=False)
class Apart:
    """A value of a filter that is asked by one statement for each of these conditions, each along its own index."""

    parts: tuple[Condition, ...]
    whole: Condition
    """The same as one condition."""


@dataclass(frozen=True, eq=False)
class Filter:
    """One way to narrow a list."""

    key: str
    """Its name in addresses."""
    label: object
    where: Any
    """A column that equals the value, or (bound value) → condition."""
    choices: Mapping[Any, object] | Callable[[], Mapping[Any, object]] | None = None
    """Values with their labels, or what gives them; None for a value that is typed."""
    every: object = ""
    """Label of no choice, where it is picked from a box."""
    cases: Mapping[Any, Condition | Apart] | Callable[[Any], Condition | Apart | None] = field(default_factory=dict)
    """Values that have a condition of their own, or what gives it."""
    read: Callable[[str], Any] | None = None
    """Text of an address → value, None for no filter; raises Invalid. Without it the value is one of the choices."""
    bound: Callable[[Any], Mapping[str, object]] | None = None
    """Value → what is bound; without it the value under the filter's key."""
    said: Callable[[Any], str] = str
    """Value → text of an address."""
    type: TypeEngine[Any] | None = None
    """Of the bound value, where `where` is no column."""
    most: int = 0
    """Characters of a value that is typed."""
    written: bool = False
    """Its labels were written by people, in Korean: a page in English marks them."""
    alone: Mapping[Any, object] = field(default_factory=dict)
    """Labels of values that have another one where they stand alone, not among the choices."""

    def known(self) -> Mapping[Any, object]:
        return self.choices() if callable(self.choices) else self.choices or {}

    @cached_property
    def _written(self) -> dict[str, Any]:
        """Choices that are always the same, by their text in an address."""
        return {self.said(value): value for value in self.known()}

    def value(self, text: str, known: Callable[[str], Mapping[Any, object]]) -> Any:
        """None where nothing was chosen; `known` gives the choices of a filter. Raises Invalid."""
        if self.read is not None:
            return self.read(text)
        if not callable(self.choices):
            if text not in self._written:
                raise unknown()
            return self._written[text]
        choices, number = known(self.key), plain_text.number(text)
        if number not in choices and text not in choices:
            raise unknown()
        return number if number in choices else text

    def given(self) -> Condition:
        """Condition that takes its value from what is bound."""
        if callable(self.where):
            return self.where(sa.bindparam(self.key, type_=self.type))  # type: ignore[no-any-return]
        return self.where == sa.bindparam(self.key, type_=self.where.type)  # type: ignore[no-any-return]

    def case(self, value: Any) -> Condition | Apart | None:
        return self.cases(value) if callable(self.cases) else self.cases.get(value)

    def condition(self, value: Any) -> Condition:
        """Condition for a value, which is still to be bound unless it has one of its own."""
        case = self.case(value)
        if case is None:
            return self.given()
        return case.whole if isinstance(case, Apart) else case

    def binds(self, value: Any) -> Mapping[str, object]:
        return {} if self.case(value) is not None else self.bound(value) if self.bound else {self.key: value}


def words(key: str, label: object, *columns: Any, most: int, also: Condition | None = None) -> Filter:
    """Free text: a part of one of these columns, or of one that a function gives. `also`: for what may be found so at
    all."""
    def where(part: sa.BindParameter[str]) -> Condition:
        match = sa.or_(*((column() if callable(column) else column).icontains(part, escape="/") for column in columns))
        return match if also is None else sa.and_(match, also)

    def escaped(text: str) -> dict[str, object]:
        return {key: text.replace("/", "//").replace("%", "/%").replace("_", "/_")}

    return Filter(key, label, where, read=lambda text: plain_text.clean(text)[:most].strip() or None, bound=escaped,
                  type=sa.String(), most=most)
