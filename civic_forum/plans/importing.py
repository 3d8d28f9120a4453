"""Actions of a plan from a table: each row an action or a further line of its money. Pure."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from civic_forum.commitments.amounts import won_of
from civic_forum.commitments.foreign_tables import (NO_MONEY, PARTS, SUMS, ForeignTable, TableReading, Wrong, bare)
from civic_forum.commitments.importing import SOURCES
from civic_forum.commitments.rules import Source, Unit

from .rules import (BEFORE, LATER, LEAD_MOST, MOST_ACTIONS, NEED_MOST, SECTION_MOST, TITLE_LEAST, TITLE_MOST, WHY_MOST,
                    Action, Money)

MOST_ROWS = 4_500
"""A plan has 400 actions with some ten lines of money each, and may be handed out and read again."""


class Column(StrEnum):
    """Columns by their headings, which are those of the table that is handed out."""

    KEY = "키"
    NUMBER = "연번"
    SECTION = "구분"
    TITLE = "사업명"
    NEED = "필요한 이유"
    LEAD = "주관"
    PLACE = "동"
    YEAR = "연도"
    SOURCE = "재원"
    ITEM = "항목"
    AMOUNT = "사업비"
    BEGINS = "시작"
    ENDS = "끝"
    PERIOD = "기간"
    ORIGIN = "나온 과제"
    WHY = "고친 이유"
    NONE = "-"
    """Passed over."""


COLUMNS = tuple(Column)
OUT = tuple(column for column in COLUMNS if column not in (Column.PERIOD, Column.NONE))
"""Columns of the table that is handed out."""
ALSO = {
    **dict.fromkeys(("번호", "순번", "no", "no."), Column.NUMBER),
    **dict.fromkeys(("분야", "유형", "영역", "분과"), Column.SECTION),
    **dict.fromkeys(("과제명", "과제", "실행과제", "세부사업", "세부사업명", "제목", "사업"), Column.TITLE),
    **dict.fromkeys(("필요성", "목적", "사업내용", "내용", "필요한까닭"), Column.NEED),
    **dict.fromkeys(("주관부서", "담당부서", "부서", "담당", "추진부서", "맡는곳"), Column.LEAD),
    **dict.fromkeys(("예산", "예산액", "금액", "소요예산", "최종예산", "사업예산"), Column.AMOUNT),
    **dict.fromkeys(("해", "년도"), Column.YEAR), **dict.fromkeys(("통계목", "산출내역"), Column.ITEM),
    **dict.fromkeys(("추진기간", "사업기간", "추진시기", "일정"), Column.PERIOD),
    **dict.fromkeys(("변경사유", "조정사유", "사유", "비고", "고친까닭"), Column.WHY)}
HEADINGS = {"".join(column.split()): column for column in Column if column is not Column.NONE} | ALSO
YEARS = {"기투자": BEFORE, "앞서쓴돈": BEFORE, "장래": LATER, "향후": LATER, "뒤에쓸돈": LATER}
_MONTH = re.compile(r"(?:'?(20[0-9]{2}|1[3-9]|[2-9][0-9])\s*[-./년]\s*)?(1[0-2]|0?[1-9])(?:\s*월|\s*[-.].*|\.)?")
"""11.10. is a day in November, and no month of 2011."""
_LONG = {Column.TITLE: TITLE_MOST, Column.SECTION: SECTION_MOST, Column.NEED: NEED_MOST - 1, Column.LEAD: LEAD_MOST,
         Column.WHY: WHY_MOST, Column.ITEM: 60}
"""As many characters at most; a cell of 500 may have been cut there."""


FIELDS = {
    "section": (Column.SECTION,), "need": (Column.NEED,), "lead": (Column.LEAD,), "department_id": (Column.LEAD,),
    "body_id": (Column.LEAD,), "neighbourhood_id": (Column.PLACE,), "money": (Column.AMOUNT,),
    "origin": (Column.ORIGIN,),
    "begins": (Column.BEGINS, Column.PERIOD), "ends": (Column.ENDS, Column.PERIOD), "why_changed": (Column.WHY,)}
"""Facts of an action → columns that say them."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """Actions and names that are there already."""

    year: int
    unit: Unit
    actions: Sequence[Action]
    """Of the version as it stands, or of the one before."""
    keys: Collection[str] = ()
    """Every key that the plan ever used."""
    departments: Mapping[str, int] = field(default_factory=dict)
    bodies: Mapping[str, int] = field(default_factory=dict)
    places: Mapping[str, int] = field(default_factory=dict)


@dataclass
class Reading(TableReading):
    """Actions of a table."""

    before: Sequence[Action] = ()
    """Those that were there."""
    actions: list[Action] = field(default_factory=list)
    printed: int | None = None
    """Sum that the table prints."""


def read(rows: Sequence[tuple[int, Sequence[str]]], known: Known, mapping: Mapping[str, str]) -> Reading:
    """`rows`: numbered, as they stand; `mapping`: heading → column, as somebody said it of this plan."""
    return _Table(rows, known, mapping).read()


class _Table(ForeignTable):
    """A table that is being read."""

    columns, headings, title, amounts, years = Column, HEADINGS, Column.TITLE, (Column.AMOUNT,), YEARS

    def __init__(self, rows: Sequence[tuple[int, Sequence[str]]], known: Known, mapping: Mapping[str, str]):
        super().__init__(rows, Reading(unit=known.unit, before=known.actions), mapping)
        self.known = known

    def read(self) -> Reading:
        rows = self.body()
        if not self.reading.problems:
            self._actions(rows)
        return self.reading  # type: ignore[no-any-return]

    def _actions(self, rows: Sequence[tuple[int, Sequence[str]]]) -> None:
        """A row without a title goes on with the money of the action above."""
        actions: list[Action] = []
        by_key: dict[str, int] = {}
        for number, cells in rows:
            first = next((cell for cell in cells if cell), "")
            texts = dict.fromkeys(COLUMNS, "") | {column: self.cell(cells, column) for column in self.at}
            names = {*map(bare, {first, texts[Column.NUMBER], texts[Column.SECTION], texts[Column.TITLE]})}
            if not names.isdisjoint((*SUMS, *PARTS)):
                if names.isdisjoint(PARTS):
                    self.reading.printed = sum(line.amount for line in self._money(number, cells, texts))
                continue
            title, key = texts[Column.TITLE], texts[Column.KEY]
            if self.is_note(cells):
                continue
            if not title and Column.KEY not in self.at and texts[Column.SECTION] and len(
                    [cell for cell in cells if cell]) == 1:  # a heading above the actions of a section
                self.below[Column.SECTION] = texts[Column.SECTION]
            elif actions and (not title or key and key in by_key):  # rows of one key may have been sorted apart
                place = by_key.get(key, len(actions) - 1)
                money = (*actions[place].money, *self._money(number, cells, texts))
                actions[place] = replace(actions[place], money=money)
                if title and title != actions[place].title:
                    self.reading.refuse(number, Wrong.KEY, key)
            elif first:
                by_key |= {key: len(actions)} if key else {}
                actions.append(self._action(number, cells, texts, len(actions) + 1))
        if len(actions) > MOST_ACTIONS:
            self.reading.refuse(rows[-1][0], Wrong.MANY)
        there = {*self.at, *([Column.AMOUNT] if self.sums else ())}
        absent = [name for name, columns in FIELDS.items() if there.isdisjoint(columns)]
        self.reading.actions = list(_keyed(actions, self.known, absent))

    def _action(self, number: int, cells: Sequence[str], texts: dict[Column, str], place: int) -> Action:
        title, key = texts[Column.TITLE], texts[Column.KEY]
        if len(title) < TITLE_LEAST:
            self.reading.refuse(number, Wrong.TITLE, title)
        for column, most in _LONG.items():
            if len(texts[column]) > most:
                self.reading.refuse(number, Wrong.LONG, texts[column])
        if key and not re.fullmatch(r"[a-z0-9-]{1,20}", key):
            self.reading.refuse(number, Wrong.KEY, key)
        if Column.KEY not in self.at:
            for column in (Column.SECTION, Column.LEAD):
                texts[column] = self.below[column] = texts[column] or self.below.get(column, "")
        lead, where = "".join(texts[Column.LEAD].split()), "".join(texts[Column.PLACE].split())
        if lead and lead not in self.known.departments and lead not in self.known.bodies:
            self.reading.unknown.append(texts[Column.LEAD])
        begins, ends = self._months(number, texts)
        return Action(
            key=key, number=place, title=title, section=texts[Column.SECTION], need=texts[Column.NEED],
            lead=texts[Column.LEAD], department_id=self.known.departments.get(lead),
            body_id=self.known.bodies.get(lead),
            neighbourhood_id=self.known.places.get(where), money=tuple(self._money(number, cells, texts)),
            begins=begins, ends=ends, why_changed=texts[Column.WHY],
            origin=tuple(texts[Column.ORIGIN].replace(",", " ").split()))

    def _months(self, number: int, texts: Mapping[Column, str]) -> tuple[str | None, str | None]:
        begins, ends = texts[Column.BEGINS], texts[Column.ENDS]
        if texts[Column.PERIOD]:
            begins, _to, ends = re.sub("[∼～–]", "~", texts[Column.PERIOD]).partition("~")
        first = self._month(number, begins, self.known.year)
        last = self._month(number, ends or (begins if texts[Column.PERIOD] else ""),
                           int(first[:4]) if first else self.known.year)
        if first and last and last < first:
            self.reading.refuse(number, Wrong.MONTH, ends)
        return first, last

    def _month(self, number: int, text: str, year: int) -> str | None:
        if not text.strip():
            return None
        match = _MONTH.fullmatch(text.strip())
        if match is None:
            self.reading.refuse(number, Wrong.MONTH, text)
            return None
        return f"{2000 + int(match[1][-2:]) if match[1] else year}-{int(match[2]):02}"

    def _money(self, number: int, cells: Sequence[str], texts: Mapping[Column, str]) -> Iterator[Money]:
        typed = texts[Column.SOURCE]
        source, year = SOURCES.get(typed, Source.UNKNOWN), self._year(number, texts[Column.YEAR])
        if typed and typed not in SOURCES and typed not in NO_MONEY:
            self.reading.refuse(number, Wrong.SOURCE, typed)
        for each in self.sums:
            text = cells[each.place] if each.place < len(cells) else ""
            if "".join(text.split()) in NO_MONEY:
                continue
            won = won_of(text, each.unit or self.reading.unit)
            if won is None:
                self.reading.refuse(number, Wrong.FORMULA if text.startswith("=") else Wrong.SUM, text)
            else:
                yield Money(year if each.year is None else each.year, each.source or source,
                            texts[Column.ITEM], won)

    def _year(self, number: int, text: str) -> int:
        match = re.fullmatch(r"(20[0-9]{2})년?", "".join(text.split()))
        year = int(match[1]) if match else YEARS.get("".join(text.split()), self.known.year if not text else None)
        if year is None:
            self.reading.refuse(number, Wrong.YEAR, text)
        return self.known.year if year is None else year


def _keyed(actions: Sequence[Action], known: Known, absent: Sequence[str]) -> Iterator[Action]:
    """Each with the key that it had: by its own, by its title, else by its number where section and office, or sum, are
    the same; a new one gets the next. What the table has no column for (`absent`) stays."""
    there = {action.key: action for action in known.actions}
    left, meant = dict(there), dict[int, str]()
    signs: tuple[Callable[[Action], object], ...] = (
        lambda action: action.key, lambda action: bare(action.title),
        lambda action: (action.number, action.section, action.lead),
        lambda action: (action.number, action.section, action.total))
    for sign in signs:
        alike: dict[object, list[str]] = {}
        for key, old in reversed(left.items()):
            alike.setdefault(sign(old), []).append(key)
        for place, action in enumerate(actions):
            keys = alike.get(sign(action)) if place not in meant else None
            if keys and (not action.key or action.key == keys[-1]):
                meant[place] = keys.pop()
                del left[meant[place]]
    used = {*known.keys, *(action.key for action in known.actions), *(action.key for action in actions)}
    last = max((int(key[1:]) for key in used if re.fullmatch("a[0-9]{1,6}", key)), default=0)
    for place, action in enumerate(actions):
        key = meant.get(place) or action.key
        if not key:
            last += 1
            key = f"a{last}"
        old = there.get(key)
        kept = {name: getattr(old, name) for name in absent} if old else {}
        if old and old.lead == action.lead:
            kept |= {"department_id": old.department_id, "body_id": old.body_id}
        yield replace(action, key=key, **kept)
