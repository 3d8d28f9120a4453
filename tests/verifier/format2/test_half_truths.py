"""False records that only somebody with the site's own key can sign: each is refused, or told in words."""

import json

import pytest

from tests.verifier.primitives import SEED, key_fingerprint, public_key_of, zipped

from . import forging
from .conftest import made
from .running import run, run_alone
from .test_command import signatures
from .votes import OBSERVERS

KEY = key_fingerprint(SEED)
LOTTERY, DICE = "1215:1,3,4,9,15,26+5", "12345612345612345661"


def told(answer, *words):
    status, lines = answer
    assert all(any(word in line for line in lines) for word in words), lines
    return status, lines[-1]


def altered(vote, *changes):
    members = dict(vote.public)
    for change in changes:
        change(members)
    return zipped(forging.resealed(members))


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("kind, figures, words", [
    ("tie, lottery", LOTTERY, "lottery 6/45 no. 1215, 1, 3, 4, 9, 15, 26 and the bonus 5"),
    ("tie, dice", DICE, "20 dice 1 2 3 4 5 6"),
    ("greedy, tie, dice", DICE, "20 dice 1 2 3 4 5 6")])
def test_a_draw_is_told_and_not_checked_until_it_is_compared(desk, kind, figures, words):
    record = zipped(made(kind).public)
    status, last = told(desk.verify(record, key=KEY), words, "TIED, in the order decided by the draw: ")
    assert status == 0 and "NOT compared: the draw" in last
    status, last = told(desk.verify(record, draw=figures), "is the one that you named")
    assert status == 0 and "NOT compared" not in last
    for other in (LOTTERY.replace("+5", "+6"), DICE[::-1]):
        status, last = desk.verify(record, draw=other)
        assert status == 1 and "--draw: is not the draw" in last[-1]
    assert "추첨으로 정했어요" in " ".join(desk.verify(record, language="ko")[1])


def test_a_draw_is_named_as_people_write_it(desk):
    record = zipped(made("tie, lottery").public)
    assert desk.verify(record, draw="1215: 26,15,9,4,3,1 + 5")[0] == 0
    assert run_alone(desk.keep(record), "--draw", "1,3,4").returncode == 2
    assert desk.verify(zipped(made("approval").public), draw=LOTTERY)[0] == 1


def test_a_tie_without_a_draw_is_told(desk):
    told(desk.verify(zipped(made("tie without a draw").public)), "TIED, in the order decided by the number")
    told(desk.verify(zipped(made("tie without a draw").public), language="ko"), "똑같았던 것(항목의 번호로 정한 차례): ")
    told(desk.verify(zipped(made("tie, dice").public), language="ko"), "똑같았던 것(추첨으로 정한 차례): ")


def left_out(record, **facts):
    """A count of a number that the record does not have, signed by the site."""
    first, last = (json.loads(record["counts.json"])[at] for at in (0, -1))
    beside = last if facts.get("number", 2) > last["number"] else first
    return forging.count_signed(beside | {"number": 2} | facts)


@pytest.mark.parametrize("facts, why", [
    ({"number": 77, "voters": 9999}, "the record allows"), ({"voters": 0}, "the record allows"),
    ({"voters": 1000}, "the record allows"), ({"number": 77, "at": "2026-03-02T00:00:00Z"}, "does not lie between"),
    ({"number": 77, "at": "2026-03-09T00:00:00Z"}, "does not lie between"),
    ({"at": "2026-03-01T00:00:00Z"}, "does not lie between"), ({"number": 77, "voters": 0}, "the record allows")])
def test_a_kept_count_that_contradicts_the_record_is_refused(desk, facts, why):
    vote = made("approval")
    status, lines = desk.verify(zipped(vote.public), count=left_out(vote.public, **facts))
    assert status == 1 and why in lines[-1]


def test_a_kept_count_that_fits_is_told_to_be_left_out(desk):
    vote = made("approval")
    status, _last = told(desk.verify(zipped(vote.public), count=left_out(vote.public)), "the record leaves it out")
    assert status == 0


def test_a_kept_count_beside_one_that_alarms_name_is_taken(desk):
    vote = made("counts that were amiss")
    assert json.loads(vote.public["alarms.json"])["counts"] == [3, 5]
    assert desk.verify(zipped(vote.public), count=left_out(vote.public, number=4, at="2026-03-03T20:00:00Z"))[0] == 0


def test_acts_of_staff_that_fell_are_named_and_told(desk):
    vote = made("3: acts of staff that fell")
    assert json.loads(vote.public["alarms.json"])["counts"] == [3]
    for language, words in (("en", ("FELL: count 3 tells fewer acts of staff than the one before: account_opened, ",
                                    "Reason given at")), ("ko", ("줄었어요: 3번", "적은 까닭"))):
        status, _last = told(desk.verify(zipped(vote.public), language=language), *words)
        assert status == 0


