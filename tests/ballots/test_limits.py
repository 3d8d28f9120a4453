"""The limits that people and other programs were told: a change of one is made here as well, on purpose."""

from datetime import timedelta
from importlib import import_module

LIMITS = {
    "ballots.paper.rules": {
        "MOST_SHEETS": 500, "MOST_TYPED": 400},
    "ballots.rules.boxes": {
        "CONFIRMATION_LASTS": timedelta(days=1)},
    "ballots.rules.choices": {
        "MOST_OPTIONS": 1000, "MOST_POINTS": 65_535},
    "ballots.counting.rules": {
        "LEAST_SHOWN": 10},
    "ballots.rules.log": {
        "LARGEST": 9_007_199_254_740_991},
    "ballots.rolls.rules": {
        "MOST_BYTES": 67_108_864, "LEAST_TEXT": 5, "MOST_TEXT": 1000, "MOST_REASON": 300},
    "ballots.parts": {
        "LEAST_AGE": 14, "MOST_AGE": 99},
    "polls.rules": {
        "SHORTEST": timedelta(hours=1), "LONGEST_OPEN": timedelta(days=60)},
}
"""By module of `civic_forum`."""


def test_every_limit_is_as_it_was_told():
    now = {module: {name: getattr(import_module(f"civic_forum.{module}"), name) for name in limits}
           for module, limits in LIMITS.items()}
    assert now == LIMITS
