"""The verifier on frozen known answers, on counts by the site's own rules, and how fast it is."""

import json
import random
import time
from dataclasses import replace
from hashlib import sha256
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic_forum.budgets.counting.box import election_of_box, outcome
from civic_forum.budgets.counting.counting import count
from civic_forum.budgets.counting.settings import Completion, CountingRules, Order, Rule, Share, Utility
from tests.running.machine import patience
from tests.running.turns import share
from tests.verifier.primitives import zipped

from . import second_checker
from .conftest import made
from .kinds import HALVES, KINDS, budget
from .running import VERIFIER, second_refusal, verify
from .votes import held

VECTORS = json.loads((VERIFIER / "vectors.json").read_text("utf-8"))
PRINTS = bytes.fromhex(VECTORS["fingerprint"])
LABELS = {"head": ("kind", "number", "size", "root", "live_sha256", "additions_root", "at")}


def test_frames():
    for case in VECTORS["frame"]:
        fields = [bytes.fromhex(each) for each in case["fields"]]
        assert verify.frame(case["label"], *fields).hex() == case["bytes"]
        assert verify.framed_hash(case["label"], *fields).hex() == case["hash"]


@pytest.mark.parametrize("case", VECTORS["choices"], ids=lambda case: case["choice"][:20])
def test_choices(case):
    choice = bytes.fromhex(case["choice"])
    if case["accepted"]:
        verify.parse_choice(case["rule"], choice, "choices.txt")
    else:
        with pytest.raises(verify.Wrong):
            verify.parse_choice(case["rule"], choice, "choices.txt")


def test_trees_and_proofs():
    tree = VECTORS["tree"]
    found = [verify.leaf_hash(bytes.fromhex(leaf)) for leaf in tree["leaves"]]
    assert [verify.tree_root(found[:size]).hex() for size in range(9)] == tree["roots"]
    for case in tree["inclusion"]:
        assert [node.hex() for node in verify.inclusion_proof(found[:case["size"]], case["leaf"])] == case["proof"]
    for case in tree["consistency"]:
        assert [node.hex() for node in verify.consistency_proof(found[:case["new"]], case["old"])] == case["proof"]


def test_signatures_of_rfc_8032_and_some_that_must_not_pass():
    for case in VECTORS["ed25519"]["tests"]:
        seed, key, message, signature = (bytes.fromhex(case[name])
                                         for name in ("secret_key", "public_key", "message", "signature"))
        assert verify.key_of(seed)[2] == key and verify.signature_of(seed, message) == signature
        assert verify.signature_holds(key, message, signature)
    for case in VECTORS["ed25519"]["refused"]:
        assert not verify.signature_holds(*(bytes.fromhex(case[name])
                                            for name in ("public_key", "message", "signature"))), case["why"]


def test_trackers():
    for case in VECTORS["trackers"]:
        assert verify.tracker(bytes.fromhex(case["leaf"])) == case["tracker"]


def test_paper():
    paper = VECTORS["paper"]
    n, n2, choices = bytes.fromhex(paper["n"]), bytes.fromhex(paper["n2"]), bytes.fromhex("".join(paper["choices"]))
    assert len(paper["choices"]) == paper["figures"]["counted"] == 2
    assert verify.frame("entry/2", b"paper", PRINTS,
                        verify.framed_hash("text/2", n, verify.canonical(paper["figures"])),
                        verify.framed_hash("paper/2", n2, choices)).hex() == paper["entry"]


def test_the_example_is_a_record_of_the_site_and_holds(desk):
    told = VECTORS["record"]
    record = (VERIFIER / told["file"]).read_bytes()
    assert sha256(record).hexdigest() == told["sha256"]
    assert record == zipped(made("equal shares of all to see").public)
    status, lines = desk.verify(record, key=told["key_fingerprint"], head=VECTORS["heads"], receipt=VECTORS["receipts"])
    assert status == 0 and "Everything was recounted." in lines[-1]
    assert sum("it is yours, and it counts" in line for line in lines) == 2
    assert second_refusal(record) is None


