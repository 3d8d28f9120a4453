"""A count that two officials set back: nothing that was signed is lost, and nothing is deleted meanwhile."""

import json
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
import sqlalchemy as sa

from civic_forum.ballots.counting import publication
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.observing import queries as observed
from civic_forum.ballots.officials import queries
from civic_forum.ballots.officials import services as confirmations
from civic_forum.ballots.operations import Frozen
from civic_forum.ballots.published import records
from civic_forum.ballots.models import BallotBox, VoteNotice
from civic_forum.ballots.rules import signing
from civic_forum.ballots.rules.boxes import BoxStage, ConfirmedAction
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Refusal
from tests.accounts.people import PASSWORD, password_hash
from tests.ballots.officials import (
    COPIES,
    DESTROY_KEY,
    PUBLISH,
    both,
    bring_to_publication,
    observers_sign,
    two_confirm,
)
from tests.ballots.test_draws import DRAW, FACES, drawn, outcome, waits
from tests.ballots.test_draws import voted as tied
from tests.ballots.test_officials_pages import text_of
from tests.ballots.test_publication import result, stage, voted

SET_BACK = ConfirmedAction.SET_BACK
WHY = "추첨한 주사위를 잘못 옮겨 적었어요."


@pytest.fixture
def recorded(town):
    """A vote whose record is written, with two officials."""
    made, officials = voted(town), both(town)
    publication.carry_on(made.id, by=officials[0])
    return made, *officials


@pytest.mark.in_turns(of=5)
def test_it_is_counted_again_and_the_earlier_result_is_kept_under_a_number(recorded):
    made, one, other = recorded
    before, files = made.row, [records.public(made.row).read_bytes(), records.observers(made.row).read_bytes()]
    signed, digests = before.result, (before.public_sha256, before.observers_sha256)
    two_confirm(SET_BACK, made.id, one, other, note=WHY)
    row = made.row
    assert stage(made) is BoxStage.CLOSED and row.finished_at is not None
    assert (row.result, row.counted_at, row.recorded_at, row.public_sha256, row.observers_sha256) == (None,) * 5
    [kept] = observed.earlier(made.id)
    assert (kept.result, kept.public_sha256, kept.observers_sha256) == (signed, *digests)
    assert signing.verify(signing.public_key(keyring.signing_seed()), signing.result(
        made.fingerprint, kept.result.encode()), kept.result_signature)
    folder = records.directory(made.id)
    for bring in (lambda: publication.carry_on(made.id, by=one), lambda: bring_to_publication(made.id, one, other)):
        bring()
        assert [(folder / name).read_bytes() for name in ("public-1.zip", "observers-1.zip")] == files
        assert records.are_as_written(made.row)
    assert made.row.published_at is not None and result(made) == json.loads(signed)


@pytest.mark.in_turns(of=5)
def test_everybody_reads_why_and_the_digest_of_what_was_set_back(recorded):
    made, one, other = recorded
    digest = sha256(made.row.result.encode()).hexdigest()
    two_confirm(SET_BACK, made.id, one, other, note=WHY)
    [notice] = db.session.scalars(sa.select(VoteNotice))
    assert WHY in notice.text and digest in notice.text and notice.subject == made.row.subject


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("note", [None, "", "왜"])
def test_it_needs_a_reason(recorded, note):
    made, one, _other = recorded
    with pytest.raises(Refusal, match="왜 되돌리는지") as refused:
        confirmations.propose(SET_BACK, made.id, note=note, by=one)
    assert refused.value.field == "note"


@pytest.mark.in_turns(of=5)
def test_a_deletion_that_two_have_confirmed_is_not_set_back(recorded):
    made, one, other = recorded
    proposed = confirmations.propose(SET_BACK, made.id, note=WHY, by=one)
    two_confirm(DESTROY_KEY, made.id, one, other)
    with pytest.raises(Conflict, match="지우기 시작한 뒤"):
        confirmations.confirm(proposed.id, by=other)
    for finish in (lambda: publication.empty(made.id, by=one), lambda: publication.carry_on(made.id, by=one),
                   lambda: two_confirm(PUBLISH, made.id, one, other)):
        finish()
        with pytest.raises(Conflict, match="지우기 시작한 뒤"):
            confirmations.propose(SET_BACK, made.id, note=WHY, by=one)
    assert made.row.published_at is not None and observed.earlier(made.id) == []


def test_before_the_count_there_is_nothing_to_set_back(town):
    made = voted(town)
    with pytest.raises(Conflict, match="아직 세지 않아서"):
        confirmations.propose(SET_BACK, made.id, note=WHY, by=town.official())


@pytest.mark.in_turns(of=5)
def test_a_destruction_that_was_proposed_on_the_earlier_record_is_void(recorded):
    made, one, other = recorded
    observers_sign(made.id)
    proposed = confirmations.propose(DESTROY_KEY, made.id, note=COPIES, by=one)
    two_confirm(SET_BACK, made.id, one, other, note=WHY)
    publication.carry_on(made.id, by=one)
    with pytest.raises(Conflict):
        confirmations.confirm(proposed.id, by=other)
    assert made.row.erased_at is None


