"""Count, record, emptying, destroying the key, publishing: in this order and in no other."""

import json
import zipfile
from pathlib import Path

import pytest
import sqlalchemy as sa

from civic_forum.ballots.box.sealing import Channel
from civic_forum.ballots.counting import closing, publication
from civic_forum.ballots.counting.publication import count
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.officials import services as confirmations
from civic_forum.ballots.published import records
from civic_forum.ballots.box import closing_file, ledger_file, voters
from civic_forum.ballots.models import BallotBox, LogLeaf, Participated, Promise, RollEntry, Voter
from civic_forum.ballots.paper.models import PaperEntry
from civic_forum.ballots.rules import signing
from civic_forum.ballots.rules.boxes import BoxStage, ConfirmedAction, stage_of
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Refusal, Unavailable
from tests.ballots.boxes import box
from tests.ballots.officials import (CLOSE_EARLY, COPIES, DESTROY_KEY, PUBLISH, after, bring_to_publication, both,
                                     observers_sign, two_confirm, two_destroy)
from tests.common import commit
from tests.outside import bytes_of


def rows(table, made):
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(table).filter_by(box_id=made.id))


def voted(town, **facts):
    """A vote of twenty in which eleven took part, one of them twice; its time is over."""
    made = box(20, **watched() | facts)
    first, second, third, fourth, blank, *others = made.voters[:11]
    made.cast(first, 1)
    made.cast(first, 2, 3)
    made.cast(second, 2)
    made.cast(third, 2)
    made.cast(fourth, 1, channel=Channel.ASSISTED)
    made.cast(blank)
    for voter in others:
        made.cast(voter, 4)
    after(3700)
    return made


def watched():
    """Two observers, of whom one has to sign: without them nobody publishes totals alone."""
    keys = [signing.public_key(bytes([number]) * 32).hex() for number in (1, 2)]
    return {"observers": [{"name": f"참관인 {number}", "key": key} for number, key in enumerate(keys)], "signatures": 1}


def result(made):
    return json.loads(made.row.result)


def stage(made):
    return stage_of(made.row, clock.now())


@pytest.mark.in_turns(of=5)
def test_two_officials_bring_a_vote_to_its_publication(town):
    made, (one, other) = voted(town), both(town)
    for _again in range(2):
        assert publication.advance(made.id, by=one) is None and stage(made) is BoxStage.RECORDS_WRITTEN
    assert publication.advance(made.id, copies=COPIES, by=one) is None, "observers have to sign first"
    observers_sign(made.id)
    proposed = publication.advance(made.id, copies=COPIES, by=one)
    assert stage(made) is BoxStage.RECORDS_WRITTEN and proposed.action is DESTROY_KEY
    assert publication.advance(made.id, by=one).id == proposed.id, "nobody confirms alone"
    assert rows(Promise, made) == 12 and keyring.is_there(made.id)
    proposed = publication.advance(made.id, by=other)
    assert stage(made) is BoxStage.KEY_DESTROYED and proposed.action is PUBLISH
    assert publication.advance(made.id, by=other) and stage(made) is BoxStage.KEY_DESTROYED
    assert publication.advance(made.id, by=one) is None and stage(made) is BoxStage.PUBLISHED
    assert publication.advance(made.id, by=one) is None and stage(made) is BoxStage.PUBLISHED


def test_the_result_is_what_the_voters_cast(town):
    made = voted(town)
    count(made.id, by=None)
    found = result(made)
    assert found["totals"] == [{"option": 1, "votes": 1}, {"option": 2, "votes": 3}, {"option": 3, "votes": 1},
                               {"option": 4, "votes": 6}]
    assert (found["ballots"], found["blank"], found["format"]) == (11, 1, 3) and "small" not in found
    assert found["turnout"] == {"online": 10, "assisted": 1, "paper_returned": 0, "damaged": 0, "missing": 0,
                                "roll": 20,
                                "total": 11}
    assert "breakdown" not in found, "the roll knows no neighbourhoods"


