"""Sums of the votes of the committee (참여예산위원회). Pure.

Every member recommends as many projects as they like; a project's committee votes are the members who recommend it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

LEAST_BALLOTS = 3
"""Members who must have voted before sums become public. The sum of one is their secret vote, and of two each reads the
other's from it."""
MOST_MEMBERS = 500
MOST_NOTE = 300
"""Characters that say where the committee met."""


@dataclass(frozen=True)
class Sums:
    """Sums of the marks: how many members were counted, and how many of them recommend each project."""

    members: int
    votes: Mapping[int, int]
    """By the id of the project; every project that stands to choice is in it, with 0 where nobody recommends it."""


def added_up(projects: Iterable[int], finished: Collection[int], marks: Iterable[tuple[int, int]]) -> Sums:
    """From pairs (member, project). Marks of members who did not finish and of projects that no longer stand to
    choice do not count; one member counts once for a project.
    """
    counted = Counter(project for member, project in set(marks) if member in finished)
    return Sums(len(set(finished)), {project: counted[project] for project in projects})


def may_be_fixed(members: int, finished: int, *, over: bool) -> bool:
    """All have finished, or the phase is over; and those who have are not too few."""
    return enough(finished) and (over or finished == members)


def enough(ballots: int) -> bool:
    """True if sums of so many members keep it secret what each of them recommends."""
    return ballots >= LEAST_BALLOTS


def most_votes_fit(members: int, votes: Iterable[int]) -> bool:
    """True if so many members can have given these sums: nobody is counted twice for a project."""
    return all(0 <= total <= members for total in votes)
