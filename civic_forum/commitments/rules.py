"""Commitments: entries of their ledger, and what follows from them. Pure."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

TITLE_LEAST, TITLE_MOST = 5, 200
GOAL_MOST, FIELD_MOST, CODE_MOST, ITEM_MOST, LABEL_MOST = 1_000, 40, 30, 60, 60
TEXT_LEAST, TEXT_MOST = 5, 2_000
WHY_LEAST, WHY_MOST = 5, 300
MOST_MILESTONES, MOST_LINES, MOST_ENTRIES, MOST_TARGETS = 30, 200, 400, 20
WHOLE = 100
"""Sum of the weights of all milestones."""
MOST_WON = 10**14
YEARS = range(2000, 2100)
FAR, FARTHER = date(9999, 1, 1), date(9999, 12, 31)
"""Places of commitments without a day, and of those that are over, among those that are due."""
QUARTER_DAYS = 20
"""Days after the end of a quarter in which it is told in time."""


class Status(StrEnum):
    ON_TRACK = "on_track"
    LATE = "late"
    DONE = "done"
    ON_HOLD = "on_hold"
    CHANGED = "changed"
    DROPPED = "dropped"


class CommitmentKind(StrEnum):
    CONTINUED = "continued"
    NEW = "new"
    OWN = "own"
    OPERATION = "operation"


class Standing(StrEnum):
    """Standing of a commitment for residents, on a given day."""

    KEPT = "kept"
    GOING = "going"
    LATE = "late"
    STOPPED = "stopped"


class Source(StrEnum):
    """Origin of money."""

    STATE = "state"
    CITY = "city"
    DISTRICT = "district"
    PRIVATE = "private"
    OTHER = "other"


class Unit(StrEnum):
    """Unit in which the money of a commitment is typed and shown."""

    WON = "won"
    THOUSAND = "thousand"
    MILLION = "million"

    @property
    def won(self) -> int:
        return {Unit.WON: 1, Unit.THOUSAND: 1_000, Unit.MILLION: 1_000_000}[self]


class EntryKind(StrEnum):
    FACTS = "facts"
    MILESTONES = "milestones"
    REACHED = "reached"
    WITHDRAWN = "withdrawn"
    """Evidence of a reached milestone is taken back."""
    SLIP = "slip"
    STATUS = "status"
    MONEY = "money"
    SHIFT = "shift"
    """Money moved from one item to another by a resolution (통계목 변경)."""
    TARGETS = "targets"
    QUARTER = "quarter"
    SURVEY = "survey"
    LOG = "log"
    PRINTED = "printed"
    """A figure that an older report typed."""
    ORIGIN = "origin"
    """Its origin was withdrawn, merged or dropped."""


class EntryState(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    SENT_BACK = "sent_back"


OVER = (Status.DONE, Status.DROPPED)
STOPPED = (Status.ON_HOLD, Status.CHANGED, Status.DROPPED)
TELLS = (EntryKind.REACHED, EntryKind.SLIP, EntryKind.STATUS)
"""Entries of which people hear."""
MOVES = (EntryKind.MILESTONES, EntryKind.REACHED, EntryKind.WITHDRAWN, EntryKind.SLIP)
"""Entries that a commitment takes while it is not over."""


@dataclass(frozen=True)
class Entry:
    """An entry as it counts: what it says, and on which day."""

    number: int
    kind: EntryKind
    on: date
    content: Mapping[str, Any]
    corrects: int | None = None
    """Number of the entry whose place this one takes."""


@dataclass(frozen=True)
class Milestone:
    key: str
    title: str
    weight: int
    due_on: date | None
    first_due_on: date | None
    reached_on: date | None = None
    evidence: str = ""
    link: str = ""
    files: tuple[str, ...] = ()

    @property
    def is_shown(self) -> bool:
        """True for one that was reached and has evidence."""
        return self.reached_on is not None and bool(self.evidence or self.link or self.files)


@dataclass(frozen=True)
class Line:
    """Money of one year from one source for one item, in won; None: not known."""

    year: int
    source: Source
    item: str
    planned: int | None
    secured: int | None
    executed: int | None

    @property
    def key(self) -> tuple[int, Source, str]:
        return self.year, self.source, self.item

    @property
    def amount(self) -> int:
        """Part of the whole: what is planned, else what is secured."""
        return self.planned if self.planned is not None else self.secured or 0


@dataclass(frozen=True)
class Slip:
    """A day that was moved; of the commitment itself where `milestone` is empty."""

    milestone: str
    before: date | None
    after: date
    why: str
    on: date
    number: int


@dataclass(frozen=True)
class Sums:
    planned: int | None
    secured: int | None
    executed: int | None
    rest: int | None
    """Won left of the money that is known to be secured."""


@dataclass(frozen=True)
class Ledger:
    """A commitment after its entries."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    milestones: tuple[Milestone, ...] = ()
    lines: tuple[Line, ...] = ()
    total: int | None = None
    slips: tuple[Slip, ...] = ()
    status: Status | None = None
    due_on: date | None = None
    first_due_on: date | None = None
    done_on: date | None = None
    targets: tuple[Mapping[str, Any], ...] = ()
    printed: Mapping[str, Any] | None = None
    quarters: tuple[Entry, ...] = ()
    logs: tuple[Entry, ...] = ()
    origin_lost: str = ""
    """Step by which what it came from was lost, until the status says what follows."""
    history: tuple[Entry, ...] = field(default=(), repr=False)
    """The entries it comes from, corrected ones too."""

    @property
    def progress(self) -> int | None:
        """이행률 in percent: the weights of the milestones that were reached with evidence; None without milestones."""
        return sum(one.weight for one in self.milestones if one.is_shown) if self.milestones else None

    @property
    def is_over(self) -> bool:
        return self.status in OVER

    @property
    def next_due_on(self) -> date | None:
        """The day on which something is due next."""
        if self.is_over or self.status is Status.ON_HOLD:
            return None
        days = [one.due_on for one in self.milestones if not one.is_shown and one.due_on] + (
            [self.due_on] if self.due_on else [])
        return min(days, default=None)

    @property
    def last_quarter(self) -> str | None:
        return max((one.content["quarter"] for one in self.quarters), default=None)

    @property
    def sums(self) -> Sums:
        return sums(self.lines)

    def milestone(self, key: str) -> Milestone | None:
        return next((one for one in self.milestones if one.key == key), None)


