"""Closing beside crashes, lost files and whoever writes the database: numbers stay, and alarms tell."""

import pytest
import sqlalchemy as sa

from civic_forum.ballots.box import ledger_file, voters
from civic_forum.ballots.box.sealing import Channel
from civic_forum.ballots.counting import closing
from civic_forum.ballots.counting import queries as tallies
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.models import Head, LogLeaf, Promise, Voter
from civic_forum.ballots.published import heads
from civic_forum.ballots.published import queries as log
from civic_forum.ballots.voting import refusals
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Unavailable

from tests.common import commit
from . import boxes
from .test_casting import cast, take_paper
from .test_closing import CLEAN, closed, frozen, leaves, on_row


def test_a_crash_before_the_head_is_kept_heals_at_the_next_reading(town, monkeypatch):
    made = boxes.box()
    with monkeypatch.context() as crash:
        crash.setattr(heads, "keep", lambda box_id: None)
        closed(made)
    assert keyring.last_head(made.id)["number"] == 0
    assert made.id not in dict(heads.ahead_of_database())
    assert closing.close_if_due(made.id)
    assert keyring.last_head(made.id)["number"] == 1


def test_a_head_is_kept_before_it_is_shown(town, monkeypatch):
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


@pytest.mark.both
def test_a_database_behind_a_kept_head_is_noticed(town):
    made, fine = boxes.box(), boxes.box()
    closed(made)
    commit(sa.delete(Head).where(Head.number == 1))
    behind = dict(heads.ahead_of_database())
    assert made.id in behind and fine.id not in behind


