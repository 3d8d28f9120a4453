"""Numbers of waiting things, and the next of them: short lists and what the database gives, by the day they are due."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from .. import paging
from ..base import db
from ..errors import Invalid
from ..i18n import _, local
from .deadlines import Due, Tally, fits
from .sources import Source
from .statements import Cursor, bounds, counting, next_few
from .work import WORK, DeskLine, Waiting

PAGE = 20
EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)


@dataclass(frozen=True)
class Item:
    kind: str
    due_on: date
    line: DeskLine


def tallies(kinds: list[Source], today: date) -> dict[str, Tally]:
    """Numbers that wait of each kind, in one statement."""
    counted = {kind.name: Tally(*(sum(fits(one.due_on, due, today) for one in kind.found) for due in Due))
               for kind in kinds if kind.is_short}
    asked = tuple(kind for kind in kinds if not kind.is_short)
    rows = db.session.execute(counting(asked), bounds(asked, today)) if asked else ()
    counted |= {name: Tally(late, on_day, week, every) for name, late, on_day, week, every in rows}
    return {kind.name: counted[kind.name] for kind in kinds}


def listed(kinds: list[Source], *, due: Due, today: date, after: str | None = None,
           size: int = PAGE) -> paging.Page[Item]:
    """The next things of these kinds by the day they are due. Raises Invalid for an `after` that is no token."""
    cursor, order = _cursor(after), {name: place for place, name in enumerate(WORK)}
    of = {kind.name: kind for kind in kinds}
    rows = [(Cursor(one.due_on, kind.name, 0, one.id), one) for kind in kinds if kind.is_short
            for one in kind.found if fits(one.due_on, due, today)]
    if asked := tuple(kind for kind in kinds if not kind.is_short):
        behind = cursor and tuple((order[kind.name] > order[cursor.kind]) - (order[kind.name] < order[cursor.kind])
                                  for kind in asked)
        found = db.session.execute(next_few(asked, due, behind, size), bounds(asked, today, cursor))
        rows += [_read(row, of[row[0]]) for row in found]

    def key(at: Cursor):
        return at.due_on, order[at.kind], at.since, at.id

    rows = sorted((row for row in rows if cursor is None or key(row[0]) > key(cursor)), key=lambda row: key(row[0]))
    page = paging.page_of(rows, size, lambda row: (row[0].due_on.isoformat(), row[0].kind, row[0].since, row[0].id))
    return paging.Page(_in_words(page.items, kinds), page.after)


def _read(row: sa.Row, kind: Source) -> tuple[Cursor, Waiting]:
    name, id_, on, at, ref, title, note = row
    day = on if at is None else local(at + kind.work.within).date()
    return (Cursor(day, name, 0 if at is None else paging.microseconds(at), id_), Waiting(id_, day, ref, title, note))


def _cursor(after: str | None) -> Cursor | None:
    given = paging.parts(after, str, str, int, int)
    if given is None:
        return None
    try:
        cursor = Cursor(date.fromisoformat(given[0]), *given[1:])
    except ValueError:
        cursor = None
    if cursor is None or not EARLIEST <= cursor.due_on <= LATEST or cursor.kind not in WORK:
        raise Invalid(_("주소의 쪽 번호가 맞지 않아요. 목록의 처음부터 다시 봐 주세요."))
    return cursor


def _in_words(rows: list[tuple[Cursor, Waiting]], kinds: list[Source]) -> list[Item]:
    """The lines of a page: each kind puts its own into words at once."""
    lines: dict[tuple[str, int], DeskLine] = {}
    for kind in kinds:
        own = [one for at, one in rows if at.kind == kind.name]
        if own:
            lines |= {(kind.name, one.id): line for one, line in zip(own, kind.work.lines(own), strict=True)}
    return [Item(at.kind, at.due_on, lines[at.kind, one.id]) for at, one in rows]
