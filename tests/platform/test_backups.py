import json
import os
import shutil
import sqlite3
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

import config
from civic_forum.app import ROOT, create_app
from civic_forum.attachments.models import Attachment, AttachmentSet
from civic_forum.comments.models import Comment, Thread
from civic_forum.platform import backups, database_copies, keys, migrations, site_version, storage
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Invalid, Unavailable
from civic_forum.platform.work import use_case
from tests import factories
from tests.common import let_go
from tests.migrations import filling, shape
from tests.migrations.conftest import add_revision
from tests.migrations.test_revisions import REVISIONS
from tests.servers import forks
from tests.servers import postgres as server

pytestmark = [pytest.mark.servers, pytest.mark.in_turns(of=10)]  # by their time, also on SQLite


def lived_in(app):
    """Rows in every table, a blob, and something sealed with the keys."""
    with app.app_context():
        with db.engine.begin() as connection:
            filling.fill(connection)
            connection.execute(sa.text("UPDATE attachment SET digest = :digest WHERE id = 1"),
                               {"digest": storage.keep("사진".encode())})
            connection.execute(sa.text("UPDATE attachment SET thumbnail_digest = NULL"))
        return keys.seal("person.name", "김가산")


def everything(app):
    """All that a site is made of, the search index included."""
    with app.app_context(), db.engine.connect() as connection:
        uploads = Path(app.config["DATA"]) / "uploads"
        rows = filling.rows(connection)
        rows.pop("site_version")
        return (shape.of(connection), rows, filling.found(connection),
                {path.name: path.read_bytes() for path in uploads.glob("??/*")})


def copied(app, folder):
    with app.app_context():
        backups.backup(str(folder))
    return folder


def restored(app, folder):
    with app.app_context():
        return backups.restore(str(folder))


@contextmanager
def unchanged(app):
    before = everything(app)
    yield
    assert everything(app) == before


def refused(app, folder, kind, words):
    with pytest.raises(kind, match=words):
        restored(app, folder)


@pytest.mark.in_turns
def test_a_site_comes_back_in_an_empty_place_as_it_was(settled, open_site, another_address, tmp_path):
    sealed = lived_in(settled)
    folder = copied(settled, tmp_path / "copy")
    before = everything(settled)
    assert before[2] == [1] and len(before[3]) == 1

    elsewhere = open_site(another_address, KEYS=settled.config["KEYS"])
    assert restored(elsewhere, folder) == []

    assert everything(elsewhere) == before
    with elsewhere.app_context():
        assert migrations.differences() == []
        assert keys.unseal("person.name", sealed) == "김가산"
    assert elsewhere.test_client().get("/readyz").status_code == 200


def test_a_site_comes_back_over_what_has_happened_since(settled, tmp_path):
    lived_in(settled)
    folder = copied(settled, tmp_path / "copy")
    before = everything(settled)
    with settled.app_context():
        with use_case(None) as work:
            work.session.execute(sa.text("DELETE FROM support"))
            work.session.add(AttachmentSet(kind="proposal"))
        kept, gone = storage.keep(b"later"), before[3].popitem()[0]
        storage.path_of(gone).write_bytes(b"spoiled")

    restored(settled, folder)

    before = (*before[:3], {gone: "사진".encode()})
    assert everything(settled) == before
    with settled.app_context():
        assert not storage.path_of(kept).exists()


def test_a_sample_comes_back_with_the_password_that_its_people_have(settled, open_site, another_address, tmp_path):
    lived_in(settled)
    (Path(settled.config["DATA"]) / "sample-password").write_text("kalo-mena-sodi-pehu-42\n")
    folder = copied(settled, tmp_path / "copy")
    elsewhere = open_site(another_address)
    (Path(elsewhere.config["DATA"]) / "sample-loading").touch()
    restored(elsewhere, folder)
    data = Path(elsewhere.config["DATA"])
    assert (data / "sample-password").read_text() == "kalo-mena-sodi-pehu-42\n"
    assert (data / "SAMPLE").exists() and not (data / "sample-loading").exists()


def test_a_sample_restored_into_an_empty_place_is_marked_as_one(open_site, settled, tmp_path):
    folder = copied(settled, tmp_path / "copy")
    empty = create_app(config.load({}, DATA=str(tmp_path / "real"), SECRET_KEY="of a real site, long enough"))
    with empty.app_context():
        assert not empty.config["SAMPLE"]
    if settled.config["DATABASE_URL"].startswith("sqlite"):
        assert restored(empty, folder) == []
        assert config.is_sample(tmp_path / "real")
        with empty.app_context():
            let_go()


def test_no_page_kept_before_a_restore_is_given_after_it(settled, tmp_path):
    with settled.app_context():
        lived_in(settled)
        seen = {site_version.current()}
        folder = copied(settled, tmp_path / "copy")
        for _ in range(3):
            db.session.remove()
            restored(settled, folder)
            seen.add(site_version.current())
            with use_case(None) as work:
                work.session.add(AttachmentSet(kind="proposal"))
            seen.add(site_version.current())
            db.session.remove()
    assert len(seen) == 7


