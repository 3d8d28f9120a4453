"""The count of an election by any rule, and how near those not chosen came."""

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from . import going_down
from .election import Election, approved
from .going_down import excluded_by
from .outcome import Count, Funding, NotSelected, Reason, Spent, Stage, Tie
from .settings import COMMITTEE, Completion, CountingRules, Rule

if TYPE_CHECKING:
    from .shares import Run


def count(election: Election, rules: CountingRules, most_runs: int | None = None) -> Count:
    """Find the winners in exact arithmetic, with a reason for every project that is none.

    No rule funds a project without votes. Greedy and weighted need totals only; equal shares needs whole
    ballots, and reads points as approval. Raises ValueError where the rule needs what the election lacks, TooLong
    where equal shares would need more than `most_runs`.
    """
    if rules.rule is Rule.EQUAL_SHARES:
        return _equal_shares(election.by_approval(), rules, most_runs)
    if rules.rule is Rule.WEIGHTED and any(body == COMMITTEE and weight and election.committee is None
                                           for body, weight in rules.weights.items()):
        raise ValueError("the weighted rule needs the votes of the committee")
    values = going_down.scores(election, rules)
    out = going_down.out_before(election, rules, values)
    places = [place for place in range(len(election.candidates)) if place not in out]
    descent = going_down.go_down(election, rules, places, values, stage=Stage.GREEDY, left=election.budget)
    counted = _count(election, rules, descent.fundings,
                     descent.passed + _dropped(election, rules, out, values), descent.ties)
    return replace(counted, parts=going_down.parts(election, rules.share)) if rules.rule is Rule.WEIGHTED else counted


def compare(election: Election, rules: Iterable[CountingRules]) -> list[Count]:
    """The same ballots counted by each of these rules, for a trial election."""
    return [count(election, each) for each in rules]


def satisfied(election: Election, selected: Iterable[str]) -> int | None:
    """Voters with at least one of these projects among their choices; None where ballots are not known."""
    if election.ballots is None:
        return None
    places = {election.place[project_id] for project_id in selected}
    return sum(group.how_many for group in election.ballots if not places.isdisjoint(approved(group)))


def _equal_shares(election: Election, rules: CountingRules, most_runs: int | None) -> Count:
    if election.ballots is None:
        raise ValueError("equal shares needs whole ballots")
    out = going_down.out_before(election, rules, election.votes)
    places = [place for place in range(len(election.candidates)) if place not in out]
    from .equal_shares import share_equally
    outcome = share_equally(election, rules, places, most_runs)
    run = outcome.run
    left = election.budget
    fundings: list[Funding] = []
    tied: list[Tie] = []
    for bought in run.bought:
        candidate = election.candidates[bought.place]
        fundings.append(Funding(
            candidate.id, len(fundings) + 1, Stage.EQUAL_SHARES, candidate.cost, election.votes[bought.place],
            left, left - candidate.cost, effective_votes=bought.effective_votes,
            payment_per_supporter=bought.price))
        left -= candidate.cost
        if bought.tied:
            ids, criteria = going_down.decided(election, (bought.place, *bought.tied))
            tied.append(Tie(ids, criteria, Stage.EQUAL_SHARES, round=len(fundings)))
    funded = {bought.place for bought in run.bought}
    passed = [reason(election, run, place) for place in places if place not in funded]
    if rules.fill_greedy:
        rest = [place for place in places if place not in funded]
        descent = going_down.go_down(
            election, rules, rest, election.votes, stage=Stage.FILL, left=left,
            funded=[each.project for each in fundings], rounds=len(fundings))
        fundings += descent.fundings
        tied += descent.ties
        passed = _after_fill(passed, descent)
    passed.sort(key=lambda each: (-each.votes, going_down.key(election, election.place[each.project])))
    counted = _count(election, rules, fundings, passed + _dropped(election, rules, out, election.votes), tied)
    return replace(counted, share=run.share, ending=outcome.ending,
                   steps=outcome.steps if rules.completion is not Completion.NONE else None)


