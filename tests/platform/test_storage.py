"""Blobs by their content: whole or not at all."""

import errno
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256

import pytest

from civic_forum.platform import clock, storage

PICTURE = "사진".encode() * 1000


@pytest.fixture
def uploads(sqlite_app, tmp_path, monkeypatch):
    monkeypatch.setitem(sqlite_app.config, "DATA", str(tmp_path))
    with sqlite_app.app_context():
        yield tmp_path / "uploads"


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_blob_is_found_by_the_hash_of_its_content(uploads):
    digest = storage.keep(PICTURE)
    assert digest == sha256(PICTURE).hexdigest()
    assert storage.path_of(digest).read_bytes() == PICTURE
    assert storage.keep(PICTURE) == digest and files(uploads) == [storage.path_of(digest)]


def test_only_the_site_itself_reads_the_files(uploads):
    path = storage.path_of(storage.keep(PICTURE))
    assert not stat.S_IMODE(path.stat().st_mode) & 0o077


@pytest.mark.parametrize("step", ["write", "fsync", "replace"])
def test_a_full_disk_leaves_nothing(uploads, monkeypatch, step):
    def full(*_arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    if step == "write":
        class Full:
            def __init__(self, file):
                self.file = file

            def __getattr__(self, name):
                return getattr(self.file, name)

            def __enter__(self):
                return self

            def __exit__(self, *_reason):
                self.file.close()

            def write(self, data):
                self.file.write(data[:10])
                full()

        real = os.fdopen
        monkeypatch.setattr(storage.os, "fdopen", lambda *given: Full(real(*given)))
    else:
        monkeypatch.setattr(storage.os, step, full)
    with pytest.raises(OSError, match="No space"):
        storage.keep(PICTURE)
    assert files(uploads) == []
    monkeypatch.undo()


def test_many_who_send_the_same_file_at_once_keep_it_once(sqlite_app, uploads):
    def send(_n):
        with sqlite_app.app_context():
            return storage.keep(PICTURE)

    with ThreadPoolExecutor(8) as together:
        assert len(set(together.map(send, range(40)))) == 1
    assert len(files(uploads)) == 1


def test_a_forgotten_blob_is_gone_and_forgetting_twice_is_no_fault(uploads):
    digest = storage.keep(PICTURE)
    storage.forget(digest)
    storage.forget(digest)
    assert files(uploads) == []


def test_a_blob_that_is_kept_again_is_in_use_again(uploads):
    digest = storage.keep(PICTURE)
    long_ago = (clock.now() - timedelta(days=9)).timestamp()
    os.utime(storage.path_of(digest), (long_ago, long_ago))
    assert list(storage.untouched_since(clock.now() - timedelta(days=1))) == [digest]
    storage.keep(PICTURE)
    assert list(storage.untouched_since(clock.now() - timedelta(days=1))) == []


def test_a_blob_half_written_in_a_power_cut_is_cleared_later(uploads):
    path = storage.path_of(storage.keep(PICTURE))
    half = path.with_name(f".{path.name}.half")
    half.write_bytes(b"half")
    storage.forget_unfinished(clock.now() - timedelta(days=1))
    assert half.exists()
    long_ago = (clock.now() - timedelta(days=9)).timestamp()
    os.utime(half, (long_ago, long_ago))
    storage.forget_unfinished(clock.now() - timedelta(days=1))
    assert files(uploads) == [path]
