"""Input of a count: money, projects, ballots and, where one scores, the committee."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property


Money = int | str | Fraction
"""Exact: a whole number, a decimal as it is written, or a fraction. Never a float."""


@dataclass(frozen=True)
class Candidate:
    """A project in the count. `cost` in the unit of the budget."""

    id: str
    cost: Fraction


@dataclass(frozen=True)
class BallotGroup:
    """Equal ballots: the choices as sorted places in `Election.candidates`, each once."""

    choices: tuple[int, ...]
    how_many: int
    points: tuple[Fraction, ...] | None = None
    """Beside each choice, where voters gave points."""


@dataclass(frozen=True)
class CommitteeVotes:
    """Choices of the committee: votes per project id out of so many ballots."""

    votes: Mapping[str, int]
    ballots: int


@dataclass(frozen=True)
class Election:
    """One envelope and the ballots of its box. Make it with `of` or `of_totals`."""

    budget: Fraction
    candidates: tuple[Candidate, ...]
    voters: int
    """All ballots, blank ones included."""
    votes: tuple[Fraction, ...]
    """Beside each candidate: ballots that name it or, where voters gave points, its points."""
    ballots: tuple[BallotGroup, ...] | None = None
    """None where only totals are known; blank ballots may be left out, `voters` counts them."""
    committee: CommitteeVotes | None = None
    exclusions: tuple[frozenset[str], ...] = ()
    """Of each of these groups of ids only one can win."""
    lot: tuple[str, ...] | None = None
    """All ids in the order drawn by lot; it takes the place of the id in ties."""

    def __post_init__(self) -> None:
        ids = [candidate.id for candidate in self.candidates]
        if len(set(ids)) != len(ids):
            raise ValueError("a project id stands twice")
        if self.budget < 0 or any(candidate.cost < 0 for candidate in self.candidates):
            raise ValueError("money below nothing")
        if len(self.votes) != len(ids) or any(votes < 0 for votes in self.votes):
            raise ValueError("votes do not fit the projects")
        if self.lot is not None and sorted(self.lot) != sorted(ids):
            raise ValueError("the lot does not name every project once")
        if any(not group <= set(ids) for group in self.exclusions):
            raise ValueError("an exclusion names a project that is not there")
        if self.committee and not set(self.committee.votes) <= set(ids):
            raise ValueError("the committee chose a project that is not there")

    @classmethod
    def of(cls, budget: Money, costs: Mapping[str, Money], ballots: Iterable[Iterable[str] | Mapping[str, Money]], *,
           committee: CommitteeVotes | None = None, exclusions: Iterable[Iterable[str]] = (),
           lot: Sequence[str] | None = None) -> "Election":
        """From project id → cost and one entry per ballot: the ids chosen (blank: none) or id → points.

        An id that stands twice on a ballot counts once. Raises ValueError for an id that is no project's.
        """
        places = {project_id: place for place, project_id in enumerate(costs)}
        grouped: Counter[tuple[tuple[int, Fraction | None], ...]] = Counter()
        try:
            for ballot in ballots:
                grouped[_entries(ballot, places)] += 1
        except KeyError as error:
            raise ValueError(f"a ballot names {error.args[0]!r}, which is no project") from error
        groups = tuple(_group(entries, how_many) for entries, how_many in grouped.items())
        return cls.of_groups(budget, costs, groups, committee=committee, exclusions=exclusions, lot=lot)

    @classmethod
    def of_groups(cls, budget: Money, costs: Mapping[str, Money], groups: Iterable[BallotGroup], *,
                  committee: CommitteeVotes | None = None, exclusions: Iterable[Iterable[str]] = (),
                  lot: Sequence[str] | None = None) -> "Election":
        """The same from ballots that are grouped already; their choices are places in the order of `costs`."""
        groups = tuple(groups)
        votes = [Fraction(0)] * len(costs)
        for group in groups:
            if list(group.choices) != sorted(set(group.choices)) or group.how_many < 1:
                raise ValueError("choices are sorted, each once, on at least one ballot")
            for at, place in enumerate(group.choices):
                votes[place] += group.how_many * (1 if group.points is None else group.points[at])
        return cls(_exact(budget), _candidates(costs), sum(group.how_many for group in groups), tuple(votes),
                   groups, committee, tuple(map(frozenset, exclusions)), None if lot is None else tuple(lot))

    @classmethod
    def of_totals(cls, budget: Money, costs: Mapping[str, Money], votes: Mapping[str, int | Fraction],
                  voters: int, *, committee: CommitteeVotes | None = None,
                  exclusions: Iterable[Iterable[str]] = (), lot: Sequence[str] | None = None) -> "Election":
        """From votes per project and the number of ballots: enough for greedy and weighted, not for equal shares."""
        if not set(votes) <= set(costs):
            raise ValueError("votes for a project that is not there")
        return cls(_exact(budget), _candidates(costs), voters,
                   tuple(Fraction(votes.get(project_id, 0)) for project_id in costs), None, committee,
                   tuple(map(frozenset, exclusions)), None if lot is None else tuple(lot))

    @property
    def share(self) -> Fraction:
        """The budget divided by the ballots; nothing where nobody voted."""
        return self.budget / self.voters if self.voters else Fraction(0)

    @cached_property
    def place(self) -> dict[str, int]:
        """Project id → its place in `candidates`."""
        return {candidate.id: place for place, candidate in enumerate(self.candidates)}

    @cached_property
    def tie_rank(self) -> tuple[int | str, ...]:
        """Beside each candidate, what decides last in a tie: its place in the lot, else its id."""
        if self.lot is None:
            return tuple(candidate.id for candidate in self.candidates)
        drawn = {project_id: at for at, project_id in enumerate(self.lot)}
        return tuple(drawn[candidate.id] for candidate in self.candidates)

    def by_approval(self) -> "Election":
        """The same with points read as approval: whoever gives a project any points votes for it."""
        if self.ballots is None or all(group.points is None for group in self.ballots):
            return self
        groups = [BallotGroup(approved(group), group.how_many) for group in self.ballots]
        votes = [0] * len(self.candidates)
        for group in groups:
            for place in group.choices:
                votes[place] += group.how_many
        return replace(self, votes=tuple(map(Fraction, votes)), ballots=tuple(groups))


def approved(group: BallotGroup) -> tuple[int, ...]:
    """The choices that count as a vote for the project: with points, those that were given any."""
    if group.points is None:
        return group.choices
    return tuple(place for place, points in zip(group.choices, group.points, strict=True) if points > 0)


def _entries(ballot: Iterable[str] | Mapping[str, Money],
             places: Mapping[str, int]) -> tuple[tuple[int, Fraction | None], ...]:
    if isinstance(ballot, Mapping):
        return tuple(sorted((places[project_id], _exact(points)) for project_id, points in ballot.items()))
    return tuple((place, None) for place in sorted({places[project_id] for project_id in ballot}))


def _group(entries: tuple[tuple[int, Fraction | None], ...], how_many: int) -> BallotGroup:
    choices = tuple(place for place, _ in entries)
    points = tuple(points for _, points in entries if points is not None)
    return BallotGroup(choices, how_many, points if points else None)


def _exact(money: Money) -> Fraction:
    if isinstance(money, float):
        raise ValueError("money is exact: no floating point")
    return Fraction(money)


def _candidates(costs: Mapping[str, Money]) -> tuple[Candidate, ...]:
    return tuple(Candidate(project_id, _exact(cost)) for project_id, cost in costs.items())
