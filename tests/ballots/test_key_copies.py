"""Sealed copies of K: two phrases, one file, and nothing in the database that opens it."""

import json
import unicodedata
from hashlib import sha256
from io import BytesIO

import pytest
import sqlalchemy as sa
from lxml import html

from civic_forum.accounts.models import User
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.keys import copies as key_copy
from civic_forum.ballots.keys import services as key_copies
from civic_forum.ballots.officials import queries
from civic_forum.ballots.officials import services as confirmations
from civic_forum.ballots.models import Confirmation
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.work import use_case
from tests.accounts.people import PASSWORD, password_hash
from tests.ballots.boxes import box
from tests.ballots.officials import CLOSE_EARLY, EARLY, EXPORT_KEY, FIRST, SECOND, after, both, copy_key, vote_so
from tests.racing import at_once

WORDS = "열쇠는 봉투 두 개에"
SECRETS = [sha256(word).digest() for word in (b"first", b"second", b"other")]


@pytest.fixture
def round_of(monkeypatch):
    """Has boxes voted on together."""

    def together(*made):
        vote_so(monkeypatch, together=lambda _box: [(one.id.hex()[:4], one.row) for one in made])
        return sorted(made, key=lambda one: one.id)

    return together


def sealed(*keys):
    named = [(key_copy.SealedKey(bytes([n]) * 16, f"투표 {n}", sha256(key).digest()), key) for n, key in enumerate(keys)]
    return key_copy.seal(named, key_copy.lock(SECRETS[0], b"a" * 16), SECRETS[1], b"b" * 16, at="2030-05-01T00:00:00Z")


def test_both_secrets_together_open_every_key_of_the_file():
    keys = [bytes([n]) * 32 for n in range(3)]
    copy = key_copy.parsed(sealed(*keys).written())
    assert list(key_copy.unseal(copy, SECRETS[0], SECRETS[1]).values()) == keys
    assert copy.salts == (b"a" * 16, b"b" * 16) and [one.title for one in copy.keys] == ["투표 0", "투표 1", "투표 2"]
    assert not any(key.hex() in copy.written().decode() for key in keys)
    assert sealed(*keys).public_key != copy.public_key, "a new one for each file"


@pytest.mark.parametrize("wrong", [(0, 2), (2, 1), (1, 0), (2, 2)])
def test_one_secret_alone_opens_nothing(wrong):
    with pytest.raises(ValueError, match="wrong phrase"):
        key_copy.unseal(sealed(bytes(32)), *(SECRETS[n] for n in wrong))


@pytest.mark.parametrize("spoil", [
    {"sealed": "00" * 60}, {"key_sha256": "00" * 32}, {"box": "ff" * 16}])
def test_a_key_is_bound_to_its_box_and_its_sum(spoil):
    told = json.loads(sealed(bytes(32)).written())
    told["keys"][0] |= spoil
    with pytest.raises(ValueError, match="wrong phrase"):
        key_copy.unseal(key_copy.parsed(json.dumps(told).encode()), SECRETS[0], SECRETS[1])


def test_a_public_key_with_which_everybody_knows_the_secret_is_refused():
    told = json.loads(sealed(bytes(32)).written()) | {"public_key": "00" * 32}
    with pytest.raises(ValueError):
        key_copy.unseal(key_copy.parsed(json.dumps(told).encode()), SECRETS[0], SECRETS[1])


@pytest.mark.parametrize("data", [
    b"", b"\xff", b"[]", b"null", b"{}", b'{"format": 1}', b"[" * 100_000,
    *(json.dumps(json.loads(sealed(bytes(32)).written()) | spoilt).encode() for spoilt in (
        {"format": "civic-forum/key-copy/2"}, {"salts": ["00"]}, {"salts": None}, {"keys": []}, {"keys": [1]},
        {"keys": "keys"}, {"public_key": "00"}, {"public_key": 7}, {"keys": [{}] * 300}))])
def test_a_file_that_is_no_copy_is_refused_in_a_sentence(town, data):
    with pytest.raises(ValueError):
        key_copy.parsed(data)
    with pytest.raises(Refusal, match="복사본 파일이 아니거나") as refused:
        key_copies.restore(data, FIRST, SECOND, by=town.official())
    assert refused.value.field == "file"


@pytest.mark.in_turns(of=10)
def test_two_officials_make_a_copy_and_both_phrases_bring_the_key_back(town):
    made, (one, other) = box(3), both(town)
    copy = copy_key(made.id, one, other)
    confirmed = queries.confirmed(made.id, EXPORT_KEY)
    assert (confirmed.proposed_by_id, confirmed.confirmed_by_id, confirmed.note) == (one.id, other.id, None)
    key = keyring.exported(made.id)
    keyring._box_key(made.id).write_bytes(b"spoilt")
    for phrases in ((FIRST, FIRST), (SECOND, FIRST), (WORDS, SECOND), (FIRST, SECOND + "."), (FIRST, "")):
        with pytest.raises(Refusal, match="문구가 맞지 않아요"):
            key_copies.restore(copy.written(), *phrases, by=one)
    assert [one.id for one in key_copies.restore(copy.written(), FIRST, SECOND, by=one)] == [made.id]
    assert keyring.exported(made.id) == key
    with pytest.raises(Conflict, match="제자리"):
        key_copies.restore(copy.written(), FIRST, SECOND, by=one)


