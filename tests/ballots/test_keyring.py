"""Keys lie in files of their own, are read at every use, and once destroyed are gone for every worker."""

import json
import stat
from hashlib import sha256
from pathlib import Path
from threading import Event, Thread

import pytest

from civic_forum.ballots import identities
from civic_forum.ballots.box import locking
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.rules import signing
from civic_forum.platform import clock, writers
from civic_forum.platform.errors import Conflict, Unavailable
from tests.factories import MAY
from tests.polls.making import voter
from tests.racing import at_once
from tests.running.machine import patience


BOX, OTHER = b"b" * 16, b"o" * 16


@pytest.fixture
def folder(sqlite_app, tmp_path, monkeypatch):
    """An empty directory of keys, not yet made."""
    monkeypatch.setitem(sqlite_app.config, "KEYS", str(tmp_path / "above" / "keys"))
    with sqlite_app.app_context():
        yield tmp_path / "above" / "keys"


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_every_file_is_for_the_site_alone(folder):
    keyring.make(BOX)
    keyring.keep_head(BOX, {"number": 0})
    keyring.destroy(OTHER, by="두 담당자", at=MAY)
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {path.name for path in files} == {"signing.key", f"box-{BOX.hex()}.key", f"box-{OTHER.hex()}.destroyed.json",
                                             f"{BOX.hex()}.json", ".lock"}
    assert {mode(path) for path in files} == {0o600}
    assert {mode(path) for path in (folder.parent, folder, folder / "heads")} == {0o700}


def test_a_box_keeps_its_key_when_it_is_made_again(folder):
    made = keyring.make(BOX)
    assert keyring.make(BOX) == made == sha256(keyring.exported(BOX)).digest() == keyring.key_sha256(BOX)
    assert keyring.make(OTHER) != made


def test_many_who_make_one_key_at_once_get_the_same(folder, sqlite_app):
    assert len(set(at_once(sqlite_app, 12, lambda _n: (keyring.make(BOX), keyring.signing_seed())))) == 1
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]


def test_a_key_is_read_at_every_use_and_forgotten_with_its_file(folder):
    keyring.make(BOX)
    first = keyring.box_keys(BOX).row_key(BOX, b"p" * 32)
    assert keyring.box_keys(BOX).row_key(BOX, b"p" * 32) == first
    keyring.destroy(BOX, by="두 담당자", at=MAY)
    with pytest.raises(Conflict, match="이미 없앴어요"):
        keyring.box_keys(BOX)


def test_destroying_leaves_a_tombstone_and_is_repeatable(folder):
    keyring.make(BOX)
    key = folder / f"box-{BOX.hex()}.key"
    said = keyring.destroy(BOX, by="두 담당자", at=MAY)
    assert said == {"format": 1, "box": BOX.hex(), "by": "두 담당자", "at": "2030-05-01T09:00:00Z"}
    assert not key.exists() and not keyring.is_there(BOX)
    assert keyring.destroy(BOX, by="누군가", at=clock.now()) == said == keyring.tombstone_of(BOX)


