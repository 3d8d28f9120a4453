"""A file read whole: its cells, and what they mean. The first fault ends it."""

from fractions import Fraction

from ...committee.rules import MOST_MEMBERS
from ...counting.election import CommitteeVotes

from .ballots import VoteLimits, ballots_of
from .faults import Fault, Trouble
from .files import PabulibFile, Table, VoteType
from .rows import rows_of
from .sections import META, PROJECTS, VOTES, sections_of
from .values import check_date, number, whole

NEEDED_KEYS = ("description", "country", "unit", "instance", "num_projects", "num_votes", "budget", "vote_type", "rule",
               "date_begin", "date_end")
COMMITTEE_BALLOTS, COMMITTEE_VOTES = "committee_ballots", "committee_votes"
"""A key of META and a column of PROJECTS."""


def read(data: bytes) -> PabulibFile:
    """Columns may stand in any order; those that are not known, and unknown META keys, are kept as they are.
    Raises Fault with the first line that is wrong."""
    sections = sections_of(rows_of(data))
    return understood(sections[META], sections[PROJECTS], sections[VOTES])


def understood(meta: Table, projects: Table, votes: Table) -> PabulibFile:
    """A file of an election from three tables. Raises Fault."""
    said = _Said(meta)
    try:
        vote_type = VoteType(said.values["vote_type"])
    except ValueError as wrong:
        raise Fault(said.line["vote_type"], Trouble.VOTE_TYPE, text=said.values["vote_type"]) from wrong
    budget = said.number("budget")
    for key in ("date_begin", "date_end"):
        check_date(said.values[key], said.line[key], key)
    limits = VoteLimits.of(vote_type, said.limit)
    costs = _costs(projects)
    ballots = ballots_of(votes, vote_type, costs, limits)
    said.check_count("num_projects", len(costs))
    said.check_count("num_votes", len(ballots))
    return PabulibFile(meta, projects, votes, budget, vote_type, costs, ballots,
                       _committee(said, projects))


class _Said:
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

    def check_count(self, key: str, found: int) -> None:
        if self.number(key) != found:
            raise Fault(self.line[key], Trouble.WRONG_COUNT, key=key, said=self.values[key], found=found)


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


def _committee(said: _Said, projects: Table) -> CommitteeVotes | None:
    if not said.values.get(COMMITTEE_BALLOTS) or not projects.has(COMMITTEE_VOTES):
        return None
    ballots = whole(said.values[COMMITTEE_BALLOTS], said.line[COMMITTEE_BALLOTS], COMMITTEE_BALLOTS,
                    range(1, MOST_MEMBERS + 1))
    votes = (whole(text, projects.line(row), COMMITTEE_VOTES, range(ballots + 1))
             for row, text in enumerate(projects.column(COMMITTEE_VOTES)))
    return CommitteeVotes(dict(zip(projects.column("project_id"), votes, strict=True)), ballots)
