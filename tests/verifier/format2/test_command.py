"""The command: what people kept, observers who sign, both languages, exit codes."""

import ast
import json
import re
import struct
import sys
import time
from dataclasses import replace
from hashlib import sha256

import pytest

from tests.verifier.primitives import OTHER_SEED, SEED, key_fingerprint, public_key_of, sign, zipped

from . import forging
from .conftest import made
from .kinds import KINDS
from .running import PROGRAM, run, run_alone, verify
from .votes import OBSERVERS, held, observed

pytestmark = pytest.mark.in_turns(of=10)

KEY = key_fingerprint(SEED)


@pytest.fixture
def vote():
    return made("approval")


def refused(answer, told):
    status, lines = answer
    assert status == 1 and lines[-1].startswith("WRONG: ") and told in lines[-1], lines[-1]


def test_a_receipt_says_whether_its_ballot_counts(desk, vote):
    for mine in vote.mine:
        for late in (False, True):
            status, lines = desk.verify(zipped(vote.public), receipt=vote.receipt(mine, late=late))
            assert status == 0
            assert any("it counts" in line for line in lines) == (mine in vote.live())
            assert any("does NOT count" in line for line in lines) == (mine not in vote.live())


@pytest.mark.parametrize("change, told", [
    ({"mine": "0" * 32}, "your mark"), ({"mine": "0" * 31}, "mine"), ({"tracker": "0000-0000-0000"}, "tracker"),
    ({"signature": "0" * 128}, "signature"), ({"leaf": "0" * 64}, "signature"),
    ({"fingerprint": "0" * 64}, "another vote"),
    ({"public_key": "0" * 64}, "another key"), ({"format": 1}, "format"), ({"more": 1}, "more"),
    ({"number": 0}, "inclusion proof"),
    ({"proof": []}, "proof"), ({"head": {}}, "head")])
def test_a_false_receipt_is_refused(desk, vote, change, told):
    receipt = vote.receipt(vote.mine[0], late=True) | change
    refused(desk.verify(zipped(vote.public), receipt=receipt), told)


def test_a_receipt_with_half_of_what_comes_after_the_close_is_refused(desk, vote):
    receipt = vote.receipt(vote.mine[0], late=True)
    del receipt["proof"]
    refused(desk.verify(zipped(vote.public), receipt=receipt), "proof")


def test_a_promise_that_was_not_kept_is_proven(desk, vote):
    leaf = bytes(32)
    receipt = vote.receipt(vote.mine[0]) | {"leaf": leaf.hex(), "tracker": verify.tracker(leaf), "signature": sign(
        SEED, verify.frame("promise/2", vote.record.fingerprint, leaf))}
    refused(desk.verify(zipped(vote.public), receipt=receipt), "this receipt proves it")


def test_a_receipt_of_another_voter_is_told_by_its_mark(desk, vote):
    receipt = vote.receipt(vote.mine[0]) | {"mine": vote.mine[1].hex()}
    refused(desk.verify(zipped(vote.public), receipt=receipt), "another one's")


def test_a_kept_head_must_be_the_records(desk, vote):
    other = forging.head_signed(vote.heads[1] | {"at": "2026-03-08T16:00:00Z"})
    refused(desk.verify(zipped(vote.public), head=other), "two logs")
    refused(desk.verify(zipped(vote.public), head=vote.heads[1] | {"at": "2026-03-08T16:00:00Z"}), "signature")
    refused(desk.verify(zipped(vote.public), head=[]), "too few")
    refused(desk.verify(zipped(vote.public), head=made("few").heads[1]), "another vote")


