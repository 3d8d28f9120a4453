"""A quarter's table of commitments, in anybody's form: money by year and source, how far, what was done, what comes
next, each beside the commitment as it stands. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from . import faults, rules
from .amounts import won_of
from .foreign_tables import NO_MONEY, PARTS, SUMS, ForeignTable, TableReading, Wrong, bare, squeezed, unit_in
from .importing import SOURCES, Change, Known, Told, compare
from .rules import EntryKind, Fault, Line, Source

MOST_ROWS = 1_500


class Column(StrEnum):
    """Columns by their headings."""

    NUMBER = "연번"
    CODE = "관리번호"
    TITLE = "공약"
    LEAD = "부서"
    TOTAL = "총사업비"
    SOURCE = "재원"
    YEAR = "연도"
    PLANNED = "계획"
    SECURED = "확보"
    EXECUTED = "집행"
    PERCENT = "진도"
    DONE = "추진실적"
    NEXT = "향후계획"
    NONE = "-"
    """Passed over."""


AMOUNTS = {Column.PLANNED: "planned", Column.SECURED: "secured", Column.EXECUTED: "executed"}
HEADINGS = {column.value: column for column in Column if column is not Column.NONE} | {
    **dict.fromkeys(("번호", "순번", "no", "no."), Column.NUMBER),
    **dict.fromkeys(("코드", "공약번호", "과제번호"), Column.CODE),
    **dict.fromkeys(("공약명", "공약사업", "공약사업명", "약속", "사업명", "세부사업", "과제명", "이행과제"), Column.TITLE),
    **dict.fromkeys(("담당부서", "주관부서", "추진부서", "소관부서"), Column.LEAD),
    **dict.fromkeys(("사업비", "총예산", "총소요예산", "총소요액"), Column.TOTAL),
    **dict.fromkeys(("재원별", "예산구분"), Column.SOURCE), **dict.fromkeys(("해", "년도"), Column.YEAR),
    **dict.fromkeys(("계획액", "연도별", "연도별투자계획", "투자계획", "연차별투자계획"), Column.PLANNED),
    **dict.fromkeys(("확보액", "예산확보", "확보예산", "예산액"), Column.SECURED),
    **dict.fromkeys(("집행액", "집행예산", "예산집행"), Column.EXECUTED),
    **dict.fromkeys(("진도율", "이행률", "이행율", "추진율", "추진률", "공정률"), Column.PERCENT),
    **dict.fromkeys(("추진실적", "추진상황", "주요실적", "추진내용", "분기실적", "추진현황"), Column.DONE),
    **dict.fromkeys(("향후추진계획", "앞으로할일", "추진계획"), Column.NEXT)}
NOTHING = (*NO_MONEY, "없음", "알린것이없어요", "단계를나누지않음")
"""Words for an empty cell, those of sheets from here too."""
_PERCENT = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,4}))?\s*(%?)")
PRINTED_BESIDE = " (인쇄된 값 "
"""Between a counted value and the printed one beside it, on sheets from here."""


@dataclass
class Reading(TableReading):
    """`unknown`: titles of commitments that are not here, or not of one's departments."""

    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0


def read(rows: Sequence[tuple[int, Sequence[str]]], known: Mapping[str, Known], mapping: Mapping[str, str],
         quarter: str) -> Reading:
    """`known`: squeezed code or title, or a bare title that no other has → the commitment as it stands; `quarter`: the
    one that the table tells of."""
    return _Sheet(rows, known, mapping, quarter).read()


