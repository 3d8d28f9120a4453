"""Lists of records, said once: filters, orders, columns. Addresses, pages, rows of tables and JSON follow from that.

A statement is made once for each shape of what is asked (which filters, which order, first or further page); values
are bound when it is asked. Every condition may use `filters.NOW`.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Flask, url_for
from sqlalchemy.sql import visitors

from civic_forum.platform import clock, paging
from civic_forum.platform.application import Query
from civic_forum.platform.base import db, is_sqlite
from civic_forum.platform.errors import Invalid
from civic_forum.platform.filters import unknown
from civic_forum.platform.i18n import Language, _, language

from .filters import NOW, Apart, Condition, Filter
from .orders import Order, Row

SORT, AFTER = "sort", "after"
"""Key of the order in an address."""
SAFE = "!$'()*,/:;?@"
"""Signs that addresses keep as they are, the same that `url_for` keeps."""
GIVEN = object()
"""Stands in the shape of a statement for a value that is bound."""
TYPES = ("text", "number", "day", "moment")


class Given(dict[str, str]):
    """Words of an address; two that say the same are the same."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))


@dataclass(frozen=True, eq=False)
class Column:
    """A column of the tables and the JSON that a list gives."""

    key: str
    label: object
    about: object = ""
    """Meaning, in a sentence."""
    type: str = "text"
    """One of `TYPES`: what its values are in JSON and in a table."""
    labels: Mapping[Any, object] | None = None
    """Labels of the values of a fixed set; what has none stays as it is."""
    value: Callable[[Row], object] | None = None
    """A row → value; without it the column of the row that has the same name."""


@dataclass(frozen=True, eq=False)
class Listing:
    """A list: how its rows are selected, narrowed, ordered and shown."""

    name: str
    select: Callable[..., sa.Select[Any]]
    """Statement of all rows, made once for a language, a database and its arguments (`scope` of a page)."""
    orders: tuple[Order, ...]
    """The first is the one that nobody has to ask for."""
    filters: tuple[Filter, ...] = ()
    columns: tuple[Column, ...] = ()
    endpoint: str = ""
    """Of its page."""
    card: str = ""
    """Template of one row of the page."""
    size: int = 20
    unknown: object = ""
    """Sentence for a value that there is not, where it is not the usual one."""
    moments: tuple[Any, ...] = ()
    """Columns of the moments at which rows come, go or change their place."""
    check_scope: tuple[Any, ...] = ()
    """Arguments of `select` with which the start of the application tries it."""

    @cached_property
    def by_key(self) -> dict[str, Filter]:
        return {filter_.key: filter_ for filter_ in self.filters}

    @cached_property
    def _order(self) -> dict[str, Order]:
        return {order.key: order for order in self.orders}

    def of(self, values: Mapping[str, Any] | None = None, sort: str | None = None, **path: object) -> "Chosen":
        """The list below these values of its filters, None of which leaves one out; `path`: values in its address."""
        return Chosen(self, {key: value for key, value in (values or {}).items() if value is not None},
                      self._order[sort] if sort else self.orders[0], path)

    def given(self, args: Query) -> Given:
        """The words of an address that are about this list, for `sections.page`."""
        return Given(args.first((*self.by_key, SORT, AFTER)))

    def read(self, args: Mapping[str, str], known: Mapping[str, Mapping[Any, object]] | None = None,
             **path: object) -> "Chosen":
        """The list that an address asks for; `known`: choices that the caller has read already. Raises Invalid for
        every value that is not known."""
        try:
            return self._read(args, known or {}, path)
        except Invalid as wrong:
            if self.unknown:
                raise Invalid(str(self.unknown)) from wrong
            raise

    def _read(self, args: Mapping[str, str], known: Mapping[str, Mapping[Any, object]],
              path: Mapping[str, object]) -> "Chosen":
        asked = args.get(SORT) if len(self.orders) > 1 else None
        order = self._order.get(asked) if asked else self.orders[0]
        if order is None:
            raise unknown()
        values: dict[str, Any] = {}
        chosen = Chosen(self, values, order, path, dict(known))
        for filter_ in self.filters:
            if text := args.get(filter_.key):
                value = filter_.value(text, chosen.choices)
                if value is not None:
                    values[filter_.key] = value
        return chosen


@dataclass(frozen=True)
class Link:
    """One way to narrow a list: a link that says how much it leaves."""

    label: object
    url: str
    current: bool
    total: int | None = None
    key: str = ""


@dataclass(frozen=True)
class Picker:
    """A filter or the order as a field of a form."""

    key: str
    label: object
    choices: Sequence[tuple[str, str]]
    """Values with their labels; none of them for a text that is typed."""
    chosen: str
    most: int = 0
    written: bool = False