def test_a_kept_count_must_be_the_records(desk):
    growing = made("growing roll")
    counts = json.loads(growing.public["counts.json"])

    def signed_anew(**facts):
        return forging.count_signed(counts[1] | facts)

    status, lines = desk.verify(zipped(growing.public), count=counts)
    assert status == 0 and any("were signed for the first of the record's additions" in line for line in lines)
    assert desk.verify(zipped(growing.public), count=signed_anew(number=99))[0] == 0
    refused(desk.verify(zipped(growing.public), count=signed_anew(additions_root="1" * 64)), "other additions")
    refused(desk.verify(zipped(growing.public), count=signed_anew(number=99, additions_root="1" * 64)),
            "other additions")
    refused(desk.verify(zipped(growing.public), count=signed_anew(additions=1000)), "more additions")
    refused(desk.verify(zipped(growing.public), count=signed_anew(voters=1)), "the record's count of this number")
    refused(desk.verify(zipped(growing.public), count=counts[1] | {"voters": 1}), "signature")


def test_another_key_is_refused_and_the_named_one_may_be_written_as_people_do(desk, vote):
    refused(desk.verify(zipped(vote.public), key=key_fingerprint(OTHER_SEED)), "another key")
    spaced = " ".join(KEY.upper()[at:at + 4] for at in range(0, 64, 4))
    status, lines = desk.verify(zipped(vote.public), key=spaced)
    assert status == 0 and lines[-1].startswith("OK: everything checked holds; signed by the key you named.")


@pytest.mark.parametrize("name, at", [("roll.txt", 0), ("result.json", 0), ("objections.json", 0)])
def test_editions_that_differ_are_told(desk, vote, name, at):
    members = dict(vote.public)
    forging.edit_lines("roll.txt", lambda lines: lines)(members)
    if name == "objections.json":
        forging.edit(name, lambda items: items[1].update(withheld="다른 까닭"))(members)
    elif name == "result.json":
        forging.edit(name, lambda result: result["desks"][0].update(desk="독산1동"))(members)
    else:
        forging.edit("alarms.json", lambda alarms: alarms.update(strikes=2))(members)
    refused(desk.verify(zipped(vote.observers), same_as=zipped(forging.resealed(members))), "not the same")


def test_an_observers_edition_of_another_public_file_is_told(desk, vote):
    members = dict(vote.observers)
    forging.edit("manifest.json", lambda manifest: manifest.update(public_sha256="0" * 64))(members)
    refused(desk.verify(zipped(vote.public), same_as=zipped(forging.signed_anew(members))), "public file")


def signatures(vote, *answers):
    edition = zipped(vote.observers)
    return [observed(vote, OBSERVERS[at], agrees=agrees, text="다시 셌어요.", zipped_edition=edition) for at,
            agrees in answers]


@pytest.mark.parametrize("answers, told", [
    ([(0, True), (1, True)], "2 of 3 observers signed that it is right, 0 refused (2 are needed)."),
    ([(0, True), (1, False)], "1 of 3 observers signed that it is right, 1 refused"),
    ([(0, True), (0, False), (0, True)], "0 of 3 observers signed that it is right, 1 refused"),
    ([], "0 of 3 observers signed")])
def test_the_last_line_says_how_many_observers_signed(desk, vote, answers, told):
    for record in (vote.public, vote.observers):
        status, lines = desk.verify(zipped(record), signatures=signatures(vote, *answers))
        assert status == (0 if len(answers) == 2 and all(agrees for _at, agrees in answers) else 3)
        assert told in lines[-1]


@pytest.mark.parametrize("change, told", [
    ({"result_sha256": "0" * 64}, "another result"), ({"edition_sha256": "0" * 64}, "another edition"),
    ({"agrees": 0}, "signature"), ({"agrees": 2}, "agrees"), ({"text": "맞아요"}, "signature"),
    ({"text": "x" * 1001}, "too long"),
    ({"public_key": public_key_of(SEED).hex()}, "nobody who was named"), ({"fingerprint": "0" * 64}, "another vote"),
    ({"signature": "0" * 128}, "signature"), ({"format": 1}, "format"), ({"name": "x"}, "name")])
def test_a_false_signature_of_an_observer_is_refused(desk, vote, change, told):
    item = signatures(vote, (0, True))[0] | change
    refused(desk.verify(zipped(vote.observers), signatures=[item]), told)


