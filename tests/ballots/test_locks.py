"""Boxes, ballots, paper, rolls, confirmations: whoever comes second waits, and decides by what the first has left."""

import pytest
import sqlalchemy as sa

from civic_forum.accounts.rules import Role
from civic_forum.ballots import identities
from civic_forum.ballots.box import sealing as rows
from civic_forum.ballots.box.locking import SIGNING, lock_key
from civic_forum.ballots.box.sealing import Channel
from civic_forum.ballots.counting import closing
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.kiosk import services as kiosk
from civic_forum.ballots.observing import services as objections
from civic_forum.ballots.officials import services as confirmations
from civic_forum.ballots.paper import batches
from civic_forum.ballots.paper import services as papers
from civic_forum.ballots.rolls import services as rolls
from civic_forum.ballots.voting import services as casting
from civic_forum.ballots.models import BallotBox, Confirmation, ElectoralRoll
from civic_forum.ballots.kiosk.models import KioskPass
from civic_forum.ballots.observing.models import Objection
from civic_forum.ballots.paper.models import PaperBatch
from civic_forum.ballots.models import RollEntry, RollObjection, Voter
from civic_forum.platform import key_files
from civic_forum.platform.base import db
from civic_forum.platform.clock import now
from civic_forum.platform.errors import Conflict, NotFound
from tests.racing import held, on_postgresql

from . import boxes
from .desk_scene import Vote
from .kiosks import device
from .officials import CLOSE_EARLY, EARLY, both
from .people import WORK, a_roll, verified
from .typing_office import Office
from .test_objections import TEXT, TITLE

pytestmark = on_postgresql
WHY = "등본을 확인했어요"


def only(table):
    return db.session.scalars(sa.select(table)).one()


def test_casting_waits_for_whoever_closes_the_box(town):
    made = boxes.box(voters=1)
    form = made.form(made.voters[0], 1)
    with held(advisory=lock_key(made.id)):
        casting.cast(made.id, made.voters[0], form, Channel.ONLINE)


def test_the_closing_of_the_box_waits_for_casts(town):
    made = boxes.box(voters=1, closes=-1)
    with held(shared=lock_key(made.id)):
        assert closing.close(made.id)


def test_a_new_signing_key_waits_for_whoever_prepares_a_box(town, tmp_path, app, monkeypatch):
    monkeypatch.setitem(app.config, "KEYS", str(tmp_path / "keys"))
    boxes.box(opened=False, closes=-60)
    with held(advisory=SIGNING):
        assert key_files.rotate("signing") == 2


def test_a_ballot_is_refused_where_paper_was_issued_meanwhile(town):
    made = boxes.box(voters=1)
    made.cast(made.voters[0], 1)
    form, row_key, keys = made.form(made.voters[0], 2), made.row_key(made.voters[0]), keyring.box_keys(made.id)
    paper = rows.OpenedRow.on_paper(Channel.PAPER_ISSUED, 1, 2, made.rule.length)
    issued = {"channel": Channel.PAPER_ISSUED, "paper": 1, "sealed": rows.seal_voter(keys, made.id, row_key, paper)}
    with held(only(Voter), **issued), pytest.raises(Conflict, match="종이"):
        casting.cast(made.id, made.voters[0], form, Channel.ONLINE)
    assert made.promises() == 1


@pytest.mark.parametrize("row", [BallotBox, ElectoralRoll])
def test_a_proposal_waits_for_whoever_changes_the_box_or_its_roll(town, row):
    made, (first, _second) = boxes.box(), both(town)
    with held(only(row)):
        confirmations.propose(CLOSE_EARLY, made.id, note=EARLY, by=first)


