"""The twenty refusals of verifier/draw.py, and steerings of a draw that was signed anew by the site's own key."""

import subprocess
import sys
import zipfile
from collections import Counter
from datetime import timedelta
from hashlib import sha256
from random import Random

import pytest

from civic_forum.draws.rules import filling
from tests.running.machine import patience
from tests.verifier import primitives
from tests.verifier.format2.running import VERIFIER

from . import definitions, records
from .definitions import AT
from .records import BEACON, CELLS, COUNTS, LOTS, Made, draw, passed, run

KOREAN = ("--language", "ko")


def lines_of(made):
    return made.list.decode().splitlines(keepends=True)


def relisted(made, lines, **known):
    """The same with other lines, to which the definition commits."""
    made.list = "".join(lines).encode()
    made.definition |= {"list": sha256(made.list).hexdigest(), **known}


def cells_of(made, **changed):
    return [{**cell, **changed} if at == 0 else cell for at, cell in enumerate(made.definition["cells"])]


def lots_of(*groups, places=5):
    return [LOTS[0].to_json(), {**LOTS[1].to_json(), "places": places, "groups": [
        {"cells": list(cells), "least": least, "most": most} for cells, least, most in groups]}]


def result_of(change):
    def changed(made):
        numbers = filling.result(LOTS, CELLS, filling.seed(made.commit, made.figures, bytes.fromhex(made.beacon)),
                                 made.entries, 1253)
        change(numbers)
        made.result = filling.result_json(LOTS, numbers)
    return changed


def swapped(numbers):
    numbers[1][0], numbers[1][1] = numbers[1][1], numbers[1][0]


def another(numbers):
    numbers[1][-1] = next(number for number in CELLS if number not in numbers[0] + numbers[1])


def put(**values):
    return lambda made: made.__dict__.update(values)


def known(**values):
    return lambda made: made.definition.update(values)


def signatures(**values):
    return lambda made: made.more.update(values)


def entered(*entries):
    return put(entries=list(entries))


STEERINGS = {
    "a line is taken out afterwards": (1, lambda made: put(list="".join(lines_of(made)[1:]).encode())(made)),
    "a line is put in afterwards": (1, lambda made: put(list=made.list + b"999999 " + b"0" * 64 + b" c1\n")(made)),
    "two numbers change places": (1, lambda made: put(list=made.list.replace(b"100001 ", b"100016 "))(made)),
    "lines are not sorted": (2, lambda made: relisted(made, lines_of(made)[::-1])),
    "a number stands twice": (2, lambda made: relisted(made, [*lines_of(made), lines_of(made)[-1]])),
    "one person has two lines": (2, lambda made: relisted(made, [
        *lines_of(made)[:-1], "100016" + lines_of(made)[-2][6:]])),
    "a line ends with a carriage return": (2, lambda made: relisted(made, [
        line.replace("\n", "\r\n") for line in lines_of(made)])),
    "an application is lost": (3, known(counts={**COUNTS, "handed_in": 21})),
    "more lines than were listed": (3, lambda made: relisted(made, [*lines_of(made), f"100016 {'0' * 64} c3\n"])),
    "a way is made up": (3, known(counts={**COUNTS, "desk": 5})),
    "somebody is moved to another cell": (3, lambda made: relisted(made, [
        line.replace("c3", "c1") if line.startswith("100011") else line for line in lines_of(made)])),
    "a cell of few who were not asked": (3, lambda made: relisted(made, [
        line.replace("c1", "c2") if line.startswith("100001") else line for line in lines_of(made)],
        cells=[{**cell, "lines": lines} for cell, lines in zip(made.definition["cells"], (4, 6, 5))])),
    "groups cross": (4, known(lots=lots_of((("c1", "c2"), 0, 3), (("c2", "c3"), 0, 3)))),
    "a group stands twice": (4, known(lots=lots_of((("c1",), 0, 3), (("c1",), 1, 3)))),
    "a group is the whole lot": (4, known(lots=lots_of((("c1", "c2", "c3"), 0, 3)))),
    "a group of a cell that is not there": (4, known(lots=lots_of((("c4",), 0, 3)))),
    "a cell counts twice": (4, known(lots=lots_of((("c1", "c1"), 0, 3)))),
    "no lot at all": (4, known(lots=[])),
    "more are needed than there may be": (4, known(lots=lots_of((("c1",), 3, 5), (("c2",), 3, 5)))),
    "another lottery is named": (6, known(lottery=1254)),
    "another round is named": (6, known(round=34556913)),
    "the commit is put back a week": (6, lambda made: (put(at=AT - timedelta(days=7))(made), made.definition.update(
        at="2026-11-23T00:00:00Z"))),
    "the lottery comes too early": (7, lambda made: (put(at=AT + timedelta(days=3))(made), made.definition.update(
        at="2026-12-03T00:00:00Z"))),
    "figures with a space": (8, put(figures=b'{"bonus":7, "number":1253,"numbers":[3,11,15,29,35,44]}')),
    "figures that are not sorted": (8, put(figures=b'{"bonus":7,"number":1253,"numbers":[11,3,15,29,35,44]}')),
    "the bonus is one of the six": (8, put(figures=b'{"bonus":3,"number":1253,"numbers":[3,11,15,29,35,44]}')),
    "figures of a lottery before": (8, put(figures=filling.values(1252, [3, 11, 15, 29, 35, 44], 7))),
    "a beacon is left out": (9, lambda made: (put(beacon="")(made), made.more.update(beacon=""))),
    "the beacon is given up after a day": (9, lambda made: (put(beacon="", figures=filling.values(
        1254, [3, 11, 15, 29, 35, 44], 7))(made), late(made, AT + timedelta(days=7)))),
    "a seed that was tried out": (10, put(seed=bytes(32))),
    "the order is changed": (11, result_of(swapped)),
    "somebody else is in": (12, result_of(another)),
    "a place stays empty": (12, result_of(lambda numbers: numbers[1].pop())),
    "the result is not signed": (12, signatures(result="00" * 64)),
    "somebody who left is in": (13, lambda made: (entered(passed(100_001))(made), result_of(
        lambda numbers: numbers[0].__setitem__(0, 100_001))(made))),
    "somebody is in twice": (13, result_of(lambda numbers: numbers[1].__setitem__(0, numbers[0][0]))),
    "somebody leaves twice": (13, entered(passed(100_001), passed(100_001, 11))),
    "somebody leaves in the second in which they are restored": (13, entered(
        passed(100_001, 10, "moved", 13), passed(100_001, 13))),
    "somebody leaves who is not in the list": (13, entered(passed(100_099))),
    "an entry is put before another": (14, entered(passed(100_001, 12), passed(100_002, 11))),
    "an entry is not signed": (14, lambda made: (entered(passed(100_001))(made), made.more.update(passed=["00" * 64]))),
    "an entry has no signature": (14, lambda made: (entered(passed(100_001))(made), made.more.update(passed=[]))),
    "somebody is restored without a word": (14, lambda made: (entered(passed(100_001, 10, "moved", 12))(made),
                                                              made.more.update(restored=[]))),
    "the commit is signed for another hour": (15, lambda made: made.__dict__.update(at=AT + timedelta(hours=1))),
    "a second attempt that names none before": (17, known(attempt=2)),
    "a first attempt that hides one": (17, known(before="00" * 32)),
    "an observer of nobody": (19, signatures(observed=[{
        "agrees": 1, "key": "00" * 32, "signature": "00" * 64, "text": ""}])),
    "a word of an observer is forged": (19, lambda made: made.more.update(observed=[{
        "agrees": 1, "key": made.definition["observers"][1]["key"], "signature": "00" * 64, "text": ""}])),
    "another format": (0, known(format=2)),
}


