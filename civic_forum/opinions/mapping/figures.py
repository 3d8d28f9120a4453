"""Figures of statements by group and over all (steps 7 to 11)."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

SIGNIFICANT = 1.2816
"""One-sided 90 %."""
LISTED = 5
META = 49.0


class Table(NamedTuple):
    """Agrees, disagrees and all responses: groups × statements."""

    agrees: np.ndarray
    disagrees: np.ndarray
    seen: np.ndarray


class Shares(NamedTuple):
    """Figures of step 7, each groups × statements."""

    pa: np.ndarray
    pd: np.ndarray
    pat: np.ndarray
    pdt: np.ndarray
    ra: np.ndarray
    rd: np.ndarray
    rat: np.ndarray
    rdt: np.ndarray


def tally(group: np.ndarray, groups: int, columns: np.ndarray, values: np.ndarray, lines: int) -> Table:
    """Counts by group of each response (−1 = none, left out)."""
    inside = group >= 0
    cell, value = group[inside].astype(np.int64) * lines + columns[inside], values[inside]

    def count(of: np.ndarray) -> np.ndarray:
        return np.bincount(of, minlength=groups * lines).reshape(groups, lines)

    return Table(count(cell[value > 0]), count(cell[value < 0]), count(cell))


def share(count: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Share with one of each kind added."""
    return (count + 1) / (seen + 2)


def z_of_share(count: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """z of a share against one half."""
    return 2 * np.sqrt(seen + 1) * ((count + 1) / (seen + 1) - 0.5)


def z_of_difference(count: np.ndarray, seen: np.ndarray, other: np.ndarray, other_seen: np.ndarray) -> np.ndarray:
    """z of two shares with one added to all four counts; 0 where the pooled share is 1."""
    s1, n1, s2, n2 = count + 1, seen + 1, other + 1, other_seen + 1
    pooled = (s1 + s2) / (n1 + n2)
    spread = np.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
    return np.divide(s1 / n1 - s2 / n2, spread, out=np.zeros_like(pooled), where=s1 + s2 != n1 + n2)


def shares(table: Table) -> Shares:
    """Figures of every group against the other groups together."""
    agrees, disagrees, seen = table
    a_rest, d_rest, s_rest = (counts.sum(axis=0) - counts for counts in table)
    pa, pd = share(agrees, seen), share(disagrees, seen)
    return Shares(pa, pd, z_of_share(agrees, seen), z_of_share(disagrees, seen),
                  pa / share(a_rest, s_rest), pd / share(d_rest, s_rest),
                  z_of_difference(agrees, seen, a_rest, s_rest), z_of_difference(disagrees, seen, d_rest, s_rest))


def representative(of: Shares, table: Table, group: int, kept: Sequence[int]) -> list[tuple[int, str]]:
    """Statements that stand for a group, at most five with the way it answers. `kept` are the places of those that
    were not taken out, in the order of their ids."""
    own = Shares(*(figure[group].tolist() for figure in of))
    agrees, disagrees = table.agrees[group].tolist(), table.disagrees[group].tolist()

    def way(place: int) -> str:
        return "agree" if own.rat[place] > own.rdt[place] else "disagree"

    def strength(place: int) -> float:
        if way(place) == "agree":
            return own.ra[place] * own.rat[place] * own.pa[place] * own.pat[place]
        return own.rd[place] * own.rdt[place] * own.pd[place] * own.pdt[place]

    sufficient = [place for place in kept if (own.rat[place] > SIGNIFICANT and own.pat[place] > SIGNIFICANT)
                  or (own.rdt[place] > SIGNIFICANT and own.pdt[place] > SIGNIFICANT)]
    best = _best_agreed(own, [place for place in kept if agrees[place] or disagrees[place]])
    if sufficient:
        listed = [place for place in sorted(sufficient, key=strength, reverse=True) if place != best]
        listed = ([] if best is None else [best]) + listed
    elif best is not None:
        listed = [best]
    else:
        listed = [max(kept, key=lambda place: max(own.rat[place], own.rdt[place]))] if kept else []
    pairs = [(place, way(place)) for place in listed[:LISTED]]
    return sorted(pairs, key=lambda pair: pair[1] == "disagree")


def _best_agreed(own: Shares, kept: Sequence[int]) -> int | None:
    best = None
    for place in kept:
        if best is None:
            better = own.pat[place] > SIGNIFICANT or (own.ra[place] > 1 and own.pa[place] > 0.5)
        else:
            with_rest = own.ra[best] > 1
            better = _agreed(own, place, with_rest) > _agreed(own, best, with_rest)
        if better:
            best = place
    return best


def _agreed(own: Shares, place: int, with_rest: bool) -> float:
    alone = own.pa[place] * own.pat[place]
    return own.ra[place] * own.rat[place] * alone if with_rest else alone


def majority(counts: np.ndarray, seen: np.ndarray, kept: Sequence[int]) -> list[int]:
    """Statements that more than half of all answered this way, at most five, the surest first."""
    p, z = share(counts, seen), z_of_share(counts, seen)
    sure = [place for place in kept if p[place] > 0.5 and z[place] > SIGNIFICANT]
    return sorted(sure, key=lambda place: -(p[place] * z[place]))[:LISTED]


def wilson(count: np.ndarray, seen: np.ndarray, z: float = SIGNIFICANT) -> np.ndarray:
    """Lower bound of a share (Wilson's score interval); 0 where nobody answered."""
    n = np.maximum(seen, 1)
    p = count / n
    middle = p + z * z / (2 * n)
    spread = z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return np.where(seen > 0, np.maximum((middle - spread) / (1 + z * z / n), 0), 0.0)


def priority(total: Table, extremity: np.ndarray, meta: np.ndarray) -> np.ndarray:
    """Weights with which the next statement is drawn. `total` has one row: the groups together, as in Polis."""
    agrees, disagrees, seen = (counts[0] for counts in total)
    importance = (1 - share(seen - agrees - disagrees, seen)) * (extremity + 1) * share(agrees, seen)
    return np.where(meta, META, (importance * (1 + 8 * 2.0 ** (-seen / 5))) ** 2)
