"""What the command says, and when it says yes or no."""

import ast
import copy
import json
import sys

import pytest

from tests.verifier import making, primitives
from tests.verifier.running import VERIFIER, run, run_alone, verify

KEY = primitives.key_fingerprint(primitives.SEED)
OK_NAMED = "OK: everything checked holds; signed by the key you named."
OK = "OK: consistent; signer not confirmed."


@pytest.fixture(scope="module")
def vote():
    return making.make_vote(10)


@pytest.fixture(scope="module")
def records(vote):
    return making.editions(vote)


def kinds(vote, kind):
    return [cast for cast in vote.casts if cast.kind == kind]


# The program itself -----------------------------------------------------------------------------------------------


def test_it_imports_the_standard_library_alone_and_is_python_3_9():
    tree = ast.parse((VERIFIER / "verify.py").read_text("utf-8"), feature_version=(3, 9))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert imported <= set(sys.stdlib_module_names)
    assert not imported & {"zipfile", "subprocess", "socket", "pickle", "ctypes"}


def test_it_runs_cut_off_from_everything(records, desk, tmp_path):
    record, other = (desk.keep(data) for data in records)
    done = run_alone(record, "--key", KEY, "--same-as", other, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == OK_NAMED


def test_its_last_lines_are_those_of_the_format():
    told = (VERIFIER / "FORMAT.md").read_text("utf-8")
    for name in ("ok", "ok_named"):
        for sentence in verify.SENTENCES[name]:
            assert f"`{sentence}`" in told
    for name, opening in (("wrong", "WRONG: "), ("rehearsal", "REHEARSAL:"), ("not_recounted", "NOT RECOUNTED:")):
        assert verify.SENTENCES[name][0].startswith(opening) and f"`{opening}`" in told


def test_every_sentence_has_two_languages_with_the_same_values():
    for english, korean in verify.SENTENCES.values():
        assert sorted(set(fields_in(english))) == sorted(set(fields_in(korean)))


def fields_in(sentence):
    return [part.split("}")[0] for part in sentence.split("{")[1:]]


@pytest.mark.parametrize("arguments", [[], ["--key", "abc", "x.zip"], ["x.zip", "--unknown"], ["nowhere.zip"], ["."]])
def test_wrong_usage_and_files_that_are_not_there_give_two(arguments, tmp_path):
    done = run_alone(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == "" and "Traceback" not in done.stderr and done.stderr


def test_a_kept_file_that_is_not_there_gives_two(records, desk, tmp_path):
    done = run_alone(desk.keep(records[0]), "--head", tmp_path / "nowhere.json")
    assert done.returncode == 2 and "cannot be read" in done.stderr


# Which records hold -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", making.RULES)
@pytest.mark.parametrize("publishes", ["totals", "ballots"])
def test_votes_of_every_kind_hold(kind, publishes, desk):
    vote = making.make_vote(60, kind=kind, publishes=publishes, luck=len(kind))
    public, observers = making.editions(vote)
    status, lines = desk.verify(public, key=KEY, same_as=observers)
    assert (status, lines[-1]) == (0, OK_NAMED), lines
    assert lines[-2].startswith("NOT RECOUNTED:") == (publishes == "totals")
    status, lines = desk.verify(observers, key=KEY, same_as=public)
    assert (status, lines[-1]) == (0, OK_NAMED)
    assert any(line.startswith("Recounted: 60 ballots") for line in lines)


@pytest.mark.parametrize("edition", ["totals", "choices"])
def test_a_vote_in_which_nobody_voted_holds(edition, desk):
    vote = making.make_vote(1)
    vote.casts, vote.batches, vote.objections, vote.cells = [], [], [], None
    vote.papers = dict.fromkeys(vote.papers, 0)
    record = making.editions(vote)[edition == "choices"]
    status, lines = desk.verify(record, head=making.kept_heads(vote))
    assert status == 0, lines


def test_without_a_key_it_says_so_and_names_the_one_it_found(records, desk):
    status, lines = desk.verify(records[1])
    assert (status, lines[-1]) == (0, OK)
    assert any(KEY in line for line in lines)


@pytest.mark.parametrize("written", [KEY.upper(), " ".join(KEY[at : at + 8] for at in range(0, 64, 8)),
                                     ":".join(KEY[at : at + 2] for at in range(0, 64, 2))])
def test_a_key_may_be_written_as_people_write_it(records, desk, written):
    assert desk.verify(records[1], key=written)[0] == 0


def test_a_record_signed_anew_by_another_key_is_refused_with_the_key(vote, desk):
    forged = copy.deepcopy(vote)
    forged.seed = primitives.OTHER_SEED
    for record in making.editions(forged):
        assert desk.verify(record)[1][-1] == OK
        status, lines = desk.verify(record, key=KEY)
        assert status == 1 and "signed by another key" in lines[-1]
        status, lines = desk.verify(record, head=making.kept_heads(vote)[0])
        assert status == 1 and "signed by another key" in lines[-1]
        status, lines = desk.verify(record, receipt=making.receipt_of(vote, vote.casts[0]))
        assert status == 1 and "signed by another key" in lines[-1]


def test_two_editions_that_differ_in_the_result_are_refused(vote, records, desk):
    members = making.compile_record(vote, "totals")
    result = json.loads(members["result.json"])
    result["totals"][0]["votes"] += 1
    result["totals"][1]["votes"] -= 1
    members["result.json"] = primitives.as_json(result)
    other = primitives.zipped(making.sealed(members, vote.seed, "totals"))
    assert desk.verify(other, key=KEY)[0] == 0
    for one, two in ((other, records[1]), (records[1], other)):
        status, lines = desk.verify(one, key=KEY, same_as=two)
        assert status == 1 and lines[-1] == "WRONG: the two editions differ in result.json"


def test_the_other_edition_is_checked_too(records, desk):
    status, lines = desk.verify(records[0], same_as=records[1][:-1])
    assert status == 1 and ".zip: the zip file is" in lines[-1]


def test_of_a_long_path_the_end_is_said(records, desk, tmp_path):
    desk.folder = tmp_path / ("a" * 90) / ("b" * 90)
    desk.folder.mkdir(parents=True)
    _status, lines = desk.verify(records[0], same_as=records[1][:-1])
    said = lines[-1].removeprefix("WRONG: ").partition(": ")[0]
    assert len(said) == 80 and said.startswith("…b") and said.endswith("b/2.zip")


def test_a_rehearsal_says_so_first_and_last(desk):
    public, observers = making.editions(making.make_vote(10, rehearsal=1))
    for record in (public, observers):
        status, lines = desk.verify(record, key=KEY)
        assert status == 0
        assert lines[0].startswith("REHEARSAL:") and lines[-2].startswith("REHEARSAL:") and lines[-1] == OK_NAMED
    assert desk.verify(public)[1][-3].startswith("NOT RECOUNTED:")


def test_it_speaks_korean(records, desk):
    status, lines = desk.verify(records[0], language="ko", key=KEY)
    assert status == 0
    assert lines[-1] == "맞아요: 확인한 것이 모두 맞고, 알려 주신 열쇠로 서명됐어요."
    assert lines[-2].startswith("다시 세지 않음:")
    assert desk.verify(records[0][:-1], language="ko")[1][-1].startswith("틀렸어요: ")


def test_json_for_programs(vote, records, desk):
    status, (line,) = run(desk.keep(records[1]), "--json", "--key", KEY)
    told = json.loads(line)
    assert status == 0 and len(told.pop("checked")) > 15
    assert told == {"edition": "choices", "fingerprint": vote.fingerprint.hex(), "format": 1, "key": KEY, "ok": 1,
                    "recounted": 1, "rehearsal": 0, "signer_confirmed": 1}
    status, (line,) = run(desk.keep(records[0][:-1]), "--json", "--key", KEY)
    told = json.loads(line)
    assert (status, told["ok"], told["signer_confirmed"]) == (1, 0, 0) and "wrong" in told


def test_titles_cannot_write_to_the_terminal(desk):
    vote = making.make_vote(10)
    vote.box["options"][0]["title"] = "x\x1b[2J\r\u202eOK: everything checked holds"
    status, lines = desk.verify(making.editions(vote)[1])
    assert status == 0
    assert not any(letter in line for line in lines for letter in "\x1b\r\u202e")


# Heads ------------------------------------------------------------------------------------------------------------


def test_kept_heads_must_be_those_of_the_record(vote, records, desk):
    for head in making.kept_heads(vote):
        assert desk.verify(records[0], head=head)[0] == 0
    status, lines = desk.verify(records[0], head=[])
    assert status == 1 and "has no head in it" in lines[-1]


def test_a_second_log_for_one_vote_is_named_as_such(vote, records, desk):
    head = making.kept_heads(vote)[1]
    other = making.signed_head({**head, "root": "11" * 32}, vote.seed)
    status, lines = desk.verify(records[0], head=other)
    assert status == 1 and "one vote has two logs" in lines[-1]


@pytest.mark.parametrize("change, sentence", [
    ({"root": "11" * 32}, "the signature does not hold"), ({"size": -1}, "a number is negative"),
    ({"kind": "other"}, "unknown format or kind"), ({"note": ""}, "names that the format does not know"),
    ({"at": "2020-02-30T00:00:00Z"}, "is not an instant"), ({"number": 10**9}, "not a whole number from 0 to 2")])
def test_heads_that_are_not_well_formed(vote, records, desk, change, sentence):
    status, lines = desk.verify(records[0], head={**making.kept_heads(vote)[1], **change})
    assert status == 1 and sentence in lines[-1]


# Receipts ---------------------------------------------------------------------------------------------------------


def test_receipts_say_what_became_of_the_ballot(vote, records, desk):
    voters = {}
    for cast in vote.casts:
        voters.setdefault(cast.tag, []).append(cast)
    changed = next(casts for casts in voters.values() if len(casts) > 1 and casts[-1].kind == "ballot")
    withdrawn = next(casts for casts in voters.values() if casts[-1].kind == "withdrawal")
    said = {}
    for late in (False, True):
        receipts = [making.receipt_of(vote, cast, late=late) for cast in (changed[0], changed[-1], withdrawn[0])]
        status, lines = desk.verify(records[0], receipt=receipts)
        assert status == 0
        said[late] = lines[-5:-2]
    assert said[True] == said[False]
    replaced, counted, taken = said[True]
    assert replaced.endswith("a later ballot replaced it.")
    assert making.receipt_of(vote, changed[0])["tracker"] in replaced
    assert counted.endswith("and counts.") and taken.endswith("it was withdrawn for a paper ballot.")


def test_a_receipt_for_a_ballot_that_was_left_out_proves_it(vote, desk):
    receipt = making.receipt_of(vote, vote.casts[0])
    without = copy.deepcopy(vote)
    without.casts = [cast for cast in without.casts if cast.tag != without.casts[0].tag]
    without.cells = None
    for record in making.editions(without):
        assert desk.verify(record, key=KEY)[0] == 0
        status, lines = desk.verify(record, key=KEY, receipt=receipt)
        assert status == 1 and receipt["tracker"] in lines[-1] and "this receipt proves it" in lines[-1]


@pytest.mark.parametrize("change, sentence", [
    ({"leaf": "11" * 32}, "the signature does not hold"), ({"tracker": "0000-0000-0000"}, "the tracker is not"),
    ({"signature": "00" * 64}, "the signature does not hold"), ({"fingerprint": "11" * 32}, "of another vote"),
    ({"public_key": "11" * 32}, "signed by another key"), ({"format": 2}, "another format version"),
    ({"number": 0}, "lacks head, proof"), ({"leaf": 5}, "not 32 bytes"), ({"choice": "00"}, "does not know")])
def test_receipts_that_are_not_what_they_say(vote, records, desk, change, sentence):
    status, lines = desk.verify(records[0], receipt={**making.receipt_of(vote, vote.casts[0]), **change})
    assert status == 1 and sentence in lines[-1]


@pytest.mark.parametrize("change", [lambda found: found.update(number=found["number"] ^ 1),
                                    lambda found: found["proof"].pop(), lambda found: found["proof"].reverse()])
def test_late_receipts_whose_proof_does_not_hold(vote, records, desk, change):
    receipt = making.receipt_of(vote, vote.casts[0], late=True)
    change(receipt)
    status, lines = desk.verify(records[0], receipt=receipt)
    assert status == 1 and "the inclusion proof does not hold" in lines[-1]


def test_a_withdrawal_has_no_receipt(vote, records, desk):
    status, lines = desk.verify(records[0], receipt=making.receipt_of(vote, kinds(vote, "withdrawal")[0]))
    assert status == 1 and "not a ballot" in lines[-1]


def test_kept_files_may_be_written_by_an_editor(vote, records, desk):
    receipt = json.dumps(making.receipt_of(vote, vote.casts[0]), indent=4)
    path = desk.keep(b"\xef\xbb\xbf" + receipt.replace("\n", "\r\n").encode(), "receipt.json")
    assert run(desk.keep(records[0]), "--receipt", path)[0] == 0


# Proofs -----------------------------------------------------------------------------------------------------------


def leaves_of(vote):
    members = making.compile_record(vote)
    return [primitives.leaf_of(bytes.fromhex(line)) for line in members["entries.txt"].decode().split()]


def test_proofs_for_every_leaf_and_between_all_sizes(vote, records, desk):
    leaves, proofs = leaves_of(vote), []
    head = making.kept_heads(vote)[2]
    common = {"fingerprint": vote.fingerprint.hex(), "format": 1}
    for number, leaf in enumerate(leaves):
        path = [item.hex() for item in primitives.inclusion_of(leaves, number)]
        proofs.append({**common, "head": head, "kind": "inclusion", "leaf": leaf.hex(), "number": number,
                       "proof": path, "size": len(leaves)})
        path = [item.hex() for item in primitives.consistency_of(leaves, number)]
        proofs.append({**common, "kind": "consistency", "new": len(leaves), "old": number, "proof": path})
    assert desk.verify(records[0], proof=proofs)[0] == 0
    for at, change, sentence in ((1, {"old": 3}, "the consistency proof does not hold"),
                                 (3, {"new": 10**6}, "not a whole number from 1"),
                                 (0, {"leaf": leaves[1].hex()}, "the inclusion proof does not hold"),
                                 (0, {"size": 3}, "another size than its head"), (0, {"kind": "other"}, "lacks"),
                                 (0, {"fingerprint": "11" * 32}, "of another vote")):
        status, lines = desk.verify(records[0], proof={**proofs[at], **change})
        assert status == 1 and sentence in lines[-1], (sentence, lines[-1])


# The breakdown ----------------------------------------------------------------------------------------------------


HIDDEN = None


@pytest.mark.parametrize("cells, sentence", [
    ([(40, 20), (40, 21), (20, 10)], ""),
    ([(40, 31), (40, HIDDEN), (20, HIDDEN)], ""),
    ([(40, HIDDEN), (40, HIDDEN), (20, HIDDEN)], ""),
    ([(100, HIDDEN)], ""),
    ([(40, 21), (40, 21), (20, 9)], "has fewer than ten voters and is not hidden"),
    ([(40, 20), (40, 21), (20, HIDDEN)], "can be found by subtracting"),
    ([(55, 52), (25, HIDDEN), (20, HIDDEN)], "does not add up to the turnout"),
    ([(50, 44), (30, HIDDEN), (20, HIDDEN)], "can be found by subtracting"),
    ([(90, 10), (5, HIDDEN), (5, HIDDEN)], "does not add up to the turnout"),
    ([(40, 41), (40, 10), (20, HIDDEN)], "is not a whole number from 0 to 40"),
    ([(40, 20), (40, 21), (19, 10)], "are not the whole roll"),
    ([(40, 20), (40, 20), (20, 10)], "does not add up to the turnout"),
])
def test_breakdowns(cells, sentence, desk):
    vote = making.make_vote(50)  # 51 people with the one whose paper was invalid
    vote.roll = 100
    members = making.compile_record(vote, "totals")
    result = json.loads(members["result.json"])
    result["breakdown"]["cells"] = [
        {"name": str(at), "roll": roll, **({"hidden": 1} if voted is HIDDEN else {"voted": voted})}
        for at, (roll, voted) in enumerate(cells)]
    members["result.json"] = primitives.as_json(result)
    status, lines = desk.verify(primitives.zipped(making.sealed(members, vote.seed, "totals")))
    assert (status, sentence in lines[-1]) == (int(bool(sentence)), True), lines[-1]