def test_a_proposal_withdrawn_meanwhile_is_withdrawn_once_and_can_be_proposed_again(town):
    made, (first, second) = boxes.box(), both(town)
    proposed = confirmations.propose(CLOSE_EARLY, made.id, note=EARLY, by=first)
    with held(proposed, ended_at=now()), pytest.raises(Conflict):
        confirmations.withdraw(proposed.id, by=second)
    again = confirmations.propose(CLOSE_EARLY, made.id, note=EARLY, by=first)
    with held(again, ended_at=now()):
        assert confirmations.propose(CLOSE_EARLY, made.id, note=EARLY, by=second).id not in (proposed.id, again.id)
    assert db.session.query(Confirmation).count() == 3


def test_a_code_of_the_kiosk_works_once(town):
    vote, clerk = Vote(town), town.clerk()
    code = kiosk.issue(vote.box_id, vote.voter().visit(clerk), by=clerk).code
    with held(only(KioskPass), is_open=True), pytest.raises(NotFound):
        kiosk.enter(code, device())


def test_a_note_of_a_return_waits_for_the_participation(town):
    vote, clerk = Vote(town), town.clerk()
    vote.voter().gets_paper(clerk)
    with held(only(Voter)):
        papers.mark_returned(vote.box_id, 1, by=clerk)
    assert vote.by_channel() == {Channel.PAPER_RETURNED: 1}


def test_a_batch_that_was_settled_meanwhile_is_not_taken_apart(town):
    office = Office(town, returned=1)
    number = office.batch()
    with held(only(PaperBatch), settled_at=now()), pytest.raises(Conflict, match="이미 정해졌어요"):
        batches.dissolve(office.box_id, number, by=office.clerk)


def test_the_log_is_finished_without_a_batch_that_is_not_settled(town):
    office = Office(town, returned=1)
    number = office.batch()
    for typist in (office.first, office.second):
        office.typed(number, typist, "1")
    with held(only(PaperBatch), settled_at=None), pytest.raises(Conflict, match="끝나지 않은"):
        closing.finish(office.box_id, by=None)


def test_an_objection_stands_in_the_log_as_it_is_by_then(town):
    vote = Vote(town)
    objection = objections.lodge(vote.box_id, TITLE, TEXT, by=town.staff(Role.OBSERVER))
    vote.after_the_last_return()
    with held(objection, title="안내문이 틀렸어요"):
        closing.finish(vote.box_id, by=None)
    assert only(Objection).title == "안내문이 틀렸어요" and only(Objection).leaf_number is not None


def test_an_objection_that_is_shown_meanwhile_is_not_shown_again(town):
    vote, moderator = Vote(town), town.moderator()
    objection = objections.lodge(vote.box_id, TITLE, TEXT, by=town.staff(Role.OBSERVER))
    objections.withhold(vote.box_id, objection.id, "이름이 적혀 있어요.", by=moderator)
    with held(objection, withheld=None), pytest.raises(Conflict, match="가려진 글이"):
        objections.show_again(vote.box_id, objection.id, by=moderator)


def test_an_objection_to_a_roll_is_answered_once(town):
    moderator, outside = town.moderator(), verified(town, kind=WORK)
    roll = rolls.fix(a_roll().id, by=moderator)
    objection = rolls.object_to(roll.id, "주소를 옮겼는데 명부에 없어요.", by=outside)
    with held(only(RollObjection), answer="살펴봤어요.", answered_at=now()), pytest.raises(Conflict):
        rolls.answer(objection.id, "확인하고 명부에 넣었어요.", by=moderator)


def test_an_entry_is_struck_once_and_brought_back_once(town):
    moderator, user = town.moderator(), verified(town)
    roll, person = rolls.fix(a_roll().id, by=moderator).id, identities.of_person(user.person)
    with held(only(RollEntry), struck_at=now(), struck_reason=WHY), pytest.raises(Conflict):
        rolls.strike(roll, person, WHY, by=moderator)
    with held(only(RollEntry), struck_at=None, struck_reason=None), pytest.raises(Conflict):
        rolls.add(roll, user, WHY, by=moderator)
