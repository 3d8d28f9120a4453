"""In a rehearsal one officer both proposes and confirms; in any other vote nobody does, whatever the tables say."""

import re

import pytest
import sqlalchemy as sa

from civic_forum.ballots.counting import publication
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.keys import backups as backup_list
from civic_forum.ballots.keys import services as key_copies
from civic_forum.ballots.officials import services as confirmations
from civic_forum.ballots.strikes import services as strikes
from civic_forum.ballots.published import records
from civic_forum.ballots.rules.log import canonical_json, parse_canonical
from civic_forum.ballots.box import definition
from civic_forum.ballots.models import BallotBox, Confirmation, RollEntry, VoteNotice
from civic_forum.ballots.rules.boxes import BoxStage, ConfirmedAction
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Unavailable
from tests.accounts.people import password_hash
from tests.ballots.boxes import box
from tests.ballots.officials import (
    CLOSE_EARLY,
    COPIES,
    DESTROY_KEY,
    EARLY,
    FIRST,
    OPEN,
    PUBLISH,
    SECOND,
    after,
    observers_sign,
    two_destroy,
)
from tests.ballots.test_officials_pages import confirm, propose, text_of
from tests.ballots.test_publication import stage, voted
from tests.common import commit

SET_BACK = ConfirmedAction.SET_BACK
WHY = "한 번 더 세어 봐요."


def alone(action, made, by, note=None):
    proposed = confirmations.propose(action, made.id, note=note, by=by)
    return confirmations.confirm(proposed.id, by=by)


def in_the_table(made, **values):
    """As somebody who writes to the database would have it."""
    table = BallotBox.__table__
    db.session.rollback()
    commit(sa.update(table).where(table.c.id == made.id).values(**values))
    definition._kept.clear()  # and the server is started again


def defined_with(made, rehearsal: int) -> str:
    return canonical_json(parse_canonical(made.row.definition.encode()) | {"rehearsal": rehearsal}).decode()


def notices():
    db.session.rollback()
    return " ".join(db.session.scalars(sa.select(VoteNotice.text)))


def confirmed():
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(Confirmation).where(
        Confirmation.confirmed_at.is_not(None)))


@pytest.mark.in_turns(of=5)
def test_one_officer_takes_a_rehearsal_to_the_destruction_of_its_key_and_no_further(town):
    made, one = voted(town, rehearsal=True), town.moderator()
    assert publication.advance(made.id, copies=COPIES, by=one).action is DESTROY_KEY
    assert publication.advance(made.id, by=one) is None and stage(made) is BoxStage.KEY_DESTROYED
    assert not keyring.is_there(made.id) and records.are_as_written(made.row)
    assert keyring.tombstone_of(made.id)["by"].count(one.name) == 1
    with pytest.raises(Conflict, match="예행연습"):
        confirmations.propose(PUBLISH, made.id, by=one)


@pytest.mark.both
def test_one_officer_closes_a_rehearsal_early_and_sets_it_back_and_no_notice_speaks_of_two(town):
    made, one = box(12, rehearsal=True), town.moderator()
    made.cast(made.voters[0], 1)
    alone(CLOSE_EARLY, made, one, EARLY)
    assert made.row.closed_at is not None
    publication.carry_on(made.id, by=one)
    assert made.row.recorded_at is not None
    alone(SET_BACK, made, one, WHY)
    assert made.row.counted_at is None
    assert EARLY in notices() and WHY in notices() and "예행연습" in notices() and "두 담당관" not in notices()


def recorded(town):
    """A vote whose record is written and signed."""
    made = voted(town)
    publication.carry_on(made.id, by=None)
    observers_sign(made.id)
    return made


def destroyed(town):
    made = voted(town)
    two_destroy(made.id)
    return made


REAL = {OPEN: (lambda _town: box(12, opened=False), None), CLOSE_EARLY: (lambda _town: box(12), EARLY),
        SET_BACK: (recorded, WHY), DESTROY_KEY: (recorded, COPIES), PUBLISH: (destroyed, None)}


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("action", REAL, ids=str)
def test_nobody_confirms_alone_in_a_vote_that_is_no_rehearsal(town, action):
    make, note = REAL[action]
    made, one = make(town), town.moderator()
    before, were = stage(made), confirmed()
    with pytest.raises(Denied):
        alone(action, made, one, note)
    assert stage(made) is before and confirmed() == were


