"""The election that a file holds, as the count takes it."""

from collections import Counter

from ...counting.election import BallotGroup, CommitteeVotes, Election

from .files import Ballot, PabulibFile, Table
from .reading import COMMITTEE_BALLOTS, COMMITTEE_VOTES, understood


def election_of(file: PabulibFile) -> Election:
    """Every row is a ballot, blank ones too; the file's own `votes` column is not used. Ballots with points are
    counted by their points; ordinal ones without count every project that they name."""
    return Election.of_groups(file.budget, file.costs, _groups(file.ballots), committee=file.committee)


def says_committee(file: PabulibFile) -> bool:
    """True with a key or a column for a committee's choices."""
    return COMMITTEE_BALLOTS in file.meta or file.projects.has(COMMITTEE_VOTES)


def with_committee(file: PabulibFile, committee: CommitteeVotes) -> PabulibFile:
    """The same file, which said nothing of a committee, with what one chose."""
    meta, projects = file.meta_table, file.projects
    key = {"key": COMMITTEE_BALLOTS, "value": str(committee.ballots)}
    votes = (str(committee.votes.get(project_id, 0)) for project_id in file.ids)
    return understood(Table(meta.columns, (*meta.rows, tuple(key.get(name, "") for name in meta.columns))),
                      Table((*projects.columns, COMMITTEE_VOTES),
                            tuple((*row, cell) for row, cell in zip(projects.rows, votes, strict=True))), file.votes)


def _groups(ballots: tuple[Ballot, ...]) -> list[BallotGroup]:
    alike: Counter[tuple] = Counter()
    for ballot, how_many in Counter(ballots).items():
        points = ballot.points or (None,) * len(ballot.projects)
        alike[tuple(sorted(zip(ballot.projects, points, strict=True)))] += how_many
    return [BallotGroup(tuple(project for project, _points in entries), how_many,
                        None if not entries or entries[0][1] is None else tuple(points for _project, points in entries))
            for entries, how_many in alike.items()]
