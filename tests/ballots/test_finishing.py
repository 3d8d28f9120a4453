"""The log after the close: paper, objections, the final head, and a proof for whatever stands in it."""

import time
from secrets import token_bytes

import pytest
import sqlalchemy as sa

from civic_forum.ballots.box import sealing as rows
from civic_forum.ballots.box.sealing import Channel, objection_entry, paper_entry
from civic_forum.ballots.counting import closing
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.published import heads
from civic_forum.ballots.published import queries as log
from civic_forum.ballots.rules import log as tree
from civic_forum.ballots.rules.log import canonical_json
from civic_forum.ballots.models import LogLeaf, Voter
from civic_forum.ballots.observing.models import Objection
from civic_forum.ballots.paper.models import PaperBatch
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, NotFound, Unavailable
from tests.factories import saved

from . import boxes, proofs, signed_heads
from .test_closing import closed, leaves


def batch(made, number, *choices, invalid=0, settled=True):
    """A batch of paper as two typists agreed on it."""
    return saved(PaperBatch(
        box_id=made.id, number=number, sheets=len(choices) + invalid, counted=len(choices), invalid=invalid,
        choices=b"".join(made.rule.encode({choice: 1}) for choice in choices),
        settled_at=clock.now() if settled else None))


def objection(made, by, title="종이 투표지가 없었어요", **facts):
    return saved(Objection(**{"box_id": made.id, "by_id": by.id, "title": title, "text": "확인해 주세요.",
                                    "lodged_at": clock.now()} | facts))


@pytest.mark.both
def test_the_final_head_covers_paper_batches_and_objections_in_their_order(town):
    made = boxes.box()
    made.cast(made.voters[0], 1)
    observer = town.user()
    first = objection(made, observer)
    closed(made)
    batch(made, 2, 1, 2, invalid=1), batch(made, 1, 3)
    second = objection(made, observer, title="하나 더 있어요")
    row = closing.finish(made.id, by=None)
    assert row.finished_at is not None
    *ballots, batch_1, batch_2, one, two = leaves(made)
    paper = batch_1, batch_2
    assert len(ballots) == 320 and {leaf.type for leaf in ballots} == {"ballot"}
    assert [leaf.type for leaf in (*paper, one, two)] == ["paper", "paper", "objection", "objection"]
    batches = list(db.session.scalars(sa.select(PaperBatch).order_by(PaperBatch.number)))
    assert [kept.leaf_number for kept in batches] == [320, 321]
    for place, (kept, leaf) in enumerate(zip(batches, paper, strict=True), 1):
        choices = [kept.choices]
        assert leaf.entry == paper_entry(made.fingerprint, kept.n, canonical_json(kept.as_logged(place, 3)), kept.n2,
                                         choices)
    for kept, leaf in zip((first, second), (one, two), strict=True):
        db.session.refresh(kept)
        assert kept.leaf_number == leaf.number and len(kept.n) == 32
        assert leaf.entry == objection_entry(made.fingerprint, kept.n, canonical_json(kept.as_logged()))
    closing_head, final = log.heads_json(made.id)[1:]
    assert (final["kind"], final["size"], closing_head["size"]) == ("final", 324, 320)
    assert proofs.verify_consistency(320, 324, [bytes.fromhex(node) for node in final["consistency"]],
                                   bytes.fromhex(closing_head["root"]), bytes.fromhex(final["root"]))
    assert keyring.last_head(made.id)["number"] == 2


def test_finishing_again_changes_nothing_and_later_objections_stay_out_of_the_log(town):
    made = boxes.box()
    closed(made)
    closing.finish(made.id, by=None)
    late = objection(made, town.user())
    closing.finish(made.id, by=None)
    db.session.refresh(late)
    assert late.leaf_number is None and len(leaves(made)) == 256
    assert [head.kind for head in heads.of_box(made.id)] == ["opening", "closing", "final"]


def test_finishing_closes_first_where_nobody_did(town):
    made = boxes.box()
    made.cast(made.voters[0], 1)
    clock.shift(4000)
    closing.finish(made.id, by=None)
    assert [head.kind for head in heads.of_box(made.id)] == ["opening", "closing", "final"]


