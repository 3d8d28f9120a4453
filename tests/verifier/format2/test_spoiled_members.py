"""One small change anywhere in a member, hashed and signed anew by the site's own key, is refused."""

import pytest

from tests.running.turns import some
from tests.verifier.primitives import zipped

from . import forging
from .conftest import made
from .running import refusal, second_refusal

pytestmark = pytest.mark.in_turns(of=10)

SCENES = {
    "approval": ["heads.json", "counts.json", "paper.json", "paper-choices.json", "objections.json", "alarms.json",
                 "draw.json", "result.json", "key.json"],
    "yes or no": ["result.json"], "points": ["result.json"], "tie, lottery": ["draw.json", "result.json"],
    "tie, dice": ["draw.json"], "broken into": ["alarms.json", "result.json"], "closed early": ["alarms.json"],
    "few": ["result.json"], "few, budget": ["result.json"], "growing roll": ["counts.json"], "greedy": ["result.json"],
    "greedy that stops": ["result.json"], "weighted by marks": ["result.json"], "equal shares": ["result.json"],
    "equal shares of all to see": ["result.json"], "equal shares, few supporters": ["result.json"],
    "3: all acts": ["confirmations.json"], "3: acts of staff": ["counts.json"], "3: closed late": ["alarms.json"],
}
FREE = (
    ("alarms.json:strikes", "how many entries were struck is the site's word, as far as the roll goes"),
    ("alarms.json:foreign", "rows of nobody are in no other figure"),
    ("alarms.json:lost", "and so are promises that are gone"),
    ("alarms.json:reasons", "words of officers, or one reason more or less"),
    ("alarms.json:early_close/reason", "words of officers"), ("counts.json:: one gone", "a missing count is no fault"),
    ("result.json:desks/*/desk", "a name"),
    ("result.json:desks/*/withdrawn", "any number up to the papers of the desk"),
    ("result.json:breakdown/by", "a name"), ("result.json:breakdown/cells/*/name", "a name"),
    ("result.json:breakdown/cells/*/voted", "hidden cells take what shown ones do not have"),
    ("result.json:: without breakdown", "a turnout need not be broken down"),
    ("result.json:breakdown/cells: backwards", "cells are in any order"),
    ("objections.json:*/withheld", "words of the office"),
    ("confirmations.json:: one gone", "an act of which nothing else tells"),
)
"""Parts that the format leaves free, by the beginning of its kind, with the reason."""


def spoiled():
    """(scene, kind, change), of each kind once."""
    seen = set()
    for scene, names in SCENES.items():
        for name in names:
            for kind, change in forging.tree_changes(name, made(scene).observers[name]):
                if kind not in seen:
                    seen.add(kind)
                    yield scene, kind, change


def free(kind):
    return any(kind.startswith(begun) for begun, _why in FREE)


def tried(scene, change):
    """The fault of a record that was altered and signed anew, or None."""
    members = dict(made(scene).observers)
    change(members)
    return refusal(zipped(forging.resealed(members)))


def test_there_are_enough_kinds():
    assert len([kind for _scene, kind, _change in spoiled() if not free(kind)]) >= 400


@pytest.mark.thorough
@pytest.mark.parametrize("scene", SCENES)
def test_a_spoiled_member_is_refused(scene):
    passed = {}
    for of, kind, change in spoiled():
        if of == scene and not free(kind):
            said = tried(scene, change)
            if said is None:
                passed[kind] = "accepted"
            elif not all(said) or said[0] == said[1]:
                passed[kind] = said
    assert passed == {}


PUBLIC_SCENES = ("equal shares", "equal shares, spent on several", "equal shares, few supporters",
                 "equal shares, several free",
                 "weighted by marks", "groups and money", "few, budget")


@pytest.mark.thorough
@pytest.mark.parametrize("scene", PUBLIC_SCENES)
def test_both_programs_say_the_same_of_a_result_without_choices(scene):
    """Accept in both what totals leave open, and refuse in both what they decide."""
    before = made(scene).public
    differ = {}
    for kind, change in some(sorted(dict(forging.tree_changes("result.json", before["result.json"])).items()), of=3):
        members = dict(before)
        change(members)
        record = zipped(forging.resealed(members))
        one, other = refusal(record), second_refusal(record)
        if (one is None) != (other is None):
            differ[kind] = one, other
    assert differ == {}


@pytest.mark.parametrize("begun", [begun for begun, _why in FREE])
def test_freedoms_of_the_format_are_accepted_in_some_form(begun):
    tries = [(scene, change) for scene, kind, change in spoiled() if kind.startswith(begun)]
    assert tries and any(tried(scene, change) is None for scene, change in tries)