def test_the_last_line_says_what_was_not_recounted(desk, vote):
    assert "NOT recounted: totals." in desk.verify(zipped(vote.public))[1][-1]
    assert "Everything was recounted." in desk.verify(zipped(vote.observers))[1][-1]
    korean = desk.verify(zipped(vote.public), language="ko")[1][-1]
    assert "다시 세지 않았어요: 합계." in korean and "참관인의 서명은 보지 않았어요(3명 가운데 2명이 필요해요)." in korean
    shares = desk.verify(zipped(made("equal shares").public))[1][-1]
    assert "what equal shares funds" in shares and "how many voters have a funded project" in shares
    few = desk.verify(zipped(made("few").public))[1][-1]
    assert "what won" in few


def test_a_rehearsal_and_a_vote_without_observers_say_so_first(desk):
    assert desk.verify(zipped(made("rehearsal").public))[1][0].startswith("REHEARSAL: ")
    assert desk.verify(zipped(made("no observers").public))[1][0].startswith("NO OBSERVERS: ")
    assert desk.verify(zipped(made("no observers").public), language="ko")[1][0].startswith("참관인 없음: ")


@pytest.mark.parametrize("kind",
                         ["approval", "greedy", "equal shares", "few", "broken into", "yes or no", "weighted by marks"])
def test_nothing_is_said_in_english_to_who_reads_korean(desk, kind):
    vote = made(kind)
    for record in (vote.public, vote.observers):
        for line in desk.verify(zipped(record), language="ko")[1]:
            assert re.search("[가-힣]", line), line
            assert not re.search(r"\b(the|of|is|are|votes|holds?)\b", line), line


def test_faults_are_said_in_both_languages_with_what_to_do(desk, vote):
    record = zipped(vote.public)[:-1]
    for language, begins in (("en", "WRONG: zip: "), ("ko", "틀렸어요: zip: ")):
        status, lines = desk.verify(record, language=language)
        assert status == 1 and lines[-1].startswith(begins) and len(lines) == 2


def test_every_sentence_of_the_program_has_two_languages():
    quoted = re.findall(r'need\((?:[^()]|\([^()]*\))*\)', PROGRAM.read_text("utf-8"))
    assert len(quoted) > 60
    assert [call for call in quoted if "impossible" not in call and '"' in call and "|" not in call] == []


def test_it_imports_the_standard_library_alone_and_is_python_3_9():
    program = PROGRAM.read_text("utf-8")
    tree = ast.parse(program, feature_version=(3, 9))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert imported <= set(sys.stdlib_module_names)
    assert not imported & {"zipfile", "subprocess", "socket", "pickle", "ctypes"}
    assert len(program.splitlines()) < 2_400


def test_its_last_lines_are_those_of_the_format():
    told, program = (PROGRAM.parent / "FORMAT.md").read_text("utf-8"), PROGRAM.read_text("utf-8")
    for sentence in ("OK: everything checked holds; signed by the key you named.",
                     "OK: consistent; signer not confirmed.",
                     "맞아요: 확인한 것이 모두 맞고, 알려 주신 열쇠로 서명됐어요."):
        assert f"`{sentence}`" in told and sentence in program


def test_titles_cannot_write_to_the_terminal(desk):
    title = "x\x1b[2J\r\u202eOK: everything checked holds"
    vote = held(replace(KINDS["whole ballots"], definition={"publishes": "ballots", "subject_title": title}))
    status, lines = desk.verify(zipped(vote.public))
    assert status == 0 and not any(letter in line for line in lines for letter in "\x1b\r\u202e")


def test_kept_files_may_be_written_by_an_editor(desk, vote):
    receipt = json.dumps(vote.receipt(vote.mine[0]), indent=4).replace("\n", "\r\n")
    path = desk.keep(b"\xef\xbb\xbf" + receipt.encode(), "receipt.json")
    assert run(desk.keep(zipped(vote.public)), "--receipt", path)[0] == 0


