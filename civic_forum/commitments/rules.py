"""Commitments: entries of their ledger, and what follows from them. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
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
FAR, WITH_TERM, FARTHER = date(9999, 1, 1), date(9999, 6, 1), date(9999, 12, 31)
"""Places of commitments without a day, of those with a term, which ends by itself, and of those that are over, among
those that are due."""
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
    OTHER_CONTINUED = "other_continued"
    IN_TERM = "in_term"
    SHORT = "short"


class Source(StrEnum):
    """Origin of money."""

    STATE = "state"
    CITY = "city"
    DISTRICT = "district"
    PRIVATE = "private"
    OTHER = "other"
    UNKNOWN = "unknown"
    """Not printed where the sum is."""


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
WRITTEN = (EntryKind.FACTS, EntryKind.MILESTONES, EntryKind.MONEY, EntryKind.TARGETS, EntryKind.PRINTED)
"""Entries that only say how a commitment is kept; the content of each stands in another part of its page."""
PRINTED_FACTS = ("partners", "notes", "money_note", "money_shared", "invented_note")
"""Names of facts that an older report printed, for which no form asks: offices elsewhere, names with texts, a sentence
about the money, whether it is part of another commitment's, and what of all this is invented."""
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
    by_id: int | None = None
    """Its writer; None: the site itself."""
    decided_by_id: int | None = None

    @property
    def tells(self) -> bool:
        """True if people tell by it how the commitment goes; a status without a word tells nothing."""
        return (self.by_id is not None and self.kind not in (*WRITTEN, EntryKind.ORIGIN)
                and (self.kind is not EntryKind.STATUS or bool(self.content.get("why"))))

    @property
    def is_report(self) -> bool:
        """True for words about the completion that another person than their writer approved."""
        return (self.tells and self.content.get("status") == Status.DONE
                and self.decided_by_id not in (None, self.by_id))


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
    """Won left of what is secured; None unless it is known what was spent of each sum."""


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
    reported: bool = False
    """Done by an approved report."""
    told_on: date | None = None
    """The last day on which people told of it."""
    shifts: tuple[tuple[str, str, int], ...] = ()
    """Won moved from one item to another since the lines were written."""
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
        return sum(milestone.weight for milestone in self.milestones if milestone.is_shown) if self.milestones else None

    @property
    def is_over(self) -> bool:
        return self.status in OVER

    @property
    def next_days(self) -> tuple[date, date] | tuple[None, None]:
        """The day on which something is due next, and the one that was set first for it. Without another day the end
        of the term is the last on which the whole can be due."""
        if self.is_over or self.status is Status.ON_HOLD:
            return None, None
        whole = self.due_on or day(self.facts.get("ends_on"))
        dates = [(step.due_on, step.first_due_on or step.due_on) for step in self.milestones
                 if not step.is_shown and step.due_on] + ([(whole, self.first_due_on or whole)] if whole else [])
        return min(dates, default=(None, None))

    @property
    def last_quarter(self) -> str | None:
        return max((quarter.content["quarter"] for quarter in self.quarters), default=None)

    @property
    def sums(self) -> Sums:
        return sums(self.lines)

    @property
    def planned(self) -> int | None:
        """Won of the whole: the total where it is known, which has years without a plan in it as well."""
        return self.sums.planned if self.total is None else self.total

    def milestone(self, key: str) -> Milestone | None:
        return next((milestone for milestone in self.milestones if milestone.key == key), None)


def sums(lines: Iterable[Line]) -> Sums:
    """Each column added up; None where no line knows it."""
    rows = list(lines)
    planned, secured, executed = (_added([getattr(line, name) for line in rows])
                                  for name in ("planned", "secured", "executed"))
    left = [line.secured - line.executed if line.executed is not None else None for line in rows
            if line.secured is not None]
    return Sums(planned, secured, executed, None if None in left else _added(left))


