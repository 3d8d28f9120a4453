"""Needs of a box that is to be opened, and that nothing of it changes afterwards."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.ballots import server_settings
from civic_forum.ballots import operations as opening
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.officials import queries
from civic_forum.ballots.officials import services as confirmations
from civic_forum.ballots.published import heads
from civic_forum.ballots.rolls import services as rolls
from civic_forum.ballots.rules.log import digest, stamp
from civic_forum.ballots.models import BallotBox, ElectoralRoll, Head, RollEntry
from civic_forum.ballots.rules import signing
from civic_forum.platform.base import database_now, db
from civic_forum.platform.errors import Conflict, Refusal, Unavailable
from civic_forum.platform.work import use_case
from tests.ballots import signed_heads
from tests.ballots.boxes import box
from tests.ballots.officials import OPEN, both, strike, two_confirm, vote_so
from tests.common import commit


def prepared(**facts):
    return box(12, opened=False, **facts)


def why_not(made):
    return opening.why_not_open(made.row, database_now())


def test_opening_signs_a_first_head_of_no_leaves_and_keeps_it_beside_the_keys(town):
    made, (one, other) = prepared(), both(town)
    two_confirm(OPEN, made.id, one, other)
    [head] = heads.of_box(made.id)
    assert (head.kind, head.number, head.size) == ("opening", 0, 0)
    assert signed_heads.verify(heads.to_json(head, made.fingerprint))
    assert keyring.last_head(made.id) == heads.to_json(head, made.fingerprint)
    assert head.public_key == signing.public_key(keyring.signing_seed())


def test_the_fingerprint_covers_the_definition_and_the_key(town):
    row = prepared().row
    said = json.loads(row.definition)
    assert row.fingerprint == digest("box/2", row.definition.encode())
    assert said["id"] == row.id.hex() and said["key_sha256"] == keyring.key_sha256(row.id).hex()
    assert (said["format"], said["rehearsal"]) == (3, 0)


@pytest.mark.parametrize(("parts", "word"), [({"binding": " "}, "반영"), ({}, None)])
def test_a_vote_says_how_far_its_result_binds(town, parts, word):
    reason = why_not(prepared(**parts))
    assert (reason is None) if word is None else word in reason


def test_a_vote_whose_time_is_over_is_not_opened(town):
    assert "지났어요" in why_not(prepared(opens=-3600, closes=-60))


@pytest.mark.both
def test_a_vote_needs_a_roll_that_is_fixed_and_of_its_own_rule(town):
    made = prepared()
    commit(sa.update(ElectoralRoll).values(fixed_at=None))
    assert "명부" in why_not(made)
    other = prepared()
    commit(sa.update(ElectoralRoll).where(ElectoralRoll.id == other.roll_id).values(
        rule=db.session.get(ElectoralRoll, other.roll_id).rule.replace('"live"', '"work"')))
    assert "기준" in why_not(other)


def test_a_roll_of_very_few_opens_nothing_but_a_rehearsal(town, app, monkeypatch):
    monkeypatch.setitem(app.config, "LEAST_ELECTORATE", 10)
    assert "10명" in why_not(box(9, opened=False))
    assert why_not(box(10, opened=False)) is None
    assert why_not(box(1, opened=False, rehearsal=True)) is None


def test_a_vote_without_its_key_is_not_opened(town):
    made, (one, other) = prepared(), both(town)
    proposed = confirmations.propose(OPEN, made.id, by=one)
    kept = keyring.exported(made.id)
    keyring._box_key(made.id).unlink()
    with pytest.raises(Conflict, match="열쇠"):
        confirmations.confirm(proposed.id, by=other)
    keyring.put_back(made.id, bytes(32))
    with pytest.raises(Conflict, match="열쇠"):
        confirmations.confirm(proposed.id, by=other)
    keyring.put_back(made.id, kept)
    confirmations.confirm(proposed.id, by=other)
    assert made.row.opened_at is not None


def test_an_archive_of_the_write_ahead_log_keeps_a_vote_from_opening(town, monkeypatch):
    made = prepared()
    monkeypatch.setattr(server_settings, "keeps_an_order", lambda: "archive_mode = on")
    assert "archive_mode" in why_not(made)


def test_a_reason_of_the_subject_keeps_it_closed(town, monkeypatch):
    made, (one, _other) = prepared(), both(town)
    vote_so(monkeypatch, why_not_open=lambda _box: "선거 기간이에요.")
    with pytest.raises(Conflict, match="선거 기간"):
        confirmations.propose(OPEN, made.id, by=one)


def test_a_box_that_is_not_what_its_poll_says_now_is_not_opened(town, monkeypatch):
    made, (one, _other) = prepared(), both(town)
    vote_so(monkeypatch, definition=lambda box: opening.parts_of(box) | {"question": "다른 질문이에요."})
    with pytest.raises(Conflict, match="바뀌었어요"):
        confirmations.propose(OPEN, made.id, by=one)


def test_after_the_opening_nothing_of_a_box_changes(town):
    made, (one, other) = prepared(), both(town)
    two_confirm(OPEN, made.id, one, other)
    with pytest.raises(Conflict), use_case(None):
        row = db.session.get_one(BallotBox, made.id)
        opening.refresh(row, opening.parts_of(row) | {"question": "다른 질문이에요."}, roll_id=row.roll_id)
    for name, value in (("definition", "{}"), ("fingerprint", bytes(32)), ("rule", "{}"), ("publishes", "ballots"),
                        ("closes_at", database_now()), ("roll_id", None), ("rehearsal", True), ("opened_at", None),
                        ("key_sha256", bytes(32)), ("subject", "test:another"), ("opens_at", database_now())):
        with pytest.raises(opening.Frozen), use_case(None):
            setattr(db.session.get_one(BallotBox, made.id), name, value)
    with pytest.raises(Conflict):
        confirmations.propose(OPEN, made.id, by=one)


def test_a_close_is_never_taken_back(town):
    made, (one, other) = prepared(), both(town)
    two_confirm(OPEN, made.id, one, other)
    with use_case(None):
        db.session.get_one(BallotBox, made.id).closed_at = database_now()
    with pytest.raises(opening.Frozen), use_case(None):
        db.session.get_one(BallotBox, made.id).closed_at = None


def test_nobody_is_added_to_the_roll_after_the_opening_but_somebody_may_be_struck(town):
    made, (one, other) = prepared(), both(town)
    two_confirm(OPEN, made.id, one, other)
    with pytest.raises(Conflict):
        rolls.add(made.roll_id, town.resident(), "빠져 있었어요", by=one)
    with pytest.raises(Conflict):
        rolls.object_to(made.roll_id, "명부에 제가 없어요.", by=town.resident())
    voter = made.voters[0]
    made.cast(voter, 1)
    with pytest.raises(Conflict, match="두 담당관"):
        rolls.strike(made.roll_id, voter, "다른 구로 이사했어요", by=one)
    strike(made.id, voter, one, other)
    with pytest.raises(Refusal):
        made.cast(voter, 2)
    assert made.promises() == 1, "a ballot already cast stays"
    assert db.session.get(RollEntry, (made.roll_id, voter)).struck_by_id == other.id


@pytest.mark.parametrize("parts", [
    {"rule": {"kind": "approval", "options": 4, "limit": 5}}, {"options": [{"number": 2, "title": "b"}]},
    {"publishes": "everything"}, {"closes_at": "2020-01-01T00:00:00Z"}, {"opens_at": "tomorrow"}, {"binding": None},
    {"paper_until": "2020-01-01T00:00:00Z"}])
def test_parts_that_make_no_vote_are_refused(town, parts):
    made = prepared()
    with pytest.raises(Refusal), use_case(None):
        row = db.session.get_one(BallotBox, made.id)
        opening.refresh(row, opening.parts_of(row) | parts, roll_id=row.roll_id)
    assert made.row.fingerprint == made.fingerprint


def test_a_lost_signing_key_opens_nothing(town):
    made, (one, other) = prepared(), both(town)
    proposed = confirmations.propose(OPEN, made.id, by=one)
    path = keyring._directory() / keyring.SIGNING.name(1)
    kept = path.read_bytes()
    path.unlink()
    try:
        with pytest.raises(Unavailable):
            confirmations.confirm(proposed.id, by=other)
        assert made.row.opened_at is None and db.session.scalar(sa.select(Head)) is None
    finally:
        path.write_bytes(kept)


def test_an_opening_is_announced_in_time(town):
    made = prepared(opens=3600, closes=7200)
    one, other = both(town)
    two_confirm(OPEN, made.id, one, other)
    assert made.row.opens_at > database_now() + timedelta(minutes=50)
    with pytest.raises(Refusal):
        made.cast(made.voters[0], 1)
    assert stamp(made.row.opens_at) in made.row.definition and queries.confirmed(made.id, OPEN) is not None
