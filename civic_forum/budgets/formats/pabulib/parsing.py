"""A file read whole: bytes to sections, sections to what they mean. The first fault ends it."""

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from ...committee.rules import MOST_MEMBERS
from ...counting.election import CommitteeVotes
from .ballots import Ballot, VoteLimits, VoteType, ballots_of
from .cells import check_date, number, whole
from .faults import Fault, Trouble
from .sections import META, PROJECTS, VOTES, Table, rows_of, sections_of

NEEDED_KEYS = ("description", "country", "unit", "instance", "num_projects", "num_votes", "budget", "vote_type", "rule",
               "date_begin", "date_end")
COMMITTEE_BALLOTS, COMMITTEE_VOTES = "committee_ballots", "committee_votes"
"""A key of META and a column of PROJECTS."""


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

    @property
    def has_points(self) -> bool:
        """True where greedy rules add up points that voters gave."""
        return any(ballot.points is not None for ballot in self.ballots)

    def names(self) -> dict[str, str]:
        """Project id → its name; the id where the file has none."""
        if not self.projects.has("name"):
            return {project: project for project in self.ids}
        return {project: name or project for project, name in zip(self.ids, self.projects.column("name"), strict=True)}


def read(data: bytes) -> PabulibFile:
    """Columns may stand in any order; those that are not known, and unknown META keys, are kept as they are.
    Raises Fault with the first line that is wrong."""
    sections = sections_of(rows_of(data))
    return understood(sections[META], sections[PROJECTS], sections[VOTES])


def understood(meta: Table, projects: Table, votes: Table) -> PabulibFile:
    """A file of an election from three tables. Raises Fault."""
    keys = _Keys(meta)
    try:
        vote_type = VoteType(keys.values["vote_type"])
    except ValueError as wrong:
        raise Fault(keys.line["vote_type"], Trouble.VOTE_TYPE, text=keys.values["vote_type"]) from wrong
    budget = keys.number("budget")
    for key in ("date_begin", "date_end"):
        check_date(keys.values[key], keys.line[key], key)
    limits = VoteLimits.of(vote_type, keys.limit)
    costs = _costs(projects)
    ballots = ballots_of(votes, vote_type, costs, limits)
    keys.check_count("num_projects", len(costs))
    keys.check_count("num_votes", len(ballots))
    return PabulibFile(meta, projects, votes, budget, vote_type, costs, ballots, _committee(keys, projects))


class _Keys:
    """The keys of META with their values and lines."""

    def __init__(self, meta: Table) -> None:
        self.values: dict[str, str] = {}
        self.line: dict[str, int] = {}
        for row, (key, value) in enumerate(zip(meta.column("key"), meta.column("value"), strict=True)):
            if not key:
                raise Fault(meta.line(row), Trouble.KEY_EMPTY)
            if key in self.values:
                raise Fault(meta.line(row), Trouble.KEY_TWICE, key=key)
            self.values[key], self.line[key] = value, meta.line(row)
        for key in NEEDED_KEYS:
            if key not in self.values:
                raise Fault(meta.last_line, Trouble.KEY_MISSING, key=key)

    def number(self, key: str) -> Fraction:
        return number(self.values[key], self.line[key], key)

    def limit(self, key: str) -> Fraction | None:
        """None where the file sets none."""
        return self.number(key) if self.values.get(key) else None

    def check_count(self, key: str, count: int) -> None:
        if self.number(key) != count:
            raise Fault(self.line[key], Trouble.WRONG_COUNT, key=key, said=self.values[key], found=count)


def _costs(projects: Table) -> dict[str, Fraction]:
    costs: dict[str, Fraction] = {}
    for row, (project, cost) in enumerate(zip(projects.column("project_id"), projects.column("cost"), strict=True)):
        line = projects.line(row)
        if not project:
            raise Fault(line, Trouble.PROJECT_EMPTY)
        if "," in project:
            raise Fault(line, Trouble.PROJECT_WITH_COMMA, project=project)
        if project in costs:
            raise Fault(line, Trouble.PROJECT_TWICE, project=project)
        costs[project] = number(cost, line, "cost")
    return costs


def _committee(keys: _Keys, projects: Table) -> CommitteeVotes | None:
    if not keys.values.get(COMMITTEE_BALLOTS) or not projects.has(COMMITTEE_VOTES):
        return None
    ballots = whole(keys.values[COMMITTEE_BALLOTS], keys.line[COMMITTEE_BALLOTS], COMMITTEE_BALLOTS,
                    range(1, MOST_MEMBERS + 1))
    votes = (whole(text, projects.line(row), COMMITTEE_VOTES, range(ballots + 1))
             for row, text in enumerate(projects.column(COMMITTEE_VOTES)))
    return CommitteeVotes(dict(zip(projects.column("project_id"), votes, strict=True)), ballots)