def is_missed(target: Mapping[str, Any], year: str, today: date) -> bool:
    """True for a year that is over and whose goal was not reached."""
    goal, achieved = target["target"].get(year), target["achieved"].get(year)
    return None not in (goal, achieved) and int(year) < today.year and achieved < goal


def codes_in(text: str) -> list[str]:
    """Codes of commitments in a text: 소통행정-3."""
    return re.findall(r"(?<![\w-])\w+(?:-[0-9]+)+(?![0-9-])", text)


def _added(values: Sequence[int | None]) -> int | None:
    known = [amount for amount in values if amount is not None]
    return sum(known) if known else None


def with_executed(lines: Sequence[Line], year: int, won: int) -> list[Line]:
    """Lines of which so much is executed together, as far as one sum for all of them can say it: by the first line."""
    first, *others = lines or [Line(year, Source.DISTRICT, "", None, None, None)]
    return [replace(first, executed=won), *(replace(line, executed=None) for line in others)]


def fold(entries: Iterable[Entry]) -> Ledger:
    """The ledger after these entries, in the order in which they were approved; a correction takes the place of what it
    corrects."""
    history = tuple(entries)
    ledger = Ledger()
    for entry in placed(history):
        ledger = _followed(ledger, entry)
    return replace(ledger, history=history)


def _followed(ledger: Ledger, entry: Entry) -> Ledger:
    told_on = max(ledger.told_on or entry.on, entry.on) if entry.tells else ledger.told_on
    return replace(_STEPS[entry.kind](ledger, entry), told_on=told_on)


def placed(entries: Iterable[Entry]) -> list[Entry]:
    """Entries as they count: a correction, and a correction of that one, stands in the place and under the number of
    the first."""
    places: dict[int | None, int] = {}
    standing: dict[int, Entry] = {}
    for entry in entries:
        place = places[entry.number] = places.get(entry.corrects, entry.number)
        standing[place] = replace(_kept_of(entry, standing.get(place)), number=place)
    return list(standing.values())


def _kept_of(entry: Entry, before: Entry | None) -> Entry:
    """A day that was set once is moved by a slip alone, and a department is changed by an entry alone that it approves
    (`handing.receiver`): a correction keeps both, and what no form asks."""
    if before is None or entry.kind not in (EntryKind.FACTS, EntryKind.MILESTONES):
        return entry
    if entry.kind is EntryKind.FACTS:
        changed = {name: fact for name, fact in entry.content.items() if name != "department"}
        kept = {name: before.content[name] for name in ("department", *PRINTED_FACTS) if name in before.content}
        return replace(entry, content={**changed, **kept, "due_on": before.content.get("due_on")
                                       or entry.content.get("due_on")})
    days = {step["key"]: step["due_on"] for step in before.content["milestones"] if step["due_on"]}
    return replace(entry, content={"milestones": [{**step, "due_on": days.get(step["key"], step["due_on"])}
                                                  for step in entry.content["milestones"]]})


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _facts(ledger: Ledger, entry: Entry) -> Ledger:
    facts = {**ledger.facts, **entry.content}
    due_on = ledger.due_on if ledger.first_due_on else day(facts.get("due_on"))
    return replace(ledger, facts=facts, due_on=due_on, first_due_on=ledger.first_due_on or due_on)


def _milestones(ledger: Ledger, entry: Entry) -> Ledger:
    known = {milestone.key: milestone for milestone in ledger.milestones}
    made = []
    for step in entry.content["milestones"]:
        before, due_on = known.get(step["key"]), day(step["due_on"])
        first = ledger.first_due_on if due_on == ledger.due_on else due_on
        made.append(replace(before, title=step["title"], weight=step["weight"],
                            due_on=before.due_on or due_on, first_due_on=before.first_due_on or first)
                    if before else Milestone(step["key"], step["title"], step["weight"], due_on, first))
    return replace(ledger, milestones=tuple(made))


def _changed(ledger: Ledger, key: str, **values: Any) -> Ledger:
    return replace(ledger, milestones=tuple(replace(milestone, **values) if milestone.key == key else milestone
                                            for milestone in ledger.milestones))


