"""Reader of HWPX files (OWPML, KS X 6101) by zip and XML alone.

It knows nothing of the library that writes them, gives paragraphs and tables of cells, and refuses what the format
forbids: entries of the container, its package, numbers of styles that stand nowhere, and tables whose cells overlap or
leave holes.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

MIME, PACKAGE = b"application/hwp+zip", "application/hwpml-package+xml"
MOST_BYTES = 64 * 1024 * 1024
FAMILY = re.compile(r"\{http://www\.(?:hancom\.co\.kr/hwpml/2011|owpml\.org/owpml/20\d\d)/(\w+)\}(\w+)")
"""Names of elements, as editions of the format and the office that made it write them."""
DEFINED = {"charPrIDRef": ("charProperties", "charPr"), "paraPrIDRef": ("paraProperties", "paraPr"),
           "styleIDRef": ("styles", "style"), "borderFillIDRef": ("borderFills", "borderFill")}
"""Reference → the list and the element of the header in which its number stands."""
NONE = {"borderFillIDRef": "0", "charPrIDRef": str(2**32 - 1)}
"""Numbers that name nothing."""
INLINE = {"tab": "\t", "lineBreak": "\n", "nbSpace": "\u00a0", "fwSpace": "\u3000", "hyphen": "-"}
SILENT = {"markpenBegin", "markpenEnd", "titleMark", "insertBegin", "insertEnd", "deleteBegin", "deleteEnd"}
IN_RUN = {"secPr", "ctrl", "t", "tbl", "pic", "rect", "line", "container", "equation"}
IN_CELL = ["subList", "cellAddr", "cellSpan", "cellSz", "cellMargin"]


class Forbidden(Exception):
    """The file is none that the format allows."""


@dataclass(frozen=True)
class Cell:
    text: str
    column: int
    row: int
    columns: int = 1
    rows: int = 1
    is_header: bool = False


@dataclass(frozen=True)
class Table:
    columns: int
    rows: int
    cells: tuple[Cell, ...]
    repeats_header: bool = False

    @property
    def grid(self) -> list[list[str]]:
        """Text of each place; that of a merged cell stands in all of its places."""
        grid = [[""] * self.columns for _row in range(self.rows)]
        for cell in self.cells:
            for row in range(cell.row, cell.row + cell.rows):
                for column in range(cell.column, cell.column + cell.columns):
                    grid[row][column] = cell.text
        return grid


@dataclass(frozen=True)
class Document:
    title: str
    blocks: tuple[str | Table, ...]
    """Paragraphs and tables, in their order."""
    breaks: int
    """Paragraphs that begin a page."""

    @property
    def paragraphs(self) -> list[str]:
        return [block for block in self.blocks if isinstance(block, str)]

    @property
    def tables(self) -> list[Table]:
        return [block for block in self.blocks if isinstance(block, Table)]

    @property
    def text(self) -> str:
        return "\n".join(block if isinstance(block, str) else "\n".join(cell.text for cell in block.cells)
                         for block in self.blocks)


def read(file: bytes) -> Document:
    """Raises Forbidden."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(file))
    except zipfile.BadZipFile as error:
        raise Forbidden("no zip") from error
    with archive:
        return _Package(archive).document()


def _named(element: ElementTree.Element) -> str:
    """Name without its family."""
    match = FAMILY.fullmatch(element.tag)
    return match[2] if match else element.tag.rpartition("}")[2]


def _only(condition: object, why: str) -> None:
    if not condition:
        raise Forbidden(why)