def sums(lines: Iterable[Line]) -> Sums:
    """Each column added up; None where no line knows it."""
    found = list(lines)
    planned, secured, executed = (_added([getattr(one, name) for one in found])
                                  for name in ("planned", "secured", "executed"))
    rest = _added([None if one.secured is None else one.secured - (one.executed or 0) for one in found])
    return Sums(planned, secured, executed, rest)


def _added(values: Sequence[int | None]) -> int | None:
    known = [one for one in values if one is not None]
    return sum(known) if known else None


def with_executed(lines: Sequence[Line], year: int, won: int) -> list[Line]:
    """Lines of which so much is executed together, as far as one sum for all of them can say it: by the first line."""
    first, *others = lines or [Line(year, Source.DISTRICT, "", None, None, None)]
    return [replace(first, executed=won), *(replace(one, executed=None) for one in others)]


def fold(entries: Iterable[Entry]) -> Ledger:
    """The ledger after these entries, in the order in which they were approved; a correction takes the place of what it
    corrects."""
    history = tuple(entries)
    ledger = Ledger()
    for entry in placed(history):
        ledger = _STEPS[entry.kind](ledger, entry)
    return replace(ledger, history=history)


def placed(entries: Iterable[Entry]) -> list[Entry]:
    """Entries as they count: a correction, and a correction of that one, stands in the place and under the number of
    the first."""
    places: dict[int | None, int] = {}
    standing: dict[int, Entry] = {}
    for one in entries:
        place = places[one.number] = places.get(one.corrects, one.number)
        standing[place] = replace(_kept_of(one, standing.get(place)), number=place)
    return list(standing.values())


def _kept_of(entry: Entry, before: Entry | None) -> Entry:
    """A day that was set once is moved by a slip alone, and a department is changed by an entry alone that it approves
    (`handing.receiver`): a correction keeps both."""
    if before is None or entry.kind not in (EntryKind.FACTS, EntryKind.MILESTONES):
        return entry
    if entry.kind is EntryKind.FACTS:
        kept = {name: before.content[name] for name in ("department",) if name in before.content}
        return replace(entry, content={**entry.content, **kept, "due_on": before.content.get("due_on")
                                       or entry.content.get("due_on")})
    days = {row["key"]: row["due_on"] for row in before.content["milestones"] if row["due_on"]}
    return replace(entry, content={"milestones": [{**row, "due_on": days.get(row["key"], row["due_on"])}
                                                  for row in entry.content["milestones"]]})


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _facts(ledger: Ledger, entry: Entry) -> Ledger:
    facts = {**ledger.facts, **entry.content}
    due_on = ledger.due_on if ledger.first_due_on else day(facts.get("due_on"))
    return replace(ledger, facts=facts, due_on=due_on, first_due_on=ledger.first_due_on or due_on)


