"""Observers: named before the opening, their signatures made, read, checked and published."""

import json
import subprocess
import sys

import pytest
from lxml import html

from civic_forum.accounts.rules import Role
from civic_forum.ballots import cli
from civic_forum.ballots import operations as opening
from civic_forum.ballots.counting import publication
from civic_forum.ballots.counting.publication import count
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.observing.models import ObserverAsk
from civic_forum.ballots.observing import queries as observed
from civic_forum.ballots.observing import sample as sample_observers
from civic_forum.ballots.observing import services as observing
from civic_forum.ballots.observing.rules import Observer, Said, Statement, said, why_not
from civic_forum.ballots.officials import services as confirmations
from civic_forum.ballots.published import records
from civic_forum.ballots.rules import signing
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from tests.accounts.people import PASSWORD, password_hash
from tests.ballots.boxes import box
from tests.ballots.officials import OPEN, after

SEEDS = [bytes([number]) * 32 for number in range(1, 4)]
ABOUT = b"f" * 32, b"r" * 32, b"e" * 32


def signed(seed, fingerprint, result_sha256, edition_sha256, *, agrees=True, text=""):
    """The output of `verify.py sign`."""
    message = signing.observed(fingerprint, result_sha256, edition_sha256, agrees=agrees, text=text)
    key, signature = signing.signed(seed, message)
    return Statement(fingerprint.hex(), result_sha256.hex(), edition_sha256.hex(), int(agrees), text, key.hex(),
                     signature.hex())


def named(*seeds):
    return [Observer(f"참관인 {number}", bytes.fromhex(signed(seed, *ABOUT).public_key))
            for number, seed in enumerate(seeds)]


def parts(observers, signatures):
    return {"observers": [{"name": one.name, "key": one.key.hex()} for one in observers], "signatures": signatures}


@pytest.fixture
def recorded(town):
    """A vote of three observers, of whom two have to sign, whose record is written."""
    made = box(20, **parts(named(*SEEDS), 2))
    for voter in made.voters[:11]:
        made.cast(voter, 1)
    after(3700)
    count(made.id, by=None)
    publication.write_record(made.id, by=None)
    return made


def statement(made, seed, **facts):
    row = made.row
    return signed(seed, row.fingerprint, observed.result_sha256(row), row.observers_sha256, **facts)


def as_file(*statements, **changes):
    return json.dumps([one.to_json() | changes for one in statements]).encode()


def verify(*arguments):
    done = subprocess.run([sys.executable, "-I", "-S", str(publication.VERIFIER), *map(str, arguments)],
                          capture_output=True, text=True)
    return done.returncode, done.stdout.strip()


@pytest.mark.parametrize(("how_many", "signatures", "publishes", "rehearsal", "wrong"), [
    (2, 1, "totals", False, None), (3, 2, "totals", False, None), (1, 1, "totals", False, "few"),
    (0, 0, "totals", False, "few"), (2, 2, "totals", False, "signatures"), (2, 0, "totals", False, "signatures"),
    (0, 0, "totals", True, None), (0, 0, "ballots", False, None), (1, 1, "ballots", False, None),
    (1, 2, "ballots", False, "signatures")])
def test_totals_alone_need_two_observers_and_not_all_of_them(how_many, signatures, publishes, rehearsal, wrong):
    assert why_not(named(*SEEDS[:how_many]), signatures, publishes, rehearsal=rehearsal) == wrong


def test_nobody_observes_twice_or_without_a_name_or_a_key():
    one, other = named(*SEEDS[:2])
    for observers, wrong in (([one, one], "twice"), ([one, other._replace(name=one.name)], "twice"),
                             ([one, other._replace(key=b"short")], "key"), ([one, other._replace(name="")], "key")):
        assert why_not(observers, 1, "totals", rehearsal=False) == wrong


def test_an_observer_who_signed_both_ways_refuses():
    agrees, refuses = (signed(SEEDS[0], *ABOUT, agrees=one) for one in (True, False))
    other = signed(SEEDS[1], *ABOUT)
    assert said([agrees, other]) == Said(2, 0)
    assert said([refuses, agrees, other]) == said([agrees, other, refuses]) == Said(1, 1)