def test_keys_are_never_in_a_copy_and_missing_ones_are_named(settled, open_site, another_address, tmp_path):
    sealed = lived_in(settled)
    folder = copied(settled, tmp_path / "copy")
    secret = (Path(settled.config["KEYS"]) / "master.key").read_bytes()
    assert not [path for path in folder.rglob("*") if path.is_file() and secret in path.read_bytes()]
    assert (folder.stat().st_mode & 0o777) == 0o700
    elsewhere = open_site(another_address)
    [sentence] = restored(elsewhere, folder)
    assert elsewhere.config["KEYS"] in sentence
    with elsewhere.app_context(), pytest.raises(Unavailable):
        keys.unseal("person.name", sealed)


def test_a_copy_of_a_site_that_is_written_to_is_one_moment(settled, open_site, another_address, tmp_path):
    with settled.app_context():
        author = factories.Town().user().id
        thread = factories.saved(Thread(kind="proposal")).id
        files = factories.saved(AttachmentSet(kind="proposal")).id
        db.session.remove()
    over, troubles, written = threading.Event(), [], [0, 0]

    def write(place):
        """Comments with their count, and files with their row: each pair in one transaction."""
        while not over.is_set():
            n = written[place]
            try:
                with settled.app_context():
                    digest = storage.keep(f"file {place} {n}".encode())
                    with use_case(None) as work:
                        counted = work.session.get(Thread, thread, with_for_update=True, populate_existing=True)
                        counted.comment_count += 1
                        work.session.add_all([
                            Comment(thread_id=thread, author_id=author, stance="note", source="", html="", at=work.at),
                            Attachment(key=f"{place}-{n}", set_id=files, position=n, name="표.pdf", size=9,
                                       media_type="application/pdf", is_picture=False, digest=digest,
                                       added_by_id=author, added_at=work.at)])
                written[place] += 1
            except Exception as trouble:  # whatever it is, a writer must not see it
                troubles.append(repr(trouble))
                return

    writers = [threading.Thread(target=write, args=(place,)) for place in (0, 1)]
    [writer.start() for writer in writers]
    try:
        while sum(written) < 40 and not troubles:
            over.wait(0.01)
        before = sum(written)
        folders = [copied(settled, tmp_path / f"copy{n}") for n in range(3)]
        after = sum(written) + 2
    finally:
        over.set()
        [writer.join() for writer in writers]
    assert troubles == []

    elsewhere, counts = open_site(another_address, KEYS=settled.config["KEYS"]), []
    for folder in folders:
        restored(elsewhere, folder)
        with elsewhere.app_context():
            count = db.session.get(Thread, thread).comment_count
            assert count == db.session.scalar(sa.select(sa.func.count()).select_from(Comment))
            digests = list(db.session.scalars(sa.select(Attachment.digest)))
            assert len(digests) == count and all(storage.path_of(digest).exists() for digest in digests)
            counts.append(count)
            db.session.remove()
    assert before <= counts[0] <= counts[1] <= counts[2] <= after and counts[0] < counts[2]


def test_a_copy_goes_into_an_empty_directory_only(settled, tmp_path):
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "letter.txt").write_text("mine")
    with settled.app_context():
        with pytest.raises(Conflict, match="not empty"):
            backups.backup(str(tmp_path / "copy"))
        with pytest.raises(Invalid):
            backups.backup(str(Path(settled.config["DATA"]) / "uploads" / "copy"))
    assert [path.name for path in (tmp_path / "copy").iterdir()] == ["letter.txt"]


def test_a_copy_that_fails_leaves_nothing_behind(settled, tmp_path, monkeypatch):
    def full(url, target, _in_order):
        target.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(database_copies, "copy", full)
    with settled.app_context(), pytest.raises(Unavailable, match="No space left"):
        backups.backup(str(tmp_path / "copy"))
    assert list((tmp_path / "copy").iterdir()) == []


def test_a_missing_database_gives_no_copy(open_site, tmp_path):
    app = open_site(f"sqlite:///{tmp_path / 'nothing.db'}")
    with app.app_context(), pytest.raises(Unavailable):
        backups.backup(str(tmp_path / "copy"))
    assert not (tmp_path / "nothing.db").exists() and list((tmp_path / "copy").iterdir()) == []


def spoil_the_database(folder):
    path = next(folder.glob("database.*"))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)


def spoil_a_blob(folder):
    next(folder.glob("uploads/??/*")).write_bytes(b"other")


def lose_a_blob(folder):
    next(folder.glob("uploads/??/*")).unlink()


def lose_the_database(folder):
    next(folder.glob("database.*")).unlink()


