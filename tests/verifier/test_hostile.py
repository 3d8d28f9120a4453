"""Files made to confuse the verifier: it refuses them in a sentence, without stumbling, soon and in little memory."""

import copy
import json
import random
import struct
import time

import pytest

from tests.verifier import making, primitives
from tests.verifier.running import VERIFIER, run, run_alone, verify

STUMBLED = "cannot be read as a record"


@pytest.fixture(scope="module")
def vote():
    return making.make_vote(10)


@pytest.fixture(scope="module")
def record(vote):
    return making.editions(vote)[1]


def refused(desk, record, **options):
    """The sentence with which it is refused."""
    status, lines = desk.verify(record, **options)
    assert status == 1 and lines[-1].startswith("WRONG: ") and STUMBLED not in lines[-1], lines[-1]
    return lines[-1]


def with_member(vote, name, data):
    """The observers' edition with this member, signed by the right key."""
    members = making.compile_record(vote, "choices", b"public")
    public = json.loads(members["manifest.json"])["public_sha256"]
    members = making.sealed({**members, name: data}, vote.seed, "choices", public)
    if name == "manifest.json":
        message = primitives.framed("manifest/1", vote.fingerprint, data)
        signatures = {**json.loads(members["signatures.json"]), "manifest": primitives.sign(vote.seed, message)}
        members.update({"manifest.json": data, "signatures.json": primitives.as_json(signatures)})
    elif name == "signatures.json":
        members[name] = data
    return primitives.zipped(members)


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\x05\x06" + bytes(18), b"<html>not found</html>", bytes(100_000),
                                  random.Random(1).randbytes(5000)], ids=range(6))
def test_files_that_are_no_records(data, desk):
    assert "this is not the zip file of a record" in refused(desk, data)


def test_a_record_cut_anywhere(record, desk):
    for length in range(0, len(record), 97):
        refused(desk, record[:length])


@pytest.mark.parametrize("size", [2**32 - 1, 2**31, 10**9])
@pytest.mark.parametrize("offset", [18, 22])
def test_sizes_that_are_not_there(record, desk, size, offset):
    declared = bytearray(record)
    declared[offset : offset + 4] = struct.pack("<I", size)
    started = time.process_time()
    assert "zip" in refused(desk, bytes(declared))
    assert time.process_time() - started < 20


def test_a_zip64_member_of_ten_gigabytes(desk):
    name = b"manifest.json"
    extra = struct.pack("<HHQQ", 1, 16, 10 * 2**30, 10 * 2**30)
    unknown = 2**32 - 1  # the true size stands in the extra field
    described = struct.pack("<HHHHHIIIHH", 45, 0, 0, 0, 0x21, 0, unknown, unknown, len(name), len(extra))
    header = b"PK\x03\x04" + described
    assert "longer than the file" in refused(desk, header + name + extra)


def test_a_file_larger_than_a_record_may_be(tmp_path):
    path = tmp_path / "large.zip"
    with path.open("wb") as file:
        file.truncate(2**33)
    done = run_alone(path)
    assert done.returncode == 1 and "larger than a record may be" in done.stdout


def test_thousands_of_empty_members(desk):
    member = b"PK\x03\x04" + struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 0x21, 0, 0, 0, 5, 0)
    data = b"".join(member + b"%05d" % at for at in range(50_000))
    assert "too many members" in refused(desk, data)


@pytest.mark.parametrize("name", ["../box.json", "", "BOX.JSON", "설명.json"])
def test_other_names(vote, desk, name):
    members = making.compile_record(vote, "totals")
    members = {name if one == "box.json" else one: data for one, data in members.items()}
    refused(desk, primitives.zipped(members))


ODD_JSON = {
    "huge number": b"9" * 5000, "large number": b"9007199254740992", "below zero": b"-1", "minus zero": b"-0",
    "fraction": b"1.5", "whole with fraction": b"1.0", "exponent": b"1e3", "infinity": b"1e999",
    "constant": b"Infinity",
    "NaN": b"NaN", "true": b"true", "null": b"null", "deep": b"[" * 100_000 + b"]" * 100_000,
    "deep but not for Python": b"[" * 40 + b"]" * 40, "deep objects": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "cut": b'"abc', "surrogate": b'"\\ud800"', "bad UTF-8": b'"\xff"', "leading zero": b"01", "comment": b"1/**/",
    "escaped slash": b'"\\/"', "escaped letter": b'"\\u0041"', "two values": b"1 2", "nothing": b"",
}


