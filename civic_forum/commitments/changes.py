"""Changes that entries make to the facts of a commitment. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from . import rules
from .rules import Entry, EntryKind, Ledger, Unit

FACTS = ("title", "goal", "due_on", "department", "person", "cooperating", "with_all", "neighbourhoods", "field",
         "kinds", "begins_on", "ends_on", "code", "unit")
"""Facts of a commitment, in the order in which pages say that they changed."""


def fact(facts: Mapping[str, Any], name: str) -> Any:
    """A fact in one form: what is not there, empty or false is None, and several are in their order."""
    value = facts.get(name) or (Unit.THOUSAND if name == "unit" else None)
    return tuple(sorted(value)) if isinstance(value, list | tuple) else value


def changes(before: Ledger, after: Ledger) -> dict[str, tuple[Any, Any]]:
    """Name of each fact that differs → as it was, and as it is; the day is the one that counts after all slips."""
    pairs = {name: (before.due_on, after.due_on) if name == "due_on" else
             (fact(before.facts, name), fact(after.facts, name)) for name in FACTS}
    return {name: (old, new) for name, (old, new) in pairs.items() if old != new}


def by_entry(history: Iterable[Entry]) -> dict[int, dict[str, tuple[Any, Any]]]:
    """Number of each entry of facts behind the first → what it changed when it was approved."""
    ledger, changed = Ledger(), {}
    for entry in (entry for entry in history if entry.kind in (EntryKind.FACTS, EntryKind.SLIP)):
        after = rules.applied(ledger, entry)
        if entry.kind is EntryKind.FACTS and ledger.facts:
            changed[entry.number] = changes(ledger, after)
        ledger = after
    return changed


def is_unchanged(ledger: Ledger, entry: Entry) -> bool:
    """True for an entry of facts after which all is as before, also the day of what it corrects."""
    if entry.kind is not EntryKind.FACTS or not ledger.facts:
        return False
    moved = entry.corrects is not None and entry.on not in (
        before.on for before in rules.placed(ledger.history) if before.number == entry.corrects)
    return not moved and not changes(ledger, rules.applied(ledger, entry))