def _reached(ledger: Ledger, entry: Entry) -> Ledger:
    content = entry.content
    return _changed(ledger, content["milestone"], reached_on=entry.on, evidence=content.get("text", ""),
                    link=content.get("link", ""), files=tuple(content.get("files", ())))


def _withdrawn(ledger: Ledger, entry: Entry) -> Ledger:
    return _changed(ledger, entry.content["milestone"], reached_on=None, evidence="", link="", files=())


def _slip(ledger: Ledger, entry: Entry) -> Ledger:
    key, after = entry.content.get("milestone", ""), date.fromisoformat(entry.content["to"])
    milestone = ledger.milestone(key)
    before = milestone.due_on if milestone else ledger.due_on
    slips = (*ledger.slips, Slip(key, before, after, entry.content["why"], entry.on, entry.number))
    if milestone is not None:
        return replace(_changed(ledger, key, due_on=after, first_due_on=milestone.first_due_on or after), slips=slips)
    if key:
        return ledger
    return replace(ledger, due_on=after, first_due_on=ledger.first_due_on or after, slips=slips)


def _status(ledger: Ledger, entry: Entry) -> Ledger:
    status = Status(entry.content["status"])
    return replace(ledger, status=status, done_on=entry.on if status is Status.DONE else None,
                   reported=entry.is_report, origin_lost="")


def _money(ledger: Ledger, entry: Entry) -> Ledger:
    return replace(ledger, lines=tuple(line_of(row) for row in entry.content["lines"]), total=entry.content["total"],
                   shifts=())


def _shift(ledger: Ledger, entry: Entry) -> Ledger:
    moved = (entry.content["item_from"], entry.content["item_to"], entry.content["moved"])
    return replace(ledger, shifts=(*ledger.shifts, moved))


def line_of(row: Sequence[Any]) -> Line:
    """The line that an entry keeps as `[year, source, item, planned, secured, executed]`."""
    year, source, item, planned, secured, executed = row
    return Line(year, Source(source), item, planned, secured, executed)


def _quarter(ledger: Ledger, entry: Entry) -> Ledger:
    ledger = replace(ledger, quarters=(*ledger.quarters, entry))
    spent = {(payment[0], Source(payment[1]), payment[2]): payment[3] for payment in entry.content.get("executed", ())
             if payment[3] is not None}
    return replace(ledger, lines=tuple(replace(line, executed=spent.get(line.key, line.executed))
                                       for line in ledger.lines)) if spent else ledger


_STEPS: dict[EntryKind, Callable[[Ledger, Entry], Ledger]] = {
    EntryKind.FACTS: _facts, EntryKind.MILESTONES: _milestones, EntryKind.REACHED: _reached,
    EntryKind.WITHDRAWN: _withdrawn, EntryKind.SLIP: _slip, EntryKind.STATUS: _status, EntryKind.MONEY: _money,
    EntryKind.QUARTER: _quarter, EntryKind.SHIFT: _shift,
    EntryKind.SURVEY: lambda ledger, _entry: ledger,
    EntryKind.LOG: lambda ledger, entry: replace(ledger, logs=(*ledger.logs, entry)),
    EntryKind.TARGETS: lambda ledger, entry: replace(ledger, targets=tuple(entry.content["targets"])),
    EntryKind.PRINTED: lambda ledger, entry: replace(ledger, printed=entry.content),
    EntryKind.ORIGIN: lambda ledger, entry: replace(ledger, origin_lost=entry.content["step"]),
}
"""Kind of entry → the ledger after one of it. A survey says nothing that counts: pages show the entry."""


