"""Responses, settings and the map that follows from them. Loads no numerical library by itself."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from .steady import Steady

if TYPE_CHECKING:
    import numpy as np

AGREE, PASS, DISAGREE = 1, 0, -1
Point = tuple[float, float]
Counts = tuple[int, int, int]
"""Agrees, disagrees, and all responses, passes among them."""


def order_of_id(identifier: str) -> tuple[int, int, str]:
    """Key that sorts numbers as numbers and before words."""
    if identifier.isascii() and identifier.isdigit() and len(identifier) < 19:
        return 0, int(identifier), identifier
    return 1, 0, identifier


@dataclass(frozen=True)
class Statement:
    """`taken_out` by a moderator; `meta` says who somebody is rather than what they think."""

    id: str
    taken_out: bool = False
    meta: bool = False


@dataclass(frozen=True, eq=False)
class Matrix:
    """Responses as three arrays of one length: place of the participant, place of the statement, −1, 0 or 1. A pair
    stands once at most."""

    participants: tuple[str, ...]
    statements: tuple[str, ...]
    rows: "np.ndarray"
    columns: "np.ndarray"
    values: "np.ndarray"

    @classmethod
    def of(cls, responses: Iterable[tuple[str, str, int]], participants: Iterable[str] = (),
           statements: Iterable[str] = ()) -> "Matrix":
        """Matrix of (participant, statement, value), of which the last of a pair counts. Participants and statements
        named apart stand in it even without a response."""
        import numpy as np
        people = {participant: place for place, participant in enumerate(dict.fromkeys(participants))}
        lines = {statement: place for place, statement in enumerate(dict.fromkeys(statements))}
        latest: dict[tuple[int, int], int] = {}
        for participant, statement, value in responses:
            if value not in (AGREE, PASS, DISAGREE):
                raise ValueError(f"{value!r} is no response.")
            latest[people.setdefault(participant, len(people)), lines.setdefault(statement, len(lines))] = value
        pairs = np.array(list(latest), np.int32).reshape(-1, 2)
        return cls(tuple(people), tuple(lines), pairs[:, 0].copy(), pairs[:, 1].copy(),
                   np.fromiter(latest.values(), np.int8, len(latest)))

    def without(self, statements: Collection[str]) -> "Matrix":
        """The same without the responses to these statements."""
        import numpy as np
        kept = ~np.isin(self.columns, [place for place, id_ in enumerate(self.statements) if id_ in statements])
        return replace(self, rows=self.rows[kept], columns=self.columns[kept], values=self.values[kept])

    def triples(self) -> Iterable[tuple[str, str, int]]:
        """Responses one by one, as `of` takes them."""
        for row, column, value in zip(self.rows.tolist(), self.columns.tolist(), self.values.tolist()):
            yield self.participants[row], self.statements[column], value


@dataclass(frozen=True)
class Settings:
    """`k` forces the number of groups; `groups` (participant → name) takes groups as given instead of finding them.
    `drop` removes what was taken out and meta instead of setting it to 0. `apart`: from how many answers of one kind
    only a person is set apart; None = never."""

    seed: int = 0
    k: int | None = None
    groups: Mapping[str, str] | None = None
    drop: bool = False
    apart: int | None = 10
    answers: int = 7
    people: int = 15
    base: int = 100
    most_groups: int = 5
    clear: float = 0.2


@dataclass(frozen=True)
class Previous:
    """The part of a map that the next run takes up: signs, names of groups, number of groups."""

    components: tuple[Mapping[str, float], Mapping[str, float]]
    groups: Mapping[str, str] = field(default_factory=dict)
    steady: Steady | None = None


@dataclass(frozen=True)
class Map:
    """Everything that follows from a matrix. Identifiers are text; groups are in the order of their names.

    `clear` is False where groups part too little to show: then k is 0, `groups` and all by group are empty, and `gic`
    and `lower` are those of everybody as one group. `apart` names who answered one way only, by that way.
    """

    participants: int
    statements: int
    grouped: int
    k: int
    clear: bool
    steady: Steady | None
    silhouette: Mapping[int, float]
    center: Mapping[str, float]
    components: tuple[Mapping[str, float], Mapping[str, float]]
    explained: Point
    projection: Mapping[str, Point]
    groups: Mapping[str, str]
    apart: Mapping[str, tuple[str, ...]]
    totals: Mapping[str, Counts]
    counts: Mapping[str, Mapping[str, Counts]]
    gic: Mapping[str, float]
    lower: Mapping[str, float]
    divisive: Mapping[str, float]
    extremity: Mapping[str, float]
    priority: Mapping[str, float]
    representative: Mapping[str, tuple[tuple[str, str], ...]]
    majority: Mapping[str, tuple[str, ...]]

    def with_counts(self, matrix: Matrix, statements: Collection[str]) -> "Map":
        """The same map with the counts of these statements, of which it was not made."""
        totals, counts = dict(self.totals), {name: dict(of) for name, of in self.counts.items()}
        for participant, statement, value in matrix.triples():
            if statement in statements:
                for of in (totals, counts.get(self.groups.get(participant, ""), {})):
                    agrees, disagrees, seen = of.get(statement, (0, 0, 0))
                    of[statement] = agrees + (value > 0), disagrees + (value < 0), seen + 1
        return replace(self, totals=totals, counts=counts)

    def contract(self) -> dict[str, object]:
        """All that is to be printed as JSON by `opinions compute --json`."""
        return {name: value for name, value in vars(self).items() if name not in ("steady", "totals")}
