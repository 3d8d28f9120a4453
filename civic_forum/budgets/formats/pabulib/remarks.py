"""Oddities of a file that are no faults: they are counted, and people are told."""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from .ballots import VoteType
from .parsing import PabulibFile


class Difference(NamedTuple):
    """The `votes` column of a project says something else than the ballots, which count."""

    project: str
    said: str
    counted: int
    line: int


class Remarkable(StrEnum):
    """Oddity of a file that is no fault."""

    VOTES_DIFFER = "votes_differ"
    NAMED_TWICE = "named_twice"
    BLANK = "blank"
    POINTS = "points"
    RANKED = "ranked"
    BEYOND_BUDGET = "beyond_budget"
    """It costs more than there is, as withdrawn projects do in real files (999999999)."""


class Remark(NamedTuple):
    """One oddity, with how often it is there."""

    what: Remarkable
    line: int
    """Of the first."""
    how_many: int


def differences(file: PabulibFile) -> list[Difference]:
    """Differences between the file's own count and that of its ballots; nothing where it has no `votes` column or
    cell."""
    if not file.projects.has("votes"):
        return []
    return [Difference(project, votes, file.counted[place], file.projects.line(place))
            for place, (project, votes) in enumerate(zip(file.ids, file.projects.column("votes"), strict=True))
            if votes and votes != str(file.counted[place])]


def remarks(file: PabulibFile) -> list[Remark]:
    """One for each kind that there is."""
    kinds = [(Remarkable.VOTES_DIFFER, [difference.line for difference in differences(file)]),
             (Remarkable.NAMED_TWICE, list(_lines(file, lambda ballot: ballot.twice))),
             (Remarkable.BLANK, list(_lines(file, lambda ballot: not ballot.projects))),
             (Remarkable.POINTS, list(_lines(file, lambda ballot: ballot.points is not None))),
             (Remarkable.RANKED, list(_lines(file, lambda ballot: ballot.points is None))
              if file.vote_type is VoteType.ORDINAL else []),
             (Remarkable.BEYOND_BUDGET, [file.projects.line(place) for place, cost in enumerate(file.costs.values())
                                         if cost > file.budget])]
    return [Remark(what, lines[0], len(lines)) for what, lines in kinds if lines]


def _lines(file: PabulibFile, odd) -> Iterator[int]:
    return (file.votes.line(row) for row, ballot in enumerate(file.ballots) if odd(ballot))