def _milestones(ledger: Ledger, entry: Entry) -> Ledger:
    known = {one.key: one for one in ledger.milestones}
    made = []
    for row in entry.content["milestones"]:
        before, due_on = known.get(row["key"]), day(row["due_on"])
        made.append(replace(before, title=row["title"], weight=row["weight"],
                            due_on=before.due_on or due_on, first_due_on=before.first_due_on or due_on)
                    if before else Milestone(row["key"], row["title"], row["weight"], due_on, due_on))
    return replace(ledger, milestones=tuple(made))


def _changed(ledger: Ledger, key: str, **values: Any) -> Ledger:
    return replace(ledger, milestones=tuple(replace(one, **values) if one.key == key else one
                                            for one in ledger.milestones))


def _reached(ledger: Ledger, entry: Entry) -> Ledger:
    said = entry.content
    return _changed(ledger, said["milestone"], reached_on=entry.on, evidence=said.get("text", ""),
                    link=said.get("link", ""), files=tuple(said.get("files", ())))


def _withdrawn(ledger: Ledger, entry: Entry) -> Ledger:
    return _changed(ledger, entry.content["milestone"], reached_on=None, evidence="", link="", files=())


def _slip(ledger: Ledger, entry: Entry) -> Ledger:
    key, after = entry.content.get("milestone", ""), date.fromisoformat(entry.content["to"])
    found = ledger.milestone(key)
    before = found.due_on if found else ledger.due_on
    slips = (*ledger.slips, Slip(key, before, after, entry.content["why"], entry.on, entry.number))
    if found is not None:
        return replace(_changed(ledger, key, due_on=after, first_due_on=found.first_due_on or after), slips=slips)
    if key:
        return ledger
    return replace(ledger, due_on=after, first_due_on=ledger.first_due_on or after, slips=slips)


def _status(ledger: Ledger, entry: Entry) -> Ledger:
    status = Status(entry.content["status"])
    return replace(ledger, status=status, done_on=entry.on if status is Status.DONE else None, origin_lost="")


def _money(ledger: Ledger, entry: Entry) -> Ledger:
    return replace(ledger, lines=tuple(line_of(row) for row in entry.content["lines"]), total=entry.content["total"])


def line_of(row: Sequence[Any]) -> Line:
    """The line that an entry keeps as `[year, source, item, planned, secured, executed]`."""
    year, source, item, planned, secured, executed = row
    return Line(year, Source(source), item, planned, secured, executed)


def _quarter(ledger: Ledger, entry: Entry) -> Ledger:
    ledger = replace(ledger, quarters=(*ledger.quarters, entry))
    spent = {(row[0], Source(row[1]), row[2]): row[3] for row in entry.content.get("executed", ())
             if row[3] is not None}
    return replace(ledger, lines=tuple(replace(one, executed=spent.get(one.key, one.executed))
                                       for one in ledger.lines)) if spent else ledger


_STEPS: dict[EntryKind, Callable[[Ledger, Entry], Ledger]] = {
    EntryKind.FACTS: _facts, EntryKind.MILESTONES: _milestones, EntryKind.REACHED: _reached,
    EntryKind.WITHDRAWN: _withdrawn, EntryKind.SLIP: _slip, EntryKind.STATUS: _status, EntryKind.MONEY: _money,
    EntryKind.QUARTER: _quarter, EntryKind.SHIFT: lambda ledger, _entry: ledger,
    EntryKind.SURVEY: lambda ledger, _entry: ledger,
    EntryKind.LOG: lambda ledger, entry: replace(ledger, logs=(*ledger.logs, entry)),
    EntryKind.TARGETS: lambda ledger, entry: replace(ledger, targets=tuple(entry.content["targets"])),
    EntryKind.PRINTED: lambda ledger, entry: replace(ledger, printed=entry.content),
    EntryKind.ORIGIN: lambda ledger, entry: replace(ledger, origin_lost=entry.content["step"]),
}
"""Kind of entry → the ledger after one of it. Shifts and surveys say nothing that counts: pages show the entries."""


def standing(status: Status | None, next_due_on: date | None, today: date) -> Standing:
    """For residents: kept, stopped, late by its status or because a day has passed, or going on."""
    if status is Status.DONE:
        return Standing.KEPT
    if status in STOPPED:
        return Standing.STOPPED
    return Standing.LATE if status is Status.LATE or next_due_on and next_due_on < today else Standing.GOING


