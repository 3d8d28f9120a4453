"""The election that a file holds, as the count takes it."""

from collections import Counter

from civic_forum.budgets.rules.counting.election import BallotGroup, Election

from .files import Ballot, PabulibFile


def election_of(file: PabulibFile) -> Election:
    """Every row is a ballot, blank ones too; the file's own `votes` column is not used. Ballots with points are
    counted by their points; ordinal ones without count every project that they name."""
    return Election.of_groups(file.budget, file.costs, _groups(file.ballots))


def _groups(ballots: tuple[Ballot, ...]) -> list[BallotGroup]:
    alike: Counter[tuple] = Counter()
    for ballot, how_many in Counter(ballots).items():
        points = ballot.points or (None,) * len(ballot.projects)
        alike[tuple(sorted(zip(ballot.projects, points, strict=True)))] += how_many
    return [BallotGroup(tuple(project for project, _points in entries), how_many,
                        None if not entries or entries[0][1] is None else tuple(points for _project, points in entries))
            for entries, how_many in alike.items()]
