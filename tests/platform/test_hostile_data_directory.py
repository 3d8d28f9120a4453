"""The data directory written by somebody without the keys: no code of theirs runs, no key leaves or is destroyed, no
result changes unseen. Jobs: `test_jobs`; answers of processes that read strangers' files: `test_subprocess_call`."""

import logging
import os
import re
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import current_app

import config
from civic_forum.attachments import services as attachments
from civic_forum.attachments.models import Attachment
from civic_forum.ballots.box import watching
from civic_forum.ballots.published import records
from civic_forum.platform import (
    backups,
    database_copies,
    jobs,
    keys,
    last_backup,
    migrations,
    start_checks,
    storage,
    writers,
)
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Invalid, Unavailable
from civic_forum.sharing import services as sharing
from tests.ballots import boxes
from tests.servers import postgres as server
from tests.sharing.things import made, page_of, with_picture

A_WEEK_AGO = 1_700_000_000
SECRET = bytes(range(32))
"""Content of a key."""


@pytest.fixture
def place(sqlite_app, tmp_path, monkeypatch):
    """A site whose keys lie beside its data directory, both empty but for one key."""
    data = tmp_path / "data"
    for name, folder in (("DATA", data), ("KEYS", tmp_path / "data-keys")):
        folder.mkdir()
        monkeypatch.setitem(sqlite_app.config, name, str(folder))
    (tmp_path / "data-keys" / "master.key").write_bytes(SECRET)
    os.utime(tmp_path / "data-keys" / "master.key", (A_WEEK_AGO, A_WEEK_AGO))
    (data / "uploads").mkdir()
    with sqlite_app.app_context():
        yield data


def key_of(place: Path) -> Path:
    return place.with_name("data-keys") / "master.key"


# Names and links that lead out of the directory

@pytest.mark.parametrize("digest", ["../../data-keys/master.key", "../data-keys/master.key", "..", "", "/etc/passwd",
                                    "a" * 63, "A" * 64, f"{'a' * 64}\n"])
def test_a_name_from_a_row_leads_to_no_other_file(place, digest):
    path = storage.path_of(digest)
    assert not path.exists() and path.parent.parent == place / "uploads" and ".." not in path.parts


def test_a_row_or_a_link_that_names_a_key_is_a_file_that_is_not_there(app, town, browse):
    proposal = with_picture(town, town.proposal())
    key, digest = Path(app.config["KEYS"], "master.key"), db.session.scalar(sa.select(Attachment.digest))
    keys.newest()
    address, path = f"/attachments/picture{proposal.id}", storage.path_of(digest)
    with browse().get(address) as answer:
        assert answer.status_code == 200
    for name in (os.path.relpath(key, Path(app.config["DATA"], "uploads", "..")), digest):
        db.session.execute(sa.update(Attachment).values(digest=name))
        db.session.commit()
        path.unlink(missing_ok=True)
        path.symlink_to(key)
        answer = browse().get(address)
        assert answer.status_code == 404 and key.read_bytes() not in answer.data
    path.unlink()


def linked(path: Path, target: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)
    return path


def test_nothing_behind_a_link_is_handed_out(place):
    outside = key_of(place).parent
    blob, record = "b" * 64, place / "records" / "0a" / "public.zip"
    linked(place / "uploads" / "bb" / blob, outside / "master.key")
    linked(record, outside / "master.key")
    linked(place / "records" / "0b", outside)
    for path in (storage.path_of(blob), record, place / "records" / "0b" / "master.key",
                 place / "records" / ".." / ".." / "data-keys" / "master.key"):
        with pytest.raises(FileNotFoundError):
            storage.opened(path)
    record.unlink()
    record.write_bytes(b"whole")
    shutil.move(place / "records", place.with_name("other disk"))
    (place / "records").symlink_to(place.with_name("other disk"))  # as an operator may
    with storage.opened(record) as file:
        assert file.read() == b"whole"


