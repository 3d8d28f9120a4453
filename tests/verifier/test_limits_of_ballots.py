"""Groups of options with limits of their own, and money that a ballot may spend."""

import json

import pytest

from tests.verifier import making, primitives
from tests.verifier.mutations.writing import signed_anew


def says(desk, data):
    status, lines = desk.verify(data)
    assert status == 1
    return lines[-1]


def mark(*options):
    return b"\0" + b"".join(int(at in options).to_bytes(2, "big") for at in range(1, 7))


def first_ballot(vote):
    """Of somebody whose only ballot counts."""
    tags = [cast.tag for cast in vote.casts]
    return next(cast for cast in vote.casts if tags.count(cast.tag) == 1)


def test_ballots_within_the_limits_pass_in_both_editions(desk):
    for publishes in ("totals", "ballots"):
        for data in making.editions(making.make_vote(120, kind="groups", publishes=publishes)):
            status, lines = desk.verify(data)
            assert status == 0, lines[-1]


@pytest.mark.parametrize(("options", "sentence"), [
    ((4,), "0 chosen of a group"),
    ((1, 2, 5), "3 chosen of a group"),
    ((5, 4, 6), "2 chosen of a group"),
    ((1, 2, 6), "costs more than the limit"),
    ((1, 2, 3, 4), "more than the limit"),
])
@pytest.mark.parametrize("on_paper", [False, True])
def test_a_ballot_past_a_limit_is_refused(desk, options, sentence, on_paper):
    vote = making.make_vote(60, kind="groups")
    if on_paper:
        vote.batches[0].choices[0] = mark(*options)
    else:
        first_ballot(vote).choice = mark(*options)
    assert sentence in says(desk, primitives.zipped(making.compile_record(vote, "choices", b"public")))


def test_a_blank_is_a_ballot_whatever_the_groups_ask_for(desk):
    vote = making.make_vote(60, kind="groups")
    first_ballot(vote).choice = b"\1" + bytes(12)
    assert desk.verify(making.editions(vote)[1])[0] == 0


@pytest.mark.parametrize(("votes", "sentence"), [
    ([0, 0, 0, 1, 0, 0], "groups could give these totals"),
    ([1, 1, 1, 0, 0, 0], "groups could give these totals"),
    ([1, 0, 0, 1, 0, 1], "groups could give these totals"),
    ([1, 1, 0, 1, 0, 0], "money could give these totals"),
])
def test_totals_that_no_such_ballots_give(desk, votes, sentence):
    vote = making.make_vote(60, kind="groups")
    members = making.compile_record(vote, "totals")
    result = json.loads(members["result.json"])
    valid = result["ballots"] - result["blank"]
    for total, each in zip(result["totals"], votes, strict=True):
        total["votes"] = valid * each
    members["result.json"] = primitives.as_json(result)
    assert sentence in says(desk, primitives.zipped(signed_anew(members, vote.seed)))


RULES = {
    "no groups": (lambda rule: rule.update(groups=[]), "groups is empty"),
    "groups that are one": (lambda rule: rule.update(groups={}), "is not a list"),
    "an option of no group": (lambda rule: rule["groups"][0]["options"].pop() and None, "not every option stands"),
    "an option of two groups": (lambda rule: rule["groups"][1]["options"].append(1), "not every option stands"),
    "an option that there is not": (lambda rule: rule["groups"][1]["options"].append(7), "from 1 to 6"),
    "a max above its options": (lambda rule: rule["groups"][1].update(max=3), "max is not a whole number"),
    "a max of nothing": (lambda rule: rule["groups"][1].update(max=0), "max is not a whole number"),
    "a min above its max": (lambda rule: rule["groups"][0].update(min=3), "min is not a whole number"),
    "a name in a group": (lambda rule: rule["groups"][0].update(name="가"), "names that the format does not know"),
    "no min": (lambda rule: rule["groups"][0].pop("min") and None, "lacks min"),
    "a cost too few": (lambda rule: rule["money"]["costs"].pop() and None, "not one cost for every option"),
    "a cost of text": (lambda rule: rule["money"]["costs"].__setitem__(0, "40"), "money is not a whole number"),
    "no limit of money": (lambda rule: rule["money"].update(limit=0), "money is not a whole number"),
    "more than the money": (lambda rule: rule["money"].update(unit="won"), "names that the format does not know"),
}


@pytest.mark.parametrize(("change", "sentence"), RULES.values(), ids=RULES)
def test_limits_that_the_format_does_not_know_are_refused(desk, change, sentence):
    vote = making.make_vote(60, kind="groups")
    change(vote.box["rule"])
    assert sentence in says(desk, primitives.zipped(making.compile_record(vote, "totals")))


@pytest.mark.parametrize("kind", ["points", "yes_no"])
@pytest.mark.parametrize("part", ["groups", "money"])
def test_only_an_approval_has_such_limits(desk, kind, part):
    vote = making.make_vote(20, kind=kind)
    vote.box["rule"][part] = making.RULES["groups"][part]
    assert "names that the format does not know" in says(desk, primitives.zipped(making.compile_record(vote, "totals")))