class _Sheet(ForeignTable):
    columns, headings, title, amounts = Column, HEADINGS, Column.TITLE, tuple(AMOUNTS)

    def __init__(self, rows: Sequence[tuple[int, Sequence[str]]], known: Mapping[str, Known],
                 mapping: Mapping[str, str], quarter: str):
        super().__init__(rows, Reading(), mapping)
        self.known, self.quarter, self.year = known, quarter, int(quarter[:4])

    def read(self) -> Reading:
        for known, rows in self._by_commitment():
            before = len(self.reading.problems)
            change = self._change(known, rows)
            if len(self.reading.problems) > before:
                continue
            if change.is_none:
                self.reading.unchanged += 1
            else:
                self.reading.changes.append(change)
        return self.reading  # type: ignore[no-any-return]

    def _by_commitment(self) -> Iterator[tuple[Known, list[tuple[int, Sequence[str]]]]]:
        """Each commitment with its rows: one without a title goes on with the one above."""
        groups: dict[int, tuple[Known, list[tuple[int, Sequence[str]]]]] = {}
        current: list[tuple[int, Sequence[str]]] | None = None
        for number, cells in self.body():
            title, code = (self.cell(cells, column) for column in (Column.TITLE, Column.CODE))
            if self.is_note(cells) or not self.names(cells, Column.TITLE).isdisjoint((*SUMS, *PARTS)):
                continue
            if title or code:
                known, current = self._meant(title, code), None
                if known is None:
                    self.reading.unknown.append(title or code)
                elif known.id in groups:
                    self.reading.refuse(number, Wrong.TWICE, known.title)
                else:
                    current = groups.setdefault(known.id, (known, []))[1]
            if current is not None:
                current.append((number, cells))
        yield from groups.values()

    def _meant(self, title: str, code: str) -> Known | None:
        """The commitment of a row, by its whole title before its code; brackets that it has not are passed over, those
        that differ from its own are not."""
        whole, short = self.known.get(squeezed(title)) or self.known.get(squeezed(code)), self.known.get(bare(title))
        return whole or (short if short and squeezed(short.title) == bare(title) else None)

    def _change(self, known: Known, rows: Sequence[tuple[int, Sequence[str]]]) -> Change:
        lines, total, first = {line.key: line for line in known.lines}, known.total, rows[0][0]
        places: dict[tuple[int, Source, str], int] = {}
        for number, cells in rows:
            for year, source, name, won in self._sums(number, cells, known):
                if (line := self._line(number, lines, year, source, name)) is not None:
                    lines[line.key] = replace(line, **{name: won})
                    places[line.key] = number
            typed = self._won(number, self.cell(cells, Column.TOTAL), self._unit_of_total)
            if typed is not None and (total is not None or typed != sum(line.amount for line in known.lines)):
                total = typed
        after = tuple(sorted(lines.values(), key=lambda line: line.year))
        change = replace(compare(known, after, total, places), told=tuple(self._told(known, rows)))
        fault = faults.lines_fault(after, total) if change.differences or total != known.total else None
        if fault is Fault.TOTAL:
            self.reading.refuse(first, Wrong.TOTAL, f"{sum(line.amount for line in after):,}")
        elif fault is not None:
            self.reading.refuse(first, Wrong.MORE_EXECUTED)
        return change

    @property
    def _unit_of_total(self) -> rules.Unit:
        heading = next((head for head, column in self.reading.columns.items() if column is Column.TOTAL), "")
        return unit_in(heading) or self.reading.unit

    def _won(self, number: int, text: str, unit: rules.Unit) -> int | None:
        if "".join(text.split()) in NO_MONEY:
            return None
        if (won := won_of(text, unit)) is None:
            self.reading.refuse(number, Wrong.FORMULA if text.startswith("=") else Wrong.SUM, text)
        return won

    def _sums(self, number: int, cells: Sequence[str], known: Known) -> Iterator[tuple[int, Source | None, str, int]]:
        """Sums that differ from what stands there, in a year; one that no year is said of is what there is by now, and
        what is new of it is this year's."""
        typed, year = self.cell(cells, Column.SOURCE), self.cell(cells, Column.YEAR)
        if typed and typed not in SOURCES and bare(typed) not in SUMS:
            return self.reading.refuse(number, Wrong.SOURCE, typed)
        match = re.fullmatch(r"(20[0-9]{2})년?", "".join(year.split()))
        if year and match is None:
            return self.reading.refuse(number, Wrong.YEAR, year)
        for each in self.sums:
            text = cells[each.place] if each.place < len(cells) else ""
            if (won := self._won(number, text, each.unit or self.reading.unit)) is None:
                continue
            name, source = AMOUNTS[Column(each.column)], each.source or SOURCES.get(typed)
            on = each.year or (int(match[1]) if match else None)
            there = [line for line in known.lines if source in (None, line.source) and on in (None, line.year)]
            kept = sum(getattr(line, name) or 0 for line in there)
            if won == kept and (won or any(getattr(line, name) == 0 for line in there)):
                continue
            if on is None:
                won -= sum(getattr(line, name) or 0 for line in there if line.year != self.year)
                if won < 0:
                    self.reading.refuse(number, Wrong.NEGATIVE, text)
                    continue
            yield on or self.year, source, name, won

    def _line(self, number: int, lines: Mapping[Any, Line], year: int, source: Source | None, name: str) -> Line | None:
        """The one line of this year and source, or a new one."""
        fits = [line for line in lines.values() if line.year == year and source in (None, line.source)]
        if len(fits) > 1:
            return self.reading.refuse(number, Wrong.SEVERAL_LINES, str(year))
        sources = {line.source for line in lines.values()}
        return fits[0] if fits else Line(
            year, source or (sources.pop() if len(sources) == 1 else Source.UNKNOWN), "", None, None, None)

    def _told(self, known: Known, rows: Sequence[tuple[int, Sequence[str]]]) -> Iterator[Told]:
        first = rows[0][0]
        done, after, percent = ("\n".join(filter(None, (
            "" if bare(text) in NOTHING else text for text in (self.cell(cells, column) for _number, cells in rows))))
            for column in (Column.DONE, Column.NEXT, Column.PERCENT))
        number, was, was_next = known.quarters.get(self.quarter, (None, "", ""))
        done, after = done or was, after or was_next
        if (done, after) != (was, was_next):
            if max(len(done), len(after)) > rules.TEXT_MOST:
                self.reading.refuse(first, Wrong.LONG, done)
            elif len(done) < rules.TEXT_LEAST:
                self.reading.refuse(first, Wrong.TEXT)
            else:
                yield Told(EntryKind.QUARTER, {"quarter": self.quarter, "text": done, "next": after},
                           (was, was_next), (done, after), number)
        if percent := percent.partition(PRINTED_BESIDE)[0]:
            match = _PERCENT.fullmatch(percent)
            value = float(percent.rstrip("% ")) if match else 101
            if match and match[2] and not match[3] and value <= 1:  # a cell shown in percent is kept as its part of 1
                value *= 100
            if value > 100:
                self.reading.refuse(first, Wrong.PERCENT, percent)
            elif round(value) not in (known.percent, known.progress):
                heading = next(head for head, column in self.reading.columns.items() if column is Column.PERCENT)
                yield Told(EntryKind.PRINTED, {"percent": round(value), "of": heading[:60]},
                           ("" if known.percent is None else f"{known.percent}%",), (f"{round(value)}%",))
