"""Sheets that an office hands in: what stands on one, declared once, for paper, PDF, HWPX and XLSX.

A feature declares its kinds in its `sheets.py` and imports that in its `reactions`; `civic_forum.sheets` shows them at
`/sheets/<kind>/<key>` and makes the files. A sheet names offices and teams, never people.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _

from .kinds import WrongDeclaration

Plain = str | int | Decimal | date | None
"""Of numbers those that count something: they get their separators. A year or a telephone number is a text."""


@dataclass(frozen=True)
class Printed:
    """A figure as counted here beside the one that the office printed, where the two differ."""

    counted: Plain
    printed: Plain


Cell = Plain | Printed


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column: its name, and its width as a share of all."""

    name: str
    width: float = 1
    align: str = "center"
    """`left`, `center` or `right`; a number stands right everywhere."""
    above: tuple[str, ...] = ()
    """Headings over its own, the highest first; neighbours below the same ones share their cell."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Pairs of a label and what it is, `across` of them in a row."""

    rows: tuple[tuple[str, Cell], ...]
    heading: str = ""
    across: int = 2


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table whose heading stands again on each page; no row is torn by the end of one."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    heading: str = ""
    unit: str = ""
    """`(단위: 백만원)`, at its right upper corner."""
    foot: tuple[tuple[Cell, ...], ...] = ()
    """Rows of sums, in bold."""
    merged: int = 0
    """So many columns, from the left, in which equal cells one below the other are one."""
    empty: str = ""
    """Sentence in place of rows where there are none."""


@dataclass(frozen=True, kw_only=True)
class Text:
    """Paragraphs."""

    paragraphs: tuple[str, ...]
    heading: str = ""
    minor: bool = False
    """Its heading is one below another."""


@dataclass(frozen=True, kw_only=True)
class Points:
    """Items of a list."""

    items: tuple[str, ...]
    heading: str = ""
    minor: bool = False
    """Its heading is one below another: `【18년 3분기】`."""


Block = Facts | Table | Text | Points


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One document."""

    title: str
    kind: str
    """The name of such documents: `분기 시트`."""
    office: str
    """The department."""
    day: date
    """The day of its figures."""
    blocks: tuple[Block, ...]
    slug: str
    """Name of its files, and of its tab among others; the last part of its address for a sheet alone."""
    team: str = ""
    document_number: str = ""
    """`마을자치과-1234`; without one there is room to write it."""
    code: str = ""
    """Its number among its like, before the title: `소통행정-3`."""
    notes: tuple[str, ...] = ()
    """Remarks on its figures: faults of the source, and differences from what was printed."""


@dataclass(frozen=True, kw_only=True)
class Book:
    """Several sheets as one file, each on a page of its own."""

    title: str
    slug: str
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True, kw_only=True)
class SheetKind:
    """A kind of sheet, by the word in its address."""

    name: str
    label: object
    """A translatable word: `분기 시트`."""
    load: Callable[[str, Mapping[str, str]], Sheet | Book | None]
    """(key, query) → the sheet at this moment, read within one transaction; None for a key that names nothing. The
    query may be anything: what it does not know it leaves out."""
    permission: str = ""
    """Of whoever may see it (`platform.policy`), asked of the kind as a whole before it is loaded; empty where
    everybody may. What depends on the thing `load` asks itself."""


def in_unit(won: int, unit: int = 1_000) -> int | Decimal:
    """Won in a unit, thousands where no other is asked for; what is no whole number of them keeps its digits."""
    return Decimal(won) / unit if won % unit else won // unit


_KINDS: dict[str, SheetKind] = {}


def declare(kind: SheetKind) -> SheetKind:
    """Make a kind known. Raises WrongDeclaration for a second one of its name."""
    if _KINDS.setdefault(kind.name, kind) is not kind:
        raise WrongDeclaration(f"there are two kinds of sheets called {kind.name}.")
    return kind


def kind_of(name: str) -> SheetKind:
    """The kind of this name. Raises NotFound."""
    if name not in _KINDS:
        raise NotFound(_("이런 문서는 없어요."))
    return _KINDS[name]


def names() -> tuple[str, ...]:
    """Names of all kinds."""
    return tuple(_KINDS)