def cut_short(folder):
    path = next(folder.glob("database.*"))
    os.truncate(path, path.stat().st_size // 2)


def lose_the_description(folder):
    (folder / "backup.json").unlink()


def spoil_the_description(folder):
    (folder / "backup.json").write_text("[1]")


DAMAGES = (spoil_the_database, spoil_a_blob, lose_a_blob, lose_the_database, cut_short, lose_the_description,
           spoil_the_description)


@pytest.mark.in_turns
def test_a_damaged_copy_is_refused_before_anything_changes(settled, tmp_path):
    lived_in(settled)
    whole = copied(settled, tmp_path / "copy")
    with unchanged(settled):
        for spoil in DAMAGES:
            folder = shutil.copytree(whole, tmp_path / spoil.__name__)
            spoil(folder)
            refused(settled, folder, Invalid, "damaged|does not hold a backup")


def test_a_file_that_only_looks_like_a_database_is_refused(settled, tmp_path):
    lived_in(settled)
    folder = copied(settled, tmp_path / "copy")
    path = next(folder.glob("database.*"))
    path.write_bytes(path.read_bytes()[:100] + b"nonsense" * 1000)
    with unchanged(settled):
        refused(settled, described(folder, digest=backups._digest(path)), Invalid, "damaged|pg_restore")


def described(folder, **changes):
    about = json.loads((folder / "backup.json").read_text()) | changes
    (folder / "backup.json").write_text(json.dumps(about))
    return folder


def test_a_copy_of_the_other_database_or_of_a_newer_version_is_refused(settled, tmp_path):
    lived_in(settled)
    folder = copied(settled, tmp_path / "copy")
    about = (folder / "backup.json").read_text()
    [other] = {"sqlite", "postgresql"} - {json.loads(about)["database"]}
    with unchanged(settled):
        for changes, kind, words in (({"database": other}, Conflict, f"copy of a {other}"),
                                     ({"revision": ["9999"]}, Conflict, "9999.*newer"),
                                     ({"format": 3}, Invalid, "format 3"),
                                     ({"sample": False}, Conflict, "never mixed")):
            refused(settled, described(folder, **changes), kind, words)
            (folder / "backup.json").write_text(about)


def test_an_older_copy_is_brought_to_the_newest_revision(open_site, address, another_address, tmp_path):
    old = open_site(address)
    with old.app_context():
        migrations.upgrade("0001")
        with db.engine.begin() as connection:
            filling.fill(connection)
            connection.execute(sa.text("DELETE FROM attachment"))
            before = filling.rows(connection)
        backups.backup(str(tmp_path / "copy"))
    elsewhere = open_site(another_address)
    restored(elsewhere, tmp_path / "copy")
    with elsewhere.app_context(), db.engine.connect() as connection:
        assert migrations.current() == migrations.newest() and migrations.differences() == []
        found = filling.rows(connection)["support"]
        assert found and [row | {"person_mark": None, "at_desk": False} for row in before["support"]] == found


def test_tables_of_a_newer_revision_do_not_outlive_a_restore(open_site, address, revisions, tmp_path):
    app = open_site(address, MIGRATIONS=str(revisions))
    with app.app_context():
        migrations.upgrade()
    lived_in(app)
    folder = copied(app, tmp_path / "copy")
    with db_upgraded_by(app, revisions):
        restored(app, folder)
        with app.app_context(), db.engine.connect() as connection:
            assert "bench" not in sa.inspect(connection).get_table_names()


def db_upgraded_by(app, revisions):
    """As if a newer version had run: a table that the copy does not know. Its revision is then taken back."""
    @contextmanager
    def newer():
        add_revision(revisions, "9999", REVISIONS[-1], "op.create_table('bench', sa.Column('id', sa.Integer()))")
        with app.app_context():
            migrations.upgrade()
        next((revisions / "versions").glob("9999*")).unlink()
        yield

    return newer()


def test_a_site_that_is_running_is_not_restored_under_its_feet(settled, tmp_path):
    lived_in(settled)
    folder = copied(settled, tmp_path / "copy")
    url = settled.config["SQLALCHEMY_DATABASE_URI"]
    running = server.connect(url) if url.startswith("postgresql") else sqlite3.connect(sa.make_url(url).database)
    try:
        running.execute("SELECT 1 FROM support").fetchall()
        with settled.app_context(), pytest.raises(Conflict, match="Stop the site"):
            backups.restore(str(folder))
    finally:
        running.close()
    restored(settled, folder)


def command(app, *arguments):
    settings = {"CIVIC_FORUM_DATABASE_URL": app.config["DATABASE_URL"], "CIVIC_FORUM_KEYS": app.config["KEYS"]}
    return forks.Command(["--data", app.config["DATA"], *arguments], os.environ | settings, ROOT).ended()


def test_the_commands_end_with_the_agreed_codes(settled, tmp_path):
    lived_in(settled)
    with settled.app_context():
        let_go()
    assert command(settled, "backup", tmp_path / "copy").returncode == 0
    again = command(settled, "backup", tmp_path / "copy")
    assert (again.returncode, again.stdout) == (1, "") and "not empty" in again.stderr
    assert command(settled, "backup").returncode == 2
    assert command(settled, "restore", tmp_path / "nowhere").returncode == 2
    empty = tmp_path / "empty"
    empty.mkdir()
    nothing = command(settled, "restore", empty)
    assert nothing.returncode == 1 and len(nothing.stderr.splitlines()) == 1
    assert command(settled, "restore", tmp_path / "copy").returncode == 0
    assert command(settled, "database", "check").returncode == 0