def sort_day(ledger: Ledger) -> date:
    """Place among those that are due: the next day, then those without one, then those that are over."""
    return FARTHER if ledger.is_over else ledger.next_due_on or FAR


class Fault(StrEnum):
    """Reasons why an entry cannot be."""

    WEIGHTS = "weights"
    FEW_MILESTONES = "few_milestones"
    REACHED_GONE = "reached_gone"
    UNKNOWN_MILESTONE = "unknown_milestone"
    ALREADY_REACHED = "already_reached"
    NOT_REACHED = "not_reached"
    NO_EVIDENCE = "no_evidence"
    SAME_DAY = "same_day"
    SAME_STATUS = "same_status"
    NOT_ALL_REACHED = "not_all_reached"
    TOTAL = "total"
    MORE_EXECUTED = "more_executed"
    TWICE = "twice"
    MORE_MOVED = "more_moved"
    UNKNOWN_LINE = "unknown_line"
    MORE_SATISFIED = "more_satisfied"
    QUARTER_TOLD = "quarter_told"
    OVER = "over"


_HARMLESS = (Fault.SAME_DAY, Fault.SAME_STATUS)
"""Reasons against a new entry that are none against a correction, which may take back what was said."""


def fault(ledger: Ledger, entry: Entry) -> Fault | None:
    """The first reason why this entry cannot follow this ledger; of a correction, why it cannot stand in its place, or
    what came later could not follow it."""
    if entry.corrects is None:
        return _next_fault(ledger, entry)
    before, after = _faults(ledger.history), _faults((*ledger.history, entry))
    return next((found for number, found in after.items() if found not in (None, *_HARMLESS)
                 and (number == entry.corrects or found is not before.get(number))), None)


def _faults(history: Iterable[Entry]) -> dict[int, Fault | None]:
    """Number of each entry as it counts → the reason why it could not follow those before it."""
    ledger, found = Ledger(), {}
    for entry in placed(history):
        found[entry.number] = _next_fault(ledger, entry)
        ledger = _STEPS[entry.kind](ledger, entry)
    return found


def _next_fault(ledger: Ledger, entry: Entry) -> Fault | None:
    if ledger.is_over and entry.kind in MOVES:
        return Fault.OVER
    check = _CHECKS.get(entry.kind)
    return check(ledger, entry) if check else None


def _milestones_fault(ledger: Ledger, entry: Entry) -> Fault | None:
    rows = entry.content["milestones"]
    if not rows or len(rows) > MOST_MILESTONES:
        return Fault.FEW_MILESTONES
    if sum(row["weight"] for row in rows) != WHOLE or any(row["weight"] < 1 for row in rows):
        return Fault.WEIGHTS
    kept = [row["key"] for row in rows]
    if len(set(kept)) < len(kept):
        return Fault.TWICE
    return Fault.REACHED_GONE if any(one.is_shown and one.key not in kept for one in ledger.milestones) else None


def _reached_fault(ledger: Ledger, entry: Entry) -> Fault | None:
    found, said = ledger.milestone(entry.content["milestone"]), entry.content
    if found is None:
        return Fault.UNKNOWN_MILESTONE
    if found.is_shown:
        return Fault.ALREADY_REACHED
    return None if said.get("text") or said.get("link") or said.get("files") else Fault.NO_EVIDENCE


def _withdrawn_fault(ledger: Ledger, entry: Entry) -> Fault | None:
    found = ledger.milestone(entry.content["milestone"])
    return None if found is not None and found.is_shown else Fault.NOT_REACHED


def _slip_fault(ledger: Ledger, entry: Entry) -> Fault | None:
    key, after = entry.content.get("milestone", ""), date.fromisoformat(entry.content["to"])
    found = ledger.milestone(key)
    if key and found is None:
        return Fault.UNKNOWN_MILESTONE
    if found is not None and found.is_shown:
        return Fault.ALREADY_REACHED
    return Fault.SAME_DAY if after == (found.due_on if found else ledger.due_on) else None


def _status_fault(ledger: Ledger, entry: Entry) -> Fault | None:
    status = Status(entry.content["status"])
    if status is ledger.status and not ledger.origin_lost:
        return Fault.SAME_STATUS
    unreached = any(not one.is_shown for one in ledger.milestones)
    return Fault.NOT_ALL_REACHED if status is Status.DONE and unreached else None


