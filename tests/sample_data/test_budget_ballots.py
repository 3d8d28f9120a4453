"""The ballots of the sample budget round come out as its description says, without any database."""

from collections import Counter

from civic_forum.sample_data import budget_ballots
from civic_forum.sample_data.people import read

ROUND = read("budgets")["rounds"][0]
VOTERS = list(budget_ballots.voters(ROUND))


def test_no_ballot_breaks_the_limits_of_its_groups():
    most = {group["ids"]: group["max"] for group in ROUND["choice_groups"]}
    for voter in VOTERS:
        found = Counter(one[0] for one in voter.choices)
        assert all(found[group] <= limit for group, limit in most.items()), voter


def test_each_envelope_gets_its_part_of_a_ballot_by_the_numbers_on_it():
    voter = next(one for one in VOTERS if {"A", "B"} <= {project[0] for project in one.choices})
    numbers = {"B01": 1, "B02": 2, "B03": 3}
    part = voter.voter(numbers)
    assert part.ballot == tuple(sorted(numbers[one] for one in voter.choices if one in numbers))
    assert (part.neighbourhood, part.number, part.channel) == (voter.neighbourhood, voter.number, voter.channel)
    assert len(part.revisions) == 1


def test_every_neighbourhood_votes_as_often_as_is_told():
    assert Counter(one.neighbourhood for one in VOTERS) == ROUND["generator"]["voters_by_neighbourhood"]
