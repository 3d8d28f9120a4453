"""Papers: sheets as every writer draws them, made of lines and of grids whose cells know what they span."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import groupby

from civic_forum.blocks.sheets import Block, Book, Cell, Column, Facts, Points, Printed, Sheet, Table
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _, day, language

LONGEST_NAME, LONGEST_TEXT = 120, 20_000
"""Letters of what stands again on each page, and of anything else."""
MOST_ROWS = 5_000
"""Rows of a whole file."""
HANJA = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
DROPPED = frozenset(("Cc", "Cf", "Cs", "Co", "Cn"))
"""Unicode categories that no sheet has: control and direction marks, half letters."""


@dataclass(frozen=True)
class Box:
    """A cell: what it says, where it begins and how much it spans."""

    text: str
    column: int
    number: int | Decimal | None = None
    align: str = "center"
    is_label: bool = False
    is_bold: bool = False
    across: int = 1
    down: int = 1


@dataclass(frozen=True)
class Grid:
    """Rows of boxes; the first `heads` stand again on each page."""

    widths: tuple[float, ...]
    rows: tuple[tuple[Box, ...], ...]
    heads: int = 0
    name: str = ""
    is_title: bool = False


@dataclass(frozen=True)
class Line:
    """A paragraph: `title`, `heading`, `minor`, `text`, `point`, `unit` or `note`."""

    look: str
    text: str


@dataclass(frozen=True)
class Paper:
    """One sheet, in the words of a language."""

    name: str
    title: str
    left: str
    """Above the title, with the document number."""
    right: str
    parts: tuple[Line | Grid, ...]


def papers(book: Sheet | Book) -> tuple[Paper, ...]:
    """The papers of a file. Raises Refusal where it would have more than MOST_ROWS."""
    sheets = book.sheets if isinstance(book, Book) else (book,)
    if sum(_rows(block) for sheet in sheets for block in sheet.blocks) > MOST_ROWS:
        raise Refusal(_("한 번에 다 담기에는 너무 많아요. 부서나 분기로 나눠서 받아 주세요."))
    return tuple(map(_paper, sheets))


def _rows(block: Block) -> int:
    return 1 + len(block.rows if isinstance(block, Facts | Table) else
                   block.items if isinstance(block, Points) else block.paragraphs)


def clean(text: object, most: int = LONGEST_TEXT) -> str:
    """Text of one line, composed, without what is `DROPPED`, not too long."""
    composed = unicodedata.normalize("NFC", str(text)[:2 * most])
    kept = "".join(" " if letter.isspace() else letter for letter in composed
                   if letter.isspace() or unicodedata.category(letter) not in DROPPED)
    words = " ".join(kept.split())
    return words if len(words) <= most else words[:most - 1].rstrip() + "…"


def on_paper(on: date) -> str:
    """`2019. 12. 31.`, as offices write it."""
    return f"{on.year}. {on.month}. {on.day}." if language().is_korean else day(on)


def words(cell: Cell) -> str:
    """A cell in words; a figure that was printed in another way stands beside the one counted."""
    if isinstance(cell, Printed):
        if cell.counted == cell.printed:
            return words(cell.counted)
        return _("%(counted)s (인쇄된 값 %(printed)s)", counted=words(cell.counted), printed=words(cell.printed))
    if isinstance(cell, int | Decimal):
        return f"{cell:,}"
    return on_paper(cell) if isinstance(cell, date) else clean(cell or "")


def _paper(sheet: Sheet) -> Paper:
    number = clean(sheet.document_number, LONGEST_NAME) or "-".join(
        filter(None, (clean(sheet.office, LONGEST_NAME), "____")))
    office = " ".join(filter(None, (clean(sheet.office, LONGEST_NAME), clean(sheet.team, LONGEST_NAME))))
    right = filter(None, (clean(sheet.kind, LONGEST_NAME), office, _("%(day)s 기준", day=on_paper(sheet.day))))
    parts = [_title(sheet), *(part for block in sheet.blocks for part in _parts(block, clean(sheet.kind)))]
    notes = [*sheet.notes, *([_("한자는 PDF에서 □로 보일 수 있어요. HWPX와 엑셀에는 그대로 있어요.")] if _has_hanja(parts) else [])]
    parts += [Line("note", f"※ {clean(note)}") for note in notes]
    return Paper(name=clean(sheet.slug, LONGEST_NAME), title=clean(sheet.title), right=" · ".join(right),
                 left=_("문서번호 %(number)s", number=number), parts=tuple(parts))


def _has_hanja(parts: Sequence[Line | Grid]) -> bool:
    """True of Chinese letters, which the font of the site does not have."""
    texts = (text for part in parts for text in (
        [part.text] if isinstance(part, Line) else (box.text for row in part.rows for box in row)))
    return any(HANJA.search(text) for text in texts)


def _title(sheet: Sheet) -> Line | Grid:
    title = clean(sheet.title)
    if not sheet.code:
        return Line("title", title)
    return Grid(widths=(.22, .78), is_title=True, rows=((
        Box(clean(sheet.code, LONGEST_NAME), 0, is_label=True), Box(title, 1, align="left", is_bold=True)),))


def _parts(block: Block, kind: str) -> Iterator[Line | Grid]:
    if block.heading:
        yield Line("minor" if getattr(block, "minor", False) else "heading", clean(block.heading))
    if isinstance(block, Facts):
        yield from [replace(_facts(block), name=clean(block.heading) or kind)] if block.rows else []
    elif isinstance(block, Table):
        if block.unit:
            yield Line("unit", clean(block.unit))
        yield replace(_grid(block), name=clean(block.heading) or kind)
    elif isinstance(block, Points):
        yield from (Line("point", clean(point)) for point in block.items)
    else:
        yield from (Line("text", clean(paragraph)) for paragraph in block.paragraphs)


def _box(cell: Cell, column: int, align: str = "center", *, is_bold: bool = False) -> Box:
    number = cell if isinstance(cell, int | Decimal) else None
    return Box(words(cell), column, number=number, align=align if number is None else "right", is_bold=is_bold)


def _facts(block: Facts) -> Grid:
    across = max(1, min(block.across, len(block.rows)))
    rows = []
    for first in range(0, len(block.rows), across):
        pairs = block.rows[first:first + across]
        boxes = [box for place, (label, cell) in enumerate(pairs) for box in (
            Box(clean(label), 2 * place, is_label=True),
            replace(_box(cell, 2 * place + 1), align="center" if across > 1 else "left"))]
        boxes[-1] = replace(boxes[-1], across=2 * across - boxes[-1].column)
        rows.append(tuple(boxes))
    return Grid(widths=(.4 / across, .6 / across) * across if across > 1 else (.2, .8), rows=tuple(rows))


def _grid(table: Table) -> Grid:
    total = sum(column.width for column in table.columns)
    heads = _heads(table.columns)
    rows = [tuple(_box(cell, place, column.align) for place, (cell, column) in enumerate(zip(row, table.columns)))
            for row in table.rows]
    foot = [tuple(_box(cell, place, column.align, is_bold=True)
                  for place, (cell, column) in enumerate(zip(row, table.columns))) for row in table.foot]
    if not rows:
        rows = [(Box(clean(table.empty or _("적힌 것이 없어요.")), 0, across=len(table.columns)),)]
    else:
        rows = _merged(rows, table.merged)
    return Grid(widths=tuple(column.width / total for column in table.columns), heads=len(heads),
                rows=(*heads, *rows, *foot))


def _heads(columns: Sequence[Column]) -> list[tuple[Box, ...]]:
    """Rows of headings: equal neighbours are one cell, and one without any below goes down to the last row."""
    deep = 1 + max(len(column.above) for column in columns)
    paths = [(*column.above, column.name) for column in columns]
    rows = []
    for level in range(deep):
        boxes: list[Box] = []
        for place, path in enumerate(paths):
            if level >= len(path):
                continue
            is_last = level == len(path) - 1
            beside = paths[place - 1] if place else ()
            if not is_last and len(beside) > level + 1 and beside[:level + 1] == path[:level + 1]:
                boxes[-1] = replace(boxes[-1], across=boxes[-1].across + 1)
            else:
                boxes.append(Box(clean(path[level], LONGEST_NAME), place, is_label=True,
                                 down=deep - level if is_last else 1))
        rows.append(tuple(boxes))
    return rows


def _merged(rows: list[tuple[Box, ...]], columns: int) -> list[tuple[Box, ...]]:
    """Rows in which equal cells of the first columns, one below the other, are one; never over the end of one before
    them, nor a long text."""
    kept: list[list[Box | None]] = [list(row) for row in rows]
    for column in range(columns):
        for _texts, run in groupby(range(len(rows)), key=lambda place: _together(rows[place], column, place)):
            first, *others = run
            kept[first][column] = replace(rows[first][column], down=1 + len(others))
            for place in others:
                kept[place][column] = None
    return [tuple(filter(None, row)) for row in kept]


def _together(row: tuple[Box, ...], column: int, place: int) -> tuple[object, ...]:
    """The same for rows whose cells may be one."""
    texts = tuple(box.text for box in row[:column + 1])
    return texts if all(0 < len(text) <= LONGEST_NAME for text in texts) else (place,)
