"""Ballots of a file: what a row of VOTES says, within the limits of its kind of vote."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from .cells import items, number
from .faults import Fault, Trouble
from .sections import Table


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
class VoteLimits:
    """The most that a ballot may say. Less than `min_…` is no fault: real files have such ballots."""

    projects: Fraction | None = None
    cost: Fraction | None = None
    points: Fraction | None = None
    """For one project."""
    sum_of_points: Fraction | None = None

    @classmethod
    def of(cls, vote_type: VoteType, limit: Callable[[str], Fraction | None]) -> "VoteLimits":
        projects = limit("max_length")
        if vote_type is VoteType.CHOOSE_ONE:
            projects = Fraction(1) if projects is None else min(projects, Fraction(1))
        if vote_type is not VoteType.CUMULATIVE:
            return cls(projects, limit("max_sum_cost"))
        return cls(projects, limit("max_sum_cost"), limit("max_points"), limit("max_sum_points"))


def ballots_of(votes: Table, vote_type: VoteType, costs: dict[str, Fraction], limits: VoteLimits) -> tuple[Ballot, ...]:
    """One for each row, in the order of the file. Raises Fault at the line of the first that is none."""
    if vote_type is VoteType.CUMULATIVE and not votes.has("points"):
        raise Fault(votes.header, Trouble.COLUMN_MISSING, column="points", section="VOTES")
    with_points = votes.has("points") and vote_type in (VoteType.CUMULATIVE, VoteType.ORDINAL)
    points = votes.column("points") if with_points else (None for _row in votes.rows)
    read = _Reader(costs, limits)
    known: dict[tuple[str, str | None], Ballot] = {}
    voters: set[str] = set()
    ballots = []
    for row, (voter, named, points_cell) in enumerate(zip(votes.column("voter_id"), votes.column("vote"), points,
                                                          strict=True)):
        if not voter:
            raise Fault(votes.line(row), Trouble.VOTER_EMPTY)
        if voter in voters:
            raise Fault(votes.line(row), Trouble.VOTER_TWICE, voter=voter)
        voters.add(voter)
        ballot = known.get((named, points_cell))
        if ballot is None:  # large elections have few different ballots
            ballot = known[named, points_cell] = read.ballot(named, points_cell, votes.line(row))
        ballots.append(ballot)
    return tuple(ballots)


class _Reader:
    def __init__(self, costs: dict[str, Fraction], limits: VoteLimits) -> None:
        self.place = {project: place for place, project in enumerate(costs)}
        self.cost = tuple(costs.values())
        self.limits = limits

    def ballot(self, named: str, points_cell: str | None, line: int) -> Ballot:
        """A project named twice counts once, with the points that stand at its first place."""
        projects = items(named)
        points = None if points_cell is None else [number(item, line, "points") for item in items(points_cell)]
        if points is not None and len(points) != len(projects):
            raise Fault(line, Trouble.POINTS_DIFFER, projects=len(projects), points=len(points))
        chosen: dict[int, Fraction | None] = {}
        for order, project in enumerate(projects):
            if project not in self.place:
                raise Fault(line, Trouble.PROJECT_UNKNOWN, project=project)
            chosen.setdefault(self.place[project], None if points is None else points[order])
        self._check(tuple(chosen), line)
        twice = len(chosen) < len(projects)
        if points is None:
            return Ballot(tuple(chosen), None, twice)
        self._check_points(tuple(chosen.values()), line)
        return Ballot(tuple(chosen), tuple(chosen.values()), twice)

    def _check(self, chosen: tuple[int, ...], line: int) -> None:
        limits = self.limits
        if limits.projects is not None and len(chosen) > limits.projects:
            raise Fault(line, Trouble.TOO_MANY, most=str(limits.projects), found=len(chosen))
        if limits.cost is not None and sum(self.cost[project] for project in chosen) > limits.cost:
            raise Fault(line, Trouble.TOO_EXPENSIVE, most=str(limits.cost))

    def _check_points(self, points: tuple[Fraction, ...], line: int) -> None:
        limits = self.limits
        if limits.points is not None and max(points, default=0) > limits.points:
            raise Fault(line, Trouble.TOO_MANY_POINTS, most=str(limits.points))
        if limits.sum_of_points is not None and sum(points) > limits.sum_of_points:
            raise Fault(line, Trouble.TOO_MANY_POINTS, most=str(limits.sum_of_points))
