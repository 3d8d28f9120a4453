"""Grades and their means, changes of commitments that a body decides on. Pure."""

from calendar import monthrange
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Any, Protocol

from civic_forum.commitments.ledger import applied, fold, placed
from civic_forum.commitments.rules import Entry, EntryKind, Ledger, Status

TITLE_MOST, TEXT_MOST, NOTE_MOST, REASON_MOST = 200, 1_000, 300, 200
MOST_ITEMS, MOST_CRITERIA, MOST_POINTS = 40, 8, 100
STEPS = 5
LEAST_SHOWN = 5
"""Of fewer graders nothing but their number is shown: a mean would tell what one of them thinks."""
REPLY_DAYS = 30
RESERVED = frozenset({"new"})
KIND, RECOMMENDATION = "evaluation", "recommendation"


class EvaluationStage(StrEnum):
    PREPARING = "preparing"
    GRADING = "grading"
    CLOSED = "closed"
    RELEASED = "released"


class ChangeKind(StrEnum):
    SLIP = "slip"
    MONEY = "money"
    STATUS = "status"


@dataclass(frozen=True)
class Limits:
    """Changes that are put before the body, as the district says."""

    months: int
    """A slip of more than so many after the day that was promised first; 0: none is."""
    percent: int
    """Money by more than this share of what was planned first; 0: none is."""
    statuses: Collection[Status] = (Status.CHANGED, Status.DROPPED)


@dataclass(frozen=True)
class Change:
    """A change of a commitment: another day, another sum or another status."""

    kind: ChangeKind
    milestone: str = ""
    until_on: date | None = None
    won: int | None = None
    status: Status | None = None


class Decided(Protocol):
    """A change as the body decided on it."""

    approved: bool | None
    decided_on: date | None

    @property
    def change(self) -> Change: ...


def covered(limits: Limits, ledger: Ledger, entry: Entry) -> Change | None:
    """The change that this entry of a ledger makes, where the body is to be asked about it. Measured from what was
    promised first, so that no number of small steps goes past it, nor a correction of what was promised first."""
    if entry.kind is EntryKind.STATUS:
        status = Status(entry.content["status"])
        return Change(ChangeKind.STATUS, status=status) if status in limits.statuses else None
    if entry.kind is EntryKind.SLIP and limits.months:
        return _far_slip(limits.months, ledger, entry)
    if entry.kind is EntryKind.MILESTONES and limits.months:
        return _far_steps(limits.months, ledger, entry)
    if entry.kind is EntryKind.MONEY and limits.percent:
        return _much_money(limits.percent, ledger, entry)
    return None


def _far_slip(months: int, ledger: Ledger, entry: Entry) -> Change | None:
    key, until = entry.content.get("milestone", ""), date.fromisoformat(entry.content["to"])
    step, written = ledger.milestone(key) or ledger, fold(each for each in ledger.history if each.corrects is None)
    first, now = step.first_due_on, step.due_on
    if first is None or now is None:
        return None
    origin = (written.milestone(key) if key else written) or step
    earliest = min(first, origin.first_due_on or first)
    if entry.corrects is not None:
        first, now = earliest, min(now, _day_before(ledger, entry, key))
    elif first <= months_after(earliest, months):
        first = earliest
    is_far = until > max(now, months_after(first, months))
    return Change(ChangeKind.SLIP, milestone=key, until_on=until) if is_far else None


def _far_steps(months: int, ledger: Ledger, entry: Entry) -> Change | None:
    """A slip of the whole, by steps put in anew after the last of those that there were."""
    first = next((_days(each) for each in ledger.history if each.kind is EntryKind.MILESTONES and _days(each)), [])
    dated = {step.key: step.due_on for step in ledger.milestones if step.due_on}
    anew = [date.fromisoformat(step["due_on"]) for step in entry.content["milestones"]
            if step["due_on"] and step["key"] not in dated]
    if not first or not anew:
        return None
    is_far = max(anew) > max(
        *dated.values(), months_after(max(first), months), ledger.due_on or date.min)
    return Change(ChangeKind.SLIP, until_on=max(anew)) if is_far else None


