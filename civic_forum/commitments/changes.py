"""Changes that entries make to the facts of a commitment. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from .ledger import applied, placed
from .rules import Entry, EntryKind, Ledger, Unit

FACTS = ("title", "goal", "due_on", "department", "team", "person", "cooperating", "with_all", "partners",
         "cooperation", "neighbourhoods", "field", "kinds", "begins_on", "ends_on", "code", "unit")
"""Facts of a commitment, in the order in which pages say that they changed."""


def fact(facts: Mapping[str, Any], name: str) -> Any:
    """A fact in one form: what is not there, empty or false is None, and several are in their order."""
    value = facts.get(name) or (Unit.THOUSAND if name == "unit" else None)
    return tuple(sorted(value)) if isinstance(value, list | tuple) else value


def changes(before: Ledger, after: Ledger, kind: EntryKind = EntryKind.FACTS) -> dict[Any, tuple[Any, Any]]:
    """Name of each fact that differs, key of each step or line of money → as it was, and as it is; the day is the one
    that counts after all slips."""
    old, new = (_parts(ledger, kind) for ledger in (before, after))
    return {name: (old.get(name), new.get(name)) for name in {**old, **new} if old.get(name) != new.get(name)}


def _parts(ledger: Ledger, kind: EntryKind) -> dict[Any, Any]:
    if kind is EntryKind.MILESTONES:
        return {step.key: step for step in ledger.milestones}
    if kind is EntryKind.MONEY:
        return {"total": ledger.total, **{line.key: line for line in ledger.lines}}
    return {name: ledger.due_on if name == "due_on" else fact(ledger.facts, name) for name in FACTS}


def of_entry(before: Ledger, entry: Entry, after: Ledger) -> dict[int, dict[Any, tuple[Any, Any]]]:
    """Number of an entry → what it changes; nothing of one that changes nothing there was, as the first of its kind."""
    there = {EntryKind.FACTS: before.facts, EntryKind.MILESTONES: before.milestones, EntryKind.MONEY: before.lines}
    return {entry.number: changes(before, after, entry.kind)} if there.get(entry.kind) else {}


def by_entry(history: Iterable[Entry]) -> dict[int, dict[Any, tuple[Any, Any]]]:
    """Number of each entry that changes what there was → what it changed when it was approved."""
    ledger, changed = Ledger(), {}
    for entry in history:
        after = applied(ledger, entry)
        changed.update(of_entry(ledger, entry, after))
        ledger = after
    return changed


def is_unchanged(ledger: Ledger, entry: Entry) -> bool:
    """True for an entry of facts after which all is as before, also the day of what it corrects."""
    if entry.kind is not EntryKind.FACTS or not ledger.facts:
        return False
    moved = entry.corrects is not None and entry.on not in (
        before.on for before in placed(ledger.history) if before.number == entry.corrects)
    return not moved and not changes(ledger, applied(ledger, entry))