@pytest.mark.in_turns(of=5)
@pytest.mark.both
@pytest.mark.parametrize("action", [CLOSE_EARLY, DESTROY_KEY, PUBLISH], ids=str)
def test_a_table_that_calls_a_vote_a_rehearsal_lets_nobody_confirm_alone(town, action):
    make, note = REAL[action]
    made, one = make(town), town.moderator()
    proposed, before, were = confirmations.propose(action, made.id, note=note, by=one).id, stage(made), confirmed()
    for values in ({"rehearsal": True}, {"definition": defined_with(made, 1)}):
        in_the_table(made, **values)
        with pytest.raises((Denied, Unavailable, Conflict)):
            confirmations.confirm(proposed, by=one)
        assert not confirmations.is_confirmed_alone(action, made.id)
    assert stage(made) is before and confirmed() == were


@pytest.mark.in_turns(of=5)
def test_a_table_that_calls_a_rehearsal_a_vote_does_not_publish_it(town):
    made, one, other = voted(town, rehearsal=True), town.moderator(), town.official()
    publication.advance(made.id, copies=COPIES, by=one)
    publication.advance(made.id, by=one)
    for values in ({"rehearsal": False}, {"definition": defined_with(made, 0)}):
        in_the_table(made, **values)
        with pytest.raises((Unavailable, Conflict)):
            confirmations.propose(PUBLISH, made.id, by=other)
    assert made.row.published_at is None


def test_a_box_marked_as_a_rehearsal_that_is_not_open_takes_two(town):
    made, one = box(12, opened=False, rehearsal=True), town.moderator()
    with pytest.raises(Denied):
        alone(OPEN, made, one)
    assert made.row.opened_at is None


@pytest.mark.both
def test_a_rehearsal_that_shares_the_roll_of_a_vote_strikes_nobody_from_it_alone(town):
    real, rehearsal, one = box(12), box(12, rehearsal=True), town.moderator()
    box_row = BallotBox.__table__
    commit(sa.update(box_row).where(box_row.c.id == rehearsal.id).values(roll_id=real.roll_id))
    keyring.beside_keys(rehearsal.id, ".roll").write_bytes(b"%d" % real.roll_id)
    proposed = strikes.propose(rehearsal.id, real.voters[0], "다른 구로 이사했어요", by=one)
    with pytest.raises(Denied):
        strikes.confirm(proposed.id, by=one)
    db.session.rollback()
    assert db.session.get(RollEntry, (real.roll_id, real.voters[0]), populate_existing=True).struck_at is None


@pytest.mark.in_turns(of=5)
def test_nobody_gets_a_copy_of_a_key_alone(town):
    made, one = box(12, rehearsal=True), town.moderator()
    key_copies.propose(made.id, FIRST, by=one)
    with pytest.raises(Denied):
        key_copies.confirm(made.id, SECOND, by=one)


@pytest.mark.in_turns(of=5)
def test_the_page_lets_the_proposer_of_a_rehearsal_confirm_and_says_so(town, browse, tmp_path):
    client = browse(town.moderator(password_hash=password_hash()))
    made = box(12, rehearsal=True)
    made.cast(made.voters[0], 1)
    backup_list.note(tmp_path)  # for a real vote: nobody can delete it on account of a rehearsal
    after(3700)
    publication.carry_on(made.id, by=None)
    assert backup_list.left(made.id) == [] and "1장" in text_of(client, made)
    assert "혼자서 제안하고 확인할 수 있고" in text_of(client, made)
    assert propose(client, made, note=COPIES) == "destroy_key"
    page = text_of(client, made)
    assert "다른 담당관의 확인을 기다려요" not in page and "이어서 확인해도 돼요" in page
    listed = client.get("/desk/votes/confirmations").get_data(as_text=True)
    assert "내가 제안했고 다른 담당관을 기다려요" not in listed and "확인을 기다리고 있어요" in listed
    assert confirm(client, made, password="another").status_code == 422 and keyring.is_there(made.id)
    assert confirm(client, made).status_code == 303 and not keyring.is_there(made.id)
    assert "예행연습은 결과로 공개하지 않아요" in text_of(client, made)
    assert not re.search(r'value="publish"', text_of(client, made))


def test_an_open_rehearsal_offers_to_vote_and_to_end_it(town, browse):
    made = box(12, rehearsal=True)
    page = text_of(browse(town.moderator()), made)
    assert "투표해 보기" in page and "모두에게 알려요" not in page
    assert re.search(r"<details[^>]* open[^>]*>\s*<summary[^>]*>[^<]*투표 일찍 끝내기", page)
