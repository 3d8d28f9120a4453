"""The count of one envelope: the same election and the same rules always give the same outcome."""

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from . import going_down, ties
from .election import Election, approved
from .equal_shares import share_equally
from .outcome import Count, Funding, NotSelected, Reason, Stage, Tie
from .reaching import reason
from .settings import COMMITTEE, Completion, CountingRules, Rule


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
    found = _count(election, rules, descent.fundings,
                   descent.passed + _dropped(election, rules, out, values), descent.ties)
    return replace(found, parts=going_down.parts(election, rules.share)) if rules.rule is Rule.WEIGHTED else found


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
            ids, criteria = ties.decided(election, (bought.place, *bought.tied))
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
    passed.sort(key=lambda each: (-each.votes, ties.key(election, election.place[each.project])))
    found = _count(election, rules, fundings, passed + _dropped(election, rules, out, election.votes), tied)
    return replace(found, share=run.share, ending=outcome.ending,
                   steps=outcome.steps if rules.completion is not Completion.NONE else None)


def _after_fill(passed: list[NotSelected], descent: going_down.Descent) -> list[NotSelected]:
    """The reasons of equal shares with the turn in the fill beside them; a winner that excludes outweighs money."""
    turns = {each.project: each for each in descent.passed}
    found = []
    for each in passed:
        turn = turns.get(each.project)
        if turn is None:
            continue
        if turn.reason is Reason.EXCLUDED:
            each = NotSelected(each.project, Reason.EXCLUDED, each.cost, each.votes, by=turn.by,
                               held_at_start=each.held_at_start)
        found.append(replace(each, fill_rank=turn.rank, fill_left=turn.left,
                             fill_stopped_by=turn.by if turn.reason is Reason.STOPPED else None))
    return found


def _dropped(election: Election, rules: CountingRules, out: dict[int, Reason],
             values: tuple[Fraction, ...]) -> list[NotSelected]:
    ordered = sorted(out, key=lambda place: (-values[place], ties.key(election, place)))
    return [NotSelected(
        election.candidates[place].id, out[place], election.candidates[place].cost, election.votes[place],
        score=values[place] if rules.rule is Rule.WEIGHTED else None,
        threshold=rules.threshold if out[place] is Reason.BELOW_THRESHOLD else None) for place in ordered]


def _count(election: Election, rules: CountingRules, fundings: list[Funding], passed: list[NotSelected],
           tied: list[Tie]) -> Count:
    selected = tuple(each.project for each in fundings)
    return Count(rules, selected, sum((each.cost for each in fundings), Fraction(0)), election.budget,
                 election.voters, tuple(fundings), tuple(passed), tuple(tied),
                 satisfied=satisfied(election, selected))