@dataclass(frozen=True)
class Chosen:
    """A list below filters, in one order."""

    listing: Listing
    values: Mapping[str, Any]
    order: Order
    path: Mapping[str, object] = field(default_factory=dict)
    read_choices: dict[str, Mapping[Any, object]] = field(default_factory=dict, compare=False, repr=False)

    def __getitem__(self, key: str) -> Any:
        """Value of a filter, None where nothing was chosen; templates say `wanted.state`."""
        return self.values.get(key)

    @property
    def narrowed(self) -> bool:
        return bool(self.values)

    def choices(self, key: str) -> Mapping[Any, object]:
        """Choices of a filter, read once."""
        if key not in self.read_choices:
            self.read_choices[key] = self.listing.by_key[key].known()
        return self.read_choices[key]

    @cached_property
    def said(self) -> dict[str, str]:
        """Filters as an address says them."""
        by_key = self.listing.by_key
        return {key: by_key[key].said(self.values[key]) for key in by_key if key in self.values}

    @property
    def labels(self) -> list[str]:
        """Labels of what was chosen."""
        by_key, values = self.listing.by_key, self.values
        return [str(by_key[key].alone.get(values[key]) or self.choices(key).get(values[key], values[key]))
                for key in by_key if key in values]

    @cached_property
    def _base(self) -> str:
        return url_for(self.listing.endpoint, **self.path)  # type: ignore[arg-type]

    def address(self, **changes: object) -> str:
        """The page with these filters and order, and with what the changes say instead; None leaves one out."""
        parts: dict[str, object] = dict.fromkeys(self.listing.by_key) | self.said
        if self.order is not self.listing.orders[0]:
            parts[SORT] = self.order.key
        query = {key: str(value) for key, value in (parts | changes).items() if value is not None}
        return f"{self._base}?{urlencode(query, safe=SAFE)}" if query else self._base

    def links(self, key: str, among: Collection[Any] | None = None, totals: Mapping[Any, int] | None = None,
              every: object = None) -> list[Link]:
        """Links to all, and to what each choice of a filter leaves. `totals`: by value, of all under None."""
        filter_, choices, chosen = self.listing.by_key[key], self.choices(key), self.values.get(key)
        number = (totals or {}).get
        label = _("모두") if every is None else str(every)
        return [Link(label, self.address(**{key: None}), chosen is None, number(None)), *[
            Link(str(choices[value]), self.address(**{key: filter_.said(value)}), value == chosen, number(value),
                 filter_.said(value))
            for value in (choices if among is None else among)]]

    def pickers(self, *keys: str) -> list[Picker]:
        """Fields of a form, of these filters or of all, and of the order where there are several."""
        fields = []
        for key in keys or [*self.listing.by_key, *([SORT] if len(self.listing.orders) > 1 else ())]:
            if key == SORT:
                orders = tuple((order.key, str(order.label)) for order in self.listing.orders)
                fields.append(Picker(SORT, _("순서"), orders, self.order.key))
                continue
            filter_ = self.listing.by_key[key]
            choices = ("", str(filter_.every)), *[
                (filter_.said(value), str(label)) for value, label in self.choices(key).items()]
            fields.append(Picker(key, str(filter_.label), choices if filter_.choices is not None else (),
                                self.said.get(key, ""), filter_.most, filter_.written))
        return fields

    def page(self, after: str | None = None, *, limit: int = 0, scope: tuple[Any, ...] = (),
             **bound: object) -> paging.Page[Row]:
        """A page of rows. `bound`: values that the list's own statement names. Raises Invalid for an `after` that is
        no token."""
        size = limit or self.listing.size
        return paging.page_of(self.rows(after, size + 1, scope, **bound), size, self.order.at)

    def rows(self, after: str | None, limit: int, scope: tuple[Any, ...] = (), **bound: object) -> Sequence[Row]:
        """So many rows behind a token."""
        values: dict[str, object] = {"now": self._now(), "rows": limit, **bound}
        place = self.order.bound(after)
        for filter_ in self.listing.filters:
            if (value := self.values.get(filter_.key)) is not None:
                values.update(filter_.binds(value))
        if place:
            values.update(place)
        runs = [_execute(statement, values) for statement in self._asked(scope, place is not None)]
        if len(runs) == 1:
            return runs[0]
        return sorted([row for run in runs for row in run], key=self.order.at, reverse=self.order.descends)[:limit]

    def _now(self) -> datetime:
        """This moment, and when the list becomes another one, for what is kept of it."""
        now, moments = clock.now(), self.listing.moments
        if not moments or not clock.is_watched():
            return now
        coming = db.session.connection().execute(_coming(moments), {"now": clock.plain(now)}).scalars()
        clock.until(*filter(None, coming))
        return clock.plain(now)

    def _asked(self, scope: tuple[Any, ...], further: bool) -> list["_Statement"]:
        shapes: list[tuple[Any, ...]] = [()]
        for filter_ in self.listing.filters:
            value = self.values.get(filter_.key)
            case = None if value is None else filter_.case(value)
            if isinstance(case, Apart):
                shapes = [(*shape, part) for shape in shapes for part in case.parts]
            else:
                asked = GIVEN if case is None and value is not None else case
                shapes = [(*shape, asked) for shape in shapes]
        words, sqlite = language(), is_sqlite()
        return [_asked(self.listing, words, sqlite, scope, shape, self.order, further) for shape in shapes]

    def conditions(self, *, but: Collection[str] = ()) -> list[Condition]:
        """Every filter as a condition with its values, for another statement about the same records."""
        conditions = []
        for filter_ in self.listing.filters:
            if filter_.key in self.values and filter_.key not in but:
                value = self.values[filter_.key]
                conditions.append(_with(filter_.condition(value), {"now": clock.now(), **filter_.binds(value)}))
        return conditions