@pytest.mark.thorough
@pytest.mark.parametrize("odd", ODD_JSON)
@pytest.mark.parametrize("name", ["manifest.json", "box.json", "result.json", "objections.json"])
def test_odd_json_as_a_member_and_inside_one(vote, desk, name, odd):
    started = time.process_time()
    refused(desk, with_member(vote, name, ODD_JSON[odd]))
    true = making.compile_record(vote, "choices", b"public")[name]
    inside = true[:-1] + (b',"zz":' if true[:1] == b"{" else b",") + ODD_JSON[odd] + true[-1:]
    refused(desk, with_member(vote, name, inside))
    assert time.process_time() - started < 60


@pytest.mark.thorough
@pytest.mark.parametrize("odd", ODD_JSON)
def test_odd_json_as_head_receipt_and_proof(record, vote, desk, odd):
    for option in ("--head", "--receipt", "--proof"):
        path = desk.keep(ODD_JSON[odd], "odd.json")
        status, lines = run(desk.keep(record), option, path)
        assert status == 1 and STUMBLED not in lines[-1], lines[-1]


@pytest.mark.parametrize("name", ["entries.txt", "openings.txt", "choices.txt"])
@pytest.mark.parametrize("data", [b"\n" * 20_000_000, b"0" * 20_000_000 + b"\n", b"\xff\n", b"0 0 0 1\n", b"\0\n"],
                         ids=["line ends", "one line", "bad bytes", "short", "zero"])
def test_odd_lines(vote, desk, name, data):
    started = time.process_time()
    refused(desk, with_member(vote, name, data))
    assert time.process_time() - started < 60


def test_a_list_too_large_to_read(vote, desk):
    assert "paper.json is too large" in refused(desk, with_member(vote, "paper.json", b"[" + b"[]," * 2**24 + b"[]]"))


def places(value, path=()):
    """Every place in a JSON value, as a path."""
    yield path
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield from places(value[key], (*path, key))


def placed(value, path, odd):
    if not path:
        return odd
    value = copy.deepcopy(value)
    inner = value
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = odd
    return value


ODD_VALUES = ["", "x", "00" * 32, "\0", 0, 1, 2**53 - 1, [], {}, [[]], {"format": 1}, ["x"], [{}]]
JSON_MEMBERS = [name for name in making.COMMON if name.endswith(".json")] + ["manifest.json", "signatures.json"]


@pytest.mark.thorough
@pytest.mark.parametrize("name", JSON_MEMBERS)
def test_odd_values_at_every_place_of_every_member(vote, desk, name):
    """Signed by the right key, so that they get as far as they can."""
    chance = random.Random(name)
    members = making.compile_record(vote, "choices", b"public")
    true = json.loads(members[name])
    for path in places(true):
        for odd in chance.sample(ODD_VALUES, 4):
            value = placed(true, path, odd)
            if value == true:
                continue
            status, lines = desk.verify(with_member(vote, name, primitives.as_json(value)))
            assert STUMBLED not in lines[-1], (path, odd)
            assert status == 1 or harmless(name, path), (path, odd)


def harmless(name, path):
    """What the signer may write as it likes: names of cells, reasons; kept copies give changes away."""
    return (name, path[-1] if path else "") in {("objections.json", "withheld"), ("result.json", "name"),
                                                ("result.json", "by"), ("manifest.json", "public_sha256"),
                                                ("heads.json", "at"), ("result.json", "breakdown")}


@pytest.mark.thorough
def test_odd_values_at_every_place_of_kept_files(vote, record, desk):
    chance = random.Random("kept")
    head = making.kept_heads(vote)[1]
    receipt = making.receipt_of(vote, vote.casts[0], late=True)
    for option, true in (("head", head), ("receipt", receipt)):
        for path in places(true):
            for odd in chance.sample(ODD_VALUES, 4):
                value = placed(true, path, odd)
                if value == true or (option == "head" and value == []):
                    continue
                refused(desk, record, **{option: [value] if option == "receipt" else value})


def test_whatever_still_confuses_it_is_refused_and_no_crash(record, desk, monkeypatch):
    for error in (KeyError("x"), MemoryError(), RecursionError(), ZeroDivisionError()):
        def confused(*_, error=error):
            raise error

        monkeypatch.setattr(verify, "check_openings", confused)
        status, lines = desk.verify(record)
        assert status == 1 and STUMBLED in lines[-1]


def test_nothing_is_written_beside_the_record(record, desk, tmp_path):
    before = sorted(VERIFIER.iterdir())
    path = desk.keep(record, "alone.zip")
    run_alone(path, cwd=tmp_path)
    assert sorted(tmp_path.iterdir()) == [path]
    assert sorted(entry for entry in VERIFIER.iterdir() if entry.name != "__pycache__") == [
        entry for entry in before if entry.name != "__pycache__"]
