"""A box closes by the clock alone, once and for ever; its log grows only by paper and objections after that."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.ballots import heads, keyring, refusals
from civic_forum.ballots.models import Cast, Head
from civic_forum.ballots.queries import boxes as box_queries
from civic_forum.ballots.queries import casts, log
from civic_forum.ballots.rules import tree
from civic_forum.ballots.rules.counting import Opening, standing
from civic_forum.ballots.rules.log import EntryType, leaf_hash
from civic_forum.ballots.rules.receipts import tracker
from civic_forum.ballots.services import closing
from civic_forum.ballots.steps import locking
from civic_forum.ballots.steps import closing as steps
from civic_forum.kernel import clock, work
from civic_forum.kernel.audit import AuditEntry
from civic_forum.kernel.base import db
from civic_forum.kernel.errors import NotFound, Unavailable

from . import boxes
from .test_casting import row_key, take_paper


def closed(made):
    clock.shift(4000)
    assert closing.close_if_due(made.id)
    return made.row


def leaves(made):
    return list(log.leaves(made.id))


def test_closing_turns_every_cast_into_a_leaf_in_the_order_of_the_hashes(town):
    made = boxes.box(voters=5)
    receipts = [made.cast(voter, 1) for voter in made.voters]
    receipts.append(made.cast(made.voters[0], 2))
    take_paper(made, made.voters[1])
    row = closed(made)
    assert row.closed_at >= row.closes_at
    found = leaves(made)
    assert [leaf.number for leaf in found] == list(range(7))
    assert [leaf.hash for leaf in found] == sorted(leaf.hash for leaf in found)
    assert all(leaf_hash(leaf.entry) == leaf.hash and tracker(leaf.hash) == leaf.tracker for leaf in found)
    assert {receipt.leaf for receipt in receipts} < {leaf.hash for leaf in found}
    assert [leaf.type for leaf in found].count(EntryType.WITHDRAWAL) == 1


def test_the_log_opens_to_what_people_cast(town):
    made = boxes.box(voters=4)
    for voter in made.voters:
        made.cast(voter, 1)
    made.cast(made.voters[0], 2)
    take_paper(made, made.voters[1])
    closed(made)
    keys = keyring.box_keys(made.id)
    numbers = {leaf.hash: leaf.number for leaf in leaves(made)}
    openings = []
    for cast in casts.opened(made.id, keys):
        kind, entry = casts.entry_of(made.fingerprint, cast, keys)
        openings.append(Opening(numbers[leaf_hash(entry)], keys.tag(cast.row_key), cast.revision, kind))
    found = standing(openings)
    assert (len(found.live), found.replaced, found.withdrawn) == (3, 1, 1)


def test_the_closing_head_is_signed_kept_and_continues_the_opening_head(town):
    made = boxes.box()
    made.cast(made.voters[0], 1)
    closed(made)
    opening, closing_head = log.heads_json(made.id)
    sizes = {head["kind"]: head["size"] for head in (opening, closing_head)}
    assert sizes == {"opening": 0, "closing": 1}
    for head in (opening, closing_head):
        assert heads.verify({name: value for name, value in head.items() if name != "consistency"})
    assert keyring.last_head(made.id)["signature"] == closing_head["signature"]
    assert closing_head["root"] == tree.root(log.leaf_hashes(made.id)).hex()


def test_a_head_that_was_altered_does_not_verify(town):
    made = boxes.box()
    head, = log.heads_json(made.id)
    del head["consistency"]
    assert heads.verify(head)
    for change in ({"size": 1}, {"at": "2026-01-01T00:00:00Z"}, {"kind": "final"}, {"number": 1}, {"root": "00" * 32},
                   {"fingerprint": "00" * 32}, {"signature": "00" * 64}, {"public_key": "00" * 32},
                   {"root": "x"}, {"size": -1}, {"size": "0"}, {"at": 0}):
        assert not heads.verify(head | change), change
    assert not heads.verify({}) and not heads.verify(head | {"at": None})


def test_an_empty_box_closes_too(town):
    made = boxes.box()
    closed(made)
    assert leaves(made) == [] and heads.newest(made.id).root == tree.NO_LEAVES


def test_nothing_is_closed_before_its_time(town):
    made = boxes.box()
    made.cast(made.voters[0], 1)
    assert not closing.close_if_due(made.id)
    assert made.row.closed_at is None and leaves(made) == []


def test_a_box_that_was_never_opened_is_not_closed(town):
    made = boxes.box(opens=-7200, closes=-3600, opened=False)
    assert not closing.close_if_due(made.id)
    assert closing.close_due() == [] and made.row.closed_at is None


def test_closing_again_changes_nothing(town):
    made = boxes.box()
    made.cast(made.voters[0], 1)
    row = closed(made)
    before = (row.closed_at, [tuple(leaf) for leaf in leaves(made)], heads.to_json(heads.newest(made.id), b""))
    clock.shift(9000)
    assert closing.close_if_due(made.id) and closing.close(made.id)
    row = made.row
    assert before == (row.closed_at, [tuple(leaf) for leaf in leaves(made)],
                      heads.to_json(heads.newest(made.id), b""))


def test_a_closed_box_never_opens_again_when_the_clock_is_set_back(town):
    made = boxes.box()
    row = closed(made)
    clock.shift(0)
    assert closing.close_if_due(made.id)
    with pytest.raises(refusals.CastingOver):
        made.cast(made.voters[0], 1)
    assert made.row.closed_at == row.closed_at and made.casts() == 0


def test_the_closing_head_is_never_older_than_the_opening_head(town):
    made = boxes.box(opens=-10, closes=3600)
    with work.use_case(None):
        locking.take_lock_alone(made.id)
        steps.close(made.id, made.row.opens_at - timedelta(days=1))
    opening, closing_head = heads.of_box(made.id)
    assert closing_head.at == opening.at


def test_closing_early_is_the_same_step(town):
    made = boxes.box()
    made.cast(made.voters[0], 1)
    with work.use_case(None):
        at = locking.take_lock_alone(made.id)
        assert steps.close(made.id, at).closed_at == at
    heads.keep(made.id)
    with pytest.raises(refusals.CastingOver):
        made.cast(made.voters[1], 1)
    assert len(leaves(made)) == 1


def test_a_crash_before_the_head_is_kept_heals_at_the_next_reading(town, monkeypatch):
    made = boxes.box()
    with monkeypatch.context() as crash:
        crash.setattr(heads, "keep", lambda box_id: None)
        closed(made)
    assert keyring.last_head(made.id)["number"] == 0
    assert made.id not in dict(heads.ahead_of_database())
    assert closing.close_if_due(made.id)
    assert keyring.last_head(made.id)["number"] == 1


def test_whoever_shows_a_head_keeps_it_first(town, monkeypatch):
    made = boxes.box()
    with monkeypatch.context() as crash:
        crash.setattr(heads, "keep", lambda box_id: None)
        closed(made)
    log.heads_json(made.id)
    assert keyring.last_head(made.id)["number"] == 1


def test_a_kept_head_never_goes_back(town):
    made = boxes.box()
    opening = keyring.last_head(made.id)
    closed(made)
    keyring.keep_head(made.id, opening)
    assert keyring.last_head(made.id)["number"] == 1


def test_a_database_behind_a_kept_head_is_noticed(town):
    made, fine = boxes.box(), boxes.box()
    closed(made)
    db.session.execute(sa.delete(Head).where(Head.number == 1))
    db.session.commit()
    behind = dict(heads.ahead_of_database())
    assert made.id in behind and fine.id not in behind


def test_a_crash_during_the_close_leaves_the_box_as_it_was(town, monkeypatch):
    made = boxes.box()
    made.cast(made.voters[0], 1)
    clock.shift(4000)
    with monkeypatch.context() as crash:
        crash.setattr(heads, "sign", lambda *given: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            closing.close(made.id)
    assert made.row.closed_at is None and leaves(made) == []
    assert closing.close(made.id) and len(leaves(made)) == 1


def test_a_lost_key_stops_the_close_with_a_line_in_the_log_and_no_ballot_is_taken(town, caplog):
    made = boxes.box()
    made.cast(made.voters[0], 1)
    key = keyring.exported(made.id)
    keyring._box_key(made.id).unlink()
    clock.shift(4000)
    assert not closing.close_if_due(made.id)
    assert made.id.hex() in caplog.text
    with pytest.raises(Unavailable):
        closing.close_due()
    keyring.put_back(made.id, key)
    with pytest.raises(refusals.CastingOver):
        made.cast(made.voters[1], 1)
    assert made.row.closed_at is not None and len(leaves(made)) == 1


def test_a_damaged_row_stops_the_close(town):
    made = boxes.box()
    made.cast(made.voters[0], 1)
    db.session.execute(sa.update(Cast).values(revision=2))
    db.session.commit()
    clock.shift(4000)
    with pytest.raises(Unavailable, match="열 수 없어요"):
        closing.close(made.id)


def test_all_boxes_that_are_due_are_closed_and_a_failing_one_keeps_none_from_it(town, caplog):
    made = [boxes.box(closes=60 * n) for n in range(1, 4)]
    later = boxes.box(closes=90000)
    keyring._box_key(made[0].id).rename(keyring._box_key(made[0].id).with_suffix(".away"))
    clock.shift(4000)
    with pytest.raises(Unavailable):
        closing.close_due()
    keyring._box_key(made[0].id).with_suffix(".away").rename(keyring._box_key(made[0].id))
    assert [one.row.closed_at is not None for one in made] == [False, True, True]
    assert closing.close_due() == [made[0].id]
    assert closing.close_due() == [] and later.row.closed_at is None


def test_the_close_is_in_the_audit_trail_by_nobody(town):
    made = boxes.box()
    closed(made)
    entry, = db.session.scalars(sa.select(AuditEntry).filter_by(action="ballot_box.closed"))
    assert (entry.subject, entry.actor_id) == (f"ballot_box:{made.id.hex()}", None)


def test_a_box_that_is_not_there_cannot_be_closed(town):
    with pytest.raises(NotFound):
        closing.close_if_due(bytes(16))


def test_boxes_are_found_by_id_and_by_subject(town):
    made = boxes.box(subject="poll:7")
    rehearsal = boxes.box(subject="poll:7", rehearsal=True)
    assert box_queries.by_hex(made.id.hex()).id == made.id
    assert {box.id for box in box_queries.by_subject("poll:7")} == {made.id, rehearsal.id}
    assert box_queries.open_ids() == sorted([made.id, rehearsal.id])
    for wrong in ("", "00", "z" * 32, made.id.hex() + "00", "00" * 16, " " + made.id.hex(), made.id.hex() + " "):
        with pytest.raises(NotFound):
            box_queries.by_hex(wrong)


def test_one_person_has_another_row_key_in_every_box(town):
    made, other = boxes.box(voters=[b"x" * 32]), boxes.box(voters=[b"x" * 32])
    assert row_key(made, b"x" * 32) != row_key(other, b"x" * 32)
