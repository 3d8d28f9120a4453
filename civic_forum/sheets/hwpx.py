"""Papers as HWPX (OWPML, KS X 6101): a zip of XML that Hancom Office opens; a table breaks between rows alone and has
its headings again on each page.

What is the same for all sheets lies in `package/`: fonts, letters, sides and lines of cells in its `header.xml`, which
are named here in their order, and the size of the paper in its `section0.xml`.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from xml.sax.saxutils import escape

from .parts import Box, Grid, Line, Paper

PACKAGE = Path(__file__).parent / "package"
PLACES = re.compile(r"\{(title|language|section)\}")
ROOM = 59528 - 2 * 5102
"""Width between the edges; units of the format, of which an inch has 7,200."""
TALL = 2_000
"""Letters from which on a cell may be longer than a page, and may be torn."""
LETTERS = ("body", "bold", "title", "heading", "cell", "label", "small", "small label", "name")
SIDES = ("left", "center", "right", "kept")
LINED, SHADED = 2, 3
LOOKS = {"title": ("title", "center"), "heading": ("heading", "kept"), "minor": ("bold", "kept"),
         "text": ("body", "left"), "point": ("body", "left"), "unit": ("cell", "right"), "note": ("cell", "left")}
BEFORE = {"heading": "□ ", "point": "- "}
VERSION = "version.xml"
"""Never packed, as the format asks."""


def draw(papers: tuple[Paper, ...], title: str, language: str) -> bytes:
    """The file."""
    preview = "\r\n".join(part.text for paper in papers for part in paper.parts if isinstance(part, Line))
    words = {"title": escape(title), "language": language, "section": "".join(_section(papers))}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(zipfile.ZipInfo("mimetype"), "application/hwp+zip")  # first, and not packed
        for name, text in (*_files(words), ("Preview/PrvText.txt", preview[:1000])):
            packed = zipfile.ZIP_STORED if name == VERSION else zipfile.ZIP_DEFLATED
            package.writestr(zipfile.ZipInfo(name), text, packed)
    return file.getvalue()


def _files(words: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Files of the package with what stands in each, without the breaks between its elements."""
    for path in sorted(path for path in PACKAGE.rglob("*") if path.is_file()):
        text = "".join(map(str.strip, path.read_text("utf-8").splitlines()))
        yield path.relative_to(PACKAGE).as_posix(), PLACES.sub(lambda place: words[place[1]], text)


def _section(papers: tuple[Paper, ...]) -> Iterator[str]:
    for place, paper in enumerate(papers):
        yield _paragraph(paper.left, "cell", "left", turns=place > 0)
        yield _paragraph(paper.right, "cell", "right")
        for number, part in enumerate(paper.parts):
            if isinstance(part, Line):
                yield _paragraph(BEFORE.get(part.look, "") + part.text, *LOOKS[part.look])
            else:
                yield _paragraph("", "cell", "left", table=_table(part, 1000 * place + number + 1))


def _paragraph(text: str, letters: str, side: str, *, table: str = "", turns: bool = False) -> str:
    run = f'<hp:run charPrIDRef="{LETTERS.index(letters)}">'
    return (f'<hp:p id="0" paraPrIDRef="{SIDES.index(side)}" styleIDRef="0" pageBreak="{turns:d}" columnBreak="0" '
            f'merged="0">{table and f"{run}{table}</hp:run>"}{run}<hp:t>{escape(text)}</hp:t></hp:run></hp:p>')


def _table(grid: Grid, number: int) -> str:
    edges = [round(ROOM * share) for share in accumulate(grid.widths, initial=0.0)]
    high = 1500 if len(grid.widths) > 8 else 1700
    longest = max((len(box.text) for row in grid.rows for box in row), default=0)
    rows = "".join(f"<hp:tr>{''.join(_cell(box, place, edges, high, grid) for box in row)}</hp:tr>"
                   for place, row in enumerate(grid.rows))
    return (f'<hp:tbl id="{number}" zOrder="0" numberingType="TABLE" textWrap="TOP_AND_BOTTOM" textFlow="BOTH_SIDES" '
            f'lock="0" dropcapstyle="None" pageBreak="{"CELL" if longest > TALL else "TABLE"}" '
            f'repeatHeader="{bool(grid.heads):d}" rowCnt="{len(grid.rows)}" colCnt="{len(grid.widths)}" '
            f'cellSpacing="0" borderFillIDRef="{LINED}" noAdjust="0"><hp:sz width="{edges[-1]}" '
            f'widthRelTo="ABSOLUTE" height="{high * len(grid.rows)}" heightRelTo="ABSOLUTE" protect="0"/><hp:pos '
            'treatAsChar="0" affectLSpacing="0" flowWithText="1" allowOverlap="0" holdAnchorAndSO="0" vertRelTo="PARA" '
            'horzRelTo="COLUMN" vertAlign="TOP" horzAlign="LEFT" vertOffset="0" horzOffset="0"/><hp:outMargin left="0" '
            f'right="0" top="0" bottom="283"/>{_margin("inMargin")}{rows}</hp:tbl>')


def _margin(name: str) -> str:
    return f'<hp:{name} left="283" right="283" top="141" bottom="141"/>'


def _cell(box: Box, row: int, edges: list[int], high: int, grid: Grid) -> str:
    cell, label = ("name", "name") if grid.is_title else (
        "small", "small label") if len(grid.widths) > 8 else ("cell", "label")
    words = _paragraph(box.text, label if box.is_label or box.is_bold else cell, box.align)
    return (f'<hp:tc name="" header="{row < grid.heads:d}" hasMargin="0" protect="0" editable="0" dirty="0" '
            f'borderFillIDRef="{SHADED if box.is_label else LINED}"><hp:subList id="" textDirection="HORIZONTAL" '
            'lineWrap="BREAK" vertAlign="CENTER" linkListIDRef="0" linkListNextIDRef="0" textWidth="0" textHeight="0" '
            f'hasTextRef="0" hasNumRef="0">{words}</hp:subList>'
            f'<hp:cellAddr colAddr="{box.column}" rowAddr="{row}"/><hp:cellSpan colSpan="{box.across}" '
            f'rowSpan="{box.down}"/><hp:cellSz width="{edges[box.column + box.across] - edges[box.column]}" '
            f'height="{high * box.down}"/>{_margin("cellMargin")}</hp:tc>')