def sort_day(ledger: Ledger, *, has_term: bool = False) -> date:
    """Place among those that are due."""
    return FARTHER if ledger.is_over else WITH_TERM if has_term else ledger.next_days[0] or FAR


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
    PASSED = "passed"
    SAME_STATUS = "same_status"
    NOT_ALL_REACHED = "not_all_reached"
    TOTAL = "total"
    MORE_EXECUTED = "more_executed"
    TWICE = "twice"
    MORE_MOVED = "more_moved"
    MORE_THAN_THERE = "more_than_there"
    SAME_ITEM = "same_item"
    UNKNOWN_LINE = "unknown_line"
    MORE_SATISFIED = "more_satisfied"
    QUARTER_TOLD = "quarter_told"
    OVER = "over"
    UNCHANGED = "unchanged"


_HARMLESS = (Fault.SAME_DAY, Fault.SAME_STATUS, Fault.PASSED)
"""Reasons against a new entry that are none against a correction, which may take back what was said."""


def fault(ledger: Ledger, entry: Entry) -> Fault | None:
    """The first reason why this entry cannot follow this ledger; of a correction, why it cannot stand in its place, or
    what came later could not follow it."""
    if entry.corrects is None:
        return _next_fault(ledger, entry)
    before, after = _faults(ledger.history), _faults((*ledger.history, entry))
    return next((reason for number, reason in after.items() if reason not in (None, *_HARMLESS)
                 and (number == entry.corrects or reason is not before.get(number))), None)


def _faults(history: Iterable[Entry]) -> dict[int, Fault | None]:
    """Number of each entry as it counts → the reason why it could not follow those before it."""
    ledger, faults = Ledger(), {}
    for entry in placed(history):
        faults[entry.number] = _next_fault(ledger, entry)
        ledger = _followed(ledger, entry)
    return faults


def _next_fault(ledger: Ledger, entry: Entry) -> Fault | None:
    if ledger.is_over and entry.kind in MOVES:
        return Fault.OVER
    check = _CHECKS.get(entry.kind)
    reason = check(ledger, entry) if check else None
    return reason or (Fault.PASSED if _promises_passed_day(ledger, entry) else None)


def _promises_passed_day(ledger: Ledger, entry: Entry) -> bool:
    content, dated = entry.content, {step.key for step in ledger.milestones if step.due_on}
    whole = content.get("to") if ledger.first_due_on or not ledger.facts else content.get("to") or content.get("due_on")
    days = [whole, *(step["due_on"] for step in content.get("milestones", ()) if step["key"] not in dated)]
    return any(text < entry.on.isoformat() for text in days if text)


def _milestones_fault(ledger: Ledger, entry: Entry) -> Fault | None:
    steps = entry.content["milestones"]
    if not steps or len(steps) > MOST_MILESTONES:
        return Fault.FEW_MILESTONES
    if sum(step["weight"] for step in steps) != WHOLE or any(step["weight"] < 1 for step in steps):
        return Fault.WEIGHTS
    kept = [step["key"] for step in steps]
    if len(set(kept)) < len(kept):
        return Fault.TWICE
    return Fault.REACHED_GONE if any(step.is_shown and step.key not in kept for step in ledger.milestones) else None


def _reached_fault(ledger: Ledger, entry: Entry) -> Fault | None:
    milestone, content = ledger.milestone(entry.content["milestone"]), entry.content
    if milestone is None:
        return Fault.UNKNOWN_MILESTONE
    if milestone.is_shown:
        return Fault.ALREADY_REACHED
    return None if content.get("text") or content.get("link") or content.get("files") else Fault.NO_EVIDENCE


def _withdrawn_fault(ledger: Ledger, entry: Entry) -> Fault | None:
    milestone = ledger.milestone(entry.content["milestone"])
    return None if milestone is not None and milestone.is_shown else Fault.NOT_REACHED


def _slip_fault(ledger: Ledger, entry: Entry) -> Fault | None:
    key, after = entry.content.get("milestone", ""), date.fromisoformat(entry.content["to"])
    milestone = ledger.milestone(key)
    if key and milestone is None:
        return Fault.UNKNOWN_MILESTONE
    if milestone is not None and milestone.is_shown:
        return Fault.ALREADY_REACHED
    return Fault.SAME_DAY if after == (milestone.due_on if milestone else ledger.due_on) else None


