"""A receipt says nothing of the choice, is as long as any other, and finds its ballot once the log is there."""

import json

import pytest

from civic_forum.ballots.counting import closing
from civic_forum.ballots.published import queries as log
from civic_forum.ballots.rules.signing import tracker
from civic_forum.ballots.voting import services as casting
from civic_forum.ballots.rules.boxes import Channel
from civic_forum.ballots.rules.choices import BoxRule, Kind
from civic_forum.platform import clock
from tests.ballots.boxes import form_of
from tests.ballots.proofs import receipt_of
from tests.ballots.test_casting import take_paper

from . import boxes, proofs, signed_heads

CHOICES = {  # values of the options; None: the explicit blank
    BoxRule(Kind.APPROVAL, 18, 6): ["0001" * 6 + "0000" * 12, "0000" * 17 + "0001", None],
    BoxRule(Kind.YES_NO, 3): ["000100020003", "000300030003", "000200020002", None],
    BoxRule(Kind.POINTS, 3, 500): ["000000000001", "01f400000000", None],
    BoxRule(Kind.APPROVAL, 5, 2, exactly=True): ["00010001000000000000", "00000000000000010001", None],
}


def written(receipt):
    return json.dumps(receipt.to_json())


def voted_and_closed(voters=7):
    """A closed box and the receipts of its voters."""
    made = boxes.box(voters=voters)
    receipts = [made.cast(voter, 1) for voter in made.voters]
    clock.shift(4000)
    assert closing.close_if_due(made.id)
    return made, receipts


def completed(made, receipt):
    """As people keep it after the close."""
    proof = log.inclusion(made.id, log.by_tracker(receipt.tracker)[0].number)
    return receipt.to_json() | {name: proof[name] for name in ("number", "proof", "head")}


@pytest.mark.parametrize("rule", CHOICES, ids=lambda rule: rule.kind)
def test_receipts_of_all_choices_are_of_one_length(town, rule):
    hexes = CHOICES[rule]
    made = boxes.box(voters=len(hexes), rule=rule)
    lengths = set()
    for voter, choice in zip(made.voters, hexes, strict=True):
        encoded = rule.blank_choice() if choice is None else b"\0" + bytes.fromhex(choice)
        form = form_of(made.row, voter, encoded)
        lengths.add(len(written(casting.cast(made.id, voter, form, Channel.ONLINE))))
    assert len(lengths) == 1


def test_a_receipt_carries_nothing_that_a_choice_could_be_tried_against(town):
    """Two boxes alike but for K: the same ballot of the same person gives receipts that share nothing."""
    voter = b"v" * 32
    made = [boxes.box(voters=[voter]) for _n in range(2)]
    one, other = (box.cast(voter, 1) for box in made)
    assert one.leaf != other.leaf and one.tracker != other.tracker
    assert set(one.to_json()) == {"format", "fingerprint", "leaf", "mine", "public_key", "signature", "tracker"}


def test_before_the_close_nothing_is_found_by_it(town):
    made = boxes.box()
    receipt = made.cast(made.voters[0], 1)
    assert log.by_tracker(receipt.tracker) == []


def test_after_the_close_every_receipt_has_its_place_and_proof(town):
    made, receipts = voted_and_closed()
    numbers = set()
    for receipt in receipts:
        found, = log.by_tracker(receipt.tracker)
        assert (found.hash, found.box_id, found.type) == (receipt.leaf, made.id, "ballot")
        kept = completed(made, receipt)
        assert signed_heads.verify(kept["head"]) and kept["head"]["fingerprint"] == made.fingerprint.hex()
        assert proofs.verify_inclusion(receipt.leaf, kept["number"], kept["head"]["size"],
                                     [bytes.fromhex(node) for node in kept["proof"]],
                                     bytes.fromhex(kept["head"]["root"]))
        numbers.add(kept["number"])
    assert len(numbers) == 7


def test_the_receipt_after_the_final_head_still_fits(town):
    made, receipts = voted_and_closed()
    closing.finish(made.id, by=None)
    assert completed(made, receipts[0])["head"]["kind"] == "final"


def test_a_receipt_that_was_kept_reads_back(town):
    made, receipts = voted_and_closed()
    for kept in (receipts[0].to_json(), completed(made, receipts[0])):
        assert receipt_of(json.loads(json.dumps(kept))) == receipts[0]


def test_the_same_short_form_in_two_boxes_finds_both(town, monkeypatch):
    """Sixty bits hardly ever agree; where they do, nobody is sent to the wrong ballot."""
    monkeypatch.setattr("civic_forum.ballots.box.ending.tracker", lambda leaf: "0000-0000-0000")
    made, receipts = voted_and_closed(2)
    assert {found.hash for found in log.by_tracker("0000-0000-0000")} >= {receipt.leaf for receipt in receipts}
    assert tracker(receipts[0].leaf) != "0000-0000-0000"


@pytest.mark.both
def test_a_withdrawn_ballot_keeps_its_place(town):
    made = boxes.box()
    receipt = made.cast(made.voters[0], 1)
    take_paper(made, made.voters[0])
    clock.shift(4000)
    closing.close_if_due(made.id)
    assert completed(made, receipt)["number"] < completed(made, receipt)["head"]["size"]


def test_nobody_gets_the_same_receipt_as_somebody_else(town):
    made, receipts = voted_and_closed(50)
    assert len({receipt.leaf for receipt in receipts}) == len({receipt.tracker for receipt in receipts}) == 50
