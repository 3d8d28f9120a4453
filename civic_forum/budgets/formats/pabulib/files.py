"""A file as it was read: every cell as its text, and beside it what the cells mean."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from ...counting.election import CommitteeVotes


class VoteType(StrEnum):
    APPROVAL = "approval"
    CHOOSE_ONE = "choose-1"
    CUMULATIVE = "cumulative"
    ORDINAL = "ordinal"


class Ballot(NamedTuple):
    """The projects of a ballot by their position in the file, each once, in the order of the ballot."""

    projects: tuple[int, ...]
    points: tuple[Fraction, ...] | None = None
    """For each of these projects, where the ballots have points."""
    twice: bool = False
    """Whether the file names a project more than once on it."""


@dataclass(frozen=True)
class Table:
    """A section: its columns as they are named, and its rows, each with a cell for every column."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...] = field(default=(), compare=False, repr=False)
    """In which line each row begins, or nothing where it was not read from a file."""
    header: int = field(default=0, compare=False, repr=False)

    def line(self, row: int) -> int:
        return self.lines[row] if self.lines else 0

    def has(self, column: str) -> bool:
        return column in self.columns

    def column(self, name: str) -> Iterator[str]:
        """The cells of a column without the spaces around them."""
        place = self.columns.index(name)
        return (row[place].strip() for row in self.rows)

    @property
    def last_line(self) -> int:
        return self.lines[-1] if self.lines else self.header


@dataclass(frozen=True)
class PabulibFile:
    """Two files are equal when their cells are: what they mean follows from them."""

    meta_table: Table
    projects: Table
    votes: Table
    budget: Fraction = field(compare=False)
    vote_type: VoteType = field(compare=False)
    costs: dict[str, Fraction] = field(compare=False, repr=False)
    """Project id → cost, in the order of the file."""
    ballots: tuple[Ballot, ...] = field(compare=False, repr=False)
    """One for each row of `votes`; equal ones are one object."""
    committee: CommitteeVotes | None = field(default=None, compare=False, repr=False)
    """True with `committee_ballots` and `committee_votes` of a second body, as our own rounds have them."""

    @cached_property
    def meta(self) -> dict[str, str]:
        """In the order of the file, without the spaces around keys and values."""
        return dict(zip(self.meta_table.column("key"), self.meta_table.column("value"), strict=True))

    @cached_property
    def ids(self) -> tuple[str, ...]:
        return tuple(self.costs)

    @cached_property
    def counted(self) -> Counter[int]:
        """Project by its position → on how many ballots it stands."""
        alike = Counter(self.ballots)
        counted: Counter[int] = Counter()
        for ballot, how_many in alike.items():
            for project in ballot.projects:
                counted[project] += how_many
        return counted

    def names(self) -> dict[str, str]:
        """Project id → its name; the id where the file has none."""
        if not self.projects.has("name"):
            return {project: project for project in self.ids}
        return {project: name or project for project, name in zip(self.ids, self.projects.column("name"), strict=True)}
