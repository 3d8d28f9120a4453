"""A round whose vote is open: residents' projects, and two groups of projects with limits of their own."""

import re

from civic_forum.budgets.models import BudgetRound, ChoiceGroup
from civic_forum.budgets.rules import Phase
from tests.budgets import making
from tests.factories import saved

JSON = {"Accept": "application/json"}
HIDDEN = re.compile(r'name="([\w.-]+)" value="([^"]*)"')


def drafted(town, **facts) -> BudgetRound:
    """Two envelopes: `envelope-1` up to three of six; `envelope-2` two of three and up to two of five, four in all."""
    budget_round = making.new_round(town, phase=Phase.VOTING, **facts)
    places = [town.neighbourhood("시흥1동"), town.neighbourhood("독산3동")]
    for number in range(6):
        making.project(town, budget_round, envelope=budget_round.envelopes[0], neighbourhood_id=places[number % 2].id,
                       cost=20_000_000 + number * 5_000_000)
    second = making.envelope(budget_round, name="주민협치형", amount=60_000_000, max_choices=4)
    councils = saved(ChoiceGroup(envelope_id=second.id, position=1, name="주민자치회 사업", min_choices=2, max_choices=2))
    boards = saved(ChoiceGroup(envelope_id=second.id, position=2, name="협치회의 사업", min_choices=0, max_choices=2))
    for number in range(8):
        making.project(town, budget_round, envelope=second, group_id=(councils if number < 3 else boards).id)
    return budget_round


def opened(town, *, voters=10, **facts) -> BudgetRound:
    """The same, opened; everybody made by `making.voter` before may vote."""
    return making.opened(town, budget_round=drafted(town, **facts), voters=voters)


def fields(page: str) -> dict[str, str]:
    """The hidden fields of the ballot, or of all ballots of a page."""
    wanted = ("fingerprint", "form_key", "state", "mine")
    return {name: value for name, value in HIDDEN.findall(page) if name.rpartition(".")[2] in wanted}


def ballot(client, budget_round, envelope=0) -> dict[str, str]:
    one = budget_round.envelopes[envelope]
    answer = client.get(f"/budgets/{budget_round.slug}/{one.slug}/ballot")
    assert answer.status_code == 200, answer.location
    return fields(answer.text)


def all_ballots(client, budget_round) -> dict[str, dict[str, str]]:
    """By the slug of the envelope."""
    answer = client.get(f"/budgets/{budget_round.slug}/ballot/all")
    assert answer.status_code == 200, answer.location
    found = {}
    for name, value in fields(answer.text).items():
        slug, _dot, field = name.partition(".")
        found.setdefault(slug, {})[field] = value
    return found
