"""Differences between what must stand on a sheet and what its files say, read back by readers of other hands."""

import io
import re
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import openpyxl
from lxml import html

from . import hwpx_reader

FORMATS = ("page", "pdf", "xlsx", "hwpx")


@dataclass(frozen=True)
class Read:
    """A sheet as one of its files says it."""

    text: str
    rows: tuple[tuple[str, ...], ...] = ()
    """Rows of its tables; none of a PDF."""

    def missing(self, facts: Iterable[str]) -> list[str]:
        """Facts that do not stand in it as a whole; breaks of lines count for nothing."""
        return [fact for fact in facts if not _pattern(fact).search(self.text)]

    def rows_missing(self, rows: Iterable[Sequence[str]]) -> list[Sequence[str]]:
        """Rows whose cells do not stand in one row in this order, other cells between them or not."""
        there = [[_plain(cell) for cell in row] for row in self.rows]
        return [row for row in rows if not any(_in_order([_plain(cell) for cell in row], other) for other in there)]


def read(format_: str, file: bytes) -> Read:
    return {"page": _page, "pdf": _pdf, "xlsx": _xlsx, "hwpx": _hwpx}[format_](file)


def of(client, address: str) -> dict[str, Read]:
    """Format → the sheet at this address, as its page and as its files; `?…` goes behind the name of a file."""
    path, _mark, query = address.partition("?")
    sheets = {}
    for name in FORMATS:
        answer = client.get(f"{path}{'' if name == 'page' else f'.{name}'}?{query}")
        assert answer.status_code == 200, (name, answer.status_code)
        sheets[name] = read(name, answer.data)
    return sheets


def _page(file: bytes) -> Read:
    """A4 as a browser has it; a merged cell stands in each row."""
    main = html.fromstring(file.decode()).find(".//main")
    rows = []
    for table in main.iter("table"):
        down: dict[int, tuple[int, str]] = {}
        for tr in table.iter("tr"):
            cells, row = iter(tr), []
            while True:
                left, text = down.pop(len(row), (0, ""))
                if not left:
                    if (cell := next(cells, None)) is None:
                        break
                    left, text = int(cell.get("rowspan", 1)), cell.text_content()
                    row += [text] * (int(cell.get("colspan", 1)) - 1)
                if left > 1:
                    down[len(row)] = (left - 1, text)
                row.append(text)
            rows.append(tuple(row))
    return Read("\n".join(main.itertext()), tuple(rows))


def _pdf(file: bytes) -> Read:
    """As poppler reads it, in the order in which it was drawn."""
    return Read(subprocess.run(["pdftotext", "-raw", "-enc", "UTF-8", "-", "-"], input=file, check=True,
                               capture_output=True, timeout=30).stdout.decode())


def _xlsx(file: bytes) -> Read:
    """Numbers as their cells show them, without the apostrophe that keeps one from being run; in rows a merged cell
    stands in each of its places."""
    book = openpyxl.load_workbook(io.BytesIO(file))
    texts, rows = [], []
    for sheet in book:
        texts += [_shown(cell) for row in sheet.iter_rows() for cell in row]
        first = {place: min(cells.cells) for cells in sheet.merged_cells.ranges for place in cells.cells}
        rows += [tuple(_shown(sheet.cell(*first.get((cell.row, cell.column), (cell.row, cell.column)))) for cell in row)
                 for row in sheet.iter_rows()]
    return Read("\n".join(texts), tuple(rows))


def _shown(cell: "openpyxl.cell.Cell") -> str:
    value = cell.value
    assert cell.data_type != "f", f"{value} would run"
    if isinstance(value, (int, float)):
        return f"{value:,}" if "#,##" in cell.number_format else str(value)
    return "" if value is None else str(value).removeprefix("'")


def _hwpx(file: bytes) -> Read:
    document = hwpx_reader.read(file)
    return Read(document.text, tuple(tuple(row) for table in document.tables for row in table.grid))


def _pattern(fact: str) -> re.Pattern[str]:
    """A number stands as a whole: `7,000` not in `17,000` or `7,000,000`."""
    words = r"\s*".join(re.escape(letter) for letter in fact if not letter.isspace())
    before = r"(?<![\d,.])" if fact[:1].isdigit() else ""
    return re.compile(before + words + (r"(?![\d]|[,.]\d)" if fact[-1:].isdigit() else ""))


def _plain(text: str) -> str:
    return "".join(text.split())


def _in_order(cells: Sequence[str], row: Iterable[str]) -> bool:
    rest = iter(row)
    return all(cell in rest for cell in cells)