def test_of_a_long_path_the_end_is_said(desk, vote):
    desk.folder = desk.folder / ("a" * 90) / ("b" * 90)
    desk.folder.mkdir(parents=True)
    said = desk.verify(zipped(vote.public), head=[])[1][-1].removeprefix("WRONG: ").partition(": ")[0]
    assert len(said) == 80 and said.startswith("…b") and said.endswith("b/2.json")


@pytest.mark.parametrize("data, member",
                         [(b"\n" * 20_000_000, "entries.txt"), (b"0" * 20_000_000 + b"\n", "entries.txt"),
                                          (b"0 0 0 1\n", "choices.txt"),
                          (b"[" + b"[]," * 2**24 + b"[]]", "paper.json")],
                         ids=["line ends", "one line", "short", "too large"])
def test_members_made_to_fill_the_memory_are_refused_soon(desk, vote, data, member):
    begun = time.process_time()
    refused(desk.verify(zipped(forging.resealed(vote.observers | {member: data}))), f"{member}: ")
    assert time.process_time() - begun < 20


@pytest.mark.parametrize("size", [2**32 - 1, 2**31, 10**9])
@pytest.mark.parametrize("offset", [18, 22])
def test_sizes_that_are_not_there_are_refused(desk, vote, size, offset):
    record = bytearray(zipped(vote.public))
    record[offset:offset + 4] = size.to_bytes(4, "little")
    refused(desk.verify(bytes(record)), "zip")


def test_thousands_of_empty_members_are_refused(desk):
    member = b"PK\3\4" + struct.pack("<5H3I2H", 20, 0, 0, 0, 0x21, 0, 0, 0, 5, 0)
    refused(desk.verify(b"".join(member + b"%05d" % at for at in range(50_000))), "zip")


def test_a_file_larger_than_a_record_may_be_is_not_read(tmp_path):
    path = tmp_path / "large.zip"
    with path.open("wb") as file:
        file.truncate(2**33)
    done = run_alone(path)
    assert done.returncode == 2 and "larger than a record may be" in done.stderr and done.stdout == ""


@pytest.mark.parametrize("content", [b"", b"{", b"\xff{}", b'{"format":2,"format":2}', b"2.5", b" " * (2**25 + 1)],
                         ids=["nothing", "cut", "no UTF-8", "a name twice", "a fraction", "too large"])
def test_a_kept_file_that_cannot_be_read_is_no_proof_against_a_record(desk, vote, content, capsys):
    record, kept = desk.keep(zipped(vote.public)), desk.keep(content, "kept.json")
    for option in ("--head", "--count", "--receipt", "--signatures", "--confirmations"):
        status, lines = run(record, option, kept)
        assert status == 2 and lines == []
        told = capsys.readouterr().err
        assert told.count("kept.json: ") == 2 and "cannot be used" in told and "쓸 수 없어요" in told
    assert run(record, "--receipt", desk.keep({}))[0] == 1, "a file that can be read and is no receipt"


def test_a_file_that_is_no_key_cannot_be_used_to_sign(desk, vote):
    record = desk.keep(zipped(vote.observers))
    for kept in (b"{", {}, {"algorithm": "Ed25519", "format": 2, "public_key": "0" * 64, "seed": "0"}):
        assert run("sign", record, "--key", desk.keep(kept), "--site-key", KEY)[0] == 2


def test_anything_that_still_confuses_it_is_refused_and_no_crash(desk, vote, monkeypatch):
    for error in (KeyError("x"), RecursionError(), ZeroDivisionError()):
        def confused(*_, error=error):
            raise error

        monkeypatch.setattr(verify, "CHECKS", [confused])
        refused(desk.verify(zipped(vote.public)), "cannot be read as a record")


@pytest.mark.parametrize("record", [b"", b"PK", b"PK\x03\x04" + bytes(40), b"\0" * 1000, b"PK\x05\x06" + bytes(18)])
def test_a_file_that_is_no_record_is_refused(desk, record):
    assert desk.verify(record)[0] == 1