def _after_fill(passed: list[NotSelected], descent: going_down.Descent) -> list[NotSelected]:
    """The reasons of equal shares with the turn in the fill beside them; a winner that excludes outweighs money."""
    turns = {each.project: each for each in descent.passed}
    reasons = []
    for each in passed:
        turn = turns.get(each.project)
        if turn is None:
            continue
        if turn.reason is Reason.EXCLUDED:
            each = NotSelected(each.project, Reason.EXCLUDED, each.cost, each.votes, by=turn.by,
                               held_at_start=each.held_at_start)
        reasons.append(replace(each, fill_rank=turn.rank, fill_left=turn.left,
                               fill_stopped_by=turn.by if turn.reason is Reason.STOPPED else None))
    return reasons


def _dropped(election: Election, rules: CountingRules, out: dict[int, Reason],
             values: tuple[Fraction, ...]) -> list[NotSelected]:
    ordered = sorted(out, key=lambda place: (-values[place], going_down.key(election, place)))
    return [NotSelected(
        election.candidates[place].id, out[place], election.candidates[place].cost, election.votes[place],
        score=values[place] if rules.rule is Rule.WEIGHTED else None,
        threshold=rules.threshold if out[place] is Reason.BELOW_THRESHOLD else None) for place in ordered]


def _count(election: Election, rules: CountingRules, fundings: list[Funding], passed: list[NotSelected],
           tied: list[Tie]) -> Count:
    selected = tuple(each.project for each in fundings)
    return Count(rules, selected, sum((each.cost for each in fundings), Fraction(0)), election.budget, election.voters,
                 tuple(fundings), tuple(passed), tuple(tied), satisfied=satisfied(election, selected))


def reason(election: Election, run: "Run", place: int) -> NotSelected:
    """Reason that kept this candidate, which has votes, from being funded in `run`, whatever came first."""
    candidate = election.candidates[place]
    about: dict[str, Any] = {"project": candidate.id, "cost": candidate.cost, "votes": election.votes[place]}
    held = holdings(run, place)
    about["held_at_start"] = held[0]
    short = next((at for at, money in enumerate(held) if money < candidate.cost), None)
    if short == 0:
        return NotSelected(reason=Reason.NEVER_ENOUGH, **about)
    order = [election.candidates[bought.place].id for bought in run.bought]
    free = len(run.bought) - len(run.paying)
    winner = excluded_by(election, candidate.id, order)
    if winner is not None and (short is None or order.index(winner) < free + short):
        return NotSelected(reason=Reason.EXCLUDED, by=winner, **about)
    if short is None:
        raise ValueError("a project within reach to the end is funded")
    spent = tuple(Spent(order[free + at], before - after)
                  for at, (before, after) in enumerate(zip(held[:short], held[1:short + 1], strict=True))
                  if before > after)
    return NotSelected(reason=Reason.WITHIN_REACH_UNTIL_ROUND, round=free + short, left=held[short],
                       spent_on=spent, **about)


def holdings(run: "Run", place: int) -> list[Fraction]:
    """Money that the supporters hold together at the start and after each round in which money changed hands."""
    import numpy as np
    who = run.voters.of[place]
    rounds = len(run.paying)
    weights = run.voters.weights[who]
    emptied = np.minimum(run.purses.emptied[who], rounds)
    # By the round that emptied them: how many voters, and in which rounds these paid. Whole numbers below
    # 2^53 stay exact in float, whose matrix product is the quick one.
    voters = np.bincount(emptied, weights=weights, minlength=rounds + 1)
    weighted = run.purses.paid[who][:, :rounds] * weights[:, None].astype(float)
    payers = np.zeros((rounds + 1, rounds))
    order = np.argsort(emptied, kind="stable")
    starts = np.searchsorted(emptied[order], np.arange(rounds + 1))
    for at in range(rounds + 1):
        end = starts[at + 1] if at < rounds else len(order)
        payers[at] = weighted[order[starts[at]:end]].sum(axis=0)
    sums = [Fraction(run.purses.whole_share * int(weights.sum()), run.purses.unit)]
    for at in range(rounds):
        alive = int(voters[at + 1:].sum())
        paid = payers[at + 1:, :at + 1].sum(axis=0).astype(np.int64).tolist()
        whole = run.purses.whole_share * alive - sum(
            count * price for count, price in zip(paid, run.purses.whole_prices[:at + 1], strict=True))
        sums.append(Fraction(whole, run.purses.unit))
    return sums
