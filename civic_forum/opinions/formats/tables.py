"""Lines of a CSV file, read one by one within limits."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from civic_forum.platform.spreadsheets import cell

from .faults import Fault, Unreadable

MOST_BYTES = 2**30
MOST_ROWS = 5_000_000
MOST_COLUMNS = 20_000
LONGEST_ID = 64
_SHOWN_BYTES = "1 GB"


class Table:
    """A CSV file with a header. `rows` gives the number of the line on which a row ends and its cells, one for each
    column; where `loose` names a column, its text may hold commas without quotes."""

    def __init__(self, path: Path, needed: Sequence[str] = (), loose: str | None = None):
        self.name, self._path, self._loose = path.name, path, loose
        if not path.is_file():
            raise Unreadable(path.name, Fault.NO_FILE)
        if path.stat().st_size > MOST_BYTES:
            raise Unreadable(path.name, Fault.TOO_LARGE, detail=_SHOWN_BYTES)
        first = next(lines_of(self._path), None)
        if first is None:
            raise Unreadable(self.name, Fault.NO_COLUMN, 1, ", ".join(needed) or "at all")
        self.header = [heading.strip().lower() for heading in first[1]]
        if len(self.header) > MOST_COLUMNS:
            raise Unreadable(self.name, Fault.TOO_MANY, 1, f"{MOST_COLUMNS} columns")
        seen: set[str] = set()
        for heading in filter(None, self.header):
            if heading in seen:
                raise Unreadable(self.name, Fault.COLUMN_TWICE, 1, heading)
            seen.add(heading)
        for heading in needed:
            if heading not in seen:
                raise Unreadable(self.name, Fault.NO_COLUMN, 1, heading)

    def place(self, heading: str) -> int | None:
        """Place of a column, None without it."""
        return self.header.index(heading) if heading in self.header else None

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        lines = lines_of(self._path)
        next(lines)
        width = len(self.header)
        loose = self.header.index(self._loose) if self._loose in self.header else None
        for number, (line, cells) in enumerate(lines, 1):
            if number > MOST_ROWS:
                raise Unreadable(self.name, Fault.TOO_MANY, line, f"{MOST_ROWS} rows")
            if not any(cells):
                continue
            if len(cells) > width and loose is not None:
                end = len(cells) - (width - loose - 1)
                cells[loose:end] = [",".join(cells[loose:end])]
            if len(cells) != width:
                raise Unreadable(self.name, Fault.WRONG_LENGTH, line)
            yield line, cells

    def whole(self, line: int, text: str) -> int:
        """Whole number in a cell; 0 where it is empty."""
        if not text.strip():
            return 0
        try:
            return int(float(text)) if len(text) < 20 else int("")
        except (ValueError, OverflowError):
            raise Unreadable(self.name, Fault.NO_NUMBER, line, text) from None

    def identifier(self, line: int, text: str) -> str:
        """Identifier in a cell: a short text without spaces around it."""
        identifier = plain(text).strip()
        if not identifier or len(identifier) > LONGEST_ID or not identifier.isprintable():
            raise Unreadable(self.name, Fault.NO_ID, line)
        return identifier


def lines_of(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Cells of each row behind the number of the line on which it ends."""
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        reader = csv.reader(file)
        try:
            for cells in reader:
                if not _is_text(cells):
                    raise Unreadable(path.name, Fault.NOT_TEXT, reader.line_num)
                yield reader.line_num, cells
        except csv.Error as fault:
            raise Unreadable(path.name, Fault.BROKEN, reader.line_num, fault) from fault


def _is_text(cells: list[str]) -> bool:
    whole = "".join(cells)
    return whole.isascii() and "\0" not in whole or not any(
        letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in whole)


def plain(text: str) -> str:
    """A text as it was meant, without the apostrophe that keeps a spreadsheet from running it."""
    return text[1:] if text.startswith("'") and cell(text[1:]) == text else text