@pytest.mark.both
def test_turnout_by_neighbourhood_hides_cells_under_ten_and_one_more(town):
    made = box(40, **watched())
    places = [town.neighbourhood(name) for name in ("가산동", "독산1동", "시흥1동")]
    for number, place in enumerate(places):
        db.session.execute(sa.update(RollEntry).where(
            RollEntry.roll_id == made.roll_id, RollEntry.person.in_(made.voters[number::3])
        ).values(neighbourhood_id=place.id))
    db.session.commit()
    for number, most in ((0, 12), (1, 11), (2, 3)):
        for voter in made.voters[number::3][:most]:
            made.cast(voter, 1)
    after(3700)
    count(made.id, by=None)
    assert result(made)["breakdown"] == {"by": "neighbourhood", "cells": [
        {"name": "가산동", "roll": 14, "voted": 12}, {"name": "독산1동", "roll": 13, "hidden": 1},
        {"name": "시흥1동", "roll": 13, "hidden": 1}]}


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("publishes", ["totals", "ballots"])
def test_the_record_lies_in_the_data_directory_and_the_verifier_passes_it(town, app, publishes):
    made = voted(town, publishes=publishes)
    count(made.id, by=None)
    publication.write_record(made.id, by=None)
    row = made.row
    assert records.are_as_written(row) and records.public(row).parent.stat().st_mode & 0o077 == 0
    assert (row.public_sha256 == row.observers_sha256) == (publishes == "ballots")
    with zipfile.ZipFile(records.observers(row)) as observers, zipfile.ZipFile(records.public(row)) as public:
        assert "choices.txt" in observers.namelist()
        assert ("choices.txt" in public.namelist()) == (publishes == "ballots")
        assert public.read("result.json") == row.result.encode()


@pytest.mark.in_turns(of=5)
def test_a_record_is_the_same_at_every_repetition(town):
    made = voted(town)
    count(made.id, by=None)
    publication.write_record(made.id, by=None)
    again = publication._write_editions(made.row)
    assert again == (made.row.public_sha256.hex(), made.row.observers_sha256.hex())


@pytest.mark.both
def test_emptying_leaves_who_took_part_and_nothing_of_what(town):
    made = voted(town)
    two_destroy(made.id)
    assert rows(Promise, made) == rows(Voter, made) == rows(PaperEntry, made) == 0
    assert not ledger_file.path(made.id).exists() and not closing_file._path(made.id).exists()
    kept = db.session.execute(sa.select(Participated.person, Participated.channel).filter_by(box_id=made.id)).all()
    assert {tuple(row) for row in kept} == {(voter, Channel.ONLINE)
                                            for voter in (*made.voters[:3], *made.voters[4:11])} | {
        (made.voters[3], Channel.ASSISTED)}
    assert rows(LogLeaf, made) == 320


@pytest.mark.in_turns(of=5)
def test_participation_is_told_while_the_box_is_empty_and_its_key_still_there(town):
    made, (one, other) = voted(town), both(town)
    publication.carry_on(made.id, by=one)
    two_confirm(DESTROY_KEY, made.id, one, other)
    publication.empty(made.id, by=None)
    assert keyring.is_there(made.id) and stage(made) is BoxStage.ERASED
    assert voters.standing(made.id, made.voters[0]).channel is Channel.ONLINE


@pytest.mark.both
def test_counting_deletes_nothing(town):
    made = voted(town)
    publication.carry_on(made.id, by=town.official())
    assert made.row.recorded_at is not None and made.row.erased_at is None
    assert (rows(Voter, made), rows(Promise, made), rows(Participated, made)) == (11, 12, 0)
    assert ledger_file.path(made.id).exists() and closing_file._path(made.id).exists() and keyring.is_there(made.id)


@pytest.mark.both
def test_nothing_is_deleted_for_a_record_that_is_not_the_one_that_was_confirmed(town):
    made, (one, other) = voted(town), both(town)
    publication.carry_on(made.id, by=one)
    observers_sign(made.id)
    proposed = confirmations.propose(DESTROY_KEY, made.id, note=COPIES, by=one)
    written = records.public(made.row).read_bytes()
    records.public(made.row).write_bytes(written[:-1])
    with pytest.raises(Conflict, match="기록 파일"):
        confirmations.confirm(proposed.id, by=other)
    records.public(made.row).write_bytes(written)
    confirmations.confirm(proposed.id, by=other)
    commit(sa.update(BallotBox).values(result=made.row.result.replace('"votes":6', '"votes":7')))
    with pytest.raises(Conflict):
        publication.empty(made.id, by=one)
    with pytest.raises(Conflict, match="바뀌었어요"):
        db.session.execute(sa.update(BallotBox).values(erased_at=clock.now()))
        publication.destroy_key(made.id, by=one)
    db.session.rollback()
    assert (rows(Voter, made), rows(Promise, made)) == (11, 12) and keyring.is_there(made.id)


