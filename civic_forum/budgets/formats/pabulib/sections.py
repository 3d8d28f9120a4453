"""From rows to the three sections with their columns."""

from collections.abc import Collection, Iterator

from .faults import Fault, Trouble
from .files import Table
from .rows import Row

META, PROJECTS, VOTES = "META", "PROJECTS", "VOTES"
NAMES = (META, PROJECTS, VOTES)
NEEDED = {META: ("key", "value"), PROJECTS: ("project_id", "cost"), VOTES: ("voter_id", "vote")}


def sections_of(rows: Iterator[Row]) -> dict[str, Table]:
    """Every section by its name, whole. Raises Fault."""
    found: dict[str, Table] = {}
    name, last = None, 1
    header: tuple[str, ...] = ()
    content: list[tuple[str, ...]] = []
    lines: list[int] = []
    began = 1
    for line, cells in rows:
        last = line
        if (opened := _opens(cells, {*found, name})) is not None:
            if name is not None:
                found[name] = _closed(name, header, content, lines, began)
            if opened in found:
                raise Fault(line, Trouble.SECTION_TWICE, section=opened)
            name, header, content, lines, began = opened, (), [], [], line
        elif name is None:
            raise Fault(line, Trouble.NOT_PABULIB)
        elif not header:
            header, began = _columns(name, line, cells), line
        else:
            content.append(_cells(line, cells, len(header)))
            lines.append(line)
    if name is not None:
        found[name] = _closed(name, header, content, lines, began)
    for needed in NAMES:
        if needed not in found:
            raise Fault(last, Trouble.SECTION_MISSING, section=needed)
    return found


def _opens(cells: list[str], found: Collection[str]) -> str | None:
    """The section that begins here. A spreadsheet may have put empty cells behind its name; but where the section
    was already, that is a row, for instance the blank ballot of a voter who is called VOTES."""
    name = cells[0].strip().upper()
    if name not in NAMES or len(cells) > 1 and (name in found or any(cell.strip() for cell in cells[1:])):
        return None
    return name


def _closed(name: str, header: tuple[str, ...], content: list, lines: list[int], began: int) -> Table:
    if not header:
        raise Fault(began, Trouble.HEADER_MISSING, section=name)
    return Table(header, tuple(content), tuple(lines), began)


def _columns(name: str, line: int, cells: list[str]) -> tuple[str, ...]:
    columns = [cell.strip() for cell in cells]
    while columns and not columns[-1]:
        columns.pop()
    if not all(columns):
        raise Fault(line, Trouble.COLUMN_NAMELESS, section=name)
    seen: set[str] = set()
    for column in columns:
        if column in seen:
            raise Fault(line, Trouble.COLUMN_TWICE, column=column)
        seen.add(column)
    for column in NEEDED[name]:
        if column not in seen:
            raise Fault(line, Trouble.COLUMN_MISSING, column=column, section=name)
    return tuple(columns)


def _cells(line: int, cells: list[str], wanted: int) -> tuple[str, ...]:
    if len(cells) < wanted:
        raise Fault(line, Trouble.SHORT_ROW, wanted=wanted, found=len(cells))
    if len(cells) > wanted and any(cell.strip() for cell in cells[wanted:]):
        raise Fault(line, Trouble.LONG_ROW, wanted=wanted, found=len(cells))
    return tuple(cells[:wanted])