def test_a_crash_between_tombstone_and_key_is_finished_by_repeating(folder, monkeypatch):
    keyring.make(BOX)
    with monkeypatch.context() as crash:
        crash.setattr(Path, "unlink", lambda *_given, **_named: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            keyring.destroy(BOX, by="두 담당자", at=MAY)
    with pytest.raises(Conflict):
        keyring.box_keys(BOX)
    keyring.destroy(BOX, by="두 담당자", at=MAY)
    assert not (folder / f"box-{BOX.hex()}.key").exists()


def test_the_bytes_are_overwritten_before_the_file_goes(folder):
    keyring.make(BOX)
    other_name = folder / "hard-link"
    other_name.hardlink_to(folder / f"box-{BOX.hex()}.key")
    keyring.destroy(BOX, by="두 담당자", at=MAY)
    assert other_name.read_bytes() == bytes(32)


def test_remains_of_a_crash_while_putting_the_key_back_go_with_it(folder, monkeypatch):
    keyring.make(BOX)
    key = keyring.exported(BOX)
    with monkeypatch.context() as crash:
        crash.setattr(keyring.os, "replace", lambda *_given: 1 / 0)
        crash.setattr(Path, "unlink", lambda *_given, **_named: None)  # a process that is killed tidies nothing up
        with pytest.raises(ZeroDivisionError):
            keyring.put_back(BOX, key)
    assert len([path for path in folder.iterdir() if path.is_file() and path.read_bytes() == key]) == 2
    keyring.destroy(BOX, by="두 담당자", at=MAY)
    assert not [path for path in folder.iterdir() if path.is_file() and path.read_bytes() == key]


@pytest.mark.parametrize("again", [keyring.make, lambda box: keyring.put_back(box, b"k" * 32)])
def test_a_destroyed_key_does_not_come_back(folder, again):
    keyring.make(BOX)
    keyring.destroy(BOX, by="두 담당자", at=MAY)
    with pytest.raises(Conflict):
        again(BOX)
    assert not keyring.is_there(BOX)


def test_a_lost_or_damaged_key_says_so(folder):
    with pytest.raises(Unavailable, match="투표함의 열쇠를 찾을 수 없어서"):
        keyring.box_keys(BOX)
    with pytest.raises(Unavailable, match="서명 열쇠"):
        keyring.signing_seed()
    keyring.make(BOX)
    (folder / f"box-{BOX.hex()}.key").write_bytes(b"short")
    with pytest.raises(Unavailable, match="망가져서"):
        keyring.box_keys(BOX)
    with pytest.raises(ValueError):
        keyring.put_back(BOX, b"short")


def test_a_lost_signing_key_is_not_replaced_where_something_was_signed(folder):
    keyring.make(BOX)
    keyring.keep_head(BOX, {"number": 0})
    (folder / "signing.key").unlink()
    with pytest.raises(Unavailable):
        keyring.make(OTHER)
    assert not (folder / "signing.key").exists() and not keyring.is_there(OTHER)


def test_the_fingerprint_is_of_the_public_key(folder):
    keyring.make(BOX)
    seed = (folder / "signing.key").read_bytes()
    assert keyring.key_fingerprint() == sha256(signing.public_key(seed)).hexdigest()


def test_the_newest_head_of_each_box_is_kept(folder):
    assert keyring.last_head(BOX) is None and list(keyring.kept_heads()) == []
    for number in (0, 2, 1):
        keyring.keep_head(BOX, {"number": number})
    keyring.keep_head(OTHER, {"number": 0})
    assert dict(keyring.kept_heads()) == {BOX: {"number": 2}, OTHER: {"number": 0}}
    assert json.loads((folder / "heads" / f"{BOX.hex()}.json").read_text()) == {"number": 2}


def test_many_who_keep_heads_at_once_leave_the_newest(folder, sqlite_app):
    at_once(sqlite_app, 30, lambda n: keyring.keep_head(BOX, {"number": n % 3}))
    assert keyring.last_head(BOX) == {"number": 2}
    assert {path.name for path in (folder / "heads").iterdir()} == {".lock", f"{BOX.hex()}.json"}


def test_two_who_keep_a_head_wait_for_each_other(folder, sqlite_app):
    kept = Event()

    def keep():
        with sqlite_app.app_context():
            keyring.keep_head(BOX, {"number": 1})
            kept.set()

    keyring._make_directory(folder / "heads")
    with writers.turn_at(folder / "heads" / ".lock"):
        second = Thread(target=keep)
        second.start()
        assert not kept.wait(0.2)
    assert kept.wait(patience(30))
    second.join(30)


def test_only_the_id_of_a_box_names_a_file(folder):
    for wrong in (b"", b"b" * 15, b"b" * 17):
        with pytest.raises(ValueError):
            keyring.make(wrong)


def test_a_directory_that_cannot_be_written_is_a_sentence(folder):
    folder.parent.mkdir()
    folder.write_text("a file in its place")
    with pytest.raises(Unavailable):
        keyring.make(BOX)


def test_the_lock_of_a_box_has_a_number_that_postgresql_can_hold():
    assert locking.lock_key(BOX) == int.from_bytes(sha256(b"civic-forum/box/" + BOX).digest()[:8], "big", signed=True)
    assert all(-2 ** 63 <= locking.lock_key(bytes([n]) * 16) < 2 ** 63 for n in range(256))


def test_somebody_is_the_same_to_every_box_and_nobody_else(town):
    anna, ben = voter(town), voter(town)
    person, account = identities.candidates(anna)
    assert person == identities.of_person(anna.person) == identities.of_identity(anna.person.identity_hash, 0)
    assert account == identities.of_account(anna.id) and len(person) == len(account) == 32
    assert not {person, account} & set(identities.candidates(ben))
    assert person != identities.of_identity(anna.person.identity_hash, 1)


def test_somebody_without_a_verified_person_is_their_account_alone(town):
    user = town.user()
    assert identities.candidates(user) == [identities.of_account(user.id)]
