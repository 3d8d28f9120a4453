"""Encrypted archives: what goes in comes out, ordinary programs open them, nothing hostile is put anywhere."""

import io
import os
import subprocess
import tarfile
from pathlib import Path

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from civic_forum.platform import encrypted_archives as archives
from civic_forum.platform.errors import Invalid, Unavailable
from tests.running.turns import share

PARTS = some.from_regex("[A-Za-z0-9_-][A-Za-z0-9_.-]{0,20}", fullmatch=True)
NAMES = some.lists(PARTS, min_size=1, max_size=3).map("/".join)
CONTENTS = some.one_of(some.binary(max_size=2000), some.sampled_from([512, 65_536, 65_537, 200_000]).map(os.urandom))


def key():
    """The file of a private key, and its public key."""
    text, public = archives.new_identity()
    return text.encode(), public


def written(path, recipients, members):
    with open(path, "wb") as file:
        archives.write(file, recipients, ((name, io.BytesIO(content)) for name, content in members.items()))
    return path


def extracted(path, identity, folder):
    folder.mkdir()
    archives.extract(path, archives.identities(identity), folder)
    return {str(found.relative_to(folder)): found.read_bytes() for found in folder.rglob("*") if found.is_file()}


def beside_each_other(names):
    """Leaves out what would be a file and a folder at once."""
    return {name: content for name, content in names.items()
            if not any(other.startswith(f"{name}/") for other in names)}


@settings(max_examples=share(30))
@given(members=some.dictionaries(NAMES, CONTENTS, max_size=6).map(beside_each_other), others=some.integers(0, 2))
def test_everything_comes_out_as_it_went_in_for_each_recipient(tmp_path_factory, members, others):
    room = tmp_path_factory.mktemp("archive")
    keys = [key() for _ in range(others + 1)]
    path = written(room / "archive", [public for _identity, public in keys], members)
    for number, (identity, _public) in enumerate(keys):
        assert extracted(path, identity, room / str(number)) == members


def run(*command, **options):
    return subprocess.run(list(map(str, command)), check=True, capture_output=True, **options).stdout


@pytest.mark.servers
def test_the_ordinary_programs_open_it_and_write_keys_for_it(tmp_path):
    (tmp_path / "ours").write_bytes(key()[0])
    run("age-keygen", "-o", tmp_path / "theirs")
    publics = [run("age-keygen", "-y", tmp_path / name).decode().strip() for name in ("ours", "theirs")]
    members = {"uploads/ab/abc": os.urandom(200_000), "backup.json": b"{}"}
    path = written(tmp_path / "archive", publics, members)
    for name in ("ours", "theirs"):
        folder = tmp_path / f"{name}-opened"
        folder.mkdir()
        run("tar", "-x", "-C", folder, input=run("age", "--decrypt", "--identity", tmp_path / name, path))
        assert {str(found.relative_to(folder)): found.read_bytes()
                for found in folder.rglob("*") if found.is_file()} == members
        assert extracted(path, (tmp_path / name).read_bytes(), tmp_path / f"{name}-extracted") == members


@pytest.mark.servers
def test_archives_of_the_ordinary_programs_are_opened(tmp_path):
    identity, public = key()
    (tmp_path / "backup.json").write_bytes(b"{}")
    tar = run("tar", "--format=ustar", "-c", "-C", tmp_path, "backup.json")
    (tmp_path / "archive").write_bytes(run("age", "--recipient", public, input=tar))
    assert extracted(tmp_path / "archive", identity, tmp_path / "out") == {"backup.json": b"{}"}


def test_damaged_cut_foreign_and_lengthened_archives_are_refused_in_a_sentence(tmp_path):
    identity, public = key()
    whole = written(tmp_path / "archive", [public], {"a": os.urandom(150_000)}).read_bytes()
    flipped = [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:]
               for at in (0, 30, 120, 220, 300, 70_000, len(whole) // 2, len(whole) - 1)]
    cut = [whole[:length] for length in (0, 1, 21, 100, 200, 66_000, 131_500, len(whole) - 65_536, len(whole) - 1)]
    for number, bad in enumerate([*flipped, *cut, whole + b"x", b"nothing of ours" * 100]):
        (tmp_path / "bad").write_bytes(bad)
        with pytest.raises(Invalid, match=r"damaged|does not open"):
            extracted(tmp_path / "bad", identity, tmp_path / str(number))
        assert not [found for found in (tmp_path / str(number)).rglob("*") if found.name == "a"]


def test_another_identity_opens_nothing(tmp_path):
    path = written(tmp_path / "archive", [key()[1]], {"a": b"a"})
    with pytest.raises(Invalid, match="does not open the backup"):
        extracted(path, key()[0], tmp_path / "out")


def raw(name, kind=tarfile.REGTYPE, size=0, content=b"", **more):
    """A member as somebody may have made it by hand."""
    member = tarfile.TarInfo("x")
    member.size, member.type = size, kind
    for field, value in more.items():
        setattr(member, field, value)
    header = bytearray(member.tobuf(tarfile.GNU_FORMAT))
    header[:100] = name.encode().ljust(100, b"\0")
    header[148:156] = b"        "
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header) + content + bytes(-len(content) % 512)