def test_a_zip_written_in_any_other_way_is_refused(desk, vote):
    good = zipped(vote.public)
    end = good.rindex(b"PK\5\6")
    spoiled = {"a byte behind": good + b"\0", "a byte before": b"\0" + good, "a comment": good[:-2] + b"\1\0x",
               "another version": good.replace(b"PK\3\4\x14", b"PK\3\4\x0a", 1),
               "a flag": good[:6] + b"\x08" + good[7:],
               "a method": good[:8] + b"\x08" + good[9:], "a time": good[:10] + b"\1" + good[11:],
               "another day": good[:12] + b"\x22" + good[13:],
               "another checksum": good[:14] + bytes([good[14] ^ 1]) + good[15:],
               "an extra field": good[:28] + b"\1" + good[29:], "a disk": good[:end + 4] + b"\1" + good[end + 5:],
               "fewer members": good[:end + 8] + b"\1" + good[end + 9:],
               "attributes": good.replace(b"PK\1\2\x14\0", b"PK\1\2\x14\3", 1),
               "cut": good[:end], "half": good[:len(good) // 2]}
    for name, record in spoiled.items():
        assert desk.verify(record)[0] == 1, name


def test_a_file_that_is_not_there_and_a_wrong_call_are_told_apart(tmp_path, vote):
    assert run(tmp_path / "none.zip")[0] == 2
    answer = run_alone("--wrong")
    assert answer.returncode == 2 and "잘못 불렀어요" in answer.stderr


def test_an_observer_makes_a_key_and_signs_with_it(tmp_path, vote):
    key, record = tmp_path / "my.key", tmp_path / "record.zip"
    assert run_alone("keygen", key).returncode == 0 and key.stat().st_mode & 0o777 == 0o600
    assert run_alone("keygen", key).returncode == 2, "a key is never written over"
    made_key = json.loads(key.read_text())
    assert made_key["public_key"] == public_key_of(bytes.fromhex(made_key["seed"])).hex()
    record.write_bytes(zipped(vote.observers))
    assert run_alone("sign", record, "--key", key, "--site-key", KEY).returncode == 1, "not an observer of this vote"
    key.write_text(json.dumps(made_key | {"seed": OBSERVERS[0].hex(), "public_key": public_key_of(OBSERVERS[0]).hex()}))
    for more, agrees in ((["--site-key", KEY], True), (["--refuse", "두 장이 모자라요."], False)):
        answer = run_alone("sign", record, "--key", key, *more)
        expected = observed(vote, OBSERVERS[0], agrees=agrees, text="" if agrees else more[1],
                            zipped_edition=zipped(vote.observers))
        assert json.loads(answer.stdout) == expected, answer.stderr


def test_an_observer_agrees_to_nothing_that_cannot_be_recounted_or_is_wrong(tmp_path, vote):
    key, record = tmp_path / "my.key", tmp_path / "record.zip"
    key.write_text(json.dumps({"algorithm": "Ed25519", "format": 2, "public_key": public_key_of(OBSERVERS[0]).hex(),
                               "seed": OBSERVERS[0].hex()}))
    record.write_bytes(zipped(vote.public))
    assert run_alone("sign", record, "--key", key, "--site-key", KEY).returncode == 1
    members = dict(vote.observers)
    forging.edit("result.json", lambda result: result.update(ballots=1))(members)
    record.write_bytes(zipped(forging.resealed(members)))
    assert run_alone("sign", record, "--key", key, "--site-key", KEY).returncode == 1
    assert run_alone("sign", record, "--key", key, "--refuse", "수가 달라요.").returncode == 0


def test_it_runs_alone_on_a_terminal_that_knows_no_korean(tmp_path, vote):
    record = tmp_path / "record.zip"
    record.write_bytes(zipped(vote.public))
    answer = run_alone(record, "--language", "ko")
    assert answer.returncode == 0 and answer.stderr == ""
    assert sha256(record.read_bytes()).hexdigest() == json.loads(vote.observers["manifest.json"])["public_sha256"]
