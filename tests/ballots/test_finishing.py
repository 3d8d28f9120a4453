"""The log after the close: paper, objections, the final head, and a proof for whatever stands in it."""

import time
from secrets import token_bytes

import pytest
import sqlalchemy as sa

from civic_forum.ballots import heads, keyring, log_texts
from civic_forum.ballots.models import Cast, Leaf, Objection, PaperBatch, Participation
from civic_forum.ballots.queries import log
from civic_forum.ballots.rules import tree
from civic_forum.ballots.rules.boxes import Channel
from civic_forum.ballots.rules.encoding import canonical_json
from civic_forum.ballots.rules.log import objection_entry, paper_entry
from civic_forum.ballots.services import closing
from civic_forum.kernel import clock
from civic_forum.kernel.base import db
from civic_forum.kernel.errors import Conflict, NotFound, Unavailable
from tests.factories import saved

from . import boxes
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
    ballot, *paper, one, two = leaves(made)
    assert [leaf.type for leaf in (ballot, *paper, one, two)] == ["ballot", "paper", "paper", "objection", "objection"]
    batches = list(db.session.scalars(sa.select(PaperBatch).order_by(PaperBatch.number)))
    assert [kept.leaf_number for kept in batches] == [1, 2]
    for kept, leaf in zip(batches, paper, strict=True):
        choices = [kept.choices]
        assert leaf.entry == paper_entry(made.fingerprint, kept.n, canonical_json(log_texts.figures(kept)), kept.n2,
                                         choices)
    for kept, leaf in zip((first, second), (one, two), strict=True):
        db.session.refresh(kept)
        assert kept.leaf_number == leaf.number and len(kept.n) == 32
        assert leaf.entry == objection_entry(made.fingerprint, kept.n, canonical_json(log_texts.objection(kept)))
    closing_head, final = log.heads_json(made.id)[1:]
    assert (final["kind"], final["size"], closing_head["size"]) == ("final", 5, 1)
    assert tree.verify_consistency(1, 5, [bytes.fromhex(node) for node in final["consistency"]],
                                   bytes.fromhex(closing_head["root"]), bytes.fromhex(final["root"]))
    assert keyring.last_head(made.id)["number"] == 2


def test_finishing_again_changes_nothing_and_later_objections_stay_out_of_the_log(town):
    made = boxes.box()
    closed(made)
    closing.finish(made.id, by=None)
    late = objection(made, town.user())
    closing.finish(made.id, by=None)
    db.session.refresh(late)
    assert late.leaf_number is None and leaves(made) == []
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
    assert made.row.finished_at is None and leaves(made) == []


def test_an_inclusion_proof_for_every_leaf_and_consistency_for_every_pair_of_sizes(town):
    made = boxes.box(voters=21)
    for voter in made.voters:
        made.cast(voter, 1)
    closed(made)
    objection(made, town.user())
    closing.finish(made.id, by=None)
    hashes = log.leaf_hashes(made.id)
    for number, leaf in enumerate(hashes):
        proof = log.inclusion(made.id, number)
        assert (proof["leaf"], proof["number"], proof["size"]) == (leaf.hex(), number, 22)
        assert heads.verify(proof["head"])
        assert tree.verify_inclusion(leaf, number, 22, [bytes.fromhex(node) for node in proof["proof"]],
                                     bytes.fromhex(proof["head"]["root"]))
    for new in range(23):
        for old in range(new + 1):
            proof = log.consistency(made.id, old, new)
            assert tree.verify_consistency(old, new, [bytes.fromhex(node) for node in proof["proof"]],
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
    db.session.execute(sa.update(Leaf).where(Leaf.number == 1).values(hash=bytes(32)))
    db.session.commit()
    with pytest.raises(Unavailable, match="기록 확인값과 달라요"):
        log.inclusion(made.id, 0)


def test_fifty_thousand_casts_become_leaves_within_seconds(town):
    """Two to three seconds on an idle machine; seconds of our own processor, so that others do not count."""
    made = boxes.box(voters=1)
    filled(made, keyring.box_keys(made.id), 50_000)
    clock.shift(4000)
    assert seconds(lambda: closing.close(made.id)) < 100  # one or two, where nothing else runs
    assert heads.newest(made.id).size == 50_000
    first = seconds(lambda: log.inclusion(made.id, 49_999))
    assert max(seconds(lambda: log.inclusion(made.id, number)) for number in (0, 25_000, 49_998)) < first / 2


def seconds(act):
    began = time.process_time()
    act()
    return time.process_time() - began


def filled(made, keys, number):
    """As many ballots as a large vote has, written without casting them."""
    choice, rows, parts = made.rule.encode({1: 1}), [], []
    for _n in range(number):
        key, cast_id = token_bytes(32), token_bytes(32)
        sealed = keys.seal(1, choice, box=made.id, cast_id=cast_id, row_key=key, revision=1)
        rows.append({"box_id": made.id, "cast_id": cast_id, "row_key": key, "revision": 1, "sealed": sealed})
        parts.append({"box_id": made.id, "row_key": key, "channel": Channel.ONLINE})
    for start in range(0, number, 5_000):
        db.session.execute(sa.insert(Cast), rows[start:start + 5_000])
        db.session.execute(sa.insert(Participation), parts[start:start + 5_000])
    db.session.commit()