END = bytes(1024)
HOSTILE = {
    "absolute": raw("/etc/cron.d/evil", size=1, content=b"x"),
    "a step up": raw("uploads/../../evil", size=1, content=b"x"),
    "nothing but a step up": raw(".."),
    "hidden": raw("uploads/.evil"),
    "other letters": raw("uploads/ev\nil"),
    "empty": raw(""),
    "symbolic link": raw("uploads", tarfile.SYMTYPE, linkname="/tmp"),
    "hard link": raw("uploads", tarfile.LNKTYPE, linkname="/etc/passwd"),
    "device": raw("uploads", tarfile.CHRTYPE, devmajor=1, devminor=5),
    "block device": raw("uploads", tarfile.BLKTYPE),
    "pipe": raw("uploads", tarfile.FIFOTYPE),
    "folder": raw("uploads", tarfile.DIRTYPE),
    "folder of old": raw("uploads/", tarfile.AREGTYPE),
    "sparse": raw("uploads", tarfile.GNUTYPE_SPARSE, size=1 << 40),
    "headers of terabytes": raw("uploads", tarfile.XHDTYPE, size=1 << 40),
    "global headers": raw("uploads", tarfile.XGLTYPE, size=1 << 40),
    "a name of terabytes": raw("uploads", tarfile.GNUTYPE_LONGNAME, size=1 << 40),
    "a link of terabytes": raw("uploads", tarfile.GNUTYPE_LONGLINK, size=1 << 40),
    "twice": raw("a") + raw("a"),
    "file and folder": raw("a") + raw("a/b"),
    "longer than it is": raw("a", size=1 << 40, content=b"x"),
    "no tar": b"x" * 2000,
}


@pytest.mark.parametrize("member", HOSTILE.values(), ids=HOSTILE)
def test_members_that_no_backup_holds_are_refused_and_leave_nothing_outside(tmp_path, member):
    identity, public = key()
    (tmp_path / "archive").write_bytes(pyrage.encrypt(raw("fine", size=1, content=b"x") + member + END,
                                                      [pyrage.x25519.Recipient.from_str(public)]))
    (tmp_path / "room").mkdir()
    begun = Path("/proc/self/status").read_text().split("VmPeak:")[1].split()[0]
    if b"x" * 600 in member:  # what is no header ends a tar: then it is not whole, which its reader sees
        assert extracted(tmp_path / "archive", identity, tmp_path / "room" / "out") == {"fine": b"x"}
    else:
        with pytest.raises(Invalid, match=r"no backup holds|damaged"):
            extracted(tmp_path / "archive", identity, tmp_path / "room" / "out")
    ended = Path("/proc/self/status").read_text().split("VmPeak:")[1].split()[0]
    assert int(ended) - int(begun) < 300_000
    inside = [found for found in tmp_path.rglob("*") if found.is_symlink() or not (found.is_file() or found.is_dir())]
    assert inside == [] and {path.name for path in (tmp_path / "room").iterdir()} == {"out"}
    assert not Path("/etc/cron.d/evil").exists()


def test_identity_files_hold_comments_and_several_keys_and_nothing_else():
    (one, _first), (two, _second) = key(), key()
    assert len(archives.identities(one + b"\n# of the mayor\r\n" + two)) == 2
    for wrong in (b"", b"# nothing\n", key()[1].encode(), b"age-encryption.org/v1\n\xff\x00",
                  one + b"AGE-SECRET-KEY-1"):
        with pytest.raises(Invalid, match="no private key of age"):
            archives.identities(wrong)


def test_errors_of_members_and_a_full_disk_come_through(tmp_path):
    def broken():
        yield "a", io.BytesIO(bytes(1000))
        raise Unavailable("no database")

    with open(tmp_path / "archive", "wb") as file, pytest.raises(Unavailable, match="no database"):
        archives.write(file, [key()[1]], broken())
    with open("/dev/full", "wb", buffering=0) as file, pytest.raises(OSError, match="No space"):
        archives.write(file, [key()[1]], [("a", io.BytesIO(bytes(1 << 20)))])
    identity, public = key()
    path = written(tmp_path / "archive", [public], {"a": bytes(1000)})
    (tmp_path / ".tar").symlink_to("/dev/full")
    with pytest.raises(Unavailable, match="No space"):
        archives.extract(path, archives.identities(identity), tmp_path)


def test_a_file_that_becomes_shorter_while_it_is_read_is_an_error(tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(bytes(200_000))
    with open(path, "rb") as file, pytest.raises(OSError, match="upload became shorter"):
        pieces = archives._tar([("upload", file)])
        assert len(next(pieces)) == tarfile.BLOCKSIZE
        os.truncate(path, 100_000)
        assert 0 < sum(map(len, pieces)) <= 100_000


def test_names_that_could_not_be_brought_back_are_not_written(tmp_path):
    for name in ("a" * 101, "../a", "/a", ".a", "a b"):
        with pytest.raises(Invalid, match="cannot be the name"):
            written(tmp_path / "archive", [key()[1]], {name: b""})


def test_a_file_of_more_than_eight_gigabytes_has_a_header_that_is_read(tmp_path):
    with open(tmp_path / "large", "wb") as file:
        file.truncate(9 << 30)
    with open(tmp_path / "large", "rb") as file:
        header = next(archives._tar([("database.dump", file)]))
    assert archives._Member.frombuf(header, "utf-8", "strict").size == 9 << 30
