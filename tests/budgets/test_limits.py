"""The limits that people and other programs were told: a change of one is made here as well, on purpose."""

from datetime import timedelta
from importlib import import_module

LIMITS = {
    "committee.rules": {
        "LEAST_BALLOTS": 3, "MOST_MEMBERS": 500, "MOST_NOTE": 300},
    "results.rules": {
        "MOST_REASON": 2000, "LEAST_REASON": 5, "MOST_NOTE": 300,
        "MOST_NAMED": 3},
    "counting.outcome": {
        "LONGEST": 100_000},
    "counting.box": {
        "FEW": 10, "MOST_STEPS": 100},
    "rules": {
        "MOST_WON": 10_000_000_000_000, "MOST_ENVELOPES": 40, "MOST_GROUPS": 20, "MOST_EXCLUSIONS": 40,
        "MOST_LINES": 40, "MOST_ON_A_BALLOT": 300, "LEAST_ON_A_BALLOT": 2, "SHORTEST_VOTING": timedelta(hours=1),
        "LONGEST_VOTING": timedelta(days=60)},
    "projects.rules": {
        "TITLE_LEAST": 5, "TITLE_MOST": 100, "TEXT_LEAST": 20, "TEXT_MOST": 10_000, "PLACE_MOST": 300,
        "SCOPE_MOST": 1000, "COST_NOTE_MOST": 300, "NOTE_LEAST": 5, "NOTE_MOST": 300,
        "MOST_COST": 10_000_000_000_000},
    "reviews.rules": {
        "TEXT_MOST": 2000, "OPINION_LEAST": 10, "DURATION_MOST": 200, "RUNNING_MOST": 300, "PART_MOST": 100,
        "MOST_PARTS": 20, "ASK_LEAST": 10, "ASK_MOST": 1000, "NOTE_LEAST": 5, "NOTE_MOST": 300},
    "trials.rules": {
        "LARGEST_FILE": 20_971_520, "MOST_PROJECTS": 500, "MOST_BALLOTS": 200_000, "LONGEST_ID": 100,
        "LONGEST_NAME": 300, "MOST_STEPS": 100_000, "FURTHEST": 1_000_000_000_000, "FEW": 10},
}
"""By module of `civic_forum.budgets`."""


def test_every_limit_is_as_it_was_told():
    now = {module: {name: getattr(import_module(f"civic_forum.budgets.{module}"), name) for name in limits}
           for module, limits in LIMITS.items()}
    assert now == LIMITS
