"""Keyed hashes and sealed texts, and the directory that they depend on."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from civic_forum.platform import keys
from civic_forum.platform.errors import Unavailable

NAME = "김가산"


@pytest.fixture
def folder(sqlite_app, tmp_path, monkeypatch):
    """A keys directory that nobody has used yet."""
    monkeypatch.setitem(sqlite_app.config, "KEYS", str(tmp_path / "deep" / "keys"))
    with sqlite_app.app_context():
        yield tmp_path / "deep" / "keys"
    keys._known.clear()


def another_process():
    keys._known.clear()


def test_the_key_is_made_at_first_use_and_only_its_owner_reads_it(folder):
    assert not keys.exist()
    keys.seal("person.name", NAME)
    assert keys.exist()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "master.key").stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["master.key"]


def test_a_sealed_text_is_read_after_a_restart(folder):
    box, mark = keys.seal("person.name", NAME), keys.keyed_hash("identity", NAME.encode())
    another_process()
    assert keys.unseal("person.name", box) == NAME
    assert keys.keyed_hash("identity", NAME.encode()) == mark and len(mark) == 32


def test_the_same_text_never_looks_the_same_sealed(folder):
    boxes = {keys.seal("person.name", NAME) for _ in range(20)}
    assert len(boxes) == 20 and not any(NAME.encode() in box for box in boxes)


def test_each_purpose_has_a_key_of_its_own(folder):
    box = keys.seal("person.name", NAME)
    with pytest.raises(Unavailable):
        keys.unseal("person.birth_date", box)
    assert keys.keyed_hash("identity", b"a") != keys.keyed_hash("letter", b"a")


def test_a_changed_box_is_not_opened(folder):
    box = keys.seal("person.name", NAME)
    for place in (0, 12, len(box) - 1):
        changed = box[:place] + bytes([box[place] ^ 1]) + box[place + 1:]
        with pytest.raises(Unavailable):
            keys.unseal("person.name", changed)
    for length in (0, 5, 12, len(box) - 1):
        with pytest.raises(Unavailable):
            keys.unseal("person.name", box[:length])


@pytest.mark.parametrize(("length", "said"), [
    (0, "damaged"), (12, "damaged"), (27, "damaged"), (28, "does not belong")])
def test_anything_shorter_than_a_box_is_damaged(folder, length, said):
    with pytest.raises(Unavailable, match=said):
        keys.unseal("person.name", bytes(length))
    assert len(keys.seal("person.name", "")) == 28 and keys.unseal("person.name", keys.seal("person.name", "")) == ""


@pytest.mark.parametrize(("given", "known", "same"), [
    ("a", ["a"], True), (b"a", ["b", "a"], True), ("가", ["가".encode()], True), ("\ud800", ["\ud800"], True),
    ("a", [], False), ("a", ["b"], False), (b"", ["a"], False), ("", [b""], True)])
def test_a_code_is_compared_as_bytes_or_text(given, known, same):
    assert keys.is_one_of(given, known) is same


def test_other_keys_do_not_open_it_and_a_sentence_says_so(folder):
    box = keys.seal("person.name", NAME)
    (folder / "master.key").unlink()
    another_process()
    with pytest.raises(Unavailable, match="keys directory"):
        keys.unseal("person.name", box)


@pytest.mark.parametrize("secret", [b"", b"short", b"x" * 33])
def test_a_damaged_key_is_named_and_never_replaced(folder, secret):
    folder.mkdir(parents=True)
    (folder / "master.key").write_bytes(secret)
    with pytest.raises(Unavailable, match="damaged"):
        keys.seal("person.name", NAME)
    assert (folder / "master.key").read_bytes() == secret


def test_a_directory_that_cannot_be_used_is_a_sentence(folder):
    folder.parent.mkdir(parents=True)
    folder.write_text("a file where the directory should be")
    with pytest.raises(Unavailable, match="keys directory"):
        keys.keyed_hash("identity", b"a")


def test_two_that_need_the_first_key_at_once_get_the_same(folder):
    def first_use(_n):
        return keys._read(str(folder), ())

    with ThreadPoolExecutor(8) as together:
        assert len(set(together.map(first_use, range(40)))) == 1
    assert [path.name for path in Path(folder).iterdir()] == ["master.key"]
