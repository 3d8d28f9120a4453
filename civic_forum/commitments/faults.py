"""Reasons why an entry cannot follow a ledger. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from .ledger import followed, placed
from .rules import MOST_MILESTONES, MOVES, WHOLE, Entry, EntryKind, Fault, Ledger, Line, Source, Status, line_of

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
        ledger = followed(ledger, entry)
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
