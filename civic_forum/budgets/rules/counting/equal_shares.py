"""Equal shares with its completions: which share is the last one, and what came of it."""

from dataclasses import dataclass
from fractions import Fraction

from .election import Election
from .outcome import Ending
from .settings import Completion, CountingRules
from .shares import Run, Voters


@dataclass(frozen=True)
class Outcome:
    """The run that stands and how it was found."""

    run: Run
    steps: int | None
    ending: Ending | None


def barred(election: Election) -> dict[int, frozenset[int]]:
    """Place → the places that cannot win beside it."""
    found: dict[int, frozenset[int]] = {}
    for group in election.exclusions:
        places = frozenset(election.place[id] for id in group)
        for place in places:
            found[place] = found.get(place, frozenset()) | places - {place}
    return found


def share_equally(election: Election, rules: CountingRules, places: list[int]) -> Outcome:
    """Run the rule for these candidates; with add1, raise the share step by step until the completion stops.

    The outcome is not monotone in the share, so every step is run; nothing is skipped.
    """
    voters = Voters(election, places)
    excluding = barred(election)

    def run(share: Fraction) -> Run:
        return Run(election, voters, places, share, rules.utility, excluding)

    last = run(election.share)
    last.until()
    if rules.completion is Completion.NONE:
        return Outcome(last, None, None)
    steps = 0
    while (ending := _ending(election, rules, places, excluding, last)) is None:
        following = run(election.share + (steps + 1) * rules.step)
        if not following.until(election.budget):
            return Outcome(last, steps, Ending.INFEASIBLE)
        last, steps = following, steps + 1
    return Outcome(last, steps, ending)


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
