"""An attacker who has everything that was published of a consultation, and derives what follows from it.

Nobody is assumed to change an answer or to leave, which makes the attacker surer than a real one can be. Of each
statement every cell has bounds by integer programming; a cell is found where both bounds are one small number.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

FEW, MANY = 5, 10_000
REST = "rest"


class Found(NamedTuple):
    """A small number that the attacker knows for certain."""

    what: str
    number: int


class Line(NamedTuple):
    """Counts of a statement in one publication."""

    total: Sequence[int] | None
    groups: Mapping[str, Sequence[int] | None]
    all_grouped: bool


def attack(publications: Sequence[Mapping[str, Any]], told: Sequence[Mapping[int, int]] = ()) -> list[Found]:
    """Everything of few that follows from these publications and from the answers that some people `told`, who were
    there from the beginning; that these people are themselves few is no find."""
    found = list(_people(publications))
    for one in publications[-1]["statements"]:
        known = sum(int(one["id"]) in answers for answers in told)
        found += [Found(f"statement {one['id']}: {what}", number) for what, number in _statement(
            _lines(publications, one["id"]), known) if number != known]
    return found


def _people(publications: Sequence[Mapping[str, Any]]) -> Iterator[Found]:
    """Numbers of people that differ by few from one another."""
    numbers = {}
    for place, one in enumerate(publications):
        numbers[f"participants of {place}"] = one["participants"]
        for name in ("bases", "neighbourhoods", "age_bands"):
            if block := one["about"][name]:
                numbers[f"{name} of {place}"] = sum(block.values())
                yield from (Found(f"{name} of {place}: {key}", few) for key, few in block.items() if 0 < few < FEW)
    for (one, first), (other, second) in combinations(numbers.items(), 2):
        if 0 < abs(first - second) < FEW:
            yield Found(f"{one} and {other}", abs(first - second))


def _lines(publications: Sequence[Mapping[str, Any]], statement: str) -> list[Line]:
    """Counts that were said anew each time: one that stands there unchanged may be old, and tells nothing."""
    lines: list[Line] = []
    for published in publications:
        sizes = published["groups"].values()
        grouped = bool(sizes) and None not in sizes and sum(sizes) == published["participants"]
        [one] = [each for each in published["statements"] if each["id"] == statement]
        line = Line(one["total"], one["groups"], grouped)
        if (line.total is not None or any(line.groups.values())) and line[:2] not in [each[:2] for each in lines]:
            lines.append(line)
    return lines


def _statement(lines: Sequence[Line], known: int) -> Iterator[Found]:
    """Cells are (place of the line, group, agree or disagree or pass)."""
    cells = [(place, name, value) for place, line in enumerate(lines)
             for name in (*line.groups, REST) for value in range(3)]
    at = {cell: number for number, cell in enumerate(cells)}

    def row(*parts: tuple[int, str], value: int | None = None, sign: int = 1) -> np.ndarray:
        out = np.zeros(len(cells))
        for place, name in parts:
            for each in range(3) if value is None else (value,):
                out[at[place, name, each]] = sign
        return out

    rules: list[tuple[np.ndarray, float, float]] = []
    wholes = [[(place, name) for name in (*line.groups, REST)] for place, line in enumerate(lines)]
    for place, line in enumerate(lines):
        for name, counts in line.groups.items():
            if counts is None:  # the rule of the site is public: it hides cells of few
                rules.append((row((place, name)), 1, FEW - 1))
            else:
                rules += [(row((place, name), value=value), number, number)
                          for value, number in enumerate(_apart(counts))]
        if line.total is not None:
            rules += [(row(*wholes[place], value=value), number, number)
                      for value, number in enumerate(_apart(line.total))]
        if line.all_grouped:
            rules.append((row((place, REST)), 0, 0))
    grown = [row(*wholes[later], value=value) + row(*wholes[earlier], value=value, sign=-1)
             for earlier, later in pairwise(range(len(lines))) for value in range(3)]
    rules += [(one, 0, MANY) for one in grown]
    rules += [(row(*parts), known, MANY) for parts in wholes]
    if not lines:
        return
    asked = {f"group {name} of {place}": row((place, name)) for place, line in enumerate(lines)
             for name in (*line.groups, REST)}
    asked |= {f"all of {place}": row(*parts) for place, parts in enumerate(wholes)}
    asked |= {f"new between {one} and {other}": row(*wholes[other]) + row(*wholes[one], sign=-1)
              for one, other in combinations(range(len(lines)), 2)}
    for what, wanted in asked.items():
        low, high = (_bound(sign * wanted, rules) for sign in (1, -1))
        if low is not None and high is not None and low == -high and 0 < low < FEW:
            yield Found(what, low)


def _bound(wanted: np.ndarray, rules: Sequence[tuple[np.ndarray, float, float]]) -> int | None:
    """Least value; None where what was published contradicts the attacker's assumptions."""
    matrix, low, high = zip(*rules)
    solved = milp(wanted, constraints=LinearConstraint(np.array(matrix), low, high), bounds=Bounds(0, MANY),
                  integrality=np.ones(len(wanted)))
    return round(solved.fun) if solved.success else None


def _apart(counts: Sequence[int]) -> tuple[int, int, int]:
    agrees, disagrees, seen = counts
    return agrees, disagrees, seen - agrees - disagrees