def test_an_open_box_is_not_finished(town):
    made = boxes.box()
    with pytest.raises(Conflict, match="아직 끝나지 않은"):
        closing.finish(made.id, by=None)


def test_a_box_is_not_finished_while_paper_may_still_come_or_is_not_settled(town):
    made = boxes.box(paper_until=5000)
    closed(made)
    with pytest.raises(Conflict, match="종이 투표지를 받는 기간"):
        closing.finish(made.id, by=None)
    clock.shift(6000)
    batch(made, 1, 1, settled=False)
    with pytest.raises(Conflict, match="1번"):
        closing.finish(made.id, by=None)
    assert made.row.finished_at is None and len(leaves(made)) == 256


def test_proofs_of_inclusion_and_of_consistency_hold(town):
    made = boxes.box(voters=21)
    for voter in made.voters:
        made.cast(voter, 1)
    closed(made)
    objection(made, town.user())
    closing.finish(made.id, by=None)
    hashes = log.leaf_hashes(made.id)
    assert len(hashes) == 321
    for number in (*range(0, 321, 29), 319, 320):
        proof = log.inclusion(made.id, number)
        assert (proof["leaf"], proof["number"], proof["size"]) == (hashes[number].hex(), number, 321)
        assert signed_heads.verify(proof["head"])
        assert proofs.verify_inclusion(hashes[number], number, 321, [bytes.fromhex(node) for node in proof["proof"]],
                                     bytes.fromhex(proof["head"]["root"]))
    for new in (0, 1, 255, 256, 320, 321):
        for old in (one for one in (0, 1, 2, 100, 256, 320, 321) if one <= new):
            proof = log.consistency(made.id, old, new)
            assert proofs.verify_consistency(old, new, [bytes.fromhex(node) for node in proof["proof"]],
                                           tree.root(hashes[:old]), tree.root(hashes[:new]))


def test_proofs_of_what_is_not_in_the_log_are_refused(town):
    made, unopened = boxes.box(), boxes.box(opened=False)
    for number in (0, 1, -1):
        with pytest.raises(NotFound):
            log.inclusion(made.id, number)
    for old, new in ((1, 0), (0, 1), (-1, 0)):
        with pytest.raises(Exception, match="크기를 다시 확인"):
            log.consistency(made.id, old, new)
    with pytest.raises(NotFound):
        log.inclusion(unopened.id, 0)
    assert log.heads_json(unopened.id) == []


def test_a_log_that_was_altered_gives_no_proof(town):
    made = boxes.box()
    for voter in made.voters:
        made.cast(voter, 1)
    closed(made)
    db.session.execute(sa.update(LogLeaf).where(LogLeaf.number == 1).values(hash=bytes(32)))
    db.session.commit()
    with pytest.raises(Unavailable, match="기록 확인값과 달라요"):
        log.inclusion(made.id, 0)


@pytest.mark.in_turns(of=10)
def test_fifty_thousand_ballots_become_leaves_within_seconds(town):
    """Some ten seconds on an idle machine; seconds of our own processor, so that others do not count."""
    made = boxes.box(voters=50_000)
    filled(made, keyring.box_keys(made.id))
    clock.shift(4000)
    assert seconds(lambda: closing.close(made.id)) < 100
    assert heads.newest(made.id).size == 100_288
    first = seconds(lambda: log.inclusion(made.id, 49_999))
    assert max(seconds(lambda: log.inclusion(made.id, number)) for number in (0, 25_000, 49_998)) < first / 2


def seconds(act):
    began = time.process_time()
    act()
    return time.process_time() - began


def filled(made, keys):
    """A ballot of everybody on the roll, written without casting it."""
    ballots = []
    for person in made.voters:
        key = keys.row_key(made.id, person)
        voter = rows.OpenedRow(Channel.ONLINE, 0, 1, token_bytes(16), token_bytes(16), made.choice(1))
        ballots.append({"box_id": made.id, "row_key": key, "channel": 1, "paper": 0,
                        "sealed": rows.seal_voter(keys, made.id, key, voter)})
    for start in range(0, len(ballots), 5_000):
        db.session.execute(sa.insert(Voter), ballots[start:start + 5_000])
    db.session.commit()