def _money_fault(_ledger: Ledger, entry: Entry) -> Fault | None:
    lines = [line_of(row) for row in entry.content["lines"]]
    return lines_fault(lines, entry.content["total"])


def lines_fault(lines: Sequence[Line], total: int | None) -> Fault | None:
    """The first reason why these lines cannot stand together, below this total."""
    if len({one.key for one in lines}) < len(lines):
        return Fault.TWICE
    if any(one.executed is not None and one.secured is not None and one.executed > one.secured for one in lines):
        return Fault.MORE_EXECUTED
    if total is not None and lines and sum(one.amount for one in lines) != total:
        return Fault.TOTAL
    return None


def row_of(line: Line) -> list[Any]:
    """As an entry keeps a line (`line_of`)."""
    return [line.year, line.source, line.item, line.planned, line.secured, line.executed]


def _shift_fault(_ledger: Ledger, entry: Entry) -> Fault | None:
    return Fault.MORE_MOVED if not 0 < entry.content["moved"] <= entry.content["of"] else None


def _quarter_fault(ledger: Ledger, entry: Entry) -> Fault | None:
    if any(one.content["quarter"] == entry.content["quarter"] for one in ledger.quarters):
        return Fault.QUARTER_TOLD
    keys = {one.key: one for one in ledger.lines}
    for year, source, item, executed in entry.content.get("executed", ()):
        line = keys.get((year, Source(source), item))
        if line is None:
            return Fault.UNKNOWN_LINE
        if line.secured is not None and executed is not None and executed > line.secured:
            return Fault.MORE_EXECUTED
    return None


def _survey_fault(_ledger: Ledger, entry: Entry) -> Fault | None:
    said = entry.content
    return Fault.MORE_SATISFIED if not 0 <= said["satisfied"] <= said["respondents"] or not said["respondents"] \
        else None


_CHECKS = {
    EntryKind.MILESTONES: _milestones_fault, EntryKind.REACHED: _reached_fault, EntryKind.WITHDRAWN: _withdrawn_fault,
    EntryKind.SLIP: _slip_fault, EntryKind.STATUS: _status_fault, EntryKind.MONEY: _money_fault,
    EntryKind.SHIFT: _shift_fault, EntryKind.QUARTER: _quarter_fault, EntryKind.SURVEY: _survey_fault,
}


def thousandfold(before: Iterable[Line], after: Iterable[Line]) -> tuple[Line, str, int] | None:
    """The first sum that grew or shrank about a thousandfold, as if typed in another unit: its line, the column, and
    the sum that may have been meant, in won."""
    known = {one.key: one for one in before}
    for line in after:
        old = known.get(line.key)
        for name in ("planned", "secured", "executed") if old else ():
            was, now = getattr(old, name), getattr(line, name)
            if was and now and (ratio := Fraction(now, was)) and _about_thousand(ratio):
                return line, name, now // 1_000 if ratio > 1 else now * 1_000
    return None


def _about_thousand(ratio: Fraction) -> bool:
    return Fraction(300) <= max(ratio, 1 / ratio) <= Fraction(3_000)


_AMOUNT = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(?:\.([0-9]{1,6}))?\s*(원|천\s?원|백만\s?원|만\s?원|억\s?원)?")
_UNITS = {"원": 1, "천원": 1_000, "만원": 10_000, "백만원": 1_000_000, "억원": 100_000_000}


def won_of(text: str, unit: Unit) -> int | None:
    """Won of a typed sum: in this unit, or in the one that stands behind it. None for what is no whole sum of won."""
    found = _AMOUNT.fullmatch(text.strip())
    if found is None:
        return None
    factor = _UNITS["".join(found[3].split())] if found[3] else unit.won
    amount = Fraction(found[1].replace(",", "") + (f".{found[2]}" if found[2] else "")) * factor
    return int(amount) if amount.denominator == 1 and amount <= MOST_WON else None


def in_unit(won: int, unit: Unit) -> str:
    """A sum of won in this unit, exactly: 36,400 or 1.6."""
    whole, part = divmod(abs(won), unit.won)
    digits = str(part).zfill(len(str(unit.won)) - 1).rstrip("0") if part else ""
    return f"{'-' if won < 0 else ''}{whole:,}{'.' if digits else ''}{digits}"


def applied(ledger: Ledger, entry: Entry) -> Ledger:
    """The ledger with one more entry: at its end, or in the place of what it corrects."""
    history = (*ledger.history, entry)
    return fold(history) if entry.corrects is not None else replace(_STEPS[entry.kind](ledger, entry), history=history)