@pytest.mark.in_turns(of=5)
def test_a_drawn_picture_that_became_a_link_is_drawn_anew(town, browse):
    proposal, _path = made(town, "proposal", title="링크")
    address = re.search(r'og:image" content="http://[^/]+([^"]+)"', browse().get(page_of("proposal", proposal)).text)[1]
    drawn = Path(current_app.config["DATA"], "shared", address.rpartition("/")[2])
    first = browse().get(address).data
    keys.newest()
    drawn.unlink()
    drawn.symlink_to(Path(current_app.config["KEYS"], "master.key"))
    assert browse().get(address).data == first and not drawn.is_symlink()


# Links through which the site itself would write or delete

def test_no_key_is_thrown_away_with_old_files(place):
    outside = key_of(place).parent
    for name in ("ma", "bo"):
        (place / "uploads" / name).symlink_to(outside)
    (place / "shared").symlink_to(outside)
    for name in (".rotation", "box-00.key", ".box-00.key.1"):
        (outside / name).write_bytes(SECRET)
        os.utime(outside / name, (A_WEEK_AGO, A_WEEK_AGO))
    before = sorted(outside.iterdir())
    attachments.forget_unnamed()
    sharing.forget_old()
    sharing._make_room(place / "shared")
    jobs._forget_old_queue(place)
    assert sorted(outside.iterdir()) == before


def test_nothing_is_written_through_a_link(place):
    made_up = key_of(place).with_name("master-2.key")
    linked(place / "result-1", made_up)
    with pytest.raises(OSError), writers.turn_at(place / "result-1"):
        pass
    linked(records.directory(b"\x0a") / ".lock", made_up)
    with pytest.raises(Unavailable), records.turn(b"\x0a"):
        pass
    part = linked(place / "records" / "0a" / "public.zip.part", key_of(place))
    with pytest.raises(OSError), storage.written_alone(part.with_suffix("")):
        pass
    linked(place / "records" / "0b" / ".public.zip", key_of(place))
    with pytest.raises(OSError), open(__file__, "rb") as file:
        backups._keep(file, place / "records" / "0b" / "public.zip")
    assert not made_up.exists() and key_of(place).read_bytes() == SECRET


# Backups

def test_a_backup_takes_no_key_along_and_a_restored_one_brings_none(place, monkeypatch):
    outside = key_of(place).parent
    linked(place / "uploads" / "ab", outside)
    linked(place / "records" / "0a" / "public.zip", outside / "master.key")
    linked(place / "records" / "0b", outside)
    assert not list(backups._blobs(place / "uploads")) and not backups._files(place / "records")
    copy = place.with_name("copy")
    linked(copy / "records" / "0a" / "public.zip", outside / "master.key")
    backups._add_files(copy / "records", place / "elsewhere")
    assert not (place / "elsewhere").exists()


@pytest.mark.servers
@pytest.mark.in_turns(of=10)
def test_a_hostile_dump_runs_nothing_while_it_is_put_back(postgres, tmp_path):
    """A dump that psql reads could name a command of the system; the database stays as it was."""
    url, proof, dump = sa.make_url(server.fresh_database(postgres)), tmp_path / "run", tmp_path / "dump"
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    words = f"\\! touch {proof}".ljust(400)
    try:
        with engine.begin() as connection:
            for statement in ("CREATE TABLE alembic_version (version_num text)", "CREATE TABLE old (id int)",
                              f"COMMENT ON TABLE old IS '{'A' * len(words)}'"):
                connection.exec_driver_sql(statement)
        database_copies.copy(url, dump)
        content = dump.read_bytes()
        comment = re.search(rb"COMMENT ON TABLE public.old IS 'A+';", content)[0]
        dump.write_bytes(content.replace(comment, f"SELECT 1;\n{words.strip()}\n".ljust(len(comment)).encode()))
        database_copies.check(url, dump)
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE here (id int)")
        with pytest.raises(Invalid, match="restricted"):
            database_copies.put_back(url, dump)
        with engine.connect() as connection:
            assert connection.dialect.has_table(connection, "here")
    finally:
        engine.dispose()
        server.drop_database(url.render_as_string(hide_password=False))
    assert not proof.exists()


