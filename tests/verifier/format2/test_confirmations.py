"""Acts of two officials, as the site signs them: in a record of format 3 and in the file beside it."""

import json
from hashlib import sha256

import pytest

from tests.verifier.primitives import OTHER_SEED, SEED, key_fingerprint, zipped

from . import forging
from .conftest import made
from .running import VERIFIER, second_refusal
from .test_command import signatures
from .votes import ENDS, later

KEY = key_fingerprint(SEED)
AT = "2026-03-20T00:00:00Z"
BY = ["담당관 1", "담당관 3"]


def afterwards(vote, *acts, seed=SEED):
    """The file beside the record, with these acts."""
    first = len(json.loads(vote.public["confirmations.json"]))
    of = {"result_sha256": sha256(vote.record.result).hexdigest(),
          "edition_sha256": sha256(zipped(vote.observers)).hexdigest()}
    return [forging.confirmed(vote.record.fingerprint, first + number, {"at": AT, "by": BY} | of | act, seed)
            for number, act in enumerate(acts, 1)]


def destroyed(vote, **facts):
    key = json.loads(vote.record.definition)["key_sha256"]
    return {"action": "destroy_key", "key_sha256": key, "note": "복사본 두 개를 없앴어요."} | facts


PUBLISHED = {"action": "publish", "at": later(AT, days=1)}


@pytest.fixture
def vote():
    return made("3: all acts")


def test_acts_of_two_officials_are_told_as_the_word_of_the_site(desk, vote):
    for record in (vote.public, vote.observers):
        status, lines = desk.verify(zipped(record), key=KEY, confirmations=afterwards(vote, destroyed(vote), PUBLISHED))
        assert status == 0, lines[-1]
        for act in ("the opening at 2026-03-02T00:00:00Z: 담당관 1, 담당관 2.", "striking somebody from the roll", "copying "
                                                                                                             "the key",
                    f"destroying ballots and key at {AT}: 담당관 1, 담당관 3. (복사본 두 개를 없앴어요.)", "the publication"):
            assert any(line.startswith("The site says that these officials confirmed " + act) for line in lines), act
    korean = desk.verify(zipped(vote.public), confirmations=afterwards(vote, destroyed(vote)), language="ko")[1]
    assert any("표와 열쇠 없애기" in line for line in korean)


def test_a_key_that_nobody_destroyed_is_told(desk, vote):
    status, lines = desk.verify(zipped(vote.public), confirmations=[])
    assert status == 0 and any(line.startswith("NOTHING says that ballots and key were destroyed") for line in lines)


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("name, acts, why", [
    ("published before", lambda vote: [PUBLISHED], "before the key was destroyed"),
    ("destroyed twice", lambda vote: [destroyed(vote)] * 2, "destroyed twice"),
    ("another key", lambda vote: [destroyed(vote, key_sha256="0" * 64)], "another key"),
    ("no key", lambda vote: [{"action": "destroy_key", "note": "없앴어요."}], "another key"),
    ("a key of the publication", lambda vote: [destroyed(vote), PUBLISHED | {"key_sha256": "0" * 64}], "another key"),
    ("another result", lambda vote: [destroyed(vote, result_sha256="0" * 64)], "another result"),
    ("another edition", lambda vote: [destroyed(vote, edition_sha256="0" * 64)], "another edition"),
    ("opened behind the record", lambda vote: [{"action": "open"}], "only come before the record"),
    ("published twice", lambda vote: [destroyed(vote), PUBLISHED, PUBLISHED], "or twice"),
    ("one officer", lambda vote: [destroyed(vote, by=["담당관 1"])], "not two"),
    ("nobody of the vote", lambda vote: [destroyed(vote, by=["담당관 1", "담당관 9"])], "officers of the vote"),
    ("before the record", lambda vote: [destroyed(vote, at="2026-03-03T00:00:00Z")], "before the one before it")])
def test_a_false_file_is_refused(desk, vote, name, acts, why):
    status, lines = desk.verify(zipped(vote.observers), confirmations=afterwards(vote, *acts(vote)))
    assert status == 1 and why in lines[-1], name


