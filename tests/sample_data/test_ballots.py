"""The generator of the sample votes against the figures that its description states."""

import json
from collections import Counter

import pytest

from civic_forum.sample_data import ballots, budget_ballots
from civic_forum.sample_data.people import DATA, read

POLLS = {poll["slug"]: poll for poll in json.loads((DATA / "polls.json").read_text("utf-8"))["polls"]}
PAST, OPEN = POLLS["napulnapul-2020"], POLLS["doksan3-empty-lot"]
TIED = POLLS["doksan-bench-2022"]
DRAWN = next(entry for entry in read("budgets")["rounds"] if entry["slug"] == "siheung-walk")


@pytest.fixture(scope="module")
def voters():
    return list(ballots.voters(PAST))


def test_the_vote_of_2020_has_the_ballots_that_its_description_states(voters):
    expected = PAST["expected"]
    assert len(voters) == expected["ballots_counted"] == 428
    assert Counter(voter.channel for voter in voters) == expected["by_channel"]
    assert sum(not voter.ballot for voter in voters) == expected["blank"]
    assert sum(len(voter.ballot) for voter in voters) == expected["choices"]
    assert sum(len(voter.revisions) - 1 for voter in voters) == expected["replaced_online_ballots"]
    assert Counter(voter.neighbourhood for voter in voters) == expected["by_neighbourhood"]


def test_every_option_has_its_votes_and_its_place(voters):
    found = ballots.votes([voter.ballot for voter in voters])
    assert {str(number): count for number, count in found.items()} == PAST["expected"]["votes"]
    assert sorted(found, key=lambda number: (-found[number], number)) == PAST["expected"]["order"]


def test_nobody_chooses_more_than_six_or_the_same_twice(voters):
    every = [ballot for voter in voters for ballot in voter.revisions]
    assert all(len(ballot) <= 6 and len(set(ballot)) == len(ballot) for ballot in every)


def test_only_who_votes_online_changes_a_ballot(voters):
    assert {voter.channel for voter in voters if len(voter.revisions) > 1} == {"online"}


def test_paper_comes_in_three_batches_and_the_difference_is_about_its_sheet(voters):
    sheets = [voter.ballot for voter in voters if voter.channel == "paper"]
    assert len(sheets) == sum(PAST["paper"]["batches"])
    [difference] = PAST["paper"]["differences"]
    place = sum(PAST["paper"]["batches"][:difference["batch"] - 1]) + difference["sheet"] - 1
    assert list(sheets[place]) == difference["settled"]


def test_the_open_vote_has_the_participations_that_its_description_states():
    assert Counter(voter.channel for voter in ballots.voters(OPEN)) == OPEN["expected"]["participations"]


def added(steps, slug):
    """Choices of those who are added to the roll as they vote."""
    return [step["with"]["choices"] for step in read(f"steps/{steps}")
            if step["do"] == "vote.come" and step["with"]["name"] == slug]


def test_two_places_of_a_poll_are_tied_with_those_who_were_added():
    every = [*(voter.ballot for voter in ballots.voters(TIED)), *added("polls", TIED["slug"])]
    assert len(every) == TIED["expected"]["ballots_counted"]
    found = ballots.votes(every)
    assert {str(number): count for number, count in found.items()} == TIED["expected"]["votes"]
    assert found[1] == found[2] > found[3]


def test_two_projects_of_a_round_are_tied_in_votes_and_cost_where_the_money_ends():
    codes, left = [one["id"] for one in DRAWN["projects"]], DRAWN["envelopes"][0]["amount"]
    found = Counter(budget_ballots.votes(budget_ballots.voters(DRAWN)))
    found.update(codes[number - 1] for choices in added("rounds", DRAWN["slug"]) for number in choices)
    assert found == DRAWN["expected"]["walk"]["votes"]
    costs = {one["id"]: one["cost"] for one in DRAWN["projects"]}
    assert (found["W03"], costs["W03"]) == (found["W04"], costs["W04"])
    assert left - costs["W01"] - costs["W02"] == costs["W03"] and found["W02"] > found["W03"] > found["W05"]
