"""Counting down a list ordered by votes or by weighted points, and ties."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby
from typing import Any

from .election import Election
from .outcome import Criterion, Funding, NotSelected, Reason, Stage, Tie
from .settings import COMMITTEE, CountingRules, Order, RESIDENTS, Rule, Share


def key(election: Election, place: int) -> tuple[Fraction, Fraction, int | str]:
    """Sorts tied candidates, given by their place in `election.candidates`."""
    return election.candidates[place].cost, -election.votes[place], election.tie_rank[place]


def decided(election: Election, places: Iterable[int]) -> tuple[tuple[str, ...], tuple[Criterion, ...]]:
    """The ids of tied candidates in order, and every criterion that told two neighbours apart."""
    ordered = sorted(places, key=lambda place: key(election, place))
    last = Criterion.ID if election.lot is None else Criterion.LOT
    criteria = (Criterion.COST, Criterion.VOTES, last)
    used = set()
    for first, other in zip(ordered, ordered[1:], strict=False):
        mine, theirs = key(election, first), key(election, other)
        used.add(next(criterion for at, criterion in enumerate(criteria) if mine[at] != theirs[at]))
    return (tuple(election.candidates[place].id for place in ordered),
            tuple(criterion for criterion in criteria if criterion in used))


@dataclass
class Descent:
    """Result of going down the list once."""

    fundings: list[Funding] = field(default_factory=list)
    passed: list[NotSelected] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)


def parts(election: Election, share: Share) -> dict[str, dict[str, Fraction]]:
    """Project → body → its share: votes ÷ all votes of that body, or ÷ its ballots; a body without any gives
    nothing."""
    committee = election.committee
    whole = sum(election.votes) if share is Share.MARKS else election.voters
    shares = {candidate.id: {RESIDENTS: _share(votes, whole)}
              for candidate, votes in zip(election.candidates, election.votes, strict=True)}
    if committee is not None:
        whole = sum(committee.votes.values()) if share is Share.MARKS else committee.ballots
        for project_id, of_project in shares.items():
            of_project[COMMITTEE] = _share(committee.votes.get(project_id, 0), whole)
    return shares


def _share(votes: Fraction | int, whole: Fraction | int) -> Fraction:
    return Fraction(votes) / whole if whole else Fraction(0)


def scores(election: Election, rules: CountingRules) -> tuple[Fraction, ...]:
    """Beside each candidate, what the list is ordered by, exactly: votes, or the sum of weight × part."""
    if rules.rule is not Rule.WEIGHTED:
        return election.votes
    by_body = parts(election, rules.share)
    return tuple(sum((weight * by_body[candidate.id].get(body, Fraction(0))
                      for body, weight in rules.weights.items()), Fraction(0))
                 for candidate in election.candidates)


def out_before(election: Election, rules: CountingRules, values: Iterable[Fraction]) -> dict[int, Reason]:
    """Place → reason, for projects that no rule funds: without votes, or below the threshold."""
    reasons = {}
    for place, score in enumerate(values):
        if not score:
            reasons[place] = Reason.NO_VOTES
        elif election.votes[place] < rules.threshold:
            reasons[place] = Reason.BELOW_THRESHOLD
    return reasons


def ranked(election: Election, rules: CountingRules, places: Iterable[int],
           values: tuple[Fraction, ...]) -> list[tuple[object, list[int]]]:
    """The list in groups of equals, best first, each group in the order of ties."""
    def worth(place: int) -> tuple[int, Fraction]:
        cost = election.candidates[place].cost
        if rules.order is Order.VOTES_PER_COST:
            return (0, -values[place] / cost) if cost else (-1, Fraction(0))
        return 0, -values[place]

    ordered = sorted(places, key=lambda place: (worth(place), key(election, place)))
    return [(worth, list(group)) for worth, group in groupby(ordered, key=worth)]


def go_down(election: Election, rules: CountingRules, places: Iterable[int], values: tuple[Fraction, ...], *,
            stage: Stage, left: Fraction, funded: Iterable[str] = (), rounds: int = 0) -> Descent:
    """Fund, of these places, what fits `left`. `funded`: the ids that won before, `rounds`: how many those are.

    A project that excludes with a winner is passed over and never stops the count.
    """
    descent = Descent()
    won = list(funded)
    rank = 0
    stopped: tuple[str, int] | None = None
    for _, group in ranked(election, rules, places, values):
        if len(group) > 1:
            ids, criteria = decided(election, group)
            descent.ties.append(Tie(ids, criteria, stage, rank=rank + 1))
        for place in group:
            rank += 1
            candidate = election.candidates[place]
            about: dict[str, Any] = {"project": candidate.id, "cost": candidate.cost, "votes": election.votes[place],
                                     "rank": rank, "score": values[place] if rules.rule is Rule.WEIGHTED else None}
            winner = excluded_by(election, candidate.id, won)
            if stopped is not None:
                descent.passed.append(NotSelected(reason=Reason.STOPPED, by=stopped[0], by_rank=stopped[1], **about))
            elif winner is not None:
                descent.passed.append(NotSelected(reason=Reason.EXCLUDED, by=winner, left=left, **about))
            elif candidate.cost > left:
                descent.passed.append(NotSelected(reason=Reason.DID_NOT_FIT, left=left, **about))
                if not rules.skips:
                    stopped = candidate.id, rank
            else:
                won.append(candidate.id)
                descent.fundings.append(Funding(
                    round=rounds + len(descent.fundings) + 1, stage=stage, left_before=left,
                    left_after=left - candidate.cost, **about))
                left -= candidate.cost
    return descent


def excluded_by(election: Election, project_id: str, won: Iterable[str]) -> str | None:
    """The first winner that shares a group of exclusion with this project."""
    barring = set().union(*(group for group in election.exclusions if project_id in group)) - {project_id}
    return next((winner for winner in won if winner in barring), None) if barring else None
