"""A trial election: what it may be at most, and what is kept of it once every rule has counted it. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

from ..counting.comparing import comparison
from ..counting.election import Election
from ..counting.outcome import Count, text
from ..formats.pabulib import remarks
from ..formats.pabulib.ballots import Ballot
from ..formats.pabulib.making import election_of
from ..formats.pabulib.parsing import PabulibFile

FORMAT = 1
LARGEST_FILE = 20 * 2**20
"""Bytes."""
MOST_PROJECTS = 500
MOST_BALLOTS = 200_000
LONGEST_ID = 100
LONGEST_NAME = 300
"""What is longer is cut where it is shown; the file keeps it."""
MOST_STEPS = 100_000
"""So often the share of a voter may grow until it is twice what it was: the worker has other things to do."""
FURTHEST = 10**12
"""As many steps the dearest project may be away: beyond that the leaps of the count, which know some sixteen digits,
do not reach."""
SMALL = 300_000
"""Different ballots × projects × steps that are counted while somebody waits for the page: a fraction of a second."""
WON, HUNDRED_WON = "KRW", Fraction(100)
HOMES = ("neighborhood", "neighbourhood", "district")
"""Columns in which files say where a voter or a project is from."""
FEW = 10
"""Places with fewer voters are counted together."""


def is_too_large(file: PabulibFile) -> bool:
    """True if it has more projects or ballots than a trial takes."""
    return len(file.costs) > MOST_PROJECTS or len(file.ballots) > MOST_BALLOTS


def least_step(election: Election) -> Fraction:
    """The smallest step with which counting comes to an end in good time, in the unit of the budget."""
    dearest = max((candidate.cost for candidate in election.candidates), default=Fraction(0))
    return max(election.share / MOST_STEPS, dearest / FURTHEST)


def is_small(election: Election, step: Fraction) -> bool:
    """True if every rule has counted it before anybody notices."""
    return len(election.ballots or ()) * len(election.candidates) * (1 + election.share / step) <= SMALL


def most_at_once(election: Election) -> int:
    """Number of runs of one rule while somebody waits: what needs more is left to the worker, however small it
    looks."""
    return min(200, 10 + SMALL // (1 + len(election.ballots or ()) * len(election.candidates)))


def most_runs(election: Election) -> int:
    """Number of runs in which the worker tries equal shares for one rule before it gives up: some minutes."""
    return min(200_000, max(1_000, 10**10 // (1 + len(election.ballots or ()) * len(election.candidates))))


def usual_step(file: PabulibFile, election: Election) -> Fraction:
    """One unit of currency, a hundred won; ten times as much, and so on, where that would take too long."""
    step = HUNDRED_WON if file.meta.get("currency") == WON else Fraction(1)
    while step < least_step(election):
        step *= 10
    return step


def has_long_ids(file: PabulibFile) -> bool:
    """True if an id of its projects is longer than pages have room for."""
    return any(len(project) > LONGEST_ID for project in file.costs)


def figures(file: PabulibFile, step: Fraction, cleaned: Callable[[str], str] = str,
            most: int | None = None) -> dict[str, Any]:
    """Everything that the pages of a trial show, as texts, whole numbers, lists and objects. Names of projects and
    places go through `cleaned`. Raises TooLong where a rule needs more than `most` runs, or than the worker makes."""
    election = election_of(file)
    counts = comparison(election, step, most or most_runs(election))
    homes = _homes(file)
    return {
        "format": FORMAT, "currency": file.meta.get("currency", ""), "budget": text(file.budget),
        "voters": election.voters, "projects": list(_projects(file, election, cleaned)),
        **_committee(election),
        "counts": {name: count.to_json() for name, count in counts.items()},
        "homes": [{"name": _shown(name, cleaned), "voters": sum(ballots.values()),
                   "satisfied": {rule: _satisfied(file, ballots, count) for rule, count in counts.items()}}
                  for name, ballots in homes],
        "remarks": [{"what": remark.what.value, "line": remark.line, "how_many": remark.how_many}
                    for remark in remarks(file)],
    }


def _committee(election: Election) -> dict[str, Any]:
    chosen = election.committee
    return {} if chosen is None else {"committee": {"ballots": chosen.ballots, "votes": dict(chosen.votes)}}


def _projects(file: PabulibFile, election: Election, cleaned: Callable[[str], str]) -> Iterable[dict[str, str]]:
    places = _column(file.projects) or ("",) * len(file.costs)
    for place, (project, name), votes in zip(places, file.names().items(), election.votes, strict=True):
        yield {"id": project, "name": _shown(name, cleaned) or project, "cost": text(file.costs[project]),
               "votes": text(votes), "place": _shown(place, cleaned)}


def _shown(name: str, cleaned: Callable[[str], str]) -> str:
    name = cleaned(name)
    return name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"


def _homes(file: PabulibFile) -> list[tuple[str, Counter[Ballot]]]:
    """Place → ballots of the people from there, the largest first; those of few people together, without a name."""
    if (homes := _column(file.votes)) is None:
        return []
    by_home: dict[str, Counter[Ballot]] = {}
    for home, ballot in zip(homes, file.ballots, strict=True):
        by_home.setdefault(home, Counter())[ballot] += 1
    large = {home: ballots for home, ballots in by_home.items() if home and sum(ballots.values()) >= FEW}
    rest: Counter[Ballot] = Counter()
    for home, ballots in by_home.items():
        if home not in large:
            rest += ballots
    ordered = sorted(large.items(), key=lambda pair: (-sum(pair[1].values()), pair[0]))
    return [*ordered, *([("", rest)] if sum(rest.values()) >= FEW else [])]


def _satisfied(file: PabulibFile, ballots: Mapping[Ballot, int], count: Count) -> int:
    chosen = {place for place, project in enumerate(file.ids) if project in set(count.selected)}
    return sum(how_many for ballot, how_many in ballots.items()
               if any(place in chosen and (ballot.points is None or ballot.points[at] > 0)
                      for at, place in enumerate(ballot.projects)))


def _column(table: Any) -> tuple[str, ...] | None:
    name = next((name for name in HOMES if table.has(name)), None)
    return None if name is None else tuple(table.column(name))
