"""Equal shares with its completions: which share is the last one, and what came of it."""

from dataclasses import dataclass
from fractions import Fraction
from math import isfinite

from . import shares
from .election import Election
from .outcome import Ending, TooLong
from .purses import Voters
from .settings import Completion, CountingRules
from .shares import Run


@dataclass(frozen=True)
class Outcome:
    """The run that stands and how it was found."""

    run: Run
    steps: int | None
    ending: Ending | None


def barred(election: Election) -> dict[int, frozenset[int]]:
    """Place → the places that cannot win beside it."""
    rivals: dict[int, frozenset[int]] = {}
    for group in election.exclusions:
        places = frozenset(election.place[project_id] for project_id in group)
        for place in places:
            rivals[place] = rivals.get(place, frozenset()) | places - {place}
    return rivals


def share_equally(election: Election, rules: CountingRules, places: list[int], most_runs: int | None = None) -> Outcome:
    """Run the rule for these candidates; with add1, raise the share step by step until the completion stops.

    The outcome is not monotone in the share, so no step is left out but those at which every decision is
    proven to be that of the step before. Raises TooLong after `most_runs`.
    """
    voters = Voters(election, places)
    excluding = barred(election)

    def run(steps: int) -> Run:
        return Run(election, voters, places, election.share + steps * rules.step, rules.utility, excluding)

    last = run(0)
    last.until()
    if rules.completion is Completion.NONE:
        return Outcome(last, None, None)
    steps, runs, pace = 0, 1, _Pace(rules.step, len(voters) * len(places))
    while (ending := _ending(election, rules, places, excluding, last)) is None:
        runs += 1
        if most_runs is not None and runs > most_runs:
            raise TooLong
        steps += pace.alike(last)
        following = run(steps + 1)
        if not following.until(election.budget):
            ending = Ending.INFEASIBLE
            break
        last, steps = following, steps + 1
    if last.share != election.share + steps * rules.step:
        last = run(steps)
        last.until()
    return Outcome(last, steps, ending)


class _Pace:
    """Judgement when to ask how many of the following steps change nothing.

    An answer looks at every project in every round, where a run looks at few: it costs three runs of a small
    election and thirty of a large city's, so that large ones are asked seldom.
    """

    WORTH = 3
    MOST = 64
    """Growth is uneven: one long leap says little about the next."""
    PATIENCE = 50_000
    """Ballots × projects for which one more step is run before asking."""

    def __init__(self, step: Fraction, size: int) -> None:
        self.step = step
        self.pause = 4 * (8 + size // self.PATIENCE)
        self.usual, self.wait = float(self.WORTH), self.pause // 4

    def alike(self, run: Run) -> int:
        """Number of steps after this run that are sure to have its outcome; 0 where that was not asked."""
        if self.wait:
            self.wait -= 1
            return 0
        growth = shares.growth(run)
        steps = int(Fraction(growth) / self.step) if isfinite(growth) else 0
        if steps and steps * self.step >= growth:
            steps -= 1
        self.usual += (min(steps, self.MOST) - self.usual) / 4
        self.wait = 0 if self.usual >= self.WORTH else self.pause
        return steps


def _ending(election: Election, rules: CountingRules, places: list[int],
            excluding: dict[int, frozenset[int]], run: Run) -> Ending | None:
    funded = {bought.place for bought in run.bought}
    without = {other for place in funded for other in excluding.get(place, ())}
    missing = [place for place in places if place not in funded and place not in without]
    if not missing:
        return Ending.ALL_FUNDED
    left = election.budget - sum(run.cost[place] for place in funded)
    if rules.completion is Completion.ADD1 and all(run.cost[place] > left for place in missing):
        return Ending.EXHAUSTED
    return None