@pytest.mark.in_turns(of=5)
def test_each_step_waits_for_the_one_before(town):
    made, (one, _other) = box(12, **watched()), both(town)
    with pytest.raises(Conflict):
        count(made.id, by=one)
    with pytest.raises(Conflict):
        publication.write_record(made.id, by=one)
    with pytest.raises(Conflict):
        publication.empty(made.id, by=one)
    for action in (DESTROY_KEY, PUBLISH):
        with pytest.raises(Conflict):
            confirmations.propose(action, made.id, note=COPIES, by=one)
    publication.destroy(made.id, by=one)
    assert made.row.key_destroyed_at is None and keyring.is_there(made.id)
    after(3700)
    publication.carry_on(made.id, by=one)
    with pytest.raises(Conflict, match="확인한 뒤"):
        publication.empty(made.id, by=one)
    with pytest.raises(Conflict, match="열쇠"):
        confirmations.propose(PUBLISH, made.id, by=one)


@pytest.mark.in_turns(of=5)
def test_publishing_is_refused_while_a_key_is_there(town):
    made, (one, other) = voted(town), both(town)
    key = keyring.exported(made.id)
    publication.carry_on(made.id, by=one)
    two_confirm(DESTROY_KEY, made.id, one, other, note=COPIES)
    publication.carry_on(made.id, by=one)
    proposed = confirmations.propose(PUBLISH, made.id, by=one)
    keyring._tombstone(made.id).unlink()
    keyring.put_back(made.id, key)
    with pytest.raises(Conflict, match="열쇠"):
        confirmations.confirm(proposed.id, by=other)
    assert made.row.published_at is None


@pytest.mark.in_turns(of=5)
def test_a_key_that_lies_there_again_beside_its_tombstone_is_destroyed_before_the_result_is_published(town):
    """Somebody put the keys directory back from a copy."""
    made, (one, other) = voted(town), both(town)
    key = keyring.exported(made.id)
    publication.carry_on(made.id, by=one)
    two_confirm(DESTROY_KEY, made.id, one, other, note=COPIES)
    publication.carry_on(made.id, by=one)
    said = keyring.tombstone_of(made.id)
    keyring._box_key(made.id).write_bytes(key)
    with pytest.raises(Conflict, match="열쇠"):
        confirmations.propose(PUBLISH, made.id, by=one)
    publication.carry_on(made.id, by=one)
    assert not keyring._box_key(made.id).exists() and keyring.tombstone_of(made.id) == said
    two_confirm(PUBLISH, made.id, one, other)
    assert made.row.published_at is not None


@pytest.mark.in_turns(of=5)
def test_a_record_that_was_altered_is_not_published(town):
    made, (one, other) = voted(town), both(town)
    publication.carry_on(made.id, by=one)
    two_confirm(DESTROY_KEY, made.id, one, other, note=COPIES)
    publication.carry_on(made.id, by=one)
    with open(records.public(made.row), "r+b") as file:
        file.seek(100)
        file.write(b"?")
    with pytest.raises(Conflict):
        confirmations.propose(PUBLISH, made.id, by=one)


@pytest.mark.in_turns(of=5)
def test_the_tombstone_says_who_when_and_which_copies(town):
    made, (one, other) = voted(town), both(town)
    publication.carry_on(made.id, by=one)
    observers_sign(made.id)
    with pytest.raises(Refusal) as refused:
        confirmations.propose(DESTROY_KEY, made.id, by=one)
    assert refused.value.field == "note"
    proposed = confirmations.propose(DESTROY_KEY, made.id, note="봉투에 넣어 둔 복사본을 함께 부쉈어요.", by=one)
    confirmations.confirm(proposed.id, by=other)
    assert keyring.is_there(made.id), "confirmed, and destroyed by the next step"
    publication.carry_on(made.id, by=other)
    said = keyring.tombstone_of(made.id)["by"]
    assert one.name in said and other.name in said and "봉투" in said
    with pytest.raises(Conflict):
        keyring.box_keys(made.id)


def flip(made, voter):
    where = Voter.box_id == made.id, Voter.row_key == made.row_key(voter)
    sealed = db.session.scalar(sa.select(Voter.sealed).where(*where))
    commit(sa.update(Voter).where(*where).values(sealed=sealed[:-1] + bytes([sealed[-1] ^ 1])))


