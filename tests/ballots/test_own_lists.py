"""Whoever brought in the list of a roll serves nobody of it, whatever account of theirs they use."""

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import AccessRecord
from civic_forum.accounts.rules import Role
from civic_forum.ballots.desk import services as desk
from civic_forum.ballots.kiosk import services as kiosk
from civic_forum.ballots.models import RollEntry
from civic_forum.ballots.officials import waiting
from civic_forum.ballots.paper import batches
from civic_forum.ballots.paper import services as papers
from civic_forum.ballots.rolls import services as rolls
from civic_forum.ballots.rules.boxes import RollSource
from civic_forum.platform import clock
from civic_forum.platform.base import database_now, db
from civic_forum.platform.errors import Denied
from civic_forum.platform.joint_acts import JointAct
from tests.ballots.people import a_roll, verified

from .desk_scene import REASON, UNDONE_FOR, Vote
from .officers.people import staff
from .test_rolls import HEADER

pytestmark = pytest.mark.both
SERVING = ("papers", "batches", "kiosk-passes")


@pytest.fixture
def importer(town):
    return staff(town, Role.MODERATOR)


@pytest.fixture(params=["account", "another account"])
def actor(request, town, importer):
    """Whoever brought in the list, or another account with the same telephone."""
    if request.param == "account":
        return importer
    other = staff(town, Role.MODERATOR)
    other.mobile = importer.mobile = "01012345678"
    db.session.commit()
    return other


@pytest.fixture
def listed(vote, importer):
    return listed_by(vote, importer)


def listed_by(vote, importer):
    vote.roll.listed_by_id = importer.id
    db.session.commit()
    return vote


def pass_for(vote, clerk, person, account_id=None):
    """As a look-up would give it."""
    return desk._pass_for(vote.box_id, person, account_id, clerk.id, clock.now())


def test_the_roll_knows_who_brought_in_its_list(town, importer):
    town.neighbourhood("시흥1동")
    for by in (importer, None):
        roll = a_roll(RollSource.IMPORTED)
        rolls.import_list((HEADER + "김하늘,1980-01-01,시흥1동\n").encode(), roll.id, by=by)
        assert roll.listed_by_id == (by and by.id)


def test_they_look_nobody_up(listed, actor):
    somebody = listed.voter()
    for look_up in (lambda: somebody.found_by(actor),
                    lambda: desk.look_up_account(listed.box_id, "1234-5678", REASON, by=actor)):
        with pytest.raises(Denied, match="명부 파일"):
            look_up()
    assert db.session.scalar(sa.select(AccessRecord.id)) is None


def test_they_hand_out_neither_paper_nor_a_code(listed, actor):
    somebody = listed.voter()
    for hand_out in (listed.issue, lambda visit, by: listed.issue(visit, by_post=True, by=by),
                     lambda visit, by: kiosk.issue(listed.box_id, visit, by=by)):
        with pytest.raises(Denied, match="명부 파일"):
            hand_out(pass_for(listed, actor, somebody.person), by=actor)
    assert listed.by_channel() == {}
    assert isinstance(kiosk.why_not_at_kiosk(listed.box, somebody.person, database_now(), actor), Denied)


def test_they_change_no_paper_that_is_out(listed, actor, town):
    somebody, clerk = listed.voter(), staff(town, Role.MODERATOR)
    number = somebody.gets_paper(clerk).number
    for change in (papers.replace, papers.take_back):
        with pytest.raises(Denied, match="명부 파일"):
            change(listed.box_id, pass_for(listed, actor, somebody.person), number, by=actor)
    with pytest.raises(Denied, match="명부 파일"):
        papers.mark_returned(listed.box_id, number, by=actor)
    papers.mark_returned(listed.box_id, number, by=clerk)
    assert not papers.undo_return(listed.box_id, number, UNDONE_FOR, by=clerk)
    with pytest.raises(Denied, match="명부 파일"):
        papers.undo_return(listed.box_id, number, UNDONE_FOR, by=actor)
    assert papers.undo_return(listed.box_id, number, UNDONE_FOR, by=staff(town, Role.MODERATOR))


def test_they_are_no_second_clerk(listed, actor, town):
    anna = listed.voter()
    anna.casts(1)
    assert anna.is_handed_paper(staff(town, Role.MODERATOR)) is None
    with pytest.raises(Denied, match="명부 파일"):
        listed.issue(pass_for(listed, actor, anna.person), by=actor)
    assert listed.live() == 1 and db.session.scalars(sa.select(JointAct)).one().confirmed_by_id is None
    assert anna.is_handed_paper(staff(town, Role.MODERATOR)).withdrew


def test_they_type_no_paper_in(listed, actor, town):
    clerk = staff(town, Role.MODERATOR)
    papers.mark_returned(listed.box_id, listed.voter().gets_paper(clerk).number, by=clerk)
    listed.after_the_last_return()
    with pytest.raises(Denied, match="명부 파일"):
        batches.open_batch(listed.box_id, 1, by=actor)
    number = batches.open_batch(listed.box_id, 1, by=clerk)
    for act in (lambda: batches.type_sheet(listed.box_id, number, 1, "1", by=actor),
                lambda: batches.settle(listed.box_id, number, {}, by=actor)):
        with pytest.raises(Denied, match="명부 파일"):
            act()
    assert waiting.to_type(actor) == [] != waiting.to_type(clerk)


def test_they_add_nobody_to_a_roll_that_grows(town, actor, importer):
    vote = listed_by(Vote(town, grows=True), importer)
    somebody = verified(town, "지어낸 하나", place=town.neighbourhood())
    person = desk.newcomer(vote.row, somebody).person
    for hand_out in (vote.issue, lambda visit, by: kiosk.issue(vote.box_id, visit, by=by)):
        with pytest.raises(Denied, match="명부 파일"):
            hand_out(pass_for(vote, actor, person, somebody.id), by=actor)
    assert db.session.scalar(sa.select(RollEntry.person)) is None


def test_everybody_else_serves_it_and_an_old_roll_refuses_nobody(town, vote, importer):
    for is_known in (True, False):
        vote.roll.listed_by_id = importer.id if is_known else None
        db.session.commit()
        assert vote.voter().gets_paper(staff(town, Role.MODERATOR)).number
    assert vote.voter().gets_paper(importer).number


def test_pages_say_so_before_anything_is_pressed(listed, actor, town, browse):
    browser, colleague = browse(actor), browse(staff(town, Role.MODERATOR))
    for path in SERVING:
        address = f"/desk/votes/{listed.hex}/{path}"
        answer = browser.get(address)
        assert answer.status_code == 403 and "명부 파일" in answer.text
        assert colleague.get(address).status_code == 200
        for page in ("/desk/votes", f"/desk/votes/{listed.hex}", f"/desk/votes/{listed.hex}/objections"):
            assert address not in browser.get(page).text and address in colleague.get(page).text
