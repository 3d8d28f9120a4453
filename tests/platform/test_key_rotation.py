"""Master keys with ids: the newest seals and hashes, every earlier one still opens and recognises."""

import multiprocessing
import os
import signal
import stat
import time

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from civic_forum.platform import keys, storage
from civic_forum.platform.errors import Unavailable
from tests.racing import at_once
from tests.running.turns import share


@pytest.fixture
def folder(sqlite_app, tmp_path, monkeypatch):
    """A keys directory that nobody has used yet."""
    monkeypatch.setitem(sqlite_app.config, "KEYS", str(tmp_path / "keys"))
    with sqlite_app.app_context():
        yield tmp_path / "keys"


def another_process():
    keys._known.clear()


def files(folder):
    return sorted(path.name for path in folder.glob("*.key"))


def test_a_new_key_is_a_file_of_its_own_that_only_its_owner_reads(folder):
    assert (keys.newest(), keys.add(), keys.add(), keys.newest()) == (1, 2, 3, 3)
    assert files(folder) == ["master-2.key", "master-3.key", "master.key"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert len({path.read_bytes() for path in folder.glob("*.key")}) == 3 and list(keys.ids()) == [3, 2, 1]


def test_the_first_key_is_made_before_the_next_one(folder):
    assert keys.add() == 2 and files(folder) == ["master-2.key", "master.key"]


def test_a_hash_under_a_key_that_is_not_there_is_noticed(folder):
    keys.add()
    for highest in (None, 1, 2):
        keys.refuse_lost(highest)
    with pytest.raises(Unavailable, match="master-3.key is missing"):
        keys.refuse_lost(3)
    assert keys.keyed_hash("p", b"a", 2) == keys.keyed_hash("p", b"a") != keys.keyed_hash("p", b"a", 1)


def test_a_directory_without_any_key_is_noticed_and_gets_none(folder):
    keys.refuse_lost(None)
    with pytest.raises(Unavailable, match="^master.key is missing"):
        keys.refuse_lost(1)
    assert files(folder) == []


@examples(max_examples=share(30), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.one_of(st.none(), st.booleans(), st.text(max_size=20)), max_size=12))
def test_all_that_was_sealed_and_hashed_before_is_known_after_it(folder, tmp_path_factory, sqlite_app, steps):
    """None: a rotation; a boolean: another process goes on; a text: sealed and hashed now."""
    sqlite_app.config["KEYS"] = str(tmp_path_factory.mktemp("keys"))
    kept = []
    for step in steps:
        if step is None:
            keys.add()
        elif isinstance(step, bool):
            another_process()
        else:
            kept.append((step, keys.seal("p", step), keys.keyed_hash("p", step.encode()), keys.newest()))
        for text, box, mark, key in kept:
            assert keys.unseal("p", box) == text and keys.is_one_of(mark, keys.hashes("p", text.encode()))
            assert keys.keyed_hash("p", text.encode(), key) == mark
            assert not keys.is_one_of(mark, keys.hashes("q", text.encode()))
    marks = keys.hashes("p", b"")
    assert len(set(marks)) == len(marks) == keys.newest() and marks[0] == keys.keyed_hash("p", b"")


def test_of_many_who_rotate_at_once_each_makes_a_key_of_its_own(folder, sqlite_app):
    assert sorted(at_once(sqlite_app, 16, lambda _n: keys.add())) == list(range(2, 18)) and keys.newest() == 17
    assert len({path.read_bytes() for path in folder.glob("*.key")}) == 17


def test_a_process_that_knew_the_old_key_takes_the_new_one_at_its_next_use(folder):
    before = keys.keyed_hash("p", b"a")
    storage.write_once(folder / "master-2.key", os.urandom(32))  # as another process does
    assert keys.newest() == 2 and keys.hashes("p", b"a")[1] == before != keys.keyed_hash("p", b"a")


@pytest.mark.parametrize("lost, said", [("master.key", "master.key is missing"),
                                        ("master-2.key", "master-2.key is missing")])
def test_a_gap_is_named_and_nothing_put_in_its_place(folder, lost, said):
    keys.add(), keys.add()
    (folder / lost).unlink()
    another_process()
    for use in (lambda: keys.seal("p", "a"), lambda: keys.keyed_hash("p", b"a"), keys.add):
        with pytest.raises(Unavailable, match=said):
            use()
    assert not (folder / lost).exists() and len(files(folder)) == 2


@pytest.mark.parametrize("secret", [b"", b"short", b"x" * 33])
def test_a_damaged_later_key_is_named(folder, secret):
    keys.newest()
    (folder / "master-2.key").write_bytes(secret)
    with pytest.raises(Unavailable, match="master-2.key in the keys directory is damaged"):
        keys.unseal("p", b"x" * 40)


def test_an_id_that_nobody_made_is_a_sentence(folder):
    for wrong in (2, 0, -1):
        with pytest.raises(Unavailable, match="is missing in the keys directory"):
            keys.keyed_hash("p", b"a", wrong)


@pytest.mark.parametrize(
    "name", ["master-1.key", "master-02.key", ".master-2.key.abc", "master-2.key.old", "box-2.key"])
def test_other_files_are_no_keys(folder, name):
    keys.newest()
    (folder / name).write_bytes(b"x" * 32)
    another_process()
    assert keys.newest() == 1


def _rotate_for_ever(app):
    with app.app_context():
        while True:
            keys.add()


@pytest.mark.in_turns(of=5)
def test_killed_at_any_moment_every_key_is_whole_and_none_is_missing(folder, sqlite_app):
    keys.newest()
    fork = multiprocessing.get_context("fork")
    for n in range(8):
        one = fork.Process(target=_rotate_for_ever, args=(sqlite_app,))
        one.start()
        time.sleep(0.05 + n * 0.007)
        os.kill(one.pid, signal.SIGKILL)
        one.join()
        another_process()
        assert keys.newest() == len(files(folder)) and {path.stat().st_size for path in folder.glob("*.key")} == {32}
        made = keys.add()
        assert keys.newest() == made
