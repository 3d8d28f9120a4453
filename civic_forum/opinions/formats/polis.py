"""Reading a folder of Polis CSV files."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from civic_forum.opinions.mapping import Matrix, Settings, Statement

from .faults import Fault, Unreadable
from .tables import Table, lines_of, plain

PARTICIPANTS = ("participants-votes.csv", "participant-votes.csv")
COMMENTS, VOTES, SUMMARY = "comments.csv", "votes.csv", "summary.csv"
TAKEN_OUT = -1
MOST_RESPONSES = 50_000_000
_SECONDS = 100_000_000_000
"""Timestamps below are seconds, not milliseconds: as milliseconds they would lie before 1973."""
_VALUES = {"1": 1, "-1": -1, "0": 0, "1.0": 1, "-1.0": -1, "0.0": 0, "-0.0": 0, "+1": 1, "'-1": -1}
_ABOUT_PEOPLE = frozenset({"participant", "xid", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree"})
_SURE = 0.9
"""Share of the participants that has to speak for one sign."""


class Signs(StrEnum):
    """Evidence of the counts beside the responses on which sign agrees have."""

    AGREE_IS_PLUS = "agree_is_plus"
    AGREE_IS_MINUS = "agree_is_minus"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Comment:
    """A line of comments.csv; `created` in milliseconds, 0 where unknown."""

    id: str
    body: str
    author: str = ""
    created: int = 0
    agrees: int = 0
    disagrees: int = 0
    moderated: int = 0
    meta: bool = False
    seed: bool = False


@dataclass(frozen=True)
class Vote:
    """A line of votes.csv; `at` in milliseconds."""

    at: int
    comment: str
    voter: str
    value: int


@dataclass(frozen=True, eq=False)
class Conversation:
    """Everything of a folder or a publication. `groups` has the participants to whom the file gives a group."""

    matrix: Matrix
    comments: tuple[Comment, ...] = ()
    groups: Mapping[str, str] = field(default_factory=dict)
    votes: tuple[Vote, ...] = ()
    summary: Mapping[str, str] = field(default_factory=dict)
    settings: Settings = Settings()

    def statements(self) -> list[Statement]:
        """Statements of the matrix."""
        known = {comment.id: comment for comment in self.comments}
        return [Statement(id_, id_ in known and known[id_].moderated == TAKEN_OUT, id_ in known and known[id_].meta)
                for id_ in self.matrix.statements]


def read(folder: Path, turned: bool | None = None) -> Conversation:
    """A conversation. `turned` says that −1 means agree, or that it does not; left None, the file has to leave no
    doubt. Raises Unreadable, also where the counts beside the responses speak for the other sign."""
    table = _matrix_table(folder)
    matrix, groups, signs = read_matrix(table)
    comments = read_comments(folder / COMMENTS) if (folder / COMMENTS).is_file() else ()
    swapped = _counts_are_swapped(matrix, comments)
    if turned is None and (signs is Signs.AGREE_IS_MINUS or signs is Signs.UNKNOWN and swapped):
        raise Unreadable(table.name, Fault.REVERSED)
    votes = read_votes(folder / VOTES) if (folder / VOTES).is_file() else ()
    if turned:
        matrix = Matrix(matrix.participants, matrix.statements, matrix.rows, matrix.columns, -matrix.values)
        votes = tuple(Vote(vote.at, vote.comment, vote.voter, -vote.value) for vote in votes)
    if swapped and signs is Signs.AGREE_IS_PLUS:
        comments = tuple(Comment(**vars(comment) | {"agrees": comment.disagrees, "disagrees": comment.agrees})
                         for comment in comments)
    summary = read_summary(folder / SUMMARY) if (folder / SUMMARY).is_file() else {}
    return Conversation(matrix, comments, groups, votes, summary)


def _matrix_table(folder: Path) -> Table:
    for name in PARTICIPANTS:
        if (folder / name).is_file():
            return Table(folder / name, ("participant",))
    raise Unreadable(PARTICIPANTS[0], Fault.NO_FILE)


def read_matrix(table: Table) -> tuple[Matrix, dict[str, str], Signs]:
    """Responses, published groups, and what the counts of each participant say about signs."""
    places = [place for place, heading in enumerate(table.header) if heading and heading not in _ABOUT_PEOPLE]
    statements = tuple(table.identifier(1, table.header[place]) for place in places)
    who, group = table.header.index("participant"), table.place("group-id")
    agrees, disagrees = table.place("n-agree"), table.place("n-disagree")
    people: dict[str, int] = {}
    import numpy as np
    groups: dict[str, str] = {}
    rows, columns, values = [], [], []
    straight = reverse = responses = 0
    for line, cells in table.rows():
        participant = table.identifier(line, cells[who])
        if participant in people:
            raise Unreadable(table.name, Fault.ROW_TWICE, line, participant)
        people[participant] = len(people)
        if group is not None and cells[group].strip():
            groups[participant] = table.identifier(line, cells[group])
        answered = [(column, cells[place]) for column, place in enumerate(places) if cells[place]]
        try:
            answers = [_VALUES[text.strip()] for _, text in answered]
        except KeyError as wrong:
            raise Unreadable(table.name, Fault.NO_RESPONSE, line, wrong.args[0]) from None
        responses += len(answers)
        if responses > MOST_RESPONSES:
            raise Unreadable(table.name, Fault.TOO_MANY, line, f"{MOST_RESPONSES} responses")
        rows.append(np.full(len(answers), len(people) - 1, np.int32))
        columns.append(np.array([column for column, _ in answered], np.int32))
        values.append(np.array(answers, np.int8))
        if agrees is not None and disagrees is not None:
            counted = table.whole(line, cells[agrees]), table.whole(line, cells[disagrees])
            tally = answers.count(1), answers.count(-1)
            if tally[0] != tally[1]:
                straight += counted == tally
                reverse += counted == tally[::-1]
    matrix = Matrix(tuple(people), statements, *(np.concatenate([np.zeros(0, kind), *parts]) for parts, kind in (
        (rows, np.int32), (columns, np.int32), (values, np.int8))))
    return matrix, groups, _signs(straight, reverse)


def _signs(straight: int, reverse: int) -> Signs:
    together = straight + reverse
    if not together or max(straight, reverse) < _SURE * together:
        return Signs.UNKNOWN
    return Signs.AGREE_IS_PLUS if straight > reverse else Signs.AGREE_IS_MINUS


def read_comments(path: Path) -> tuple[Comment, ...]:
    """Statements, in the order of the file."""
    table = Table(path, ("comment-id",), loose="comment-body")
    comments: dict[str, Comment] = {}
    for line, cells in table.rows():
        row = dict(zip(table.header, cells))
        comment_id = table.identifier(line, row["comment-id"])
        if comment_id in comments:
            raise Unreadable(table.name, Fault.ROW_TWICE, line, comment_id)
        comments[comment_id] = Comment(
            comment_id, plain(row.get("comment-body", "")), plain(row.get("author-id", "")).strip(),
            _milliseconds(table.whole(line, row.get("timestamp", ""))), table.whole(line, row.get("agrees", "")),
            table.whole(line, row.get("disagrees", "")), table.whole(line, row.get("moderated", "")),
            _is_true(row.get("is-meta", "")), _is_true(row.get("is-seed", "")))
    return tuple(comments.values())


def _counts_are_swapped(matrix: Matrix, comments: Iterable[Comment]) -> bool:
    """True where agrees and disagrees of the statements fit the responses the other way round only."""
    import numpy as np
    places = {statement: place for place, statement in enumerate(matrix.statements)}
    agrees, disagrees = (np.bincount(matrix.columns[matrix.values == value], minlength=len(places)).tolist()
                         for value in (1, -1))
    straight = crossed = 0
    for comment in comments:
        if comment.id in places:
            plus, minus = agrees[places[comment.id]], disagrees[places[comment.id]]
            straight += abs(plus - comment.agrees) + abs(minus - comment.disagrees)
            crossed += abs(plus - comment.disagrees) + abs(minus - comment.agrees)
    return crossed * 2 < straight


def read_votes(path: Path) -> tuple[Vote, ...]:
    """History of responses, in the order of the file."""
    table = Table(path, ("timestamp", "comment-id", "voter-id", "vote"))
    at, comment, voter, vote = (
        table.header.index(heading) for heading in ("timestamp", "comment-id", "voter-id", "vote"))
    votes = []
    for line, cells in table.rows():
        value = _VALUES.get(cells[vote].strip())
        if value is None:
            raise Unreadable(table.name, Fault.NO_RESPONSE, line, cells[vote])
        votes.append(Vote(_milliseconds(table.whole(line, cells[at])), table.identifier(line, cells[comment]),
                          table.identifier(line, cells[voter]), value))
    return tuple(votes)


def read_summary(path: Path) -> dict[str, str]:
    """Lines of summary.csv: a name, then a value; the first of a name counts, since descriptions stand there unquoted
    too."""
    summary: dict[str, str] = {}
    for _, cells in lines_of(path):
        if len(cells) > 1 and cells[0]:
            summary.setdefault(cells[0].strip(), plain(",".join(cells[1:])))
    return summary


def _milliseconds(stamp: int) -> int:
    return stamp * 1000 if 0 < stamp < _SECONDS else stamp


def _is_true(text: str) -> bool:
    return text.strip().lower() in ("true", "1", "t")