def test_a_statement_reads_back_and_holds_no_more_when_anything_in_it_changes():
    made = signed(SEEDS[0], *ABOUT, agrees=False, text="합계가 달라요.")
    written = made.to_json()
    assert Statement.from_json(json.loads(json.dumps(written))) == made and made.holds()
    for name, other in (("agrees", 1), ("text", "합계가 같아요."), ("fingerprint", "00" * 32), ("result_sha256", "00" * 32),
                        ("edition_sha256", "00" * 32), ("public_key", "00" * 32), ("signature", "00" * 64)):
        assert not Statement.from_json(written | {name: other}).holds(), name
    for spoilt in (written | {"format": 1}, written | {"more": 1}, written | {"agrees": True}, written | {"agrees": 2},
                   written | {"text": "가" * 1001}, written | {"text": None}, written | {"signature": "00"}, [], None):
        with pytest.raises(ValueError):
            Statement.from_json(spoilt)


def test_without_observers_a_vote_of_totals_is_not_opened(town):
    made = box(20, opened=False, opens=3600, closes=7200, **parts([], 0))
    with pytest.raises(Conflict, match="참관인을 먼저 정해"):
        confirmations.propose(OPEN, made.id, by=town.official())


def test_observers_are_named_until_the_opening_and_void_what_was_confirmed(town):
    made, official = box(20, opened=False, opens=3600, closes=7200, **parts([], 0)), town.official()
    before = made.row.fingerprint
    with pytest.raises(Denied):
        observing.name_observers(made.id, named(*SEEDS), 2, by=town.resident())
    with pytest.raises(Refusal, match="두 명은 있어야"):
        observing.name_observers(made.id, named(SEEDS[0]), 1, by=official)
    observing.name_observers(made.id, named(*SEEDS), 2, by=official)
    proposed = confirmations.propose(OPEN, made.id, by=official)
    observing.name_observers(made.id, named(*SEEDS[:2]), 1, by=official)
    assert made.row.fingerprint != before and opening.parts_of(made.row)["signatures"] == 1
    with pytest.raises(Conflict):
        confirmations.confirm(proposed.id, by=town.moderator())
    row = made.row
    others = {name: value for name, value in opening.parts_of(row).items() if name not in opening.NAMED}
    assert opening.is_defined_by(row, others)
    opening.refresh(row, others | {"question": "무엇을 할까요?"}, roll_id=made.roll_id)
    db.session.commit()
    assert observed.observers(made.row) == named(*SEEDS[:2]), "they stay, whatever else changes"
    assert observed.needed(made.row) == 1 and opening.parts_of(made.row)["question"] == "무엇을 할까요?"
    proposed = confirmations.propose(OPEN, made.id, by=official)
    confirmations.confirm(proposed.id, by=town.moderator())
    with pytest.raises(Conflict):
        observing.name_observers(made.id, named(*SEEDS), 2, by=official)


@pytest.mark.in_turns(of=5)
def test_a_statement_of_observers_is_kept_as_it_is_and_once(recorded):
    agrees, refuses = statement(recorded, SEEDS[0], text="다시 셌어요."), statement(recorded, SEEDS[1], agrees=False)
    assert observing.take(recorded.id, as_file(agrees), by=None) == [agrees]
    assert observing.take(recorded.id, as_file(agrees, refuses, refuses), by=None) == [refuses]
    assert observed.statements(recorded.row) == [agrees, refuses] and observed.counted(recorded.row) == Said(1, 1)


@pytest.mark.in_turns(of=5)
def test_a_statement_that_none_of_them_signed_on_this_is_refused(recorded):
    good, about = statement(recorded, SEEDS[0]), (recorded.fingerprint, observed.result_sha256(recorded.row))
    edition = recorded.row.observers_sha256
    others = [signed(b"?" * 32, *about, edition), signed(SEEDS[0], bytes(32), about[1], edition),
              signed(SEEDS[0], about[0], bytes(32), edition), signed(SEEDS[0], *about, bytes(32))]
    for file in (*map(as_file, others), as_file(good, text="나중에 적은 말"), as_file(good, agrees=0), b"", b"[", b"{}"):
        with pytest.raises(Refusal):
            observing.take(recorded.id, file, by=None)
    assert observed.statements(recorded.row) == []


def test_before_the_record_nobody_signs(town):
    made = box(20, **parts(named(*SEEDS), 2))
    with pytest.raises(Conflict):
        observing.take(made.id, as_file(signed(SEEDS[0], *ABOUT)), by=None)


