"""A box closes by the clock alone, once and for ever, whatever its tables hold; what counts is frozen then."""

from datetime import timedelta
from hashlib import sha256

import pytest
import sqlalchemy as sa

import config
from civic_forum.ballots import queries as box_queries
from civic_forum.ballots.box import closing_file, ending, locking
from civic_forum.ballots.box.sealing import Channel, EntryType, token
from civic_forum.ballots.counting import closing
from civic_forum.ballots.counting import queries as tallies
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.models import Voter
from civic_forum.ballots.published import heads
from civic_forum.ballots.published import queries as log
from civic_forum.ballots.record.editions import live_txt
from civic_forum.ballots.rolls import queries as rolls
from civic_forum.ballots.rules import log as tree
from civic_forum.ballots.rules.log import leaf_hash
from civic_forum.ballots.rules.signing import tracker
from civic_forum.ballots.voting import refusals
from civic_forum.platform import clock, subprocess_call, work
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound
from tests.polls import making
from tests.running.machine import patience

from . import boxes, signed_heads
from .test_casting import give_back, take_paper

A_DAY = 24 * 3600
CLEAN = {"damaged": 0, "foreign": 0, "ledger": 1, "lost": 0, "missing": 0}


def closed(made):
    clock.shift(4000)
    assert closing.close_if_due(made.id)
    return made.row


def leaves(made):
    return list(log.leaves(made.id))


def frozen(made):
    """The content that the closing froze."""
    return closing_file.read(made.row)


def on_row(made, voter, statement):
    """Somebody writes the row of this voter in the database."""
    db.session.execute(statement.where(Voter.box_id == made.id, Voter.row_key == made.row_key(voter)))
    db.session.commit()


def test_closing_turns_every_receipt_into_a_leaf_among_blind_ones_in_the_order_of_the_hashes(town):
    made = boxes.box(voters=5)
    receipts = [made.cast(voter, 1) for voter in made.voters]
    receipts.append(made.cast(made.voters[0], 2))
    take_paper(made, made.voters[1])
    row = closed(made)
    assert row.closed_at >= row.closes_at
    found = leaves(made)
    assert [leaf.number for leaf in found] == list(range(320))
    assert [leaf.hash for leaf in found] == sorted(leaf.hash for leaf in found)
    assert all(leaf_hash(leaf.entry) == leaf.hash and tracker(leaf.hash) == leaf.tracker for leaf in found)
    assert {receipt.leaf for receipt in receipts} < {leaf.hash for leaf in found}
    assert {leaf.type for leaf in found} == {EntryType.BALLOT}


def test_the_last_ballot_of_each_is_live_and_named_by_its_token(town):
    made = boxes.box(voters=5)
    first = made.cast(made.voters[0], 1)
    last = made.cast(made.voters[0], 2)
    other = made.cast(made.voters[1], 3, channel=Channel.ASSISTED)
    made.cast(made.voters[2], 4)
    take_paper(made, made.voters[2])
    take_paper(made, made.voters[3])
    give_back(made, 2)
    closed(made)
    assert {live.mine: live.choice for live in frozen(made).live} == {last.mine: made.choice(2),
                                                                      other.mine: made.choice(3)}
    assert tallies.tokens(made.id) == sorted(token(made.fingerprint, one.mine) for one in (last, other))
    assert token(made.fingerprint, first.mine) not in tallies.tokens(made.id)
    assert frozen(made).figures == CLEAN
    assert frozen(made).rows() == {"online": 1, "assisted": 1, "paper_issued": 1, "paper_returned": 0,
                                   "paper_taken_back": 1, "damaged": 0, "missing": 0}


def test_the_closing_head_is_signed_kept_and_names_what_counts(town):
    made = boxes.box()
    made.cast(made.voters[0], 1)
    closed(made)
    opening, closing_head = log.heads_json(made.id)
    sizes = {head["kind"]: head["size"] for head in (opening, closing_head)}
    assert sizes == {"opening": 0, "closing": 320} and opening["live_sha256"] == "00" * 32
    assert closing_head["live_sha256"] == sha256(live_txt(tallies.tokens(made.id))).hexdigest()
    for head in (opening, closing_head):
        assert signed_heads.verify({name: value for name, value in head.items() if name != "consistency"})
    assert keyring.last_head(made.id)["signature"] == closing_head["signature"]
    assert closing_head["root"] == tree.root(log.leaf_hashes(made.id)).hex()


