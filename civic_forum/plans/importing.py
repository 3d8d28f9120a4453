"""Actions of a plan from a table: its header found, its units and merged cells understood, each row an action or a
further line of its money. Pure."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple

from civic_forum.commitments.amounts import won_of
from civic_forum.commitments.importing import SOURCES, UNITS
from civic_forum.commitments.rules import Source, Unit
from civic_forum.platform.plain_text import clean
from civic_forum.platform.spreadsheets import cell

from .rules import (BEFORE, LATER, LEAD_MOST, MOST_ACTIONS, NEED_MOST, SECTION_MOST, TITLE_LEAST, TITLE_MOST, WHY_MOST,
                    Action, Money)

MOST_ROWS = 4_500
"""A plan has 400 actions with some ten lines of money each, and may be handed out and read again."""
HEADER_WITHIN = 15
"""Rows among which the header is looked for: titles and units stand above it."""


class Column(StrEnum):
    """Columns by their headings, which are those of the table that is handed out."""

    KEY = "키"
    NUMBER = "연번"
    SECTION = "구분"
    TITLE = "사업명"
    NEED = "필요한 까닭"
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
    WHY = "고친 까닭"
    NONE = "-"
    """Passed over."""


OUT = tuple(column for column in Column if column not in (Column.PERIOD, Column.NONE))
"""Columns of the table that is handed out."""
ALSO = {
    **dict.fromkeys(("번호", "순번", "no", "no."), Column.NUMBER),
    **dict.fromkeys(("분야", "유형", "영역", "분과"), Column.SECTION),
    **dict.fromkeys(("과제명", "과제", "실행과제", "세부사업", "세부사업명", "제목", "사업"), Column.TITLE),
    **dict.fromkeys(("필요성", "목적", "사업내용", "내용"), Column.NEED),
    **dict.fromkeys(("주관부서", "담당부서", "부서", "담당", "추진부서", "맡는곳"), Column.LEAD),
    **dict.fromkeys(("예산", "예산액", "금액", "소요예산", "최종예산", "사업예산"), Column.AMOUNT),
    **dict.fromkeys(("해", "년도"), Column.YEAR), **dict.fromkeys(("통계목", "산출내역"), Column.ITEM),
    **dict.fromkeys(("추진기간", "사업기간", "추진시기", "일정"), Column.PERIOD),
    **dict.fromkeys(("변경사유", "조정사유", "사유", "비고"), Column.WHY)}
HEADINGS = {"".join(column.split()): column for column in Column if column is not Column.NONE} | ALSO
YEARS = {"기투자": BEFORE, "앞서쓴돈": BEFORE, "장래": LATER, "향후": LATER, "뒤에쓸돈": LATER}
SUMS = ("합계", "총계", "계", "총합계")
PARTS = ("소계",)
NOTES = ("※", "*", "주)", "주:", "○", "☞")
NO_MONEY = ("", "-", "–", "비예산", "해당없음")
_UNIT = re.compile(r"(?:[(\[（](?:단위)?|단위)[:：]?(백만원|천원|원)")
_BRACKETS = re.compile(r"[(\[（][^()\[\]（）]*[)\]）]")
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


class Wrong(StrEnum):
    """Reasons why a row cannot be taken."""

    NO_TITLE = "no_title"
    """No column of titles: another form, of which somebody says what its columns are."""
    COLUMN_TWICE = "column_twice"
    TITLE = "title"
    LONG = "long"
    SUM = "sum"
    FORMULA = "formula"
    YEAR = "year"
    SOURCE = "source"
    MONTH = "month"
    KEY = "key"
    MANY = "many"


class Problem(NamedTuple):
    row: int
    wrong: Wrong
    text: str = ""


class Place(NamedTuple):
    """A column of sums, with what its heading says of them."""

    place: int
    unit: Unit | None
    source: Source | None
    year: int | None


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
class Reading:
    """A table as it was understood; with problems nothing of it counts."""

    actions: list[Action] = field(default_factory=list)
    printed: int | None = None
    """Sum that the table prints."""
    notes: list[str] = field(default_factory=list)
    """Footnotes, passed over."""
    unknown: list[str] = field(default_factory=list)
    """Offices that are none of this district's."""
    headings: list[str] = field(default_factory=list)
    columns: dict[str, Column] = field(default_factory=dict)
    """Heading → column, as it was read."""
    unit: Unit = Unit.THOUSAND
    problems: list[Problem] = field(default_factory=list)


def bare(heading: str) -> str:
    """A heading without spaces and without what stands in brackets."""
    return "".join(_BRACKETS.sub("", heading).split()).lower()


