"""Checks every number that a count tells, without the code that counted: plain voters with plain purses.

Also for the tests of pages: `check(election, count)` raises AssertionError for the first number that is wrong.
"""

from fractions import Fraction

from civic_forum.budgets.counting.outcome import Count, Reason, Stage
from civic_forum.budgets.counting.settings import Order, Rule, Share, Utility


def check(election, count: Count) -> None:
    """Everything: sums, turns, payments, reasons."""
    costs = {one.id: one.cost for one in election.candidates}
    told = [*count.selected, *(one.project for one in count.not_selected)]
    assert sorted(told) == sorted(costs), "every project is told once"
    assert list(count.selected) == [one.project for one in count.rounds]
    assert count.cost == sum(costs[project_id] for project_id in count.selected) <= count.budget == election.budget
    assert count.voters == election.voters
    left = count.budget
    for at, one in enumerate(count.rounds, 1):
        assert (one.round, one.cost, one.left_before) == (at, costs[one.project], left)
        left -= one.cost
        assert one.left_after == left
    for group in election.exclusions:
        assert len(group & set(count.selected)) <= 1
    if election.ballots is not None:
        assert count.satisfied == sum(1 for ballot in _ballots(election) if set(ballot) & set(count.selected))
    if count.rules.rule is Rule.EQUAL_SHARES:
        _check_shares(election, count)
    else:
        _check_list(election, count, _scores(election, count), Stage.GREEDY, count.budget)


def _ballots(election):
    """One per voter: project → points, or 1."""
    found = []
    for group in election.ballots:
        points = group.points or (1,) * len(group.choices)
        ballot = {election.candidates[place].id: each for place, each in zip(group.choices, points, strict=True)
                  if each}
        found += [ballot] * group.how_many
    return found


def _votes(election) -> dict[str, Fraction]:
    return {one.id: votes for one, votes in zip(election.candidates, election.votes, strict=True)}


def _scores(election, count) -> dict[str, Fraction]:
    votes = _votes(election)
    if count.rules.rule is not Rule.WEIGHTED:
        return votes
    scores = {}
    for project_id, each in votes.items():
        by_marks = count.rules.share is Share.MARKS
        residents = sum(votes.values()) if by_marks else election.voters
        committee = sum(election.committee.votes.values()) if by_marks else election.committee.ballots
        parts = {"residents": Fraction(each) / residents if residents else 0,
                 "committee": Fraction(election.committee.votes.get(project_id, 0)) / committee if committee else 0}
        assert count.parts[project_id] == parts
        scores[project_id] = sum(count.rules.weights.get(body, 0) * part for body, part in parts.items())
    return scores


def _tie(election, votes, project_id):
    cost = next(one.cost for one in election.candidates if one.id == project_id)
    return cost, -votes[project_id], election.lot.index(project_id) if election.lot else project_id


def _check_list(election, count, scores, stage, left, won=()) -> None:
    """Walk down the list again, from scores, and find the same turns and the same money."""
    votes = _votes(election)
    cost = {one.id: one.cost for one in election.candidates}

    def worth(project_id):
        if count.rules.order is Order.VOTES_PER_COST:
            return scores[project_id] / cost[project_id] if cost[project_id] else float("inf")
        return scores[project_id]

    listed = [project_id for project_id in cost if scores[project_id] and votes[project_id] >= count.rules.threshold
              and project_id not in won]
    listed.sort(key=lambda project_id: _tie(election, votes, project_id))
    listed.sort(key=worth, reverse=True)
    funded = {one.project: one for one in count.rounds if one.stage is stage}
    passed = {one.project: one for one in count.not_selected}
    won, stopper = list(won), None
    for rank, project_id in enumerate(listed, 1):
        rivals = {other for group in election.exclusions if project_id in group for other in group} - {project_id}
        if project_id in funded:
            one = funded[project_id]
            assert (one.rank, one.left_before, one.votes) == (rank, left, votes[project_id])
            assert cost[project_id] <= left and not rivals & set(won) and stopper is None
            if count.rules.rule is Rule.WEIGHTED:
                assert one.score == scores[project_id]
            won.append(project_id)
            left -= cost[project_id]
            continue
        one = passed[project_id]
        if stage is Stage.FILL:
            assert one.fill_rank == rank
            assert one.fill_left == (None if stopper else left)
            assert one.fill_stopped_by == (stopper[0] if stopper else None)
            assert stopper or (one.reason is Reason.EXCLUDED) == bool(rivals & set(won))
        else:
            assert one.rank == rank and one.votes == votes[project_id]
        if stopper is not None:
            assert stage is Stage.FILL or (one.reason, one.by, one.by_rank) == (Reason.STOPPED, *stopper)
        elif rivals & set(won):
            assert one.reason is Reason.EXCLUDED and one.by == next(other for other in won if other in rivals)
        else:
            assert cost[project_id] > left
            assert stage is Stage.FILL or (one.reason, one.left) == (Reason.DID_NOT_FIT, left)
            if not count.rules.skips:
                stopper = project_id, rank
    for project_id, one in passed.items():
        if project_id not in listed:
            _check_dropped(count, one, scores[project_id], votes[project_id])


