"""A new signing key: never while a vote is under way; each vote keeps the one that it was opened with."""

import subprocess
import sys
from datetime import timedelta
from hashlib import sha256

import pytest
import sqlalchemy as sa

from civic_forum.ballots.counting import closing, publication
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.models import BallotBox, Head
from civic_forum.ballots.published import heads, records
from civic_forum.ballots.published.views import VERIFIER
from civic_forum.ballots.operations import prepare_box
from civic_forum.ballots.rules import signing
from civic_forum.ballots.rules.log import stamp
from civic_forum.platform import clock, key_files, start_checks
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Unavailable
from civic_forum.platform.work import use_case
from tests.polls.making import opened, prepared
from tests.racing import all_at_once

from .boxes import UP_TO_TWO, box
from .officials import COPIES, both, observers_sign
from .test_publication import voted


@pytest.fixture(autouse=True)
def own_keys(app, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "KEYS", str(tmp_path / "keys"))
    return tmp_path / "keys"


def brought_to_the_end(town):
    """A vote that is published: opened, counted and written with the key of its day."""
    made, (one, other) = voted(town), both(town)
    publication.advance(made.id, by=one)
    publication.advance(made.id, by=one)
    observers_sign(made.id)
    publication.advance(made.id, copies=COPIES, by=one)
    publication.advance(made.id, by=other)
    publication.advance(made.id, by=one)
    assert made.row.published_at is not None
    clock.shift(0)
    return made


def rotated():
    return key_files.rotate("signing")


def verified(path, key):
    return subprocess.run([sys.executable, "-I", "-S", str(VERIFIER / "verify.py"), str(path), "--key", key],
                          capture_output=True, text=True)


def over(of):
    db.session.execute(sa.update(BallotBox).where(BallotBox.id == of.id).values(key_destroyed_at=clock.now()))
    db.session.commit()


def test_before_the_first_vote_there_is_nothing_to_rotate(town, own_keys):
    with pytest.raises(Conflict, match="아직 없어요"):
        rotated()
    assert list(own_keys.glob("signing*")) == [] and list(keyring.signing_numbers()) == []


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("under_way", [prepared, opened])
def test_it_is_refused_while_a_vote_is_prepared_or_open(town, under_way, own_keys):
    under_way(town)
    with pytest.raises(Conflict, match="빈터를 무엇으로 쓸까요"):
        rotated()
    assert list(keyring.signing_numbers()) == [1]
    assert not db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry).filter_by(action="keys.rotated"))


@pytest.mark.parametrize("facts", [{"rehearsal": True}, {"closes": -60}, {"opened": False},
                                   {"closes": -60, "rehearsal": True}])
def test_a_rehearsal_counts_and_a_vote_that_is_closed_and_not_counted(town, facts):
    made = box(**facts)
    with pytest.raises(Conflict):
        rotated()
    over(made)
    assert rotated() == 2


def test_one_that_nobody_can_open_any_more_stops_nobody(town):
    box(opened=False, closes=-60)
    assert rotated() == 2


@pytest.mark.both
def test_a_vote_of_before_verifies_with_its_key_and_a_later_one_with_the_new(town, browse):
    old = brought_to_the_end(town), keyring.key_fingerprint()
    told = browse().get("/voting").text
    assert old[1] in told and "쓴 열쇠 지문" not in told
    assert rotated() == 2
    new = brought_to_the_end(town), keyring.key_fingerprint()
    for (made, key), other in ((old, new[1]), (new, old[1])):
        path = records.public(made.row)
        assert verified(path, key).returncode == 0 and verified(path, other).returncode != 0
        assert heads.signer(made.id) == key
        assert {sha256(head.public_key).hexdigest() for head in heads.of_box(made.id)} == {key}
    assert [one.fingerprint for one in heads.earlier_signers()] == [old[1]]
    for address in ("/voting", "/receipts", "/receipts/checker.html"):
        page = browse().get(address).text
        assert old[1] in page and new[1] in page
    assert f'data-key="{new[1]} {old[1]}"' in browse().get("/receipts").text


@pytest.mark.in_turns(of=5)
def test_all_that_is_signed_later_for_a_box_is_signed_with_its_own_key(town, own_keys):
    """Though the command refuses it, a newer key comes while the vote is closed and not counted."""
    made, (one, _other) = voted(town), both(town)
    key = keyring.key_fingerprint()
    closing.close_if_due(made.id)
    keyring.add_signing_key()
    assert keyring.key_fingerprint() != key
    for _again in range(2):
        publication.advance(made.id, by=one)
    assert made.row.recorded_at and verified(records.public(made.row), key).returncode == 0
    assert signing.verify(heads.of_box(made.id)[0].public_key, signing.result(
        made.fingerprint, made.row.result.encode()), made.row.result_signature)


def test_receipts_of_before_fit_their_box(town):
    made = box()
    receipt = made.cast(made.voters[0], 1)
    over(made)
    rotated()
    assert receipt.public_key == heads.of_box(made.id)[0].public_key != signing.public_key(keyring.signing_seed())
    assert signing.verify(receipt.public_key, signing.promise(made.fingerprint, receipt.leaf), receipt.signature)


@pytest.mark.parametrize("_again", range(4))
def test_a_rotation_and_a_preparation_at_once_end_with_one_signer(app, town, _again):
    over(box())
    db.session.rollback()

    def prepare():
        with use_case(None) as work:
            return prepare_box(work.session, "test:1", parts(), roll_id=None, at=work.at).id

    came = all_at_once(app, prepare, rotated)
    assert isinstance(came[0], bytes)
    db.session.rollback()
    numbers = keyring.signing_numbers()
    assert (len(numbers) == 2) is (came[1] == 2) and (came[1] == 2 or isinstance(came[1], Conflict))
    with pytest.raises(Conflict):
        rotated()


def parts():
    now = clock.now().replace(microsecond=0)
    return {"subject_title": "빈터", "question": "무엇으로 쓸까요?", "description": "", "rule": UP_TO_TWO.to_json(),
            "eligibility": {}, "binding": "그대로 따라요.", "publishes": "totals",
            "options": [{"number": n, "title": f"{n}번", "text": ""} for n in range(1, 5)],
            "opens_at": stamp(now), "closes_at": stamp(now + timedelta(hours=1))}


def test_a_lost_signing_key_is_named(town, own_keys):
    made = box()
    over(made)
    rotated()
    (own_keys / "signing.key").unlink()
    with pytest.raises(Unavailable, match="signing.key is missing"):
        heads.seed_of(made.id)
    (own_keys / "signing-2.key").unlink()
    with pytest.raises(Unavailable, match="서명 열쇠를 찾을 수 없어서"):
        heads.seed_of(made.id)


def test_the_site_does_not_start_where_an_open_vote_has_another_signer(town, own_keys):
    made = box()
    heads.refuse_other_signer()
    (own_keys / "signing-2.key").write_bytes(bytes(range(32)))
    with pytest.raises(Unavailable, match="서명 열쇠가 가장 새로운 열쇠가 아니에요"):
        heads.refuse_other_signer()
    assert heads.refuse_other_signer in start_checks._checks
    db.session.execute(sa.update(BallotBox).where(BallotBox.id == made.id).values(closed_at=clock.now()))
    heads.refuse_other_signer()


def test_a_newer_key_signs_what_is_opened_after_it(town):
    over(box())
    first = keyring.key_fingerprint()
    rotated()
    second = box()
    signer = db.session.scalar(sa.select(Head.public_key).filter_by(box_id=second.id, number=0))
    assert sha256(signer).hexdigest() == keyring.key_fingerprint() == heads.signer(second.id) != first