# What the database does by itself

@pytest.fixture
def hostile_trigger(town):
    """Somebody's own statement at each entry of the audit log."""
    if db.engine.dialect.name == "sqlite":
        put = ["CREATE TRIGGER hostile AFTER INSERT ON audit_entry"
               " BEGIN DELETE FROM audit_entry WHERE id = NEW.id; END"]
        drop = ["DROP TRIGGER hostile"]
    else:
        put = ["CREATE FUNCTION hostile() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
               "CREATE TRIGGER hostile BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION hostile()"]
        drop = ["DROP TRIGGER hostile ON audit_entry", "DROP FUNCTION hostile()"]
    for statements in (put, drop):
        with db.engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
        if statements is put:
            yield


@pytest.mark.both
def test_a_trigger_that_the_site_did_not_make_stops_the_start_and_is_an_alarm(hostile_trigger, caplog):
    with pytest.raises(Conflict, match="triggers that the site did not make: hostile"):
        start_checks.run()
    caplog.set_level(logging.CRITICAL)
    jobs.periodic["triggers that the site did not make"].run()
    assert ["ALARM: The database has triggers" in record.getMessage() for record in caplog.records] == [True]


@pytest.mark.both
def test_the_triggers_of_the_site_are_none(town, caplog):
    migrations.refuse_triggers()
    migrations.watch_triggers()
    assert not caplog.records


def test_a_trigger_under_the_name_of_one_of_the_site_is_seen(place):
    with db.engine.begin() as connection:
        own = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE type = 'trigger'").scalar_one()
        try:
            connection.exec_driver_sql("DROP TRIGGER tr_search_entry_emptied")
            connection.exec_driver_sql("CREATE TRIGGER tr_search_entry_emptied AFTER DELETE ON search_entry"
                                       " BEGIN SELECT 1; END")
            names = [name for name, made_by in connection.exec_driver_sql(migrations.TRIGGERS["sqlite"])
                     if made_by not in migrations._triggers]
            assert names == ["tr_search_entry_emptied"]
        finally:
            connection.exec_driver_sql("DROP TRIGGER tr_search_entry_emptied")
            connection.exec_driver_sql(own)


@pytest.mark.parametrize("statement", ["SELECT load_extension('/tmp/any')", "SELECT readfile('/etc/passwd')",
                                       "SELECT writefile('/tmp/any', 'x')", "SELECT edit('x')"])
def test_no_statement_of_a_trigger_reaches_a_file_or_a_program(place, statement):
    with db.engine.connect() as connection, pytest.raises(sa.exc.OperationalError, match="not authorized|no such"):
        connection.exec_driver_sql(statement)


@pytest.mark.both
def test_a_trigger_that_swallows_casts_is_seen_within_a_minute(town):
    """A voter has a receipt; the ledger beside the keys has the line that the table lacks."""
    made_box = boxes.box(12, closes=100_000)
    made_box.cast(made_box.voters[0], 1)
    table = "voter"
    sqlite = db.engine.dialect.name == "sqlite"
    with db.engine.begin() as connection:
        if sqlite:
            connection.exec_driver_sql(f"CREATE TRIGGER hostile AFTER INSERT ON {table}"
                                       " BEGIN DELETE FROM voter WHERE row_key = NEW.row_key; END")
        else:
            connection.exec_driver_sql("CREATE FUNCTION hostile() RETURNS trigger LANGUAGE plpgsql AS"
                                       " 'BEGIN DELETE FROM voter WHERE row_key = NEW.row_key; RETURN NULL; END'")
            connection.exec_driver_sql(f"CREATE TRIGGER hostile AFTER INSERT ON {table} FOR EACH ROW"
                                       " EXECUTE FUNCTION hostile()")
    try:
        made_box.cast(made_box.voters[1], 1)
    finally:
        with db.engine.begin() as connection:
            connection.exec_driver_sql("DROP TRIGGER hostile" + ("" if sqlite else f" ON {table}"))
            if not sqlite:
                connection.exec_driver_sql("DROP FUNCTION hostile()")
    assert watching.look()[made_box.id]["missing"] == 1