def late(made, at):
    made.more.update(late={"at": at.strftime("%Y-%m-%dT%H:%M:%SZ"), "signature": primitives.sign(
        made.key, filling.late_message(made.commit, at))})


@pytest.mark.parametrize("name", STEERINGS)
def test_a_steered_record_is_refused(tmp_path, name):
    number, change = STEERINGS[name]
    made = Made()
    change(made)
    status, lines = run(tmp_path, made.members(), *KOREAN)
    assert status == 1 and lines[-1].startswith(f"틀렸어요: ({number}) "), lines
    assert number in (0, 20) or lines[1].startswith("로또 125")


def test_records_that_hold(tmp_path):
    made = Made(entries=[passed(100_001, 2), passed(100_012), passed(100_004, 11, "moved", 13), passed(100_003, 14)])
    status, lines = run(tmp_path, made.members(), *KOREAN, "--commit", made.commit.hex(), "--key",
                        primitives.key_fingerprint(made.key), "--figures",
                        "1253:3,11,15,29,35,44+7", "--beacon", BEACON, "--line", "100003", records.SALT.hex(),
                        "사람100003", "1980-01-01")
    assert status == 0 and lines[-1] == "맞아요: 계산할 수 있는 것은 모두 맞아요."
    assert {"로또 전에 빠진 사람: 스스로 그만둠 1.", "로또 뒤에 빠진 사람: 이사 1, 스스로 그만둠 2.", "다섯 명이 안 되는 칸: 없음.",
            "명단을 대조한 사람: 참관인 1 맞다고 함, 참관인 2 맞다고 함.",
            "비컨 서명은 확인하지 않았어요(drand-verify가 없어요)."} <= set(lines)
    status, lines = run(tmp_path, Made(is_drawn=False).members())
    assert status == 0 and lines[-1].startswith("OK so far: not drawn yet.")
    waited = Made(beacon="", figures=filling.values(1257, [3, 11, 15, 29, 35, 44], 7))
    late(waited, AT + timedelta(days=24))
    assert run(tmp_path, waited.members())[0] == 0