def test_entries_and_trackers():
    for case in VECTORS["casts"]:
        mine, n, choice = (bytes.fromhex(case[name]) for name in ("mine", "n", "choice"))
        mark = verify.framed_hash("mine/2", PRINTS, mine)
        assert mark.hex() == case["mark"] and verify.framed_hash("live/2", PRINTS, mine).hex() == case["token"]
        entry = verify.frame("entry/2", b"ballot", PRINTS, mark, verify.framed_hash("ballot/2", n, choice))
        assert entry.hex() == case["entry"] and verify.tracker(verify.leaf_hash(entry)) == case["tracker"]
    assert verify.framed_hash("box/2", VECTORS["definition"].encode()) == PRINTS


def test_signatures_of_every_message():
    public_key, seed = bytes.fromhex(VECTORS["public_key"]), bytes.fromhex(VECTORS["signing_seed"])
    for case in VECTORS["messages"].values():
        message, signature = bytes.fromhex(case["message"]), bytes.fromhex(case["signature"])
        assert verify.signature_holds(public_key, message, signature) and verify.signature_of(seed,
                                                                                              message) == signature
        assert not verify.signature_holds(public_key, message + b"x", signature)
    assert verify.observed_message({**VECTORS["messages"]["observed"], "fingerprint": PRINTS.hex()}).hex() == (
        VECTORS["messages"]["observed"]["message"])
    assert verify.roll_root(sorted(case["leaf"].encode()
                                   for case in VECTORS["roll"]["entries"])) == VECTORS["roll"]["root"]


@st.composite
def elections(draw):
    """(definition, ballots as lists of numbers, order of a draw or None)"""
    size = draw(st.integers(1, 6))
    costs = draw(st.lists(st.sampled_from([0, 1, 2, 3, 5, 10, 30, 31, 60]), min_size=size, max_size=size))
    ballots = draw(st.lists(st.sets(st.integers(1, size), max_size=4).map(sorted), min_size=1, max_size=14))
    ballots *= draw(st.sampled_from([1, 1, 3]))
    kind = draw(st.sampled_from(Rule))
    facts = {"skips": draw(st.booleans()), "threshold": draw(st.integers(0, 3))}
    committee = None
    if kind is Rule.GREEDY:
        facts["order"] = draw(st.sampled_from(Order))
    elif kind is Rule.WEIGHTED:
        facts |= {"weights": HALVES, "share": draw(st.sampled_from(Share))}
        committee = {"ballots": 4, "votes": draw(st.lists(st.integers(0, 4), min_size=size, max_size=size))}
    else:
        facts |= {"utility": draw(st.sampled_from(Utility)), "completion": draw(st.sampled_from(Completion)),
                  "fill_greedy": draw(st.booleans()), "order": draw(st.sampled_from(Order))}
    exclusions = draw(st.sampled_from([None, [[1, 2]], [[1, 2, 3]]])) if size >= 3 else None
    definition = budget(CountingRules(kind, **facts), amount=draw(st.integers(0, 120)), costs=costs,
                        exclusions=exclusions,
                        committee=committee)
    order = draw(st.none() | st.permutations(range(1, size + 1)))
    return definition, ballots, order


def opened(definition, ballots, order, *, with_choices=True):
    """A record of this election, as far as both programs look at one to count it."""
    size = len(definition["options"])
    votes = {at: sum(at in ballot for ballot in ballots) for at in range(1, size + 1)}
    marks = [tuple(int(at in ballot) for at in range(1, size + 1)) if ballot else None for ballot in ballots]
    choices = verify.collections.Counter(marks) if with_choices else verify.collections.Counter()
    places = order and {at: place for place, at in enumerate(order)}
    return SimpleNamespace(
        box=definition, rule={"limit": 4}, totals=[{"option": at, "votes": cast} for at, cast in votes.items()],
        result={"ballots": len(ballots), "blank": sum(not ballot for ballot in ballots)}, with_choices=with_choices,
        ballots=choices, choices=choices, lot=places, lots=places, votes=lambda: list(votes.values()),
        not_recounted=[]), votes