@pytest.mark.in_turns(of=5)
def test_a_result_without_a_record_is_kept_too_and_may_be_set_back_again(town):
    made, (one, other) = voted(town), both(town)
    for number in (1, 2):
        publication.count(made.id, by=one)
        two_confirm(SET_BACK, made.id, one, other, note=WHY)
        assert [kept.number for kept in observed.earlier(made.id)] == [*range(1, number + 1)]
    publication.carry_on(made.id, by=one)
    assert records.are_as_written(made.row) and not (records.directory(made.id) / "public-1.zip").exists()


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("moved", [0, 1, 2])
def test_killed_while_its_files_are_set_aside_the_next_one_finishes_it(recorded, monkeypatch, moved):
    made, one, other = recorded
    records.observed(made.row).write_text("[]")
    folder = records.directory(made.id)
    written = {path.name: path.read_bytes() for path in folder.iterdir()}
    two_confirm(SET_BACK, made.id, one, other, note=WHY)
    with monkeypatch.context() as dead:
        dead.setattr(Path, "rename", dies_after(moved))
        with pytest.raises(KeyboardInterrupt):
            publication.carry_on(made.id, by=one)
    publication.carry_on(made.id, by=one)
    for name in ("public.zip", "observers.zip", "observed.json"):
        stem, _dot, suffix = name.partition(".")
        assert (folder / f"{stem}-1.{suffix}").read_bytes() == written[name], name
    assert records.are_as_written(made.row) and not records.observed(made.row).exists()


def dies_after(number):
    """A renaming that dies as soon as it is called once more."""
    real, left = Path.rename, iter([True] * number)

    def rename(path, target):
        if not next(left, False):
            raise KeyboardInterrupt
        return real(path, target)

    return rename


@pytest.mark.in_turns(of=5)
def test_statements_on_the_earlier_result_do_not_count_for_the_new_one(recorded):
    made, one, other = recorded
    records.observed(made.row).write_text("[]")
    two_confirm(SET_BACK, made.id, one, other, note=WHY)
    publication.carry_on(made.id, by=one)
    assert not records.observed(made.row).exists() and observed.statements(made.row) == []
    assert (records.directory(made.id) / "observed-1.json").read_text() == "[]"


@pytest.mark.in_turns(of=5)
def test_a_record_that_is_being_written_meanwhile_is_not_taken_for_the_new_one(recorded, monkeypatch):
    made, one, other = recorded
    two_confirm(SET_BACK, made.id, one, other, note=WHY)
    publication.count(made.id, by=one)
    with records.turn(made.id), pytest.raises(Conflict, match="지금 기록을 만들거나"):
        confirmations.propose(SET_BACK, made.id, note=WHY, by=one)
    proposed = confirmations.propose(SET_BACK, made.id, note=WHY, by=one)
    monkeypatch.setattr(records, "is_somebody_s_turn", lambda _box_id: False)
    monkeypatch.setattr(publication, "_verify", lambda _box: confirmations.confirm(proposed.id, by=other))
    with pytest.raises(Conflict, match="되돌렸어요"):
        publication.write_record(made.id, by=one)
    assert made.row.recorded_at is None and made.row.counted_at is None


@pytest.mark.in_turns(of=5)
def test_a_draw_is_typed_anew_after_it(town):
    made = tied(5, 2, 5)
    waits(made)
    drawn(made, FACES, town)
    publication.carry_on(made.id, by=None)
    two_confirm(SET_BACK, made.id, *both(town), note=WHY)
    assert queries.draw_of(made.id) == {} and made.row.tied_at is None
    waits(made)
    other = " ".join(reversed(FACES.split()))
    drawn(made, other, town)
    publication.carry_on(made.id, by=None)
    assert len(outcome(made)["selected"]) == 1
    with zipfile.ZipFile(records.public(made.row)) as public:
        assert json.loads(public.read("draw.json"))["faces"][:2] == [2, 1]
    with pytest.raises(Conflict):
        confirmations.propose(DRAW, made.id, note=FACES, by=town.official())


@pytest.mark.in_turns(of=5)
def test_nothing_else_unsets_what_a_count_has_set(recorded):
    made = recorded[0]
    row = db.session.get(BallotBox, made.id)
    row.counted_at = None
    with pytest.raises(Frozen):
        db.session.commit()
    db.session.rollback()


@pytest.mark.in_turns(of=5)
def test_two_officials_do_it_on_their_page_which_lists_what_was_set_back(recorded, browse, town):
    made, *_two = recorded
    digest = sha256(made.row.result.encode()).hexdigest()
    one, other = (browse(user(password_hash=password_hash())) for user in (town.official, town.moderator))
    here = f"/desk/votes/{made.id.hex()}"
    page = text_of(one, made)
    seen = page.split('value="set_back"')[0].rsplit('name="seen" value="', 1)[1][:64]
    db.session.rollback()
    assert one.post(f"{here}/proposals", data={"seen": seen, "action": "set_back", "note": WHY}).status_code == 303
    page = text_of(other, made)
    assert WHY in page and page.index(WHY) < page.index('name="password"')
    number = page.split(f"{here}/proposals/")[1].split("/")[0]
    seen = page.split(f"/proposals/{number}/confirmation")[1].split('name="seen" value="')[1][:64]
    answer = other.post(f"{here}/proposals/{number}/confirmation", data={"seen": seen, "password": PASSWORD})
    assert answer.status_code == 303
    page = text_of(one, made)
    assert "되돌린 결과 1" in page and digest in page and "다음 할 일: 세고 기록 만들기" in page
