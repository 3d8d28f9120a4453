"""The mutant that is switched on, asked by the weakened code at each of its sites. Nothing else is imported here."""

import operator
from itertools import product
from zlib import crc32

OPERATORS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
UNCLEAN = 17
"""Exit code of a process: a test that passed before fails with every mutant off; it tries no more."""

active: str | None = None
"""The name of the mutant that is switched on."""


def at(name: str) -> bool:
    """True if this mutant is on."""
    return active == name


def dropped(name: str, reason):
    """A reason for a refusal, or none."""
    return None if reason and at(name) else reason


def compared(signs: tuple[tuple[str, str, str], ...], *values):
    """A comparison of values or arrays: each operator with the weakened one and the name of that mutant."""
    for (sign, weakened, name), left, right in zip(signs, values, values[1:]):
        outcome = OPERATORS[weakened if at(name) else sign](left, right)
        if len(signs) > 1 and not outcome:
            break
    return outcome


def allowed(staff: str, members: str, actor, reason: str | None) -> str | None:
    """The reason of a permission: a refusal becomes a yes for staff, or for whoever is signed in."""
    weak = getattr(actor, "is_authenticated", False) and (at(members) or at(staff) and getattr(actor, "roles", None))
    return None if weak else reason


def wider(name: str, table):
    """A table of transitions or states, with one more allowed if this mutant is on: chosen by its name."""
    if not at(name):
        return table
    first, number = next(iter(table)), crc32(name.encode())
    full = set(product(*map(set, zip(*table))) if isinstance(first, tuple) else type(first))
    keys = sorted((key for key in table if full - set(table[key])), key=str) if isinstance(table, dict) else [None]
    key = keys[number % len(keys)]
    members = table if key is None else table[key]
    others = sorted(full - set(members), key=str)
    more = type(members)([*members, others[number % len(others)]])
    return more if key is None else table | {key: more}