def test_a_crash_during_the_close_leaves_the_box_as_it_was(town, monkeypatch):
    made = boxes.box()
    receipt = made.cast(made.voters[0], 1)
    clock.shift(4000)
    with monkeypatch.context() as crash:
        crash.setattr(heads, "sign", lambda *given, **more: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            closing.close(made.id)
    assert made.row.closed_at is None and leaves(made) == []
    with pytest.raises(Unavailable):
        frozen(made)
    assert closing.close(made.id) and receipt.leaf in {leaf.hash for leaf in leaves(made)}
    assert len(frozen(made).live) == 1


@pytest.mark.parametrize("lost", ["key", "signing key", "room"])
def test_files_outside_the_database_delay_the_head_but_never_the_close(town, caplog, monkeypatch, lost):
    made = boxes.box()
    receipt = made.cast(made.voters[0], 1)
    clock.shift(4000)
    path = keyring._box_key(made.id) if lost == "key" else keyring._directory() / keyring.SIGNING.name(1)
    with monkeypatch.context() as trouble:
        if lost == "room":
            trouble.setattr(keyring, "write_file", no_room)
        else:
            path.rename(path.with_suffix(".away"))
        assert not closing.close_if_due(made.id) and closing.close_due() == []
    assert made.row.closed_at is not None and leaves(made) == [] and heads.newest(made.id).number == 0
    assert f"ALARM: the closing of box {made.id.hex()} is delayed" in caplog.text
    if lost != "room":
        path.with_suffix(".away").rename(path)
    before = made.row.closed_at
    with pytest.raises(refusals.CastingOver):
        cast(made, made.voters[1], made.form(made.voters[1], 1))
    assert heads.newest(made.id).number == 1 or closing.close_due() == [made.id]
    assert made.row.closed_at == before and receipt.leaf in {leaf.hash for leaf in leaves(made)}
    entry, = db.session.scalars(sa.select(AuditEntry).filter_by(action="ballot_box.closed"))
    assert entry.subject == f"ballot_box:{made.id.hex()}"


def no_room(_path, _content):
    raise Unavailable("no room")


def flip(made, voter):
    sealed = db.session.scalar(sa.select(Voter.sealed).filter_by(box_id=made.id, row_key=made.row_key(voter)))
    on_row(made, voter, sa.update(Voter).values(sealed=sealed[:-1] + bytes([sealed[-1] ^ 1])))


def delete_promise(made, receipt):
    name = keyring.box_keys(made.id).name(receipt.mine)
    commit(sa.delete(Promise).where(Promise.name == name))


def no_row_of_anybody(made):
    db.session.execute(sa.insert(Voter), [{"box_id": made.id, "row_key": bytes([n]) * 32, "channel": 1, "paper": 0,
                                           "sealed": bytes(61)} for n in range(50)])
    db.session.commit()


@pytest.mark.in_turns(of=10)
@pytest.mark.both
@pytest.mark.parametrize("what, figures, live", [
    ("one flipped bit", {"damaged": 1}, 3), ("deleted with its promise", {"missing": 1, "lost": 1}, 3),
    ("deleted", {"missing": 1}, 3), ("made paper by update", {"damaged": 1}, 3),
    ("an older row put back", {"damaged": 1}, 3),
    ("rows of nobody", {"foreign": 50}, 4), ("a receipt's promise", {"lost": 1}, 4), ("no ledger", {"ledger": 0}, 4)])
def test_a_box_closes_with_numbers_whatever_a_writer_of_the_database_did(town, caplog, what, figures, live):
    made = boxes.box(voters=5)
    receipts = [made.cast(voter, 1) for voter in made.voters[:4]]
    voter = made.voters[0]
    older = db.session.scalar(sa.select(Voter.sealed).filter_by(row_key=made.row_key(voter)))
    last = made.cast(voter, 2)
    if what == "one flipped bit":
        flip(made, voter)
    elif what.startswith("deleted"):
        on_row(made, voter, sa.delete(Voter))
        if "promise" in what:
            delete_promise(made, last)
    elif what == "made paper by update":
        on_row(made, voter, sa.update(Voter).values(channel=int(Channel.PAPER_ISSUED), paper=1))
    elif what == "an older row put back":
        on_row(made, voter, sa.update(Voter).values(sealed=older))
    elif what == "rows of nobody":
        no_row_of_anybody(made)
    elif what == "a receipt's promise":
        delete_promise(made, receipts[0])
    else:
        ledger_file.path(made.id).unlink()
    closed(made)
    assert frozen(made).figures == CLEAN | figures and len(frozen(made).live) == live
    assert "was closed with" in caplog.text and len(leaves(made)) == 320
    lost = set() if "lost" not in figures else {last.leaf if "deleted" in what else receipts[0].leaf}
    assert {one.leaf for one in (*receipts, last)} - {leaf.hash for leaf in leaves(made)} == lost


def test_two_voters_alike_but_for_their_changes_leave_logs_of_one_size(town):
    sizes = set()
    for changes in (0, 1, 7):
        made = boxes.box(voters=20)
        for voter in made.voters[:10]:
            made.cast(voter, 1)
        for _n in range(changes):
            made.cast(made.voters[0], 2)
        clock.shift(4000)
        closing.close(made.id)
        clock.shift(0)
        sizes.add((len(leaves(made)), len(tallies.tokens(made.id))))
    assert sizes == {(320, 10)}


def test_after_the_final_head_no_row_leads_to_a_ballot_and_every_row_keeps_its_length(town):
    made = boxes.box(voters=4)
    made.cast(made.voters[0], 1)
    made.cast(made.voters[0], 2)
    made.cast(made.voters[1], 3)
    take_paper(made, made.voters[2])
    closed(made)
    before = [len(row.sealed) for row in voters.all_rows(made.id)]
    closing.finish(made.id, by=None)
    assert [len(row.sealed) for row in voters.all_rows(made.id)] == before
    for voter, revision in zip(made.voters, (2, 1, 1), strict=False):
        assert made.voter(voter) == made.voter(voter).emptied() and made.voter(voter).revision == revision
    assert len(made.named().revisions) == 3 and len(frozen(made).live) == 2
    _opening, closing_head, final = heads.of_box(made.id)
    assert (final.size, final.live_sha256) == (closing_head.size, closing_head.live_sha256)


def test_a_change_between_close_and_final_head_is_an_alarm_that_changes_no_number(town, caplog):
    made = boxes.box(voters=4)
    for voter in made.voters:
        made.cast(voter, 1)
    closed(made)
    before = frozen(made)
    on_row(made, made.voters[0], sa.delete(Voter))
    flip(made, made.voters[1])
    closing.finish(made.id, by=None)
    assert "2 rows of box" in caplog.text and frozen(made) == before


@pytest.mark.both
def test_lost_leaves_are_written_again_from_what_was_frozen(town, caplog):
    made = boxes.box()
    made.cast(made.voters[0], 1)
    closed(made)
    before = [tuple(leaf) for leaf in leaves(made)]
    assert closing.rebuild_lost() == []
    db.session.execute(sa.delete(LogLeaf).where(LogLeaf.number.in_([3, 200])))
    commit(sa.update(LogLeaf).where(LogLeaf.number == 7).values(hash=bytes(32)))
    assert closing.rebuild_lost() == [made.id] and closing.rebuild_lost() == []
    assert [tuple(leaf) for leaf in leaves(made)] == before and "were lost" in caplog.text
