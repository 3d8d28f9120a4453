"""Backups while people vote, and going back to one: never behind what was shown, never unnoticed."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from threading import Event, Thread

import pytest
import sqlalchemy as sa

from civic_forum import data_directory
from civic_forum.app import ROOT
from civic_forum.ballots.counting import closing, publication
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.keys import backups as backup_list
from civic_forum.ballots.officials import services as confirmations
from civic_forum.ballots.published import heads, records
from civic_forum.ballots.box import closing_file
from civic_forum.ballots.models import BallotBox, Head, LogLeaf, LiveToken, VoteNotice
from civic_forum.platform import backups, clock, database_copies, encrypted_archives, keys, start_checks
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Invalid, NotFound, Unavailable
from tests import conftest, factories
from tests.ballots.boxes import box
from tests.ballots.officials import COPIES, DESTROY_KEY, after, both, two_confirm
from tests.common import commit, let_go
from tests.migrations import newest
from tests.servers import postgres as server

pytestmark = pytest.mark.in_turns(of=10)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.servers)])
def site(request, tmp_path):
    """A site of its own, with a database of its own that can be put back."""
    given, data = {}, tmp_path / "data"
    if request.param == "postgres":
        given["DATABASE_URL"] = server.fresh_database(request.getfixturevalue("postgres"))
    newest.put_into(given.get("DATABASE_URL", f"sqlite:///{data / 'civic_forum.db'}"))
    app = conftest.build(data, **given)
    with app.app_context():
        keys.newest()  # rolls of these tests hold hashes that nobody made
        yield app
        let_go()
    if given:
        server.drop_database(given["DATABASE_URL"])


def copied(folder):
    backups.backup(str(folder))
    return folder


def restored(folder):
    db.session.remove()
    return backups.restore(str(folder))


def everything():
    db.session.rollback()
    found = {table.name: db.session.execute(sa.select(table)).all() for table in db.metadata.sorted_tables
             if table.name != "site_version"}
    db.session.remove()
    return found


def bytes_of(folder):
    return b"".join(path.read_bytes() for path in sorted(Path(folder).rglob("*")) if path.is_file())


def test_no_backup_holds_a_key(site, tmp_path):
    made = box(3)
    made.cast(made.voters[0], 1)
    kept = bytes_of(copied(tmp_path / "copy"))
    for secret in (keyring.exported(made.id), keyring.signing_seed()):
        assert secret not in kept and secret.hex().encode() not in kept


@pytest.mark.in_turns
def test_a_backup_behind_a_head_that_was_shown_is_refused_with_an_alarm_and_changes_nothing(site, tmp_path, caplog):
    """The content that its closing froze is lost, so the box cannot be brought forward either."""
    made = box(3)
    made.cast(made.voters[0], 1)
    folder = copied(tmp_path / "copy")
    after(3700)
    closing.close(made.id)
    closing_file.delete(made.id)
    before = everything()
    with pytest.raises(Conflict, match="ALARM") as refused:
        restored(folder)
    assert made.id.hex() in str(refused.value) and "ALARM" in caplog.text and everything() == before


def closed_state(made):
    """Everything that the closing head was signed for."""
    db.session.rollback()
    return [db.session.execute(sa.select(table.__table__).where(table.__table__.c.box_id == made.id)
                               .order_by(*table.__table__.primary_key)).all() for table in (Head, LogLeaf, LiveToken)]


def test_a_box_that_was_closed_since_the_backup_is_closed_as_it_was(site, tmp_path, caplog):
    made = box(12)
    for voter in made.voters[:11]:
        made.cast(voter, 1)
    folder = copied(tmp_path / "copy")
    made.cast(made.voters[0], 2)
    made.cast(made.voters[11], 2)
    after(3700)
    closing.close(made.id)
    before = closed_state(made)
    [alarm] = restored(folder)
    assert "ALARM" in alarm and made.id.hex() in alarm and "ALARM" in caplog.text
    assert closed_state(made) == before and made.row.closed_at is not None
    assert [notice.kind for notice in db.session.scalars(sa.select(VoteNotice))] == ["alarm"]
    start_checks.run()
    publication.carry_on(made.id, by=None)
    result = json.loads(made.row.result)
    assert (result["ballots"], result["totals"][1]) == (12, {"option": 2, "votes": 2})


def test_a_box_of_which_more_than_the_close_was_shown_is_not_brought_forward(site, tmp_path):
    made = box(12)
    folder = copied(tmp_path / "copy")
    after(3700)
    closing.finish(made.id, by=None)
    with pytest.raises(Conflict, match="ALARM"):
        restored(folder)


def test_a_key_that_is_destroyed_and_a_full_box_are_not_started(site, tmp_path):
    made, emptied = box(3), box(3)
    start_checks.run()
    keyring.destroy(made.id, by="두 담당자", at=clock.now())
    with pytest.raises(Conflict, match=made.id.hex()):
        start_checks.run()
    keyring._tombstone(made.id).unlink()
    commit(sa.update(BallotBox.__table__).where(BallotBox.__table__.c.id == emptied.id).values(
        erased_at=clock.now(), key_destroyed_at=clock.now()))
    with pytest.raises(Conflict, match=emptied.id.hex()):
        start_checks.run()


def test_a_backup_from_before_the_opening_is_refused_too(site, tmp_path):
    folder = copied(tmp_path / "copy")
    box(3)
    with pytest.raises(Conflict, match="ALARM"):
        restored(folder)


def test_a_backup_with_another_head_in_its_place_is_refused(site, tmp_path):
    made = box(3)
    head = heads.newest(made.id)
    commit(sa.update(Head).values(signature=bytes(64)))
    folder = copied(tmp_path / "copy")
    commit(sa.update(Head).values(signature=head.signature))
    with pytest.raises(Conflict, match="ALARM"):
        restored(folder)


@pytest.mark.in_turns
def test_a_restore_while_a_vote_is_open_is_an_alarm_and_a_public_notice(site, tmp_path):
    made = box(3)
    made.cast(made.voters[0], 1)
    folder = copied(tmp_path / "copy")
    made.cast(made.voters[1], 2)
    [alarm] = restored(folder)
    assert "ALARM" in alarm and made.id.hex() in alarm and "1 voters and 1 receipts" in alarm
    [notice] = db.session.scalars(sa.select(VoteNotice))
    assert (notice.kind, notice.subject) == ("alarm", made.row.subject)
    assert made.promises() == 1
    made.cast(made.voters[1], 2)
    assert made.promises() == 2, "who lost their ballot casts again"


def test_a_restore_after_the_close_brings_back_all_of_it_without_an_alarm(site, tmp_path):
    made = box(10)
    made.cast(made.voters[0], 1)
    after(3700)
    publication.carry_on(made.id, by=None)
    before, written = everything(), records.public(made.row).read_bytes()
    folder = copied(tmp_path / "copy")
    shutil.rmtree(records.directory(made.id).parent)
    assert restored(folder) == []
    assert everything() == before and records.public(made.row).read_bytes() == written
    assert records.are_as_written(made.row) and records.observers(made.row).stat().st_mode & 0o077 == 0


def test_a_record_that_was_damaged_in_the_backup_is_not_restored(site, tmp_path):
    made = box(10)
    after(3700)
    publication.carry_on(made.id, by=None)
    folder = copied(tmp_path / "copy")
    with open(folder / "records" / made.id.hex() / "public.zip", "ab") as file:
        file.write(b"!")
    with pytest.raises(Invalid, match="public.zip"):
        restored(folder)


def test_a_database_behind_a_head_that_was_shown_is_not_started(site, tmp_path):
    made = box(3)
    start_checks.run()
    commit(sa.delete(Head))
    with pytest.raises(Conflict, match="ALARM"):
        start_checks.run()
    with pytest.raises(SystemExit, match=made.id.hex()):
        start_checks.guard(site)


def test_a_damaged_head_stops_the_start_with_a_sentence(site):
    made = box(3)
    keyring._head(made.id).write_text("{")
    with pytest.raises(Unavailable, match="heads"):
        start_checks.run()


def test_the_command_that_serves_refuses_such_a_database_with_a_sentence(tmp_path):
    newest.put_into(f"sqlite:///{tmp_path / 'data' / 'civic_forum.db'}")
    app = conftest.build(tmp_path / "data")
    with app.app_context():
        keys.newest()
        box(3)
        db.session.remove()
        prepared = data_directory.is_prepared(app.config, with_sample=False)
        commit(sa.delete(Head))
        assert prepared and not data_directory.is_prepared(app.config, with_sample=False)
        let_go()
    surroundings = os.environ | {"CIVIC_FORUM_DATA": app.config["DATA"]}
    done = subprocess.run([sys.executable, "-m", "civic_forum.preparation", "--empty"], env=surroundings, cwd=ROOT,
                          capture_output=True, text=True)
    assert done.returncode == 1 and "ALARM" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.in_turns
def test_rows_of_ballots_lie_in_no_order_of_voting_in_a_backup(site, tmp_path):
    made = box(40)
    for voter in made.voters:
        made.cast(voter, 1)
    folder = copied(tmp_path / "copy")
    if db.engine.dialect.name == "sqlite":
        with sqlite3.connect(folder / "database.sqlite") as copy:
            names = [row[0] for row in copy.execute("SELECT name FROM promise NOT INDEXED")]
            people = [row[0] for row in copy.execute("SELECT row_key FROM voter NOT INDEXED")]
    else:
        names = [row["name"] for row in _copy(folder).rows("promise", "name")]
        people = [row["row_key"] for row in _copy(folder).rows("voter", "row_key")]
    assert len(names) == len(people) == 40 and names == sorted(names) and people == sorted(people)


def test_backups_while_people_vote_lose_no_ballot_stop_nobody_and_tell_no_order(site, tmp_path):
    made = box(120)
    over, cast, failed = Event(), [], []

    def vote(voters):
        with site.app_context():
            for voter in voters:
                try:
                    made.cast(voter, 1)
                    cast.append(voter)
                except Exception as trouble:
                    failed.append(trouble)
                if over.is_set():
                    return
            db.session.remove()

    crowd = [Thread(target=vote, args=(made.voters[number::4],)) for number in range(4)]
    db.session.remove()
    [voters.start() for voters in crowd]
    folders = [copied(tmp_path / f"copy{number}") for number in range(3)]
    [voters.join(60) for voters in crowd]
    over.set()
    assert failed == [] and len(cast) == 120 and made.promises() == 120
    for folder in folders:
        if db.engine.dialect.name == "postgresql":
            names = [row["name"] for row in _copy(folder).rows("promise", "name")]
            people = [row["row_key"] for row in _copy(folder).rows("voter", "row_key")]
            assert names == sorted(names) and people == sorted(people)
            assert len(people) == len(names), "a snapshot holds whole casts"


def _copy(folder):
    return database_copies.Copy(db.engine.url, folder / database_copies.NAMES[db.engine.dialect.name])


def test_ballots_cast_while_the_backup_is_made_are_in_order_or_not_in_it(site, tmp_path, monkeypatch):
    """Somebody who votes just then would otherwise lie at the end of the dump, last come, last written."""
    made = box(40)
    for voter in made.voters[:30]:
        made.cast(voter, 1)
    real = subprocess.run

    def late(command, **options):
        if str(command[0]).endswith("pg_dump"):
            for voter in made.voters[30:]:
                made.cast(voter, 1)
            db.session.remove()
        return real(command, **options)

    monkeypatch.setattr(database_copies.subprocess, "run", late)
    folder = copied(tmp_path / "copy")
    names = [row["name"] for row in _copy(folder).rows("promise", "name")]
    assert names == sorted(names) and len(names) == 30
    assert made.promises() == (30 if db.engine.dialect.name == "sqlite" else 40)


def test_backups_of_sealed_ballots_are_listed_and_deleted_by_name_before_the_key_goes(site, tmp_path):
    town = factories.Town()
    first, second = both(town)
    copied(tmp_path / "before")
    made = box(10)
    during, closed = copied(tmp_path / "during"), tmp_path / "closed"
    after(3700)
    closing.close(made.id)
    copied(closed)
    publication.carry_on(made.id, by=first)
    recorded = copied(tmp_path / "recorded")
    assert backup_list.left(made.id) == [str(during), str(closed), str(recorded)]
    with pytest.raises(Conflict, match="during"):
        confirmations.propose(DESTROY_KEY, made.id, by=first)
    with pytest.raises(Conflict, match="아직 그대로"):
        publication.say_backups_gone(made.id, [str(during)], by=first)
    with pytest.raises(NotFound):
        publication.say_backups_gone(made.id, [str(tmp_path / "before")], by=first)
    for folder in (during, closed, recorded):
        shutil.rmtree(folder)
        publication.say_backups_gone(made.id, [str(folder)], by=second)
    assert backup_list.left(made.id) == []
    two_confirm(DESTROY_KEY, made.id, first, second, note=COPIES)
    publication.carry_on(made.id, by=first)
    copied(tmp_path / "after")
    assert backup_list.left(made.id) == []
    with pytest.raises(Denied):
        publication.say_backups_gone(made.id, [str(during)], by=town.resident())


@pytest.mark.long
def test_encrypted_backups_are_listed_and_refused_like_plain_ones(site, tmp_path, monkeypatch):
    identity, public = encrypted_archives.new_identity()
    monkeypatch.setitem(site.config, "BACKUP_RECIPIENTS", (public,))
    made, town = box(3), factories.Town()
    first, _second = both(town)
    made.cast(made.voters[0], 1)
    folder = copied(tmp_path / "during")
    assert backup_list.left(made.id) == [str(folder)] and not (folder / "uploads").exists()
    with pytest.raises(Conflict, match="아직 그대로"):
        publication.say_backups_gone(made.id, [str(folder)], by=first)
    after(3700)
    closing.close(made.id)
    closing_file.delete(made.id)
    before = everything()
    with pytest.raises(Conflict, match="ALARM"):
        backups.restore(str(folder), identity.encode())
    assert everything() == before


def test_a_copy_tells_its_rows_before_it_is_put_back(site, tmp_path):
    made = box(3)
    copy = _copy(copied(tmp_path / "copy"))
    [row] = copy.rows("head", "box_id", "number", "kind", "signature")
    head = heads.newest(made.id)
    assert row == {"box_id": made.id, "number": 0, "kind": "opening", "signature": head.signature}
    assert copy.rows("no_such_table", "id") == [] and copy.rows("vote_notice", "id") == []
