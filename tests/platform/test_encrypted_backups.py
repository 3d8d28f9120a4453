"""Backups that only who holds a private key can read, on either database."""

import json
import os
import subprocess
import sys
import time
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import Person
from civic_forum.app import ROOT
from civic_forum.ballots.models import ElectoralRoll
from civic_forum.platform import asked_backups, backups, cli, encrypted_archives, last_backup, start_checks, storage
from civic_forum.platform.base import db
from civic_forum.platform.errors import Invalid, Unavailable
from tests.platform.test_backups import described, everything, lived_in, unchanged
from tests.servers import forks

pytestmark = [pytest.mark.servers, pytest.mark.in_turns(of=10)]  # by their time, also on SQLite
TOLD = b"a name that nobody else may read"


@pytest.fixture(scope="module")
def keys():
    """Files of two private keys by their public keys: of an official and of the safe."""
    return dict(reversed(encrypted_archives.new_identity()) for _ in range(2))


@pytest.fixture
def site(settled, keys):
    lived_in(settled)
    settled.config["BACKUP_RECIPIENTS"] = tuple(keys)
    with settled.app_context():
        storage.keep(TOLD)
        for table in (Person, ElectoralRoll):  # their rows are made up, of keys that nobody made
            db.session.execute(sa.update(table).values(key_id=1))
        db.session.commit()
    return settled


def copied(app, folder):
    with app.app_context():
        backups.backup(str(folder))
        db.session.remove()
    return folder


def restored(app, folder, identity):
    let_go(app)
    with app.app_context():
        return backups.restore(str(folder), identity and identity.encode())


def let_go(app):
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def refused(app, folder, identity, words):
    with pytest.raises(Invalid, match=words):
        restored(app, folder, identity)


def pieces(app):
    return Path(app.config["DATA"]) / "backup-work" / "pieces"


@pytest.mark.in_turns
def test_a_site_comes_back_as_it_was_and_its_copy_tells_nothing(site, keys, open_site, another_address, tmp_path):
    before = everything(site)
    folder = copied(site, tmp_path / "copy")

    assert sorted(path.name for path in folder.iterdir()) == ["backup.json", "backup.tar.age"]
    about = json.loads((folder / "backup.json").read_text())
    assert about.keys() == {"format", "at", "digest", "recipients"}
    assert (about["format"], about["recipients"]) == (2, list(keys))
    assert about["digest"] == sha256((folder / "backup.tar.age").read_bytes()).hexdigest()
    assert TOLD not in (folder / "backup.tar.age").read_bytes() and not pieces(site).exists()
    assert {path.stat().st_mode & 0o077 for path in (folder, *folder.iterdir())} == {0}

    elsewhere = open_site(another_address, KEYS=site.config["KEYS"])
    assert restored(elsewhere, folder, list(keys.values())[1]) == []
    assert everything(elsewhere) == before and not pieces(elsewhere).exists()