def _days(entry: Entry) -> list[date]:
    return [date.fromisoformat(step["due_on"]) for step in entry.content["milestones"] if step["due_on"]]


def _day_before(ledger: Ledger, entry: Entry, key: str) -> date:
    """Day to which the slip that is corrected moved the same step."""
    return next((date.fromisoformat(each.content["to"]) for each in placed(ledger.history)
                 if each.number == entry.corrects and each.content.get("milestone", "") == key), date.min)


def _much_money(percent: int, ledger: Ledger, entry: Entry) -> Change | None:
    standing, written = (next((each for each in entries if each.kind is EntryKind.MONEY
                               and fold([each]).planned is not None), None)
                         for entries in (placed(ledger.history), ledger.history))
    if standing is None or written is None:
        return None
    before, origin = fold([standing]).planned or 0, fold([written]).planned or 0

    def is_much(first: int, after: int) -> bool:
        return abs(after - first) * 100 > first * percent

    if entry.corrects == standing.number and is_much(origin, own := fold([entry]).planned or 0):
        return Change(ChangeKind.MONEY, won=own)
    after = applied(ledger, entry).planned or 0
    firsts = (before,) if is_much(origin, before) else (before, origin)
    return Change(ChangeKind.MONEY, won=after) if any(is_much(first, after) for first in firsts) else None


def months_after(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def is_approved(change: Change, votes: Sequence[Decided], ledger: Ledger, *, on: date) -> bool:
    """True where one of these votes approved this change: a day no later than asked, the same sum, the same status, and
    that not carried out since. `on`: day of the change; a status follows its vote, so that it uses it up."""
    return any(vote.approved and _fits(vote, change, ledger, on) for vote in votes)


def _fits(vote: Decided, change: Change, ledger: Ledger, on: date) -> bool:
    asked = vote.change
    if (asked.kind, asked.milestone, asked.status) != (change.kind, change.milestone, change.status):
        return False
    if change.kind is ChangeKind.SLIP:
        return change.until_on is not None and asked.until_on is not None and change.until_on <= asked.until_on
    if change.kind is ChangeKind.MONEY:
        return change.won == asked.won
    return vote.decided_on is not None and on >= vote.decided_on and not any(
        entry.kind is EntryKind.STATUS and entry.content["status"] == change.status
        and entry.on >= vote.decided_on for entry in ledger.history)


def passes(votes_for: int, voting: int) -> bool:
    """True for more than half of the seats that vote; who abstains is one of them."""
    return votes_for * 2 > voting


@dataclass(frozen=True)
class Score:
    """Released grades of a commitment; without means where too few graded it."""

    graders: int
    means: tuple[Fraction, ...] = ()
    """By criterion."""
    spread: tuple[int, ...] = ()
    """Graders in each fifth of the points, the lowest first."""
    notes: tuple[str, ...] = ()

    @cached_property
    def mean(self) -> Fraction | None:
        return sum(self.means, Fraction()) if self.means else None


def score(sheets: Sequence[tuple[Sequence[int], str]], most: int) -> Score:
    """`sheets`: points by criterion and a sentence, of each grader."""
    if len(sheets) < LEAST_SHOWN:
        return Score(len(sheets))
    columns = zip(*(points for points, _note in sheets), strict=True)
    fifths = [min(STEPS - 1, sum(points) * STEPS // most) for points, _note in sheets]
    return Score(len(sheets), tuple(Fraction(sum(points), len(sheets)) for points in columns),
                 tuple(fifths.count(place) for place in range(STEPS)), tuple(note for _points, note in sheets if note))


def are_points(points: Sequence[int | None], criteria: Sequence[Mapping[str, Any]]) -> bool:
    return len(points) == len(criteria) and all(
        point is not None and 0 <= point <= criterion["points"]
        for point, criterion in zip(points, criteria, strict=True))