@pytest.mark.in_turns(of=5)
def test_damaged_foreign_or_missing_sheets_wait_for_two_officials_with_a_reason_and_stand_in_the_record(town):
    made, (one, other) = voted(town), both(town)
    flip(made, made.voters[1])
    db.session.execute(sa.delete(Voter).where(Voter.row_key == made.row_key(made.voters[2])))
    db.session.add(Voter(box_id=made.id, row_key=b"?" * 32, channel=Channel.ONLINE, sealed=b""))
    db.session.commit()
    assert closing.close(made.id)
    with pytest.raises(Conflict, match="이유를 적고"):
        publication.carry_on(made.id, by=one)
    assert made.row.counted_at is None and made.row.finished_at is not None
    two_confirm(ConfirmedAction.COUNT_ANYWAY, made.id, one, other, note="디스크가 망가졌어요. 복사본이 없어요.")
    publication.carry_on(made.id, by=one)
    found = result(made)
    assert (found["ballots"], found["rows"]["damaged"], found["rows"]["missing"]) == (9, 1, 1)
    with zipfile.ZipFile(records.public(made.row)) as public:
        alarms = json.loads(public.read("alarms.json"))
    assert (alarms["damaged"], alarms["missing"], alarms["foreign"], alarms["lost"]) == (1, 1, 1, 0)
    assert [reason["text"] for reason in alarms["reasons"]] == ["디스크가 망가졌어요. 복사본이 없어요."]


def test_a_vote_in_which_all_agrees_is_not_counted_with_a_reason(town):
    made, (one, _other) = voted(town), both(town)
    closing.close(made.id)
    closing.finish(made.id, by=None)
    with pytest.raises(Conflict, match="그대로 세면 돼요"):
        confirmations.propose(ConfirmedAction.COUNT_ANYWAY, made.id, note="이유예요.", by=one)


@pytest.mark.in_turns(of=5)
def test_of_fewer_than_ten_ballots_only_what_won_is_published(town):
    made = box(12, **watched(), winners={"kind": "most", "seats": 1})
    for voter in made.voters[:3]:
        made.cast(voter, 2)
    after(3700)
    publication.carry_on(made.id, by=None)
    found = result(made)
    assert found["small"] == 1 and found["outcome"] == {"kind": "poll", "selected": [2]} and "totals" not in found


@pytest.mark.in_turns(of=5)
def test_a_record_that_the_verifier_refuses_stops_everything(town, monkeypatch, caplog):
    made = voted(town)
    count(made.id, by=None)
    wrong = made.row.result.replace('"votes":6', '"votes":7')
    commit(sa.update(BallotBox).values(result=wrong))
    with pytest.raises(Unavailable):
        publication.write_record(made.id, by=None)
    assert made.row.recorded_at is None and "ALARM" in caplog.text and rows(Promise, made) == 12


@pytest.mark.in_turns(of=5)
def test_a_vote_that_was_closed_early_says_so_and_verifies(town):
    made, (one, other) = box(12, **watched()), both(town)
    made.cast(made.voters[0], 1)
    two_confirm(CLOSE_EARLY, made.id, one, other)
    row = made.row
    assert row.closed_at < row.closes_at
    bring_to_publication(made.id, one, other)
    assert made.row.published_at is not None


@pytest.mark.in_turns(of=5)
def test_deleted_rows_are_cleared_again_for_a_while(town, monkeypatch):
    made, cleared = voted(town), []
    two_destroy(made.id)
    monkeypatch.setattr(publication.erasure, "forget_deleted", lambda tables: cleared.append(tables))
    publication.clear_remains()
    assert cleared == [["voter", "promise", "paper_entry", "kiosk_pass"]]
    after(3 * 3600)
    publication.clear_remains()
    assert len(cleared) == 1


@pytest.mark.both
def test_no_sealed_ballot_is_left_in_the_files_of_the_database(town, app):
    made = voted(town)
    sealed = db.session.scalars(sa.select(Voter.sealed).filter_by(box_id=made.id)).all()
    two_destroy(made.id)
    db.session.remove()
    if db.engine.dialect.name == "sqlite":
        files = b"".join(bytes_of(path) for path in Path(app.config["DATA"]).glob("*.db*"))
        assert sealed and not any(one in files for one in sealed)
    else:
        with db.engine.connect() as connection:
            dead = connection.exec_driver_sql("SELECT pg_relation_size('voter')").scalar_one()
        assert dead == 0, "an emptied table gives its pages back"