@pytest.mark.in_turns(of=5)
def test_a_phrase_is_one_however_a_keyboard_composes_it(town):
    made, (one, other) = box(3), both(town)
    copy = copy_key(made.id, one, other)
    keyring._box_key(made.id).unlink()
    apart = [unicodedata.normalize("NFD", phrase) for phrase in (FIRST, SECOND)]
    assert len(key_copies.restore(copy.written(), *apart, by=one)) == 1


@pytest.mark.in_turns(of=5)
def test_nothing_in_the_database_opens_the_copy(town):
    """Whoever has the file and the database lacks both phrases: no column holds a secret of either."""
    made, (one, other) = box(3), both(town)
    key_copies.propose(made.id, FIRST, by=one)
    note = queries.pending(made.id, EXPORT_KEY).note
    assert set(json.loads(note)) == {"public_key", "salt"}
    copy = key_copies.confirm(made.id, SECOND, by=other)
    secrets = [key_copies.passwords.stretched(phrase, salt).hex()
               for phrase, salt in zip((FIRST, SECOND), copy.salts, strict=True)]
    told = " ".join(str(row) for table in db.metadata.sorted_tables for row in db.session.execute(sa.select(table)))
    for secret in (*secrets, FIRST, SECOND, keyring.exported(made.id).hex(), json.loads(note)["public_key"]):
        assert secret not in told


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("phrase", ["", "짧은 문구예요", "a" * 11, "aaaaaaaaaaaaaaa", "1234567890123", "가" * 201])
def test_an_easy_phrase_is_refused_of_either(town, phrase):
    made, (one, other) = box(3), both(town)
    with pytest.raises(Refusal) as refused:
        key_copies.propose(made.id, phrase, by=one)
    assert refused.value.field == "phrase"
    key_copies.propose(made.id, FIRST, by=one)
    with pytest.raises(Refusal):
        key_copies.confirm(made.id, phrase, by=other)
    assert queries.confirmed(made.id, EXPORT_KEY) is None


def test_no_phrase_is_hashed_inside_a_transaction(town):
    made, one = box(3), town.official()
    with use_case(one), pytest.raises(RuntimeError, match="transaction"):
        key_copies.passwords.stretched(FIRST, bytes(16))
    key_copies.propose(made.id, FIRST, by=one)


@pytest.mark.in_turns(of=5)
def test_the_same_person_in_two_sessions_or_with_two_accounts_is_one(town):
    made, one = box(3), town.moderator(mobile="01012345678")
    key_copies.propose(made.id, FIRST, by=one)
    for same in (one, town.official(mobile="01012345678")):
        with pytest.raises(Denied):
            key_copies.confirm(made.id, SECOND, by=same)
    with pytest.raises(Conflict, match="이미 제안"):
        key_copies.propose(made.id, SECOND, by=one)
    assert queries.confirmed(made.id, EXPORT_KEY) is None


@pytest.mark.both
def test_a_proposal_is_void_after_a_day_when_anything_changed_and_when_it_was_taken_back(town):
    made, (one, other) = box(3, opened=False), both(town)
    key_copies.propose(made.id, FIRST, by=one)
    with use_case(None):
        row = db.session.get_one(type(made.row), made.id)
        row.fingerprint = bytes(32)
    with pytest.raises(Conflict, match="바뀌었어요"):
        key_copies.confirm(made.id, SECOND, by=other)
    key_copies.propose(made.id, FIRST, by=other)
    key_copies.withdraw(made.id, by=one)
    for over in (lambda: key_copies.confirm(made.id, SECOND, by=one), lambda: key_copies.withdraw(made.id, by=one)):
        with pytest.raises(Conflict):
            over()
    key_copies.propose(made.id, FIRST, by=one)
    after(24 * 3600)
    with pytest.raises(Conflict, match="24시간"):
        key_copies.confirm(made.id, SECOND, by=other)
    assert db.session.scalar(sa.select(sa.func.count()).where(Confirmation.note.is_not(None))) == 1
    copy_key(made.id, other, one)
    assert db.session.scalar(sa.select(sa.func.count()).where(Confirmation.note.is_not(None))) == 0


@pytest.mark.in_turns(of=5)
def test_of_two_who_confirm_at_once_one_gets_the_copy(town, app):
    made, one = box(3), town.moderator()
    others = [town.official().id, town.administrator().id]
    key_copies.propose(made.id, FIRST, by=one)

    def confirm(n):
        return key_copies.confirm(made.id, SECOND, by=db.session.get(User, others[n]))

    answers = at_once(app, 2, confirm)
    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "KeyCopy"]
    assert len(queries.of_box(made.id)) == 1
    recorded = db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert recorded.count("ballots.export_key_confirmed") == 1