def _status_fault(ledger: Ledger, entry: Entry) -> Fault | None:
    status = Status(entry.content["status"])
    if status is ledger.status and not ledger.origin_lost:
        return Fault.SAME_STATUS
    unreached = any(not milestone.is_shown for milestone in ledger.milestones)
    return Fault.NOT_ALL_REACHED if status is Status.DONE and unreached else None


def _money_fault(_ledger: Ledger, entry: Entry) -> Fault | None:
    return lines_fault([line_of(row) for row in entry.content["lines"]], entry.content["total"])


def lines_fault(lines: Sequence[Line], total: int | None) -> Fault | None:
    """The first reason why these lines cannot stand together, below this total."""
    if len({line.key for line in lines}) < len(lines):
        return Fault.TWICE
    if any(line.executed is not None and line.secured is not None and line.executed > line.secured for line in lines):
        return Fault.MORE_EXECUTED
    if total is not None and lines and sum(line.amount for line in lines) != total:
        return Fault.TOTAL
    return None


def row_of(line: Line) -> list[Any]:
    """As an entry keeps a line (`line_of`)."""
    return [line.year, line.source, line.item, line.planned, line.secured, line.executed]


def _shift_fault(ledger: Ledger, entry: Entry) -> Fault | None:
    content = entry.content
    if content["item_from"] == content["item_to"]:
        return Fault.SAME_ITEM
    if not 0 < content["moved"] <= content["of"]:
        return Fault.MORE_MOVED
    there = amount_there(ledger, content["item_from"])
    return Fault.MORE_THAN_THERE if there is not None and content["of"] > there else None


def amount_there(ledger: Ledger, item: str) -> int | None:
    """Won that an item has, with what was moved since; of an item that no line names at most all that there is, but for
    what others must have had to give what they gave. None where no sum is known."""
    moved, needed = Counter[str](), Counter[str]()
    for item_from, item_to, won in ledger.shifts:
        moved[item_to] += won
        moved[item_from] -= won
        needed[item_from] = max(needed[item_from], -moved[item_from])
    lines = [line for line in ledger.lines if line.item == item]
    if any(line.planned is not None or line.secured is not None for line in lines):
        return sum(line.amount for line in lines) + moved[item]
    whole = ledger.sums.secured if ledger.planned is None else ledger.planned
    return None if lines or whole is None else whole + moved[item] - needed.total() + needed[item]


def _quarter_fault(ledger: Ledger, entry: Entry) -> Fault | None:
    if any(quarter.content["quarter"] == entry.content["quarter"] for quarter in ledger.quarters):
        return Fault.QUARTER_TOLD
    keys = {line.key: line for line in ledger.lines}
    for year, source, item, executed in entry.content.get("executed", ()):
        line = keys.get((year, Source(source), item))
        if line is None:
            return Fault.UNKNOWN_LINE
        if line.secured is not None and executed is not None and executed > line.secured:
            return Fault.MORE_EXECUTED
    return None


def _survey_fault(_ledger: Ledger, entry: Entry) -> Fault | None:
    content = entry.content
    return Fault.MORE_SATISFIED if (not 0 <= content["satisfied"] <= content["respondents"]
                                    or not content["respondents"]) else None


_CHECKS = {
    EntryKind.MILESTONES: _milestones_fault, EntryKind.REACHED: _reached_fault, EntryKind.WITHDRAWN: _withdrawn_fault,
    EntryKind.SLIP: _slip_fault, EntryKind.STATUS: _status_fault, EntryKind.MONEY: _money_fault,
    EntryKind.SHIFT: _shift_fault, EntryKind.QUARTER: _quarter_fault, EntryKind.SURVEY: _survey_fault,
}


def applied(ledger: Ledger, entry: Entry) -> Ledger:
    """The ledger with one more entry: at its end, or in the place of what it corrects."""
    history = (*ledger.history, entry)
    return fold(history) if entry.corrects is not None else replace(_followed(ledger, entry), history=history)
