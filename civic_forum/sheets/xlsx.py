"""Papers as XLSX: a tab for each, whose columns are those of its widest table; numbers are numbers."""

import io
import re
import unicodedata
from datetime import UTC, datetime
from itertools import accumulate

from civic_forum.platform.spreadsheets import book, cell

from .parts import Box, Grid, Line, Paper

WIDTH = 96
"""Of a page, in characters of a spreadsheet."""
A_LINE, HIGHEST = 14.5, 409
LONGEST_TAB = 31
NO_TAB = re.compile(r"[\[\]:*?/\\']")
NEVER = datetime(2020, 1, 1, tzinfo=UTC)
A4 = 9
LONG = 30
"""Rows from which on a table's headings stand again on each page."""
FONT = {"font_name": "맑은 고딕", "font_size": 9, "valign": "vcenter", "text_wrap": True}
LOOKS = {"title": {"font_size": 16, "bold": True, "align": "center"}, "heading": {"font_size": 11, "bold": True},
         "minor": {"bold": True}, "unit": {"align": "right"}}
BEFORE = {"heading": "□ ", "point": "· "}


def draw(papers: tuple[Paper, ...], title: str, _language: str) -> bytes:
    """The file."""
    file = io.BytesIO()
    with book(file) as workbook:
        workbook.set_properties({"title": title[:255], "created": NEVER.replace(tzinfo=None)})
        taken: set[str] = set()
        for paper in papers:
            _Tab(workbook, paper, _name(paper.name, taken)).write(paper)
    return file.getvalue()


def _name(name: str, taken: set[str]) -> str:
    """A name that a tab may have and no other has."""
    plain = NO_TAB.sub(" ", name).strip()[:LONGEST_TAB] or "1"
    tab, number = plain, 1
    while tab.casefold() in taken or tab.casefold() == "history":
        number += 1
        tab = f"{plain[:LONGEST_TAB - 5]} {number}"
    taken.add(tab.casefold())
    return tab


def _units(text: str) -> float:
    return sum(1.9 if unicodedata.east_asian_width(letter) in "WFA" else 1.05 for letter in text)


class _Tab:
    def __init__(self, workbook, paper: Paper, name: str) -> None:
        self.workbook, self.sheet, self.formats, self.row = workbook, workbook.add_worksheet(name), {}, 0
        grids = [part for part in paper.parts if isinstance(part, Grid)]
        widest = max(grids, key=lambda grid: len(grid.widths), default=None)
        self.edges = list(accumulate(widest.widths if widest else (.5, .5), initial=0.0))
        for place, (left, right) in enumerate(zip(self.edges, self.edges[1:])):
            self.sheet.set_column(place, place, max(2, WIDTH * (right - left)))
        self.sheet.set_paper(A4)
        self.sheet.set_margins(left=.7, right=.7, top=.6, bottom=.7)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_footer("&C- &P -")
        self.sheet.hide_gridlines(2)

    def write(self, paper: Paper) -> None:
        last = len(self.edges) - 2
        self.line(Line("text", paper.left))
        self.line(Line("unit", paper.right))
        for part in paper.parts:
            if isinstance(part, Line):
                self.line(part)
            else:
                self.grid(part)
        self.sheet.print_area(0, 0, max(0, self.row - 1), last)

    def format(self, **look):
        key = tuple(sorted(look.items()))
        if key not in self.formats:
            self.formats[key] = self.workbook.add_format(FONT | look)
        return self.formats[key]

    def put(self, first: tuple[int, int], last: tuple[int, int], value: object, look) -> None:
        if first != last:
            self.sheet.merge_range(*first, *last, "", look)
        value = value if value == "-" else cell(value)
        (self.sheet.write_string if isinstance(value, str) else self.sheet.write_number)(*first, value, look)

    def high(self, row: int, lines: float, size: float = 9) -> None:
        self.sheet.set_row(row, min(HIGHEST, lines * A_LINE * size / 9 + 3))

    def line(self, line: Line) -> None:
        look = LOOKS.get(line.look, {})
        text, size = BEFORE.get(line.look, "") + line.text, look.get("font_size", 9)
        self.put((self.row, 0), (self.row, len(self.edges) - 2), text, self.format(**look))
        self.high(self.row, -(-_units(text) * size / 9 // WIDTH), size)
        self.row += 1

    def grid(self, grid: Grid) -> None:
        columns = self.columns(grid)
        lines = [1.0] * len(grid.rows)
        for place, row in enumerate(grid.rows):
            for box in row:
                first, last = columns[box.column], columns[box.column + box.across]
                self.put((self.row + place, first), (self.row + place + box.down - 1, last - 1),
                         box.text if box.number is None else box.number, self.look(box))
                room = max(2, WIDTH * (self.edges[last] - self.edges[first]) - 1)
                lines[place] = max(lines[place], -(-_units(box.text) // room) / box.down)
            self.high(self.row + place, lines[place])
        if grid.heads and len(grid.rows) > LONG:
            self.sheet.repeat_rows(self.row, self.row + grid.heads - 1)
        self.row += len(grid.rows) + 1

    def look(self, box: Box):
        look = {"border": 1, "align": box.align, "bold": box.is_label or box.is_bold}
        if box.number is not None:
            look["num_format"] = "#,##0" if box.number == int(box.number) else "#,##0.##"
        return self.format(**look, **({"bg_color": "#e9edf2"} if box.is_label else {}))

    def columns(self, grid: Grid) -> list[int]:
        """The column of the tab at which each of the grid begins, as near as can be, and its end."""
        many = len(self.edges) - 1
        places, shares = [0], list(accumulate(grid.widths, initial=0.0))
        for place in range(1, len(grid.widths)):
            least, most = places[-1] + 1, many - (len(grid.widths) - place)
            places.append(min(range(least, most + 1), key=lambda edge: abs(self.edges[edge] - shares[place])))
        return [*places, many]
