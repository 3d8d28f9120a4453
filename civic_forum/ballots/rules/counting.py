"""The count: which ballots are live, what they add up to, and whether paper, people and ballots agree."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import NamedTuple

from .boxes import SheetState
from .choices import Totals
from .log import EntryType

LEAST_SHOWN = 10
"""A cell of a breakdown with fewer voters is hidden."""


class Inconsistent(Exception):
    """The log is not one that this site writes, so nothing of it is counted."""


class Opening(NamedTuple):
    """The opened who-half of a leaf."""

    leaf: int
    tag: bytes
    revision: int
    type: EntryType


class Standing(NamedTuple):
    """What the openings say without any choice: the live leaves in log order, and what does not count."""

    live: list[int]
    replaced: int
    """Ballots that a later one of the same voter replaced."""
    withdrawn: int


def standing(openings: Iterable[Opening]) -> Standing:
    """Per tag the highest revision: it counts if it is a ballot, and nothing of the tag if a withdrawal.

    Raises Inconsistent unless the revisions of each tag are 1, 2, 3 … without gaps and a withdrawal is
    the last of its tag and never the first.
    """
    by_tag: dict[bytes, list[Opening]] = defaultdict(list)
    for opening in openings:
        by_tag[opening.tag].append(opening)
    live: list[int] = []
    replaced = withdrawn = 0
    for revisions in by_tag.values():
        revisions.sort(key=lambda opening: opening.revision)
        if [opening.revision for opening in revisions] != list(range(1, len(revisions) + 1)):
            raise Inconsistent("the revisions of a tag are not 1, 2, 3 …")
        *earlier, last = revisions
        if any(opening.type is not EntryType.BALLOT for opening in earlier):
            raise Inconsistent("something follows a withdrawal")
        if last.type is EntryType.BALLOT:
            live.append(last.leaf)
            replaced += len(earlier)
        elif last.type is EntryType.WITHDRAWAL and earlier:
            withdrawn += 1
        else:
            raise Inconsistent("a withdrawal of nothing")
    return Standing(sorted(live), replaced, withdrawn)


@dataclass(frozen=True)
class Participations:
    """How many took part, by channel. `paper_issued`: taken and not brought back."""

    online: int = 0
    assisted: int = 0
    paper_issued: int = 0
    paper_returned: int = 0

    @property
    def total(self) -> int:
        """The turnout: a paper that did not come back is no vote."""
        return self.online + self.assisted + self.paper_returned

    def to_json(self) -> dict[str, int]:
        return asdict(self)

    def turnout(self, roll: int) -> dict[str, int]:
        """The turnout as it stands in the result; `roll` is how many could have voted."""
        figures = {name: getattr(self, name) for name in ("online", "assisted", "paper_returned")}
        return figures | {"roll": roll, "total": self.total}


@dataclass(frozen=True)
class Paper:
    """What became of every paper ballot that was handed out, and of those that came back."""

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
        """From the sheets by state and the sums of the batches; what does not fit shows in `discrepancies`."""
        return cls(
            issued=sum(sheets.values()),
            counted=counted,
            invalid=invalid,
            spoiled=sheets.get(SheetState.SPOILED, 0),
            taken_back=sheets.get(SheetState.TAKEN_BACK, 0),
            unreturned=sheets.get(SheetState.ISSUED, 0),
        )

    def to_json(self) -> dict[str, int]:
        return asdict(self)


@dataclass(frozen=True)
class Batch:
    """The figures of one batch of paper; sheets = counted + invalid, or it is not closed."""

    number: int
    sheets: int
    counted: int
    invalid: int

    def to_json(self) -> dict[str, int]:
        """What its leaf hides behind n, as canonical JSON."""
        return asdict(self)


class Discrepancy(StrEnum):
    """Which sum does not come out."""

    ISSUED = "issued"
    RETURNED = "returned"
    UNRETURNED = "unreturned"
    LIVE = "live"
    BALLOTS = "ballots"
    WITHDRAWALS = "withdrawals"
    ROLL = "roll"


def discrepancies(
    found: Standing, totals: Totals, participations: Participations, paper: Paper, roll: int
) -> list[Discrepancy]:
    """Every sum that does not come out; a vote with any is neither counted nor published.

    As in the reconciliation of BALLOTS: issued = counted + invalid + spoiled + taken back + unreturned;
    paper returned = counted + invalid; live ballots = online + assisted; withdrawals ≤ papers issued.
    """
    accounted = paper.counted + paper.invalid + paper.spoiled + paper.taken_back + paper.unreturned
    came_out = {
        Discrepancy.ISSUED: paper.issued == accounted,
        Discrepancy.RETURNED: participations.paper_returned == paper.counted + paper.invalid,
        Discrepancy.UNRETURNED: participations.paper_issued == paper.unreturned,
        Discrepancy.LIVE: len(found.live) == participations.online + participations.assisted,
        Discrepancy.BALLOTS: totals.ballots == len(found.live) + paper.counted,
        Discrepancy.WITHDRAWALS: found.withdrawn <= paper.issued,
        Discrepancy.ROLL: participations.total + participations.paper_issued <= roll,
    }
    return [which for which, fits in came_out.items() if not fits]


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
    smallest_first = sorted(range(len(cells)), key=lambda number: cells[number].voted)
    hidden: set[int] = set()
    voters = 0
    for number in smallest_first:
        enough = not hidden or (len(hidden) > 1 and voters >= least)
        if cells[number].voted >= least and enough:
            break
        hidden.add(number)
        voters += cells[number].voted
    return [cell._replace(voted=None) if number in hidden else cell for number, cell in enumerate(cells)]


def result_json(
    *,
    final_root: bytes,
    final_size: int,
    totals: Totals,
    found: Standing,
    participations: Participations,
    paper: Paper,
    roll: int,
    breakdown: Mapping | None = None,
    outcome: Mapping | None = None,
) -> dict:
    """The result as it is signed, in the names of FORMAT.md; `breakdown` from `breakdown_json`, `outcome` from the
    feature whose vote it is."""
    result = {
        "format": 1,
        "final_root": final_root.hex(),
        "final_size": final_size,
        "ballots": totals.ballots,
        "blank": totals.blank,
        "totals": totals.to_json(),
        "turnout": participations.turnout(roll),
        "paper": paper.to_json(),
        "replaced": found.replaced,
        "withdrawn": found.withdrawn,
    }
    more = {"breakdown": breakdown, "outcome": outcome}
    return result | {name: dict(part) for name, part in more.items() if part is not None}


def breakdown_json(by: str, cells: Sequence[Cell]) -> dict:
    """The turnout by one property of the voters, with small cells hidden."""
    return {"by": by, "cells": [cell.to_json() for cell in suppress(cells)]}