@pytest.mark.in_turns(of=5)
def test_acts_behind_a_record_are_of_one_edition_and_that_of_the_observers(desk, vote):
    """On the public edition, which has the hash of no other."""
    public, observers, none = zipped(vote.public), zipped(vote.observers), {"edition_sha256": "0" * 64}
    true, false = afterwards(vote, destroyed(vote), PUBLISHED), afterwards(vote, destroyed(vote, **none))
    signed = signatures(vote, (0, True), (1, True))
    assert desk.verify(public, confirmations=true, same_as=observers, signatures=signed)[0] == 0
    assert desk.verify(public, confirmations=false)[0] == 0, "nobody can tell from these two files"
    early = made("3: approval")
    assert "before the final head" in desk.verify(zipped(early.public), confirmations=afterwards(
        early, destroyed(early, at=later(ENDS, seconds=-1))))[1][-1]
    for others in ({"confirmations": afterwards(vote, destroyed(vote), PUBLISHED | none)},
                   {"confirmations": false, "same_as": observers}, {"confirmations": false, "signatures": signed}):
        status, lines = desk.verify(public, **others)
        assert status == 1 and "another edition" in lines[-1], lines[-1]
    act = {name: fact for name, fact in true[0]["confirmation"].items() if name != "edition_sha256"}
    bare = forging.confirmed(vote.record.fingerprint, true[0]["number"], act)
    assert "lacks edition_sha256" in desk.verify(public, confirmations=[bare])[1][-1]


@pytest.mark.in_turns(of=5)
def test_a_file_of_another_signer_or_out_of_number_is_refused(desk, vote):
    record, true = zipped(vote.public), afterwards(vote, destroyed(vote), PUBLISHED)
    for false, why in ((afterwards(vote, destroyed(vote), seed=OTHER_SEED), "signature"), (true[1:], "numbered"),
                       (true[::-1], "numbered"), ([true[0] | {"more": 1}], "more"), ({}, "list")):
        status, lines = desk.verify(record, confirmations=false)
        assert status == 1 and why in lines[-1], lines[-1]
    status, lines = desk.verify(zipped(made("approval").public), confirmations=[])
    assert status == 1 and "format 2 has no such file" in lines[-1]
    assert any("does not say who confirmed" in line for line in desk.verify(zipped(made("approval").public))[1])


def test_a_vote_without_officers_may_lack_its_opening_and_that_is_told(desk):
    members = dict(made("3: approval").public)
    forging.confirmations(list.clear)(members)
    status, lines = desk.verify(zipped(forging.resealed(members)))
    assert status == 0 and any(line.startswith("NOBODY is said to have confirmed the opening") for line in lines)
    assert second_refusal(zipped(forging.resealed(members))) is None


def test_the_example_of_format_3_is_a_record_of_the_site_and_holds(desk):
    record = (VERIFIER / "example-3.zip").read_bytes()
    assert record == zipped(made("3: example").public)
    status, lines = desk.verify(record, key=KEY, draw="1215:1,3,4,9,15,26+5")
    assert status == 0 and "Everything was recounted." in lines[-1] and second_refusal(record) is None


def test_acts_of_staff_are_told_with_the_last_count(desk):
    lines = desk.verify(zipped(made("3: acts of staff").public))[1]
    assert any("account_opened, 가산동 주민센터: 2" in line for line in lines)


def test_a_kept_count_of_format_3_is_compared_with_its_acts(desk):
    vote = made("3: acts of staff")
    counts = json.loads(vote.public["counts.json"])
    assert desk.verify(zipped(vote.public), count=counts)[0] == 0
    counts[0]["acts"][0]["number"] = 1
    assert "signature" in desk.verify(zipped(vote.public), count=counts[0])[1][-1]
    assert "this number" in desk.verify(zipped(vote.public), count=forging.count_signed(counts[0]))[1][-1]


def test_closing_late_has_a_reason_that_is_told(desk):
    lines = desk.verify(zipped(made("3: closed late").public))[1]
    assert any("CLOSED LATE: 21601 seconds" in line for line in lines)
    assert any("seconds by which the closing head is late: 21601" in line for line in lines)