class _Package:
    """The container, and what its package names."""

    def __init__(self, archive: zipfile.ZipFile):
        self.archive, self.entries = archive, archive.infolist()
        names = [entry.filename for entry in self.entries]
        _only(names and names[0] == "mimetype", "mimetype is not the first entry")
        _only(len(set(names)) == len(names), "an entry stands twice")
        _only(all(posixpath.normpath(name) == name.rstrip("/") and not name.startswith(("/", "..")) for name in names),
              "an entry leaves the container")
        _only(not any(entry.flag_bits & 1 for entry in self.entries), "an entry is encrypted")
        _only(sum(entry.file_size for entry in self.entries) <= MOST_BYTES, "unpacks to too much")
        for name in ("mimetype", "version.xml"):
            _only(name in names and archive.getinfo(name).compress_type == zipfile.ZIP_STORED, f"{name} is packed")
        _only(archive.read("mimetype") == MIME, "another mimetype")
        version = self.xml("version.xml")
        _only(_named(version) == "HCFVersion" and version.get("major", "").isdigit(), "no version")
        self.root = self._root()
        self.defined: dict[str, set[str]] = {}

    def xml(self, name: str) -> ElementTree.Element:
        try:
            text = self.archive.read(name)
        except KeyError:
            raise Forbidden(f"{name} is not there") from None
        _only(b"<!DOCTYPE" not in text and b"<!ENTITY" not in text, f"{name} defines entities")
        try:
            return ElementTree.fromstring(text)
        except ElementTree.ParseError as error:
            raise Forbidden(f"{name} is no XML: {error}") from error

    def _root(self) -> str:
        files = [element for element in self.xml("META-INF/container.xml").iter() if _named(element) == "rootfile"]
        roots = [element.get("full-path", "") for element in files if element.get("media-type") == PACKAGE]
        _only(len(roots) == 1, "not one package")
        for element in files:
            _only(element.get("full-path") in self.archive.namelist(), "a root file is not there")
        return roots[0]

    def document(self) -> Document:
        package = self.xml(self.root)
        items = {element.get("id"): element.get("href", "") for element in package.iter() if _named(element) == "item"}
        spine = [element.get("idref") for element in package.iter() if _named(element) == "itemref"]
        _only(spine and all(each in items for each in spine), "the spine names what is not in the manifest")
        for href in items.values():
            _only(href in self.archive.namelist(), f"the manifest names {href}, which is not there")
        parts = {href: self.xml(href) for href in (items[each] for each in spine)}
        heads = [part for part in parts.values() if _named(part) == "head"]
        _only(len(heads) == 1, "not one header")
        sections = [part for part in parts.values() if _named(part) == "sec"]
        _only(sections and heads[0].get("secCnt", str(len(sections))) == str(len(sections)), "not so many sections")
        self._define(heads[0])
        title = next((element.text or "" for element in package.iter() if _named(element) == "title"), "")
        blocks = [block for section in sections for block in self._section(section)]
        starts = [element for section in sections for element in section if element.get("pageBreak") == "1"]
        return Document(title, tuple(blocks), len(starts))

    def _define(self, head: ElementTree.Element) -> None:
        lists = {_named(element): element for element in head.iter()}
        for reference, (name, each) in DEFINED.items():
            _only(name in lists, f"no {name}")
            numbers = [element.get("id", "") for element in lists[name] if _named(element) == each]
            _only(len(set(numbers)) == len(numbers), f"a number of {each} stands twice")
            _only(lists[name].get("itemCnt", str(len(numbers))) == str(len(numbers)), f"not so many of {name}")
            self.defined[reference] = set(numbers)
        self._refer(head)

    def _refer(self, part: ElementTree.Element) -> None:
        """Every number that a part names stands in the header."""
        for element in part.iter():
            for reference in DEFINED.keys() & element.attrib.keys():
                number = element.attrib[reference]
                known = number in self.defined[reference] or number == NONE.get(reference)
                _only(known, f"{_named(element)} names {reference} {number}")

    def _section(self, section: ElementTree.Element) -> Iterator[str | Table]:
        self._refer(section)
        _only(all(_named(element) == "p" for element in section) and len(section), "a section holds paragraphs alone")
        _only(any(_named(element) == "secPr" for element in section[0].iter()), "a section does not say its page")
        for paragraph in section:
            yield from _paragraph(paragraph)


def _paragraph(paragraph: ElementTree.Element) -> Iterator[str | Table]:
    """Its text, and the tables that hang on it."""
    runs = [element for element in paragraph if _named(element) != "linesegarray"]
    _only(runs and all(_named(element) == "run" for element in runs), "a paragraph holds runs alone")
    texts, tables = [], []
    for element in (element for run in runs for element in run):
        name = _named(element)
        _only(name in IN_RUN, f"{name} stands in a run")
        if name == "t":
            texts.append(_text(element))
        elif name == "tbl":
            tables.append(_table(element))
    if "".join(texts) or not tables:
        yield "".join(texts)
    yield from tables


def _text(element: ElementTree.Element) -> str:
    pieces = [element.text or ""]
    for inner in element:
        name = _named(inner)
        _only(name in INLINE or name in SILENT, f"{name} stands in a text")
        pieces += [INLINE.get(name, ""), inner.tail or ""]
    return "".join(pieces)


def _table(element: ElementTree.Element) -> Table:
    """Raises Forbidden unless its cells fill it, each place once."""
    rows = [row for row in element if _named(row) == "tr"]
    table = Table(_number(element, "colCnt"), _number(element, "rowCnt"), tuple(
        _cell(cell) for row in rows for cell in row), element.get("repeatHeader") in ("1", "true"))
    _only(len(rows) == table.rows, "a table has not so many rows")
    for number, row in enumerate(rows):
        _only(len(row) and all(_named(cell) == "tc" for cell in row), "a row without cells")
        _only(all(_cell(cell).row == number for cell in row), "a cell says another row")
    places = [(row, column) for cell in table.cells for row in range(cell.row, cell.row + cell.rows)
              for column in range(cell.column, cell.column + cell.columns)]
    _only(len(set(places)) == len(places), "cells overlap")
    _only(set(places) == {(row, column) for row in range(table.rows) for column in range(table.columns)},
          "cells leave holes or stand outside")
    return table


def _cell(element: ElementTree.Element) -> Cell:
    parts = {_named(part): part for part in element}
    _only([_named(part) for part in element] == IN_CELL, "a cell has other parts")
    paragraphs = list(parts["subList"])
    _only(paragraphs and all(_named(paragraph) == "p" for paragraph in paragraphs), "a cell without a paragraph")
    inside = [block for paragraph in paragraphs for block in _paragraph(paragraph)]
    _only(all(isinstance(block, str) for block in inside), "a table in a cell")
    address, span = parts["cellAddr"], parts["cellSpan"]
    return Cell("\n".join(map(str, inside)), _number(address, "colAddr"), _number(address, "rowAddr"),
                _number(span, "colSpan", 1), _number(span, "rowSpan", 1), element.get("header") in ("1", "true"))


def _number(element: ElementTree.Element, name: str, least: int = 0) -> int:
    text = element.get(name, "")
    _only(text.isdecimal() and int(text) >= least, f"{name} is ‘{text}’")
    return int(text)
