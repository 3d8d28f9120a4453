"""The mutant that is switched on, asked by the weakened code at each of its sites. Nothing else is imported here."""

import operator
from zlib import crc32

OPERATORS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
UNCLEAN = 17
"""Exit code of a process: a test that passed before fails with every mutant off; it tries no more."""

active: str | None = None
"""The name of the mutant that is switched on."""


def switch(name: str | None) -> None:
    global active
    active = name


def at(name: str) -> bool:
    """True if this mutant is on."""
    return active == name


def dropped(name: str, reason):
    """A reason for a refusal, or none."""
    return None if reason and at(name) else reason


def compared(signs: tuple[tuple[str, str, str], ...], *values):
    """A comparison of values or arrays: each operator with the weakened one and the name of that mutant."""
    for (sign, weakened, name), left, right in zip(signs, values, values[1:]):
        outcome = OPERATORS[sign](left, right)
        if active == name:
            outcome = OPERATORS[weakened](left, right)
        if len(signs) > 1 and not outcome:
            break
    return outcome


def allowed(staff: str, members: str, actor, reason: str | None) -> str | None:
    """The reason of a permission: a refusal becomes a yes for staff, or for whoever is signed in."""
    if reason is None or not getattr(actor, "is_authenticated", False):
        return reason
    if getattr(actor, "roles", None) and at(staff) or at(members):
        return None
    return reason


def wider(name: str, table):
    """A table of transitions or states with one more allowed, chosen by the name."""
    if isinstance(table, dict):
        keys = sorted(table, key=str)
        full = set(type(keys[0]))
        open_keys = [key for key in keys if full - set(table[key])]
        key = open_keys[crc32(name.encode()) % len(open_keys)]
        return table | {key: type(table[key])([*table[key], _another(name, full - set(table[key]))])}
    members = list(table)
    if isinstance(members[0], tuple):
        columns = [sorted({row[place] for row in members}, key=str) for place in range(len(members[0]))]
        full = {()}
        for column in columns:
            full = {(*row, value) for row in full for value in column}
    else:
        full = set(type(members[0]))
    return type(table)([*members, _another(name, full - set(members))])


def _another(name: str, others: set):
    ordered = sorted(others, key=str)
    return ordered[crc32(name.encode()) % len(ordered)]
