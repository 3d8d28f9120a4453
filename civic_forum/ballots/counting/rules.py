"""Figures of a count: turnout, paper, and what is hidden of a breakdown."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple

from ..rules.boxes import SheetState

LEAST_SHOWN = 10
"""A cell of a breakdown with fewer voters is hidden."""


@dataclass(frozen=True)
class Participations:
    """Numbers of those who took part, by channel. `paper_issued`: taken and not brought back."""

    online: int = 0
    assisted: int = 0
    paper_issued: int = 0
    paper_returned: int = 0

    @property
    def total(self) -> int:
        """The turnout: a paper that did not come back is no vote."""
        return self.online + self.assisted + self.paper_returned


@dataclass(frozen=True)
class Paper:
    """Paper ballots that were handed out, and those that came back, by what became of them."""

    issued: int = 0
    counted: int = 0
    invalid: int = 0
    spoiled: int = 0
    """Handed back and replaced."""
    taken_back: int = 0
    """Unused."""
    unreturned: int = 0

    @classmethod
    def of(cls, sheets: Mapping[SheetState, int], *, counted: int, invalid: int) -> "Paper":
        """From the sheets by state and the sums of the batches."""
        spoiled, taken_back, unreturned = (sheets.get(state, 0) for state in (
            SheetState.SPOILED, SheetState.TAKEN_BACK, SheetState.ISSUED))
        return cls(sum(sheets.values()), counted, invalid, spoiled, taken_back, unreturned)

    def to_json(self) -> dict[str, int]:
        return asdict(self)


class Cell(NamedTuple):
    """One line of a turnout breakdown; `voted` is None where it is hidden."""

    name: str
    roll: int
    voted: int | None

    def to_json(self) -> dict[str, str | int]:
        value: dict[str, str | int] = {"name": self.name, "roll": self.roll}
        return value | ({"hidden": 1} if self.voted is None else {"voted": self.voted})


def suppress(cells: Sequence[Cell], least: int = LEAST_SHOWN) -> list[Cell]:
    """Hides cells under `least`, and as many of the next smallest as keep them from being worked out.

    The turnout as a whole is public, so what is hidden must be two cells at least and `least` voters
    together, or every cell there is. Ties fall to the cell given first.
    """
    voted = [cell.voted or 0 for cell in cells]
    smallest_first = sorted(range(len(cells)), key=voted.__getitem__)
    hidden: set[int] = set()
    voters = 0
    for number in smallest_first:
        enough = not hidden or (len(hidden) > 1 and voters >= least)
        if voted[number] >= least and enough:
            break
        hidden.add(number)
        voters += voted[number]
    return [cell._replace(voted=None) if number in hidden else cell for number, cell in enumerate(cells)]


def breakdown_json(by: str, cells: Sequence[Cell]) -> dict[str, object]:
    """The turnout by one property of the voters, with small cells hidden."""
    return {"by": by, "cells": [cell.to_json() for cell in suppress(cells)]}
