"""Papers as PDF: text as text, headings again on each page, rows whole unless one is longer than a page."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from fpdf import FPDF

from civic_forum.sharing.drawing import is_there
from civic_forum.sharing.poster import A_POINT, ALIKE, FAMILY, NEVER, add_fonts

from .parts import Box, Grid, Line, Paper

WIDTH, HEIGHT, EDGE, TOP, FOOT = 210, 297, 18, 15, 18
"""Millimetres; sizes of letters are points."""
ROOM, LOWEST = WIDTH - 2 * EDGE, HEIGHT - FOOT
PAD = 1.1
LEADING = 1.38
INK, SHADE = "#000000", "#e9edf2"
LOOKS = {"title": (16, True, "center", 5, 4), "heading": (11, True, "left", 4, 1), "minor": (9, True, "left", 2.4, .4),
         "text": (9, False, "left", 0, .4), "point": (9, False, "left", 0, .4), "unit": (8, False, "right", 0, .5),
         "note": (8, False, "left", 1.5, 0)}
"""Size, bold, side, room above and below."""
BEFORE = {"heading": "□ ", "point": "- "}
BREAKS = re.compile(r"(?<=[ ·/])|(?<=\S)(?=\()")
"""Between words, and inside a long one before brackets and behind marks that part it."""
KEPT = 24
"""Millimetres that a heading needs below it."""


def drawable(text: str) -> str:
    """The text as it can be drawn; an empty box in the place of each letter that the font has in no form."""
    return "".join(map(_drawable, text))


@lru_cache(maxsize=4096)
def _drawable(letter: str) -> str:
    if letter in ALIKE or is_there(letter):
        return letter
    plainer = unicodedata.normalize("NFKC", letter)
    return plainer if all(map(is_there, plainer)) else "□"


class _Pages(FPDF):
    def footer(self) -> None:
        self.set_font(FAMILY, "", 8)
        number = f"- {self.page_no()} -"
        self.text((WIDTH - self.get_string_width(number)) / 2, HEIGHT - 9, number)


@dataclass(frozen=True)
class _Strip:
    """A row of a grid, or as much of one as a page holds."""

    height: float
    boxes: tuple[tuple[Box, list[str], int], ...]
    """With the lines of each, and over how many strips it goes."""


def draw(papers: tuple[Paper, ...], title: str, language: str) -> bytes:
    """The file."""
    pages = _Pages(format="A4")
    pages.set_auto_page_break(False)
    pages.set_margin(0)
    pages.set_creation_date(NEVER)
    pages.set_lang(language)
    pages.set_title(title)
    add_fonts(pages, drawable("".join(_texts(papers))) + "□-0123456789…")
    widths: dict[tuple[bool, str], float] = {}
    for paper in papers:
        _Writer(pages, widths).write(paper)
    return bytes(pages.output())


def _texts(papers: tuple[Paper, ...]) -> Iterator[str]:
    for paper in papers:
        yield from (paper.left, paper.right)
        for part in paper.parts:
            yield from [part.text] if isinstance(part, Line) else (box.text for row in part.rows for box in row)


class _Writer:
    """One paper, from the top of a page of its own."""

    def __init__(self, pages: _Pages, widths: dict[tuple[bool, str], float]) -> None:
        self.pages, self.widths = pages, widths
        self.turn()

    def turn(self) -> None:
        self.pages.add_page()
        self.pages.set_draw_color(INK)
        self.pages.set_line_width(.15)
        self.top: float = TOP

    def write(self, paper: Paper) -> None:
        self.put(self.lines(paper.left, ROOM * .45, 8), EDGE, ROOM * .45, self.top, 8, "left")
        right = self.lines(paper.right, ROOM * .53, 8)
        self.put(right, EDGE + ROOM * .47, ROOM * .53, self.top, 8, "right")
        self.top += len(right) * 8 * A_POINT * LEADING + 2
        for part in paper.parts:
            if isinstance(part, Line):
                self.line(part)
            else:
                self.grid(part)

    def width(self, text: str, size: float, bold: bool) -> float:
        total = 0.0
        for letter in text:
            if (bold, letter) not in self.widths:
                self.pages.set_font(FAMILY, "B" if bold else "", 10)
                self.widths[bold, letter] = self.pages.get_string_width(letter) / 10
            total += self.widths[bold, letter]
        return total * size

    def lines(self, text: str, room: float, size: float, bold: bool = False) -> list[str]:
        """The text in lines of this width, broken between words and before brackets, and inside a word that is longer
        than a line."""
        lines, line, used = [], "", 0.0
        for word in BREAKS.split(drawable(text)):
            wide = self.width(word, size, bold)
            if used + self.width(word.rstrip(), size, bold) <= room:
                line, used = line + word, used + wide
                continue
            lines += [line] if line else []
            line, used = "", 0.0
            for letter in word:
                wide = self.width(letter, size, bold)
                if line and used + wide > room:
                    lines.append(line)
                    line, used = "", 0.0
                line, used = line + letter, used + wide
        return [text.rstrip() for text in (*lines, line) if text.strip()]

    def put(self, lines: list[str], left: float, room: float, top: float, size: float, align: str,
            bold: bool = False) -> None:
        self.pages.set_font(FAMILY, "B" if bold else "", size)
        for place, line in enumerate(lines):
            spare = room - self.width(line, size, bold)
            shift = {"left": 0, "center": spare / 2, "right": spare}[align]
            self.pages.text(left + shift, top + (place * LEADING + 1.03) * size * A_POINT, line)

    def line(self, line: Line) -> None:
        size, bold, align, above, below = LOOKS[line.look]
        before = BEFORE.get(line.look, "")
        indent = self.width(before, size, bold)
        lines = self.lines(line.text, ROOM - indent, size, bold)
        high = size * A_POINT * LEADING
        self.top += above * (self.top > TOP)
        if self.top + high + (KEPT if line.look in ("heading", "minor", "unit") else 0) > LOWEST:
            self.turn()
        self.put([before], EDGE, ROOM, self.top, size, "left", bold)
        for text in lines:
            if self.top + high > LOWEST:
                self.turn()
            self.put([text], EDGE + indent, ROOM - indent, self.top, size, align, bold)
            self.top += high
        self.top += below

    def grid(self, grid: Grid) -> None:
        size = 12 if grid.is_title else 7 if len(grid.widths) > 8 else 8
        edges = [EDGE + ROOM * share for share in accumulate(grid.widths, initial=0.0)]
        heads = self.strips(grid.rows[:grid.heads], edges, size, heads=True)
        rows = self.strips(grid.rows[grid.heads:], edges, size)
        high = sum(strip.height for strip in heads)
        first = 0
        while first < len(rows):
            if self.top + high + rows[first].height > LOWEST and self.top > TOP:
                self.turn()
            self.rows(heads, 0, len(heads), edges, size)
            last, top = first, self.top
            while last < len(rows) and (last == first or top + rows[last].height <= LOWEST):
                top += rows[last].height
                last += 1
            self.rows(rows, first, last, edges, size)
            first = last
        self.top += 1.5

    def strips(self, rows: tuple[tuple[Box, ...], ...], edges: list[float], size: float, *,
               heads: bool = False) -> list[_Strip]:
        """Rows as strips that fit onto a page: headings below each other by what they need together, of others the
        first row of a merged cell holds all of it, so that it may go over the end of a page."""
        high, cells = size * A_POINT * LEADING, []
        for row in rows:
            cells.append([(box, self.lines(box.text, edges[box.column + box.across] - edges[box.column] - 2 * PAD, size,
                                           box.is_label or box.is_bold)) for box in row])
        needs = [max([1, *(len(lines) for box, lines in row if box.down == 1 or not heads)]) for row in cells]
        for place, row in enumerate(cells):
            for box, lines in row if heads else ():
                last = place + box.down
                needs[last - 1] += max(0, len(lines) - sum(needs[place:last]))
        most = int((LOWEST - TOP) / (2 if heads else 1.5) / high)
        pieces = [-(-need // most) for need in needs]
        starts = list(accumulate(pieces, initial=0))
        strips = []
        for place, row in enumerate(cells):
            for piece in range(pieces[place]):
                boxes = [(box, lines[piece * most:(piece + 1) * most] if box.down == 1 else lines[:most],
                          starts[place + box.down] - starts[place] if box.down > 1 else 1)
                         for box, lines in row if box.down == 1 or not piece]
                strips.append(_Strip(high * min(most, needs[place] - piece * most) + 2 * PAD, tuple(boxes)))
        return strips

    def rows(self, strips: list[_Strip], first: int, last: int, edges: list[float], size: float) -> None:
        """Strips on one page, with what is left of cells that began on the one before."""
        tops = list(accumulate((strip.height for strip in strips[first:last]), initial=self.top))
        for place in range(last):
            for box, lines, down in strips[place].boxes:
                if place + down <= first:
                    continue
                top, bottom = tops[max(place - first, 0)], tops[min(place + down, last) - first]
                left, right = edges[box.column], edges[box.column + box.across]
                self.pages.set_fill_color(SHADE)
                self.pages.rect(left, top, right - left, bottom - top, style="DF" if box.is_label else "D")
                high = len(lines) * size * A_POINT * LEADING
                fits = lines if high <= bottom - top else lines[:int((bottom - top) / (size * A_POINT * LEADING))]
                shift = (bottom - top - len(fits) * size * A_POINT * LEADING) / 2
                self.put(fits, left + PAD, right - left - 2 * PAD, top + shift, size, box.align,
                         box.is_label or box.is_bold)
        self.top = tops[-1]
