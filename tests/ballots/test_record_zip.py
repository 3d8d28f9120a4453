"""The zip is written in one way only, and is there whole or not at all."""

import io
import zipfile
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_forum.ballots.record import canonical_zip
from civic_forum.ballots.record.canonical_zip import CanonicalZip, TooLarge
from civic_forum.platform.storage import written_alone

names = st.text("abc.-", min_size=1, max_size=8)
contents = st.dictionaries(names, st.binary(max_size=50), max_size=5)


def written(members):
    file = io.BytesIO()
    archive = CanonicalZip(file)
    for name, content in members.items():
        archive.add(name, [content])
    archive.close()
    return file.getvalue()


def test_every_byte_of_a_small_zip():
    header = "1400 0000 0000 0000 2100 f1866c7a 03000000 03000000 0100 0000"
    assert written({"a": b"one"}) == bytes.fromhex(
        f"504b0304 {header} 61 6f6e65"
        f"504b0102 1400 {header} 0000 0000 0000 00000000 00000000 61"
        "504b0506 0000 0000 0100 0100 2f000000 22000000 0000"
    )


@given(contents)
def test_other_programs_read_it(members):
    with zipfile.ZipFile(io.BytesIO(written(members))) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == members
        assert archive.namelist() == list(members)


@given(st.lists(st.binary(max_size=20), max_size=6), st.binary(max_size=20))
def test_parts_and_rooms_give_the_same_bytes_as_whole_members(parts, first):
    file = io.BytesIO()
    archive = CanonicalZip(file)
    archive.reserve("first", len(first))
    assert archive.add("second", parts) == sha256(b"".join(parts)).hexdigest()
    archive.fill("first", first)
    archive.close()
    assert file.getvalue() == written({"first": first, "second": b"".join(parts)})


def test_a_member_never_stands_twice():
    archive = CanonicalZip(io.BytesIO())
    archive.add("a", [])
    with pytest.raises(ValueError):
        archive.add("a", [])


def test_a_room_is_filled_exactly():
    archive = CanonicalZip(io.BytesIO())
    archive.reserve("a", 3)
    with pytest.raises(ValueError):
        archive.fill("a", b"four")


def test_a_record_that_no_verifier_would_open_is_not_written(monkeypatch):
    monkeypatch.setattr(canonical_zip, "LARGEST", 100)
    with pytest.raises(TooLarge):
        written({"a": bytes(101)})
    with pytest.raises(TooLarge):
        written({"a": bytes(60), "b": bytes(60)})


def test_a_file_is_there_whole_and_for_its_owner_alone(tmp_path):
    with written_alone(tmp_path / "record.zip") as file:
        file.write(b"whole")
        assert not (tmp_path / "record.zip").exists()
    assert (tmp_path / "record.zip").read_bytes() == b"whole"
    assert (tmp_path / "record.zip").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["record.zip"]


def test_a_writing_that_fails_leaves_what_was_there(tmp_path):
    (tmp_path / "record.zip").write_bytes(b"before")
    with pytest.raises(RuntimeError), written_alone(tmp_path / "record.zip") as file:
        file.write(b"half of the cho")
        raise RuntimeError
    assert (tmp_path / "record.zip").read_bytes() == b"before"
    assert [path.name for path in tmp_path.iterdir()] == ["record.zip"]


def test_remains_of_a_kill_are_written_over(tmp_path):
    (tmp_path / "record.zip.part").write_bytes(b"a long unfinished file")
    with written_alone(tmp_path / "record.zip") as file:
        file.write(b"whole")
    assert (tmp_path / "record.zip").read_bytes() == b"whole"
    assert [path.name for path in tmp_path.iterdir()] == ["record.zip"]