def _check_dropped(count, one, score, votes) -> None:
    if one.reason is Reason.NO_VOTES:
        assert not score
    else:
        assert (one.reason, one.votes, one.threshold) == (Reason.BELOW_THRESHOLD, votes, count.rules.threshold)
        assert score and votes < count.rules.threshold


def _check_shares(election, count) -> None:
    ballots = _ballots(election)
    cost = {one.id: one.cost for one in election.candidates}
    backers = {project_id: [voter for voter, ballot in enumerate(ballots) if project_id in ballot]
               for project_id in cost}
    votes = {project_id: Fraction(len(voters)) for project_id, voters in backers.items()}
    standing = {project_id for project_id in cost if votes[project_id] and votes[project_id] >= count.rules.threshold}
    assert count.share == (election.budget / election.voters if election.voters else 0) + (
        (count.steps or 0) * count.rules.step)
    purse = [count.share] * len(ballots)
    held = {project_id: [sum((purse[voter] for voter in backers[project_id]), Fraction(0))] for project_id in cost}
    spent = {project_id: [] for project_id in cost}
    open_ = set(standing)
    rounds = [one for one in count.rounds if one.stage is Stage.EQUAL_SHARES]
    for one in rounds:
        project_id = one.project
        assert project_id in open_ and one.votes == votes[project_id]
        assert sum(min(purse[voter], one.payment_per_supporter) for voter in backers[project_id]) == cost[project_id]
        assert one.effective_votes == (cost[project_id] / one.payment_per_supporter if cost[project_id]
                                       else votes[project_id])
        _check_best(election, count, one, open_, purse, backers, votes, cost)
        for voter in backers[project_id]:
            paid = min(purse[voter], one.payment_per_supporter)
            purse[voter] -= paid
            for other in ballots[voter]:
                spent[other].append((project_id, paid))
        for other in cost:
            held[other].append(sum((purse[voter] for voter in backers[other]), Fraction(0)))
        open_ -= {project_id} | {other for group in election.exclusions if project_id in group for other in group}
    assert all(sum(purse[voter] for voter in backers[project_id]) < cost[project_id]
               for project_id in open_), "nothing more could be paid"
    for one in count.not_selected:
        if one.project not in standing:
            _check_dropped(count, one, votes[one.project], votes[one.project])
        else:
            _check_reach(election, count, one, held[one.project], spent[one.project], rounds)
    if count.rules.fill_greedy:
        funded = [one.project for one in rounds]
        left = election.budget - sum(cost[project_id] for project_id in funded)
        _check_list(election.by_approval(), count, votes, Stage.FILL, left, funded)


def _check_best(election, count, one, open_, purse, backers, votes, cost) -> None:
    """No project that could be paid was better, and among equals the order in ties was kept."""
    def key(project_id, price):
        if not cost[project_id]:
            return (0, 0, *_tie(election, votes, project_id))
        value = -cost[project_id] / price if count.rules.utility is Utility.COST else price
        return 1, value, *_tie(election, votes, project_id)

    mine = key(one.project, one.payment_per_supporter)
    for other in open_ - {one.project}:
        price = _price([purse[voter] for voter in backers[other]], cost[other])
        assert price is None or key(other, price) > mine, (other, one.project)


def _price(purses, cost):
    """The textbook way: richest first pay the same, from everybody's equal part upwards."""
    if sum(purses) < cost:
        return None
    purses = sorted(purses)
    for at, purse in enumerate(purses):
        if purse * (len(purses) - at) >= cost:
            return Fraction(cost) / (len(purses) - at)
        cost -= purse
    return Fraction(0)


def _check_reach(election, count, one, held, spent, rounds) -> None:
    rivals = {other for group in election.exclusions if one.project in group for other in group} - {one.project}
    if one.reason is Reason.EXCLUDED:
        assert one.by in rivals & set(count.selected)
    elif one.reason is Reason.NEVER_ENOUGH:
        assert one.held_at_start == held[0] < one.cost
    else:
        assert one.reason is Reason.WITHIN_REACH_UNTIL_ROUND and one.held_at_start == held[0]
        assert held[one.round] == one.left < one.cost <= held[one.round - 1]
        before = {each.project for each in rounds[:one.round]}
        sums: dict[str, Fraction] = {}
        for project, paid in spent:
            if paid and project in before:
                sums[project] = sums.get(project, Fraction(0)) + paid
        assert [(each.project, each.amount) for each in one.spent_on] == list(sums.items())
        assert held[0] - sum(sums.values()) == one.left