@settings(max_examples=share(300), deadline=None)
@given(elections())
def test_both_programs_count_any_election_alike(election):
    definition, ballots, order = election
    record, votes = opened(definition, ballots, order)
    rules = definition["budget"]["rules"]
    expected = count(election_of_box(definition, votes, len(ballots), ballots, order),
                     CountingRules.from_json(rules)).to_json()
    assert verify.count(verify.Election(record), rules) == expected
    second = second_checker.Election(record)
    assert second.write(second.count(rules)) == expected


GLAD = "voters_with_a_funded_choice"


@pytest.mark.in_turns(of=5)
@settings(max_examples=share(300), deadline=None)
@given(elections())
def test_totals_of_any_election_decide_what_the_site_signs(election):
    """Both programs take from the result what whole ballots alone give, find it possible, and the rest as it is."""
    definition, ballots, order = election
    record, votes = opened(definition | {"publishes": "totals"}, ballots, order, with_choices=False)
    rules = definition["budget"]["rules"]
    told = outcome(record.box, election_of_box(definition, votes, len(ballots), ballots, order))
    signed = {name: value for name, value in told["count"].items() if name != GLAD}
    counted, hidden = verify.count(verify.Election(record), rules, told["count"]), []
    if rules["rule"] == "equal-shares":
        hidden, counted = verify.without_single_people(counted)
    assert (counted, hidden) == (signed, told.get("hidden", []))
    second = second_checker.Election(record)
    written = second.write(second.count(rules, second_checker.Told(told["count"], second)))
    assert rules["rule"] != "equal-shares" or second.hide(written) == hidden
    assert {name: value for name, value in written.items() if name != GLAD} == signed
    for found in (told["count"], *told["others"].values()):
        verify.check_glad(record, verify.Election(record), found, "")
    if "equal-shares" in told["others"]:
        verify.check_selected(record, verify.Election(record), told["others"]["equal-shares"], "")


def shapes(vote):
    """Everything of a record but what is drawn by chance: members, lengths of lines, numbers."""
    return {name: [len(line) for line in data.split(b"\n")] for name, data in vote.public.items()
            if name != "signatures.json"}


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("voters", [10, 20, 60])
def test_votes_that_differ_in_changes_alone_have_records_alike(voters):
    votes = [held(replace(KINDS["approval"], voters=voters, changes=0, luck=3, breakdown=False, choose=alike(again)))
             for again in (0, 1, 5, 37)]
    assert len({json.dumps(shapes(one)) for one in votes}) == 1
    results = [json.loads(one.record.result) for one in votes]
    for result in results:
        result.pop("final_root")
    assert all(result == results[0] for result in results)


def alike(again):
    """Choices that are the same however often the first voter changes theirs, with so many changes before."""
    def choose(scene):
        if not hasattr(scene, "own"):
            scene.own = random.Random(9)
            first = scene.box.rule.encode({1: 1})
            for _ in range(again):
                scene.cast(0, first)
        return scene.box.rule.encode({scene.own.randint(1, 6): 1})
    return choose


@pytest.mark.in_turns(of=5)
@pytest.mark.thorough
def test_a_large_vote_is_read_in_seconds():
    """Of 5,000 ballots, a tenth of a large vote, in twice the time of all of it on a quiet machine."""
    vote = held(replace(KINDS["approval"], voters=5_000, on_paper=0, changes=0, breakdown=False))
    data, begun = zipped(vote.observers), time.process_time()
    verify.check_record(data, None, verify.Report("en"))
    assert time.process_time() - begun < patience(4)
