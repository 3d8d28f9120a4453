"""The ledger after its entries. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from .rules import (
    FAR, FARTHER, PRINTED_FACTS, WITH_TERM, Entry, EntryKind, Ledger, Milestone, Slip, Source, Status, day, line_of,
)


def fold(entries: Iterable[Entry]) -> Ledger:
    """The ledger after these entries, in the order in which they were approved; a correction takes the place of what it
    corrects."""
    history = tuple(entries)
    ledger = Ledger()
    for entry in placed(history):
        ledger = followed(ledger, entry)
    return replace(ledger, history=history)


def applied(ledger: Ledger, entry: Entry) -> Ledger:
    """The ledger with one more entry: at its end, or in the place of what it corrects."""
    history = (*ledger.history, entry)
    return fold(history) if entry.corrects is not None else replace(followed(ledger, entry), history=history)


def followed(ledger: Ledger, entry: Entry) -> Ledger:
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
