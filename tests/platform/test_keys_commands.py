"""Commands on the keys directory: what there is, never what it says; a new one of each kind."""

import pytest

from civic_forum.cli import collect, main
from civic_forum.platform import key_files, keys
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Unavailable


@pytest.fixture
def command(app, town, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "KEYS", str(tmp_path / "keys"))
    collect()

    def run(*arguments):
        runner = app.test_cli_runner()
        db.session.rollback()
        return runner.invoke(main.commands["keys"], arguments, catch_exceptions=False)

    return run


def test_keys_are_listed_with_number_and_day_and_nothing_of_them(command, tmp_path):
    assert command("list").output == "session 1  of the settings  newest\n"
    keys.newest()
    assert command("rotate", "master").output.startswith("master 2 is the newest now.")
    command("rotate", "session")
    said = command("list").output
    lines = [line.split("  ") for line in said.splitlines()]
    assert [line[0] for line in lines if not line[0].startswith("signing")] == [
        "master 1", "master 2", "session 1", "session 2"]
    assert [line[0] for line in lines if line[-1] == "newest"][:2] == ["master 2", "session 2"]
    for path in (tmp_path / "keys").glob("*.key"):
        assert path.read_bytes().hex() not in said and path.read_bytes().decode("latin-1") not in said


def test_a_rotation_is_written_down_without_the_key(command):
    command("rotate", "master")
    db.session.rollback()
    [entry] = db.session.query(AuditEntry)
    assert (entry.action, entry.subject, entry.actor_id, entry.details) == ("keys.rotated", "master_key:2", None, {})


def test_a_wrong_kind_is_wrong_usage(command):
    assert command("rotate", "everything").exit_code == 2 and command("rotate").exit_code == 2


@pytest.mark.both
def test_without_room_for_a_key_nothing_is_written_down(app, town, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "KEYS", str(tmp_path / "keys"))
    keys.newest()
    monkeypatch.setattr(key_files.storage, "write_once", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(Unavailable, match="No space left"):
        key_files.rotate("master")
    db.session.rollback()
    assert keys.newest() == 1 and db.session.query(AuditEntry).count() == 0