# Settings that are read from there

def test_a_site_of_people_becomes_no_sample_by_a_file(place):
    """As one it would want no second factor, no seven days, and fewer than three officers."""
    given = {"CIVIC_FORUM_SECRET_KEY": "a secret of sixteen and more"}
    for _again in range(2):
        config.mark_as_of_people(config.load(given, DATA=str(place)))
    config.mark_as_sample(place)
    with pytest.raises(config.SettingError, match="SAMPLE is refused"):
        config.load(given, DATA=str(place))


def test_the_mark_is_made_by_every_start(sqlite_app, place, monkeypatch):
    monkeypatch.setitem(sqlite_app.config, "SAMPLE", False)
    start_checks.run()
    assert key_of(place).with_name(config.OF_PEOPLE).exists()


def test_a_sample_stays_one_and_marks_no_keys(place):
    config.load({"CIVIC_FORUM_SECRET_KEY": "a secret of sixteen and more"}, DATA=str(place))  # before it was marked
    config.mark_as_sample(place)
    for _again in range(2):
        found = config.load({}, DATA=str(place))
        config.mark_as_of_people(found)
        assert found["SAMPLE"]


@pytest.mark.parametrize("content", [b"", b"\x80\x04N.", b"[]", b'{"name": 1}', b'{"at": "x"}', b'{"at": []}',
                                     b'{"name": {"__class__": "os.system"}, "at": "2026-01-01T00:00:00+00:00"}'])
def test_notes_of_backups_and_jobs_are_data_whatever_they_say(place, content):
    for name in (last_backup.LAST, last_backup.ASKED, jobs.NOTE):
        (place / name).write_bytes(content)
    assert jobs.noted() is None
    for found in (last_backup.last(), last_backup.asked()):
        assert found is None or isinstance(getattr(found, "name", ""), str)


# Each kind of file

KINDS = {
    r"SAMPLE|sample-(loading|secret-key|password|accounts|providers\S*)": "a sample alone reads them",
    r"civic_forum\.db(-wal|-shm)?": "triggers: here; rows: tests/ballots/attack/test_database_writer.py",
    r"civic_forum\.db-turn|backup-turn|result-\d+": "test_nothing_is_written_through_a_link",
    r"uploads/[0-9a-f]{2}/[0-9a-f]{64}": "test_nothing_behind_a_link_is_handed_out",
    r"shared/[0-9a-f]{20}\.(jpg|pdf)": "test_a_drawn_picture_that_became_a_link_is_drawn_anew",
    r"records/[0-9a-f]+/(public|observers)(-\d+)?\.zip": "its hash stands in the box: tests/ballots/test_observing.py",
    r"records/[0-9a-f]+/(observed(-\d+)?\.json|\.lock)": "signatures of observers are checked where they are read",
    r"(mail|sms)/[\w-]+\.(eml|txt)": "written and deleted, never read",
    r"last-backup\.json|backup-asked\.json|worker\.json": "test_notes_of_backups_and_jobs_are_data_whatever_they_say",
    r"backup-work(/turn)?": "a backup is made in it anew",
}
"""By form: where an attacker's is tried. Whoever adds a kind of file says first what it does when somebody else writes
it."""


def test_every_kind_of_file_of_a_served_sample_has_been_tried(site):
    data = Path(site.data)
    found = {str(path.relative_to(data)) for path in data.rglob("*") if not path.is_dir()}
    unknown = sorted(name for name in found if not any(re.fullmatch(kind, name) for kind in KINDS))
    assert found and not unknown