@pytest.mark.in_turns(of=5)
def test_the_verifier_reads_what_the_site_published_and_the_site_what_the_verifier_signed(recorded, app, tmp_path):
    row = recorded.row
    key, signature = tmp_path / "my.key", tmp_path / "signature.json"
    key.write_text(json.dumps({"algorithm": "Ed25519", "format": 2, "seed": SEEDS[0].hex(),
                               "public_key": statement(recorded, SEEDS[0]).public_key}))
    status, signed = verify("sign", records.observers(row), "--key", key, "--text", "다시 셌어요.",
                            "--site-key", keyring.key_fingerprint())
    assert status == 0 and json.loads(signed) == statement(recorded, SEEDS[0], text="다시 셌어요.").to_json()
    signature.write_text(signed)
    command = app.test_cli_runner().invoke(cli.ballots, ["observed", row.id.hex(), str(signature), "--json"])
    assert command.exit_code == 0 and json.loads(command.output)["agreed"] == 1, command.output
    observing.take(recorded.id, as_file(statement(recorded, SEEDS[1], agrees=False)), by=None)
    status, lines = verify(records.public(row), "--key", keyring.key_fingerprint(), "--same-as", records.observers(row),
                           "--signatures", records.observed(row))
    assert status == 3 and "1 of 3 observers signed that it is right, 1 refused (2 are needed)" in lines


def test_observers_are_named_by_a_command(town, app):
    made = box(20, opened=False, opens=3600, closes=7200, **parts([], 0))
    by = town.official(sign_in_name="ob.one", password_hash=password_hash()).sign_in_name
    given = [f"{one.name}={one.key.hex()}" for one in named(*SEEDS)]
    done = app.test_cli_runner().invoke(
        cli.ballots, ["observers", made.id.hex(), *given, "--by", by, "--password-stdin"], input=f"{PASSWORD}\n")
    db.session.rollback()
    assert done.exit_code == 0, done.output
    assert observed.observers(made.row) == named(*SEEDS) and observed.needed(made.row) == 2


@pytest.mark.in_turns(of=5)
def test_the_invented_observers_of_the_sample_sign(town):
    made = box(20)
    for voter in made.voters[:10]:
        made.cast(voter, 1)
    after(3700)
    count(made.id, by=None)
    publication.write_record(made.id, by=None)
    for seed in sample_observers.SEEDS:
        observing.take(made.id, as_file(statement(made, seed)), by=None)
    assert observed.counted(made.row) == Said(2, 0) and observed.needed(made.row) == 1


@pytest.mark.both
def test_the_own_page_of_an_observer_leads_to_what_they_watch_with_the_next_step(recorded, town, browse):
    me, other = town.staff(Role.OBSERVER), town.staff(Role.OBSERVER)
    db.session.add(ObserverAsk(box_id=recorded.id, user_id=me.id, name="참관인 0", at=recorded.row.opens_at,
                               public_key=named(SEEDS[0])[0].key))
    db.session.commit()
    here, page = f"/votes/{recorded.id.hex()}/observation", browse(me)
    assert "observing" not in browse(town.resident()).get("/me").text
    for observer in (me, other):
        [row] = html.fromstring(browse(observer).get("/me").text).xpath("//section[@id='observing']//li")
        assert row.xpath(".//a/@href") == [here] and "다시 세고 서명해 주세요" in row.text_content()
    assert "다시 세고 서명해 주세요." in page.get(here).text
    observing.take(recorded.id, as_file(statement(recorded, SEEDS[0])), by=me)
    assert "서명을 마쳤어요. 결과를 공개하기를 기다려요" in page.get("/me").text
    after_it = page.get(here).text
    assert "서명을 마쳤어요." in after_it and "다시 세고 서명해 주세요" not in after_it
    assert "다시 세고 서명해 주세요." in browse(other).get(here).text
    observing.take(recorded.id, as_file(statement(recorded, SEEDS[1])), by=other)
    assert "다시 세고 서명해 주세요." not in browse(other).get(here).text, "as many agreed as have to"


def test_before_the_opening_and_the_record_an_observer_waits_or_keeps_what_is_signed(town, browse):
    made, me = box(20, opened=False, opens=3600, closes=7200, **parts([], 0)), town.staff(Role.OBSERVER)
    page = browse(me)
    assert "참관을 신청할 수 있어요" in page.get("/me").text
    observing.ask(made.id, "참관인 0", named(SEEDS[0])[0].key.hex(), by=me)
    assert "담당관이 참관인을 정하기를 기다려요" in page.get("/me").text
    observing.name_observers(made.id, named(*SEEDS[:2]), 1, by=town.official())
    assert "참관인으로 정해졌어요." in page.get("/me").text
    begun = box(20, **parts(named(*SEEDS), 2))
    assert "기록 확인값을 보관해 주세요." in page.get("/me").text
    after(3700)
    count(begun.id, by=None)
    assert "세고 기록을 만들기를 기다려요" in page.get("/me").text