@pytest.mark.parametrize(("number", "arguments"), [
    (15, ["--commit", "0" * 64]), (15, ["--key", "0" * 64]), (8, ["--figures", "1253:3,11,15,29,35,45+7"]),
    (9, ["--beacon", "0" * 96]), (16, ["--line", "100003", "0" * 32, "사람100004", "1980-01-01"]),
    (16, ["--line", "100099", "0" * 32, "사람100099", "1980-01-01"]), (16, ["--line", "x", "0", "사람", "1980-01-01"])])
def test_a_letter_or_newspaper_that_says_otherwise(tmp_path, number, arguments):
    assert f"WRONG: ({number})" in run(tmp_path, Made().members(), *arguments)[1][-1]


def test_members_more_or_fewer_chances_and_beacons(tmp_path, monkeypatch):
    members = Made().members()
    for changed in ({**members, "salts.json": b"{}"}, dict(list(members.items())[::-1]),
                    {name: data for name, data in members.items() if name != "chance.json"}):
        assert "(20)" in run(tmp_path, changed)[1][-1]
    assert "(18)" in run(tmp_path, {**members, "chance.json": b'{"c1":1}'})[1][-1]
    for holds, told in ((False, "WRONG: (9)"), (True, "OK")):
        monkeypatch.setattr(draw, "beacon_holds", lambda _round, _signature, holds=holds: holds)
        assert run(tmp_path, members)[1][-1].startswith(told)


def test_lots_of_another_rule_and_observers_are_told_and_not_hidden(tmp_path):
    made = Made()
    made.definition["rule"] = "0" * 64
    status, lines = run(tmp_path, made.members())
    assert status == 3 and "(5)" in lines[-1] and lines[-1].count("0" * 64) == 1
    for agrees, told in (((1, 0), "says that the list is wrong"), ((1,), "1 of 2 observers"), ((), "0 of 2 observers")):
        status, lines = run(tmp_path, Made(agrees=agrees).members())
        assert status == 3 and "(19)" in lines[-1] and told in lines[-1]
    made = Made(agrees=())
    made.definition["observers"] = []
    assert "명단은 아무도 대조하지 않았어요." in run(tmp_path, made.members(), *KOREAN)[1]


def test_attempts_and_earlier_records(tmp_path):
    first = Made()
    second = Made(attempt=2, before=first.commit.hex())
    third = Made(attempt=3, before=second.commit.hex(), entries=[passed(100_001)])
    earlier = Made(attempt=3, before=second.commit.hex(), entries=[passed(100_002, 9)])
    paths = []
    for at, made in enumerate((first, second, Made(slug="juries"), earlier, Made(at=AT + timedelta(hours=1)))):
        paths.append(tmp_path / f"{at}.zip")
        paths[-1].write_bytes(primitives.zipped(made.members()))
    for others, told in (((0, 1), "OK"), ((0,), "WRONG: (17)"), ((1,), "WRONG: (17)"), ((0, 1, 2), "WRONG: (17)"),
                         ((0, 1, 4), "WRONG: (17)"), ((0, 1, 3), "WRONG: (14)")):
        arguments = [word for other in others for word in ("--other", paths[other])]
        assert run(tmp_path, third.members(), *arguments)[1][-1].startswith(told), others
    assert "not compared" in " ".join(run(tmp_path, third.members())[1])


@pytest.mark.in_turns(of=10)
def test_the_example_holds_for_the_program_alone():
    """Its chances too, which are dear."""
    done = subprocess.run([sys.executable, "-I", "-S", VERIFIER / "draw.py", VERIFIER / "draw-example.zip"],
                          capture_output=True, text=True, timeout=patience(300), check=False)
    assert done.returncode == 0 and done.stdout.splitlines()[-1].startswith("OK"), done.stdout + done.stderr


def test_the_example_is_still_written_so():
    """All but its chances, which test_the_example_holds_for_the_program_alone looks at."""
    with zipfile.ZipFile(VERIFIER / "draw-example.zip") as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    assert kept | {"chance.json": b""} == records.example().members() | {"chance.json": b""}


@pytest.mark.long
@pytest.mark.parametrize("begun", range(0, 30, 3))
def test_chances_are_near_those_of_many_draws(begun):
    for each in range(begun, begun + 3):
        random = Random(each)
        lots, cells = definitions.draw(random, 60, 3)
        lines = Counter(cells.values())
        shares = filling.shares(filling.chance(lots, cells, random.randbytes(32)), cells)
        counted = Counter(cells[number] for _draw in range(10_000) for own in simulated(random, lots, cells)
                          for number in own)
        assert all(lines[cell] < 10 or abs(float(share) - counted[cell] / lines[cell] / 10_000) < 0.02
                   for cell, share in shares.items())


def simulated(random, lots, cells):
    """One draw in an order of Python's own chance."""
    out = set()
    for lot in lots:
        people = [number for number, cell in cells.items() if cell in lot.cells and number not in out]
        random.shuffle(people)
        yield (numbers := filling.filled(lot.nested, people, cells))
        out.update(numbers)


def test_the_page_of_the_format_names_the_script_of_today():
    script = VERIFIER.parent / "static/js/draw-check.js"
    assert sha256(script.read_bytes()).hexdigest() in (VERIFIER / "DRAW.md").read_text("utf-8")