@pytest.mark.in_turns(of=5)
def test_boxes_that_are_voted_on_together_are_copied_in_one_act(town, round_of):
    made, (one, other) = round_of(*(box(3, opened=False) for _n in range(3))), both(town)
    copy = copy_key(made[1].id, one, other)
    assert [key.box_id for key in copy.keys] == [one.id for one in made]
    for each in made:
        assert queries.confirmed(each.id, EXPORT_KEY).confirmed_by_id == other.id
        keyring._box_key(each.id).unlink()
    assert len(key_copies.restore(copy.written(), FIRST, SECOND, box_id=made[2].id, by=other)) == 3
    for each in made:
        assert keyring.holds(each.id, each.row.key_sha256)


@pytest.mark.in_turns(of=5)
def test_all_boxes_of_an_act_are_confirmed_or_none(town, round_of):
    """A box that came, or that changed, after the proposal makes it void for each of them."""
    first, later = [box(3, opened=False) for _n in range(2)], box(3, opened=False)
    one, other = both(town)
    round_of(*first)
    key_copies.propose(first[0].id, FIRST, by=one)
    made = round_of(*first, later)
    with pytest.raises(Conflict, match="바뀌었어요|기다리는 제안이 없어요"):
        key_copies.confirm(first[0].id, SECOND, by=other)
    key_copies.propose(later.id, FIRST, by=one)
    with use_case(None):
        db.session.get_one(type(later.row), later.id).fingerprint = bytes(32)
    for each in made:
        with pytest.raises(Conflict, match="바뀌었어요"):
            key_copies.confirm(each.id, SECOND, by=other)
    assert not any(queries.confirmed(each.id, EXPORT_KEY) for each in made)


@pytest.mark.in_turns(of=5)
def test_an_opened_box_is_copied_by_itself(town, round_of):
    made, (one, other) = round_of(box(3), box(3, opened=False)), both(town)
    opened = next(each for each in made if each.row.opened_at)
    assert [key.box_id for key in copy_key(opened.id, one, other).keys] == [opened.id]


@pytest.mark.in_turns(of=5)
def test_a_lost_key_is_not_copied_and_a_destroyed_one_is_not_put_back(town):
    made, (one, other) = box(3), both(town)
    copy = copy_key(made.id, one, other)
    confirmations.confirm(confirmations.propose(CLOSE_EARLY, made.id, note=EARLY, by=one).id, by=other)
    key_copies.propose(made.id, FIRST, by=one)
    keyring._box_key(made.id).unlink()
    for attempt in (lambda: key_copies.propose(made.id, FIRST, by=other),
                    lambda: key_copies.confirm(made.id, SECOND, by=other)):
        with pytest.raises(Conflict, match="열쇠 보관함에"):
            attempt()
    keyring.destroy(made.id, by="둘이", at=made.row.closed_at)
    with pytest.raises(Conflict, match="없앴어요"):
        key_copies.restore(copy.written(), FIRST, SECOND, by=one)


@pytest.mark.in_turns(of=5)
def test_the_pages_lead_two_officials_to_the_file_and_back(town, browse):
    made, elsewhere = box(3), box(3)
    one, other = (who(password_hash=password_hash()) for who in (town.moderator, town.official))
    here, ours = f"/desk/votes/{made.id.hex()}/key", (browse(one), browse(other))
    seen = {"seen": key_copies.offer(made.row).fingerprint.hex()}
    differing = ours[0].post(f"{here}/proposals", data=seen | {"phrase": FIRST, "repeated": SECOND})
    assert differing.status_code == 422 and "서로 달라요" in differing.text and FIRST not in differing.text
    assert ours[0].post(f"{here}/proposals", data=seen | {"phrase": FIRST, "repeated": FIRST}).status_code == 302
    assert "다른 담당관을 기다려요" in ours[0].get(here).text
    told = seen | {"phrase": SECOND, "repeated": SECOND}
    assert ours[0].post(f"{here}/confirmation", data=told | {"password": PASSWORD}).status_code == 403
    wrong = ours[1].post(f"{here}/confirmation", data=told | {"password": "wrong words"})
    assert wrong.status_code == 422 and "비밀번호가 맞지 않아요" in wrong.text
    done = ours[1].post(f"{here}/confirmation", data=told | {"password": PASSWORD})
    assert done.status_code == 200 and "복사본 파일 저장하기" in done.text and "no-store" in done.headers["Cache-Control"]
    written = html.fromstring(done.text).xpath("string(//pre)").encode()
    assert ours[1].post(f"{here}/confirmation", data=told | {"password": PASSWORD}).status_code == 409
    keyring._box_key(made.id).unlink()
    for first, status in ((SECOND, 422), (FIRST, 302)):
        data = {"file": (BytesIO(written), "copy.json"), "first": first, "second": SECOND}
        assert ours[0].post(f"{here}/restoration", data=data).status_code == status
    keyring._box_key(elsewhere.id).unlink()
    data = {"file": (BytesIO(written), "copy.json"), "first": FIRST, "second": SECOND}
    other_file = ours[0].post(f"/desk/votes/{elsewhere.id.hex()}/key/restoration", data=data)
    assert other_file.status_code == 422 and "들어 있지 않은 파일" in other_file.text