@pytest.mark.parametrize("number, kind, desk_of, fits", [
    (2, "account_opened", "가산동 주민센터", True), (1, "account_opened", "가산동 주민센터", False),
    (3, "account_opened", "가산동 주민센터", False), (1, "code_given", "독산2동 주민센터", False)])
def test_acts_of_a_kept_count_lie_between_those_of_the_record(desk, number, kind, desk_of, fits):
    vote = made("3: acts of staff")
    count = left_out(vote.public)
    kept = {(act["kind"], act["desk"]): act for act in count["acts"]}
    kept[kind, desk_of] = {"desk": desk_of, "kind": kind, "number": number}
    status, lines = desk.verify(zipped(vote.public), count=forging.count_signed(count | {"acts": [
        kept[name] for name in sorted(kept)]}))
    assert (status == 0) == fits and (fits or "acts of staff" in lines[-1]), lines[-1]


def test_closing_and_opening_late_are_told(desk):
    late = altered(made("approval"), forging.heads(lambda heads: [
        heads[0].update(at="2026-03-02T01:00:00Z"), heads[1].update(at="2026-03-10T15:00:00Z")]))
    status, _last = told(desk.verify(late), "OPENED LATE: ", "CLOSED LATE: 172800 seconds after")
    assert status == 0
    told(desk.verify(late, language="ko"), "늦게 열었어요: ", "늦게 끝냈어요: ")
    assert not any("LATE" in line for line in desk.verify(zipped(made("approval").public))[1])
    told(desk.verify(zipped(made("closed early").public)), "CLOSED EARLY: ", "Reason of the early close: 큰물이")


def test_a_pile_that_is_not_there_is_told(desk):
    status, _last = told(desk.verify(zipped(made("a pile left out").public)), "PILES MISSING: ", "[1, 3]")
    assert status == 0


def test_strikes_reasons_objections_and_officers_are_told(desk):
    told(desk.verify(zipped(made("broken into").public)), "STRUCK from the roll after the opening: 1 people",
         "ALARM: rows that are gone: 2", "Reason given at", "원인을 찾아서 막았어요.", "Objection: 종이가 모자랐어요.",
         "Withheld: 이름을 가려요.")
    for language in ("en", "ko"):
        bare = desk.verify(zipped(made("no ledger").public), language=language)[1]
        assert any(line in ("ALARM: there was no ledger.", "경보: 장부가 없었어요.") for line in bare), bare
    told(desk.verify(zipped(made("an officer replaced").public)), "OFFICER REPLACED: 담당관 4 in place of 담당관 1")
    assert not any("{" in line for line in desk.verify(zipped(made("closed early").public))[1])


def test_no_counts_and_no_signatures_are_said(desk):
    bare = altered(made("approval"), forging.counts(list.clear))
    told(desk.verify(bare), "The record has no signed counts")
    status, last = told(desk.verify(bare, signatures=[], key=KEY), "is an empty list: no observer has signed")
    assert status == 3 and last.startswith("NOT AGREED: ")


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("answers, status", [
    ([(0, True), (1, True)], 0), ([(0, True), (1, True), (2, False)], 3), ([(0, True)], 3), ([(0, False)], 3),
    ([], 3)])
def test_too_few_or_refused_signatures_end_otherwise(desk, answers, status):
    vote = made("approval")
    for key, language, begins in ((KEY, "en", "NOT AGREED: everything checked holds (signed by the key you named)"),
                                  (KEY, "ko", "참관인 확인 필요: "), (None, "en", "NOT AGREED: everything checked holds (s")):
        named = {"key": key} if key else {}
        found, lines = desk.verify(zipped(vote.public), signatures=signatures(vote, *answers), language=language,
                                   **named)
        assert found == status and lines[-1].startswith(begins) == (status == 3)


def test_the_help_says_the_statuses():
    assert "3 everything checked holds but" in " ".join(run_alone("--help").stdout.split())


@pytest.mark.in_turns(of=5)
def test_an_observer_names_the_key_of_the_site_or_says_that_it_is_not_known(tmp_path):
    key, record = tmp_path / "my.key", tmp_path / "record.zip"
    key.write_text(json.dumps({"algorithm": "Ed25519", "format": 2, "public_key": public_key_of(OBSERVERS[0]).hex(),
                               "seed": OBSERVERS[0].hex()}))
    record.write_bytes(zipped(made("approval").observers))
    sign = ("sign", record, "--key", key)
    assert "--site-key" in run_alone(*sign).stderr and run_alone(*sign).returncode == 2
    assert run_alone(*sign, "--site-key", KEY, "--any-key").returncode == 2
    refused = run_alone(*sign, "--site-key", "0" * 64)
    assert refused.returncode == 1 and "another key" in refused.stderr and refused.stdout == ""
    assert run_alone(*sign, "--site-key", KEY).returncode == 0
    whatever = run_alone(*sign, "--any-key")
    assert whatever.returncode == 0 and KEY in whatever.stderr
    assert run(*sign, "--any-key")[0] == 0
