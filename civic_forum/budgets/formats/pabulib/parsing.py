"""A file read whole: bytes to rows of cells, rows to sections, cells to what they mean. The first fault ends it."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from ...committee.rules import MOST_MEMBERS
from ...counting.election import CommitteeVotes


class Trouble(StrEnum):
    """Reason why a file is refused."""

    EMPTY = "empty"
    NOT_UTF8 = "not_utf8"
    NUL = "nul"
    NOT_PABULIB = "not_pabulib"
    """Something stands before the first section."""
    CELL_TOO_LONG = "cell_too_long"
    QUOTE_NOT_CLOSED = "quote_not_closed"
    SECTION_TWICE = "section_twice"
    SECTION_MISSING = "section_missing"
    HEADER_MISSING = "header_missing"
    COLUMN_MISSING = "column_missing"
    COLUMN_TWICE = "column_twice"
    COLUMN_NAMELESS = "column_nameless"
    SHORT_ROW = "short_row"
    LONG_ROW = "long_row"
    KEY_TWICE = "key_twice"
    KEY_MISSING = "key_missing"
    KEY_EMPTY = "key_empty"
    BAD_NUMBER = "bad_number"
    BAD_DATE = "bad_date"
    VOTE_TYPE = "vote_type"
    PROJECT_EMPTY = "project_empty"
    PROJECT_TWICE = "project_twice"
    PROJECT_WITH_COMMA = "project_with_comma"
    VOTER_EMPTY = "voter_empty"
    VOTER_TWICE = "voter_twice"
    PROJECT_UNKNOWN = "project_unknown"
    TOO_MANY = "too_many"
    TOO_EXPENSIVE = "too_expensive"
    TOO_MANY_POINTS = "too_many_points"
    POINTS_DIFFER = "points_differ"
    """Not one number of points for each project."""
    WRONG_COUNT = "wrong_count"
    COMMITTEE_VOTES = "committee_votes"
    """No number of votes that so many ballots of the committee can have given."""


class Fault(Exception):
    """The file is not read, and nothing of it is kept. `line` is counted from 1 as an editor counts;
    `given` are what the sentence about it names: texts of the file, cut to a length that can be shown."""

    def __init__(self, line: int, what: Trouble, **facts: object) -> None:
        self.line, self.what = line, what
        self.given = {name: _shown(fact) for name, fact in facts.items()}
        super().__init__(f"line {line}: {what}" + "".join(f", {name} {fact}" for name, fact in self.given.items()))


def _shown(fact: object) -> object:
    return f"{fact[:80]}…" if isinstance(fact, str) and len(fact) > 80 else fact


NUMBER = re.compile(r"[0-9]{1,30}(?:\.[0-9]{1,30})?", re.ASCII)
DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", re.ASCII)
YEAR = re.compile(r"[0-9]{4}", re.ASCII)


def number(text: str, line: int, name: str) -> Fraction:
    """A decimal as it is written, for instance 2532645.83. Raises Fault for what is none, or negative."""
    if not NUMBER.fullmatch(text):
        raise Fault(line, Trouble.BAD_NUMBER, name=name, text=text)
    return Fraction(text)


def whole(text: str, line: int, name: str, within: range) -> int:
    """A whole number in this range. Raises Fault for what is none."""
    if not re.fullmatch("[0-9]{1,9}", text, re.ASCII) or int(text) not in within:
        raise Fault(line, Trouble.COMMITTEE_VOTES, name=name, text=text, least=within[0], most=within[-1])
    return int(text)


def check_date(text: str, line: int, name: str) -> None:
    """DD.MM.YYYY or a year. Raises Fault."""
    if YEAR.fullmatch(text):
        return
    try:
        day, month, year = map(int, DAY.fullmatch(text).groups())
        date(year, month, day)
    except (AttributeError, ValueError) as wrong:
        raise Fault(line, Trouble.BAD_DATE, name=name, text=text) from wrong


def items(cell: str) -> list[str]:
    """The entries of a list; one that is empty, as behind a last comma, is none."""
    return [item for part in cell.split(",") if (item := part.strip())]


BYTE_ORDER_MARK = b"\xef\xbb\xbf"
END = "\0end"
"""Handed to the reader of cells after the last line: where a quote was not closed, it becomes part of a cell."""


class Row(NamedTuple):
    """The cells of one row, with the number of the line on which it begins."""

    line: int
    cells: list[str]


def rows_of(data: bytes) -> Iterator[Row]:
    """Every row that is not empty. Line ends of all kinds are one, also inside of a cell. Raises Fault."""
    text = _text(data)
    lines = io.StringIO(f"{text}\n{END}\n")
    cells = csv.reader(lines, delimiter=";")
    begins = 1
    while True:
        try:
            row = next(cells, [END])
        except csv.Error as wrong:
            raise Fault(begins, Trouble.CELL_TOO_LONG) from wrong
        if row == [END]:
            return
        if row and row[-1].endswith(f"{END}\n"):
            raise Fault(begins, Trouble.QUOTE_NOT_CLOSED)
        if len(row) > 1 or (row and row[0].strip()):
            yield Row(begins, row)
        begins = cells.line_num + 1


def _text(data: bytes) -> str:
    data = data.removeprefix(BYTE_ORDER_MARK)
    if not data.strip():
        raise Fault(1, Trouble.EMPTY)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as wrong:
        raise Fault(_line(data[:wrong.start].decode("utf-8")), Trouble.NOT_UTF8) from wrong
    if "\0" in text:
        raise Fault(_line(text[:text.index("\0")]), Trouble.NUL)
    return _one_kind_of_line_end(text)


def _one_kind_of_line_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _line(before: str) -> int:
    return _one_kind_of_line_end(before).count("\n") + 1


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

    @property
    def has_points(self) -> bool:
        """True where greedy rules add up points that voters gave."""
        return any(ballot.points is not None for ballot in self.ballots)

    def names(self) -> dict[str, str]:
        """Project id → its name; the id where the file has none."""
        if not self.projects.has("name"):
            return {project: project for project in self.ids}
        return {project: name or project for project, name in zip(self.ids, self.projects.column("name"), strict=True)}


META, PROJECTS, VOTES = "META", "PROJECTS", "VOTES"
NAMES = (META, PROJECTS, VOTES)
NEEDED = {META: ("key", "value"), PROJECTS: ("project_id", "cost"), VOTES: ("voter_id", "vote")}


def sections_of(rows: Iterator[Row]) -> dict[str, Table]:
    """Every section by its name, whole. Raises Fault."""
    sections: dict[str, Table] = {}
    name, last = None, 1
    header: tuple[str, ...] = ()
    content: list[tuple[str, ...]] = []
    lines: list[int] = []
    began = 1
    for line, cells in rows:
        last = line
        if (opened := _opens(cells, {*sections, name})) is not None:
            if name is not None:
                sections[name] = _closed(name, header, content, lines, began)
            if opened in sections:
                raise Fault(line, Trouble.SECTION_TWICE, section=opened)
            name, header, content, lines, began = opened, (), [], [], line
        elif name is None:
            raise Fault(line, Trouble.NOT_PABULIB)
        elif not header:
            header, began = _columns(name, line, cells), line
        else:
            content.append(_cells(line, cells, len(header)))
            lines.append(line)
    if name is not None:
        sections[name] = _closed(name, header, content, lines, began)
    for needed in NAMES:
        if needed not in sections:
            raise Fault(last, Trouble.SECTION_MISSING, section=needed)
    return sections


def _opens(cells: list[str], known: Collection[str]) -> str | None:
    """The section that begins here. A spreadsheet may have put empty cells behind its name; but where the section
    was already, that is a row, for instance the blank ballot of a voter who is called VOTES."""
    name = cells[0].strip().upper()
    if name not in NAMES or len(cells) > 1 and (name in known or any(cell.strip() for cell in cells[1:])):
        return None
    return name


def _closed(name: str, header: tuple[str, ...], content: list, lines: list[int], began: int) -> Table:
    if not header:
        raise Fault(began, Trouble.HEADER_MISSING, section=name)
    return Table(header, tuple(content), tuple(lines), began)


def _columns(name: str, line: int, cells: list[str]) -> tuple[str, ...]:
    columns = [cell.strip() for cell in cells]
    while columns and not columns[-1]:
        columns.pop()
    if not all(columns):
        raise Fault(line, Trouble.COLUMN_NAMELESS, section=name)
    seen: set[str] = set()
    for column in columns:
        if column in seen:
            raise Fault(line, Trouble.COLUMN_TWICE, column=column)
        seen.add(column)
    for column in NEEDED[name]:
        if column not in seen:
            raise Fault(line, Trouble.COLUMN_MISSING, column=column, section=name)
    return tuple(columns)


def _cells(line: int, cells: list[str], wanted: int) -> tuple[str, ...]:
    if len(cells) < wanted:
        raise Fault(line, Trouble.SHORT_ROW, wanted=wanted, found=len(cells))
    if len(cells) > wanted and any(cell.strip() for cell in cells[wanted:]):
        raise Fault(line, Trouble.LONG_ROW, wanted=wanted, found=len(cells))
    return tuple(cells[:wanted])


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
    keys = _Said(meta)
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


def _committee(keys: _Said, projects: Table) -> CommitteeVotes | None:
    if not keys.values.get(COMMITTEE_BALLOTS) or not projects.has(COMMITTEE_VOTES):
        return None
    ballots = whole(keys.values[COMMITTEE_BALLOTS], keys.line[COMMITTEE_BALLOTS], COMMITTEE_BALLOTS,
                    range(1, MOST_MEMBERS + 1))
    votes = (whole(text, projects.line(row), COMMITTEE_VOTES, range(ballots + 1))
             for row, text in enumerate(projects.column(COMMITTEE_VOTES)))
    return CommitteeVotes(dict(zip(projects.column("project_id"), votes, strict=True)), ballots)