def _with(condition: Condition, values: Mapping[str, object]) -> Condition:
    """The condition with these values in place of what is bound."""
    def literal(element: Any, **_options: Any) -> Any:
        if isinstance(element, sa.BindParameter) and element.key in values:
            return sa.literal(values[element.key], element.type)
        return None

    return visitors.replacement_traverse(condition, {}, literal)


@dataclass(frozen=True)
class _Statement:
    select: sa.Select[Any]
    has_records: bool
    """A session has to make records of some columns."""


def _execute(statement: _Statement, values: Mapping[str, object]) -> Sequence[Row]:
    if statement.has_records:
        return db.session.execute(statement.select, values).all()
    return db.session.connection().execute(statement.select, values).all()


@lru_cache(maxsize=64)
def _coming(moments: tuple[Any, ...]) -> sa.CompoundSelect[Any]:
    return sa.union_all(*(sa.select(sa.func.min(moment)).where(moment > NOW) for moment in moments))


@lru_cache(maxsize=2048)
def _asked(listing: Listing, _words: Language, _sqlite: bool, scope: tuple[Any, ...], shape: tuple[Any, ...],
           order: Order, further: bool) -> _Statement:
    """The statement for all who ask alike; it takes of the values what it names."""
    statement = listing.select(*scope)
    for filter_, asked in zip(listing.filters, shape, strict=True):
        if asked is not None:
            statement = statement.where(filter_.given() if asked is GIVEN else asked)
    if further:
        statement = statement.where(order.further())
    return _Statement(statement.order_by(*order.by).limit(sa.bindparam("rows")), has_records(statement))


def has_records(statement: sa.Select[Any]) -> bool:
    parts = [part for part in statement.column_descriptions if part.get("entity") is not None]
    return any(part["type"] is part["entity"] for part in parts)


LISTINGS: list[Listing] = []
"""Those that the start of the application checks."""


def declare(listing: Listing) -> Listing:
    """Let the start of the application check a list (`check`)."""
    LISTINGS.append(listing)
    return listing


class WrongListing(Exception):
    """A list that is declared wrongly; its sentence names the list and what is wrong."""


def check(app: Flask, listings: Sequence[Listing] | None = None) -> None:
    """Raises WrongListing; for a test. The application has its routes and templates by now."""
    listings = LISTINGS if listings is None else listings
    _once([listing.name for listing in listings], "The lists", "the name")
    with app.app_context():
        for listing in listings:
            _check(app, listing)


def _check(app: Flask, listing: Listing) -> None:
    name, statement = f"The list {listing.name}", listing.select(*listing.check_scope)
    columns = set(statement.exported_columns.keys())
    if not listing.orders:
        raise WrongListing(f"{name} has no order.")
    for what, declared in (("filter", listing.filters), ("order", listing.orders), ("column", listing.columns)):
        _once([part.key for part in declared], name, f"the {what}")
        for part in declared:
            if not part.label and (what != "order" or len(declared) > 1):
                raise WrongListing(f"{name}: the {what} {part.key} has no label.")
    for part in listing.filters:
        if part.choices is None and part.read is None:
            raise WrongListing(f"{name}: the filter {part.key} has neither choices nor a way to read what is typed.")
    if taken := {filter_.key for filter_ in listing.filters} & {SORT, AFTER}:
        raise WrongListing(f"{name}: {taken.pop()} is no name for a filter.")
    for order in listing.orders:
        if missing := _missing(statement, order, columns):
            raise WrongListing(f"{name}: the order {order.key} is by {missing}, which the list does not select.")
    for column in listing.columns:
        if column.value is None and column.key not in columns:
            raise WrongListing(f"{name}: it has no {column.key} for the column of that name.")
        if column.type not in TYPES:
            raise WrongListing(f"{name}: the column {column.key} is of no type {column.type}.")
    if listing.card and listing.card not in app.jinja_env.list_templates():
        raise WrongListing(f"{name}: there is no template {listing.card}.")
    if listing.endpoint and listing.endpoint not in app.view_functions:
        raise WrongListing(f"{name}: there is no page {listing.endpoint}.")


def _once(keys: Sequence[str], where: str, what: str) -> None:
    if twice := [key for key, times in Counter(keys).items() if times > 1]:
        raise WrongListing(f"{where}: {what} {twice[0]} stands twice.")


def _missing(statement: sa.Select[Any], order: Order, selected: set[str]) -> str | None:
    """A column of the order of whose table the statement has nothing, or whose value its rows do not have."""
    tables = {table for source in statement.get_final_froms() for table in sa.sql.util.find_tables(
        source, include_joins=False, include_aliases=True, include_selects=True)}
    for column, _desc in order.columns:
        if isinstance(column, sa.Column) and (
                column.table not in tables or order.place is None and column.key not in selected):
            return str(column)
    return None
