"""The vote of an envelope as a file in its normal form, and the election that a file holds."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from civic_forum.ballots.rules.log import canonical_json

from ...counting.election import BallotGroup, CommitteeVotes, Election
from ...counting.settings import Completion, CountingRules, Rule
from .ballots import Ballot
from .parsing import COMMITTEE_BALLOTS, COMMITTEE_VOTES, PabulibFile, understood
from .sections import META, PROJECTS, VOTES, Table, one_kind_of_line_end

SEOUL = ZoneInfo("Asia/Seoul")
COUNTRY = "South Korea"
WITHHELD = "#1: Whole ballots are not published: there are no rows of VOTES, and the votes column holds the totals."


def file_of_vote(box: Mapping[str, Any], result: Mapping[str, Any], choices: Iterable[Sequence[int]] | None, *,
                 unit: str, year: int) -> PabulibFile:
    """`box` and `result` as in the record; `choices`: the numbers marked on each live ballot, None where whole ballots
    are not published. Ballots stand in an order that says nothing of when they were cast, and are numbered in it."""
    marked = sorted(map(sorted, choices)) if choices is not None else []
    projects = _projects(box, result)
    meta = _meta(box, unit=unit, year=year, projects=len(projects.rows), votes=len(marked))
    if choices is None:
        meta |= {"comment": WITHHELD, "num_ballots": str(result["ballots"])}
    ids = {option["number"]: option["code"] for option in box["options"]}
    votes = Table(("voter_id", "vote"), tuple(
        (str(voter), ",".join(ids[number] for number in numbers)) for voter, numbers in enumerate(marked, 1)))
    return understood(Table(("key", "value"), tuple(meta.items())), projects, votes)


def _meta(box: Mapping[str, Any], *, unit: str, year: int, projects: int, votes: int) -> dict[str, str]:
    budget, rule = box["budget"], box["rule"]
    rules = CountingRules.from_json(budget["rules"])
    fields = {
        "description": box["subject_title"], "country": COUNTRY, "unit": unit, "instance": year,
        "subunit": box.get("envelope"), "num_projects": projects, "num_votes": votes, "budget": budget["amount"],
        "vote_type": "approval", "rule": _rule(rules), "date_begin": _day(box["opens_at"]),
        "date_end": _day(box["closes_at"]), "min_length": rule["limit"] if rule.get("exactly") else None,
        "max_length": rule["limit"], "max_sum_cost": rule.get("money", {}).get("limit"), "language": "ko",
        "currency": budget.get("currency"), "counting_rules": canonical_json(rules.to_json()).decode(),
        COMMITTEE_BALLOTS: budget.get("committee", {}).get("ballots"),
    }
    return {key: str(value) for key, value in fields.items() if value is not None}


def _rule(rules: CountingRules) -> str:
    """In the words of the format; the exact rules stand in `counting_rules`."""
    if rules.rule is not Rule.EQUAL_SHARES:
        return rules.rule.value
    return "equalshares" if rules.completion is Completion.NONE else f"equalshares/{rules.completion}"


def _day(instant: str) -> str:
    """As the district counts days."""
    return f"{datetime.fromisoformat(instant).astimezone(SEOUL):%d.%m.%Y}"


def _projects(box: Mapping[str, Any], result: Mapping[str, Any]) -> Table:
    options = box["options"]
    votes = {total["option"]: total["votes"] for total in result["totals"]}
    outcome = result["outcome"]
    selected = set(outcome.get("count", outcome)["selected"])
    groups = {number: group["name"] for group in box.get("groups", ()) for number in group["options"]}
    columns: dict[str, list[object]] = {
        "project_id": [option["code"] for option in options], "cost": [option["cost"] for option in options],
        "votes": [votes[option["number"]] for option in options], "name": [option["title"] for option in options],
        "category": [option.get("category", "") for option in options],
        "neighborhood": [option.get("neighbourhood", "") for option in options],
        "selected": [int(option["code"] in selected) for option in options]}
    if groups:
        columns["choice_group"] = [groups.get(option["number"], "") for option in options]
    if committee := box["budget"].get("committee"):
        columns[COMMITTEE_VOTES] = committee["votes"]
    return Table(tuple(columns), tuple(tuple(one_kind_of_line_end(str(cell)) for cell in row)
                                       for row in zip(*columns.values(), strict=True)))


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


MARKS = frozenset(';"\n\r')
"""A cell with one of these stands in quotes."""


def write(file: PabulibFile) -> bytes:
    """UTF-8 without a byte order mark, lines ended by LF, the sections in order, each with its columns and rows in
    theirs, every cell as it is and in quotes only where it needs them. Reading it gives an equal file."""
    lines: list[str] = []
    for name, table in ((META, file.meta_table), (PROJECTS, file.projects), (VOTES, file.votes)):
        lines += [name, _line(table.columns), *map(_line, table.rows)]
    return "\n".join([*lines, ""]).encode("utf-8")


def _line(cells: Iterable[str]) -> str:
    return ";".join(cell if MARKS.isdisjoint(cell) else '"' + cell.replace('"', '""') + '"' for cell in cells)