def unit_in(text: str) -> Unit | None:
    match = _UNIT.search("".join(text.split()))
    return UNITS[match[1]] if match else None


def read(rows: Sequence[tuple[int, Sequence[str]]], known: Known, mapping: Mapping[str, str]) -> Reading:
    """`rows`: numbered, as they stand; `mapping`: heading → column, as somebody said it of this plan."""
    return _Table(rows, known, {bare(heading): Column(column) for heading, column in mapping.items()}).read()


class _Table:
    """A table that is being read."""

    def __init__(self, rows: Sequence[tuple[int, Sequence[str]]], known: Known, mapping: Mapping[str, Column]):
        self.known, self.mapping, self.reading = known, mapping, Reading(unit=known.unit)
        self.rows = [(number, [clean(cell) for cell in cells]) for number, cells in rows]
        self.at: dict[Column, int] = {}
        self.sums: list[Place] = []
        self.below: dict[Column, str] = {}
        """Cells that go on below: they were merged."""

    def read(self) -> Reading:
        header = max(range(len(self.rows[:HEADER_WITHIN])), default=None, key=lambda place: (
            sum(self._column(head) is not None for head in self.rows[place][1]), -place))
        if header is None:
            self._refuse(1, Wrong.NO_TITLE)
            return self.reading
        for _number, cells in self.rows[:header + 1]:
            for head in cells:
                self.reading.unit = unit_in(head) or self.reading.unit
        self._head(*self.rows[header])
        if not self.reading.problems:
            self._actions(self.rows[header + 1:])
        return self.reading

    def _refuse(self, row: int, wrong: Wrong, text: str = "") -> None:
        self.reading.problems.append(Problem(row, wrong, text[:40]))

    def _column(self, heading: str) -> Column | None:
        name = bare(heading)
        if name in self.mapping:
            return self.mapping[name]
        return HEADINGS.get(name) or (Column.AMOUNT if self._told(heading) != (None, None) else None)

    def _told(self, heading: str) -> tuple[Source | None, int | None]:
        """Source and year that the heading of a column of sums says: 시비, 2021년, 기투자."""
        words = [bare(heading), *("".join(part[1:-1].split()) for part in _BRACKETS.findall(heading))]
        years = [int(year[1]) if year else YEARS.get(word) for word in words
                 for year in (re.fullmatch(r"(20[0-9]{2})년?(?:예산|예산액|도)?", word),)]
        return (next(filter(None, map(SOURCES.get, words)), None),
                next((year for year in years if year is not None), None))

    def _head(self, number: int, cells: Sequence[str]) -> None:
        for place, heading in enumerate(cells):
            if not heading:
                continue
            self.reading.headings.append(heading)
            column = self._column(heading)
            self.reading.columns[heading] = column or Column.NONE
            if column is Column.AMOUNT:
                self.sums.append(Place(place, unit_in(heading), *self._told(heading)))
            elif column not in (None, Column.NONE) and self.at.setdefault(column, place) != place:
                self._refuse(number, Wrong.COLUMN_TWICE, heading)
        if len(self.sums) > 1:  # a column of sums beside columns of their parts
            told = [each for each in self.sums if each.source or each.year is not None]
            if not told:
                self._refuse(number, Wrong.COLUMN_TWICE, cells[self.sums[1].place])
            self.sums = told or self.sums[:1]
        if Column.TITLE not in self.at:
            self._refuse(number, Wrong.NO_TITLE)

    def _cell(self, cells: Sequence[str], column: Column) -> str:
        place = self.at.get(column, len(cells))
        text = cells[place] if place < len(cells) else ""
        return clean(text[1:]) if text[:1] == "'" and cell(text[1:]) == text else text

    def _actions(self, rows: Sequence[tuple[int, Sequence[str]]]) -> None:
        """A row without a title goes on with the money of the action above."""
        actions: list[Action] = []
        by_key: dict[str, int] = {}
        for number, cells in rows:
            first = next((cell for cell in cells if cell), "")
            names = {bare(first), *(bare(self._cell(cells, column))
                                    for column in (Column.NUMBER, Column.SECTION, Column.TITLE))}
            if not names.isdisjoint((*SUMS, *PARTS)):
                if names.isdisjoint(PARTS):
                    self.reading.printed = sum(line.amount for line in self._money(number, cells))
                continue
            title, key = self._cell(cells, Column.TITLE), self._cell(cells, Column.KEY)
            if first.startswith(NOTES) and len([cell for cell in cells if cell]) == 1:
                self.reading.notes.append(first)
            elif not title and Column.KEY not in self.at and self._cell(cells, Column.SECTION) and len(
                    [cell for cell in cells if cell]) == 1:  # a heading above the actions of a section
                self.below[Column.SECTION] = self._cell(cells, Column.SECTION)
            elif actions and (not title or key and key in by_key):  # rows of one key may have been sorted apart
                place = by_key.get(key, len(actions) - 1)
                actions[place] = replace(actions[place], money=(*actions[place].money, *self._money(number, cells)))
                if title and title != actions[place].title:
                    self._refuse(number, Wrong.KEY, key)
            elif first:
                by_key |= {key: len(actions)} if key else {}
                actions.append(self._action(number, cells, title, key, len(actions) + 1))
        if len(actions) > MOST_ACTIONS:
            self._refuse(rows[-1][0], Wrong.MANY)
        there = {*self.at, *([Column.AMOUNT] if self.sums else ())}
        absent = [name for name, columns in FIELDS.items() if there.isdisjoint(columns)]
        self.reading.actions = list(_keyed(actions, self.known, absent))

    def _action(self, number: int, cells: Sequence[str], title: str, key: str, place: int) -> Action:
        texts = {column: self._cell(cells, column) for column in Column}
        if len(title) < TITLE_LEAST:
            self._refuse(number, Wrong.TITLE, title)
        for column, most in _LONG.items():
            if len(texts[column]) > most:
                self._refuse(number, Wrong.LONG, texts[column])
        if key and not re.fullmatch(r"[a-z0-9-]{1,20}", key):
            self._refuse(number, Wrong.KEY, key)
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
            neighbourhood_id=self.known.places.get(where), money=tuple(self._money(number, cells)), begins=begins,
            ends=ends, origin=tuple(texts[Column.ORIGIN].replace(",", " ").split()), why_changed=texts[Column.WHY])

    def _months(self, number: int, texts: Mapping[Column, str]) -> tuple[str | None, str | None]:
        begins, ends = texts[Column.BEGINS], texts[Column.ENDS]
        if texts[Column.PERIOD]:
            begins, _to, ends = re.sub("[∼～–]", "~", texts[Column.PERIOD]).partition("~")
        first = self._month(number, begins, self.known.year)
        last = self._month(number, ends or (begins if texts[Column.PERIOD] else ""),
                           int(first[:4]) if first else self.known.year)
        if first and last and last < first:
            self._refuse(number, Wrong.MONTH, ends)
        return first, last

    def _month(self, number: int, text: str, year: int) -> str | None:
        if not text.strip():
            return None
        match = _MONTH.fullmatch(text.strip())
        if match is None:
            self._refuse(number, Wrong.MONTH, text)
            return None
        return f"{2000 + int(match[1][-2:]) if match[1] else year}-{int(match[2]):02}"

    def _money(self, number: int, cells: Sequence[str]) -> Iterator[Money]:
        typed = self._cell(cells, Column.SOURCE)
        source, year = SOURCES.get(typed, Source.UNKNOWN), self._year(number, self._cell(cells, Column.YEAR))
        if typed and typed not in SOURCES and typed not in NO_MONEY:
            self._refuse(number, Wrong.SOURCE, typed)
        for each in self.sums:
            text = cells[each.place] if each.place < len(cells) else ""
            if "".join(text.split()) in NO_MONEY:
                continue
            won = won_of(text, each.unit or self.reading.unit)
            if won is None:
                self._refuse(number, Wrong.FORMULA if text.startswith("=") else Wrong.SUM, text)
            else:
                yield Money(year if each.year is None else each.year, each.source or source,
                            self._cell(cells, Column.ITEM), won)

    def _year(self, number: int, text: str) -> int:
        match = re.fullmatch(r"(20[0-9]{2})년?", "".join(text.split()))
        year = int(match[1]) if match else YEARS.get("".join(text.split()), self.known.year if not text else None)
        if year is None:
            self._refuse(number, Wrong.YEAR, text)
        return self.known.year if year is None else year


def _keyed(actions: Sequence[Action], known: Known, absent: Sequence[str]) -> Iterator[Action]:
    """Each with the key that it had: by its own, by its title, else by its number where section and office, or sum, are
    the same; a new one gets the next. What the table has no column for (`absent`) stays."""
    there = {action.key: action for action in known.actions}
    left = {action.key: action for action in known.actions}
    meant: dict[int, str] = {}
    for fits in (lambda new, old: new.key == old.key, lambda new, old: bare(new.title) == bare(old.title),
                 lambda new, old: new.number == old.number and new.section == old.section
                 and (new.lead == old.lead or new.total == old.total)):
        for place, action in enumerate(actions):
            key = next((key for key, old in left.items() if fits(action, old)), None) if place not in meant else None
            if key is not None and (not action.key or action.key == key):
                meant[place] = key
                del left[key]
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