def test_a_copy_that_cannot_be_opened_is_refused_in_a_sentence_and_changes_nothing(site, keys, tmp_path):
    folder = copied(site, tmp_path / "copy")
    [identity, _other] = keys.values()
    stranger, _public = encrypted_archives.new_identity()
    with unchanged(site):
        refused(site, folder, None, "--identity FILE")
        refused(site, folder, stranger, "does not open the backup")
        refused(site, folder, "nothing", "no private key of age")
        archive = (folder / "backup.tar.age").read_bytes()
        for bad in (archive[:-1], archive[:len(archive) // 2], b"", archive[:400] + b"x" + archive[401:], b"foreign"):
            (folder / "backup.tar.age").write_bytes(bad)
            refused(site, folder, identity, "The encrypted backup is damaged")
            refused(site, described(folder, digest=sha256(bad).hexdigest()), identity, "archive is damaged")
        (folder / "backup.tar.age").unlink()
        refused(site, folder, identity, "damaged")
        refused(site, described(folder, format=3), identity, "format 3")
        (folder / "backup.json").write_text('{"format": 2}')
        refused(site, folder, identity, "damaged")
    assert not pieces(site).exists()


@pytest.mark.long
def test_archives_by_others_for_the_same_key_are_looked_at_first(site, keys, tmp_path):
    """A public key is no secret: whoever has it makes archives that open."""
    folder = copied(site, tmp_path / "copy")
    [public, *_others], [identity, *_rest] = keys, keys.values()
    inner = {"format": 1, "database": db_name(site), "revision": ["0001"], "digest": "0", "uploads": 1, "sample": True,
             "keys": None}
    with unchanged(site):
        for members, words in (
                ({}, "does not hold a backup"), ({"backup.json": b"[]"}, "does not hold a backup"),
                ({"backup.json": json.dumps({"format": 2, "digest": "", "recipients": []}).encode()}, "no backup in"),
                ({"backup.json": json.dumps(inner).encode()}, "database is damaged"),
                ({"uploads/ab/c/d": b"x", "backup.json": json.dumps(inner).encode()}, "database is damaged")):
            with open(folder / "backup.tar.age", "wb") as file:
                encrypted_archives.write(file, [public], ((name, BytesIO(said)) for name, said in members.items()))
            described(folder, digest=sha256((folder / "backup.tar.age").read_bytes()).hexdigest())
            refused(site, folder, identity, words)


def db_name(app):
    return "sqlite" if app.config["DATABASE_URL"].startswith("sqlite") else "postgresql"


def test_a_plain_copy_is_not_taken_for_an_encrypted_one(site, keys, tmp_path, monkeypatch):
    monkeypatch.setitem(site.config, "BACKUP_RECIPIENTS", ())
    refused(site, copied(site, tmp_path / "copy"), next(iter(keys.values())), "not encrypted")


def test_a_copy_that_fails_leaves_nothing_behind(site, tmp_path, monkeypatch):
    def full(_url, target, _in_order):
        target.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups.database_copies, "copy", full)
    with site.app_context(), pytest.raises(Unavailable, match="No space left"):
        backups.backup(str(tmp_path / "copy"))
    assert list((tmp_path / "copy").iterdir()) == [] and not pieces(site).exists()
    with site.app_context():
        assert last_backup.last() is None


def kill_while_it_copies(site, folder):
    """Its database lies there in plain by then, and much is still to be encrypted after it."""
    long = Path(site.config["DATA"]) / "records" / "long"
    long.parent.mkdir(exist_ok=True)
    with open(long, "wb") as file:
        file.truncate(1 << 28)
    started = command(site, "backup", folder)
    while not (found := [path for path in pieces(site).glob("database.*") if path.stat().st_size]):
        assert started.process.is_alive(), started.ended()
        time.sleep(0.002)
    started.process.kill()
    started.process.join()
    started.room.cleanup()
    long.unlink()
    assert found[0].exists() and not (folder / "backup.json").exists()
    assert {pieces(site).stat().st_mode & 0o077, pieces(site).parent.stat().st_mode & 0o077} == {0}


def command(app, *arguments):
    settings = {"CIVIC_FORUM_DATABASE_URL": app.config["DATABASE_URL"], "CIVIC_FORUM_KEYS": app.config["KEYS"],
                "CIVIC_FORUM_BACKUP_RECIPIENTS": ",".join(app.config["BACKUP_RECIPIENTS"])}
    return forks.Command(["--data", app.config["DATA"], *arguments], os.environ | settings, ROOT)


@pytest.mark.parametrize("by", ["start", pytest.param("backup", marks=pytest.mark.long)])
def test_plain_pieces_of_a_killed_backup_go_with_the_next_start_or_backup(site, tmp_path, by):
    kill_while_it_copies(site, tmp_path / "first")
    with site.app_context():
        start_checks.run() if by == "start" else copied(site, tmp_path / "second")
    assert not pieces(site).exists()


@pytest.mark.both
def test_a_start_leaves_the_pieces_of_a_running_backup_alone(settled):
    with settled.app_context(), backups._workplace() as folder:
        (folder / "database.sqlite").touch()
        start_checks.run()
        assert (folder / "database.sqlite").exists()


def test_the_backup_that_a_page_asks_for_is_encrypted_too(site, tmp_path):
    with site.app_context():
        site.config["BACKUPS"] = str(tmp_path / "asked")
        last_backup.ask()
        assert asked_backups.make() is True
        [folder] = (tmp_path / "asked").iterdir()
        assert last_backup.last().name == str(folder) and last_backup.asked() is None
    assert sorted(path.name for path in folder.iterdir()) == ["backup.json", "backup.tar.age"]


def test_the_commands_make_a_key_and_take_it(site, tmp_path):
    made = command(site, "backup-key", "new", tmp_path / "key").ended()
    assert made.returncode == 0 and (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    public, text = made.stdout.strip(), (tmp_path / "key").read_text()
    assert "SECRET" not in made.stdout + made.stderr and f"# public key: {public}\n" in text
    again = command(site, "backup-key", "new", tmp_path / "key").ended()
    assert (again.returncode, again.stderr.count("\n")) == (1, 1) and (tmp_path / "key").read_text() == text

    site.config["BACKUP_RECIPIENTS"] = (public,)
    assert command(site, "backup", tmp_path / "copy").ended().returncode == 0
    (tmp_path / "other").write_text(encrypted_archives.new_identity()[0])
    answer = command(site, "restore", tmp_path / "copy", "--identity", tmp_path / "other").ended()
    assert (answer.returncode, answer.stdout, answer.stderr.count("\n")) == (1, "", 1)
    let_go(site)
    piped = site.test_cli_runner().invoke(cli.restore, [str(tmp_path / "copy"), "--identity", "-"], input=text)
    assert piped.exit_code == 0, piped.output


def test_a_site_that_people_reach_says_at_the_start_that_its_backups_are_plain(settled, caplog):
    reached = {"URL": "https://forum.example.org", "SAMPLE": False, "BACKUP_RECIPIENTS": ()}
    with settled.app_context():
        for change, warned in (({}, True), ({"BACKUP_RECIPIENTS": ("age1…",)}, False), ({"SAMPLE": True}, False),
                               ({"URL": "http://127.0.0.1:8000"}, False)):
            caplog.clear()
            with pytest.MonkeyPatch.context() as now:
                [now.setitem(settled.config, name, value) for name, value in (reached | change).items()]
                start_checks.run()
            assert caplog.text.count("CIVIC_FORUM_BACKUP_RECIPIENTS") == warned, change


MEASURED = """
import atexit, re, sys
from civic_forum import cli
peak = re.compile(r"VmHWM:\\s+(\\d+) kB")
atexit.register(lambda: print("peak", peak.search(open("/proc/self/status").read())[1]))
cli.run()
"""


def peak_of(app, *arguments):
    """Kilobytes of memory that a command used at most."""
    settings = {"CIVIC_FORUM_DATABASE_URL": app.config["DATABASE_URL"], "CIVIC_FORUM_KEYS": app.config["KEYS"],
                "CIVIC_FORUM_BACKUP_RECIPIENTS": ",".join(app.config["BACKUP_RECIPIENTS"])}
    done = subprocess.run([sys.executable, "-c", MEASURED, "--data", app.config["DATA"], *map(str, arguments)],
                          env=os.environ | settings, cwd=ROOT, capture_output=True, text=True, check=True)
    return int(done.stdout.split("peak ")[1])


@pytest.mark.long
def test_large_uploads_are_never_held_in_memory(site, keys, tmp_path):
    (tmp_path / "key").write_text(next(iter(keys.values())))
    let_go(site)
    peaks = []
    for name in ("small", "large"):
        peaks.append([peak_of(site, "backup", tmp_path / name),
                      peak_of(site, "restore", tmp_path / name, "--identity", tmp_path / "key")])
        with site.app_context():
            [storage.keep(os.urandom(100_000_000)) for _ in range(3 * (name == "small"))]
    assert (tmp_path / "large" / "backup.tar.age").stat().st_size > 300_000_000
    assert max(large - small for small, large in zip(*peaks)) < 30_000, peaks