def test_a_head_that_was_altered_does_not_verify(town):
    made = boxes.box()
    head, = log.heads_json(made.id)
    del head["consistency"]
    assert signed_heads.verify(head)
    for change in ({"size": 1}, {"at": "2026-01-01T00:00:00Z"}, {"kind": "final"}, {"number": 1}, {"root": "00" * 32},
                   {"fingerprint": "00" * 32}, {"signature": "00" * 64}, {"public_key": "00" * 32},
                   {"root": "x"}, {"size": -1}, {"size": "0"}, {"at": 0}):
        assert not signed_heads.verify(head | change), change
    assert not signed_heads.verify({}) and not signed_heads.verify(head | {"at": None})


def test_an_empty_box_closes_with_blind_leaves_alone(town):
    made = boxes.box()
    closed(made)
    assert len(leaves(made)) == 256 and tallies.tokens(made.id) == []


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
    assert before == (row.closed_at, [tuple(leaf) for leaf in leaves(made)], heads.to_json(heads.newest(made.id), b""))


def test_a_closed_box_never_opens_again_when_the_clock_is_set_back(town):
    made = boxes.box()
    row = closed(made)
    clock.shift(0)
    assert closing.close_if_due(made.id)
    with pytest.raises(refusals.CastingOver):
        made.cast(made.voters[0], 1)
    assert made.row.closed_at == row.closed_at and made.promises() == 0


def test_the_closing_head_is_never_older_than_the_opening_head(town):
    made = boxes.box(opens=-10, closes=3600)
    with work.use_case(None):
        locking.take_lock_alone(made.id)
        ending.close(made.id, made.row.opens_at - timedelta(days=1))
    opening, closing_head = heads.of_box(made.id)
    assert closing_head.at == opening.at


def test_closing_early_is_the_same_step(town):
    made = boxes.box()
    made.cast(made.voters[0], 1)
    with work.use_case(None):
        at = locking.take_lock_alone(made.id)
        assert ending.close(made.id, at).closed_at == at
    heads.keep(made.id)
    with pytest.raises(refusals.CastingOver):
        made.cast(made.voters[1], 1)
    assert len(leaves(made)) == 320


def test_all_boxes_that_are_due_are_closed_and_one_without_its_key_keeps_none_from_it(town):
    made = [boxes.box(closes=60 * n) for n in range(1, 4)]
    later = boxes.box(closes=90000)
    path = keyring._box_key(made[0].id)
    path.rename(path.with_suffix(".away"))
    clock.shift(4000)
    assert set(closing.close_due()) == {made[1].id, made[2].id}
    path.with_suffix(".away").rename(path)
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


def test_boxes_are_found_by_id(town):
    made = boxes.box(subject="poll:7")
    rehearsal = boxes.box(subject="poll:7", rehearsal=True)
    assert box_queries.by_hex(made.id.hex()).id == made.id
    assert box_queries.open_ids() == sorted([made.id, rehearsal.id])
    for wrong in ("", "00", "z" * 32, made.id.hex() + "00", "00" * 16, " " + made.id.hex(), made.id.hex() + " "):
        with pytest.raises(NotFound):
            box_queries.by_hex(wrong)


def test_one_person_has_another_row_key_in_every_box(town):
    made, other = boxes.box(voters=[b"x" * 32]), boxes.box(voters=[b"x" * 32])
    assert made.row_key(b"x" * 32) != other.row_key(b"x" * 32)


@pytest.mark.in_turns(of=10)
def test_a_large_box_is_closed_by_another_process_while_this_one_serves_pages(app, town, monkeypatch):
    """Servers have the settings of the site in their environment; nobody is asked to wait."""
    poll = making.opened(town)
    box = box_queries.by_id(poll.box_id)
    settings = {"DATA": app.config["DATA"], "KEYS": app.config["KEYS"], "DATABASE_URL": app.config["DATABASE_URL"],
                "CLOCK_OFFSET_S": str(clock.shift(9 * A_DAY) or 9 * A_DAY)}
    for name, value in settings.items():
        monkeypatch.setenv(config.PREFIX + name, str(value))
    monkeypatch.setattr(subprocess_call, "serves_pages", lambda: True)
    monkeypatch.setattr(closing, "MOST_BESIDE_PAGES", rolls.size(box.roll_id) - 1)
    db.session.rollback()
    page = app.test_client().get(f"/polls/{poll.slug}").text
    assert "투표함을 마무리하고 있어요" in page
    _at, process = subprocess_call._started.pop(("poll", "close-due"))
    assert process.wait(patience(120)) == 0
    db.session.rollback()
    assert ending.is_signed(box_queries.by_id(poll.box_id))
    assert "투표함을 마무리하고 있어요" not in app.test_client().get(f"/polls/{poll.slug}").text
