"""Commitments: their entries, and what a ledger is made of. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

TITLE_LEAST, TITLE_MOST = 5, 200
GOAL_MOST, FIELD_MOST, CODE_MOST, ITEM_MOST, LABEL_MOST, TEAM_MOST = 1_000, 40, 30, 60, 60, 40
TEXT_LEAST, TEXT_MOST = 5, 2_000
WHY_LEAST, WHY_MOST = 5, 300
MOST_MILESTONES, MOST_LINES, MOST_ENTRIES, MOST_TARGETS, MOST_INVOLVED, MOST_PARTNERS = 30, 200, 400, 20, 20, 20
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
PRINTED_FACTS = ("notes", "money_note", "money_shared", "invented_note")
"""Names of facts that an older report printed, for which no form asks: names with texts, a sentence about the money,
whether it is part of another commitment's, and what of all this is invented."""
CARRIED = ("problems", "asks", "involved")
"""Parts of a quarter that stand in the next one too until they are changed."""
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
    def last_told(self) -> Entry | None:
        """The entry of the latest quarter."""
        return max(self.quarters, key=lambda entry: entry.content["quarter"], default=None)

    @property
    def last_quarter(self) -> str | None:
        return self.last_told.content["quarter"] if self.last_told else None

    def carried(self) -> dict[str, Any]:
        """Parts of the latest quarter that stand until they are changed."""
        content = self.last_told.content if self.last_told else {}
        return {name: content[name] for name in CARRIED if name in content}

    def standing_in(self, quarter: str) -> dict[str, Any]:
        """All that a quarter says already, or what it carries on from the one told before it."""
        told = replace(self, quarters=tuple(entry for entry in self.quarters if entry.content["quarter"] <= quarter))
        is_told = told.last_quarter == quarter
        return dict(told.last_told.content) if told.last_told and is_told else told.carried() | {"executed": []}

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


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def line_of(row: Sequence[Any]) -> Line:
    """The line that an entry keeps as `[year, source, item, planned, secured, executed]`."""
    year, source, item, planned, secured, executed = row
    return Line(year, Source(source), item, planned, secured, executed)


def row_of(line: Line) -> list[Any]:
    """As an entry keeps a line (`line_of`)."""
    return [line.year, line.source, line.item, line.planned, line.secured, line.executed]


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
