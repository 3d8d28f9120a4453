"""A ballot is taken out of the box by two clerks, and by nobody alone: an online one for paper, a paper that came back.
"""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.identity import Identity
from civic_forum.accounts.models import RoleGrant, User
from civic_forum.accounts.rules import AffiliationKind, Evidence, Role
from civic_forum.accounts.services import residency
from civic_forum.ballots.box.sealing import Channel
from civic_forum.ballots.desk import services as desk
from civic_forum.ballots.kiosk import services as kiosk
from civic_forum.ballots.models import RollEntry
from civic_forum.ballots.paper import services as papers
from civic_forum.ballots.rules.boxes import RollSource
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Denied, Refusal
from civic_forum.platform.joint_acts import JointAct
from tests.accounts.people import seen
from tests.common import commit
from tests.notifications import told
from tests.racing import at_once

from .desk_scene import REASON, UNDONE_FOR, Vote
from .officers.people import staff

ONLINE, ON_PAPER = {Channel.ONLINE: 1}, {Channel.PAPER_ISSUED: 1}
BORN = date(1971, 2, 3)
pytestmark = pytest.mark.both


@pytest.fixture
def first(town):
    return staff(town, Role.MODERATOR)


@pytest.fixture
def second(town):
    return staff(town, Role.MODERATOR)


@pytest.fixture
def anna(vote):
    """Somebody whose ballot is in the box."""
    anna = vote.voter()
    anna.casts(1)
    return anna


def asks(anna, clerk):
    assert anna.is_handed_paper(clerk) is None


def test_the_first_clerk_alone_takes_no_ballot_out_of_the_box(vote, anna, first):
    for _again in range(3):
        asks(anna, first)
    assert vote.by_channel() == ONLINE and vote.live() == 1 and vote.revisions() == [1]


def test_the_second_hands_the_paper_out(vote, anna, first, second):
    asks(anna, first)
    assert anna.is_handed_paper(second).withdrew and vote.by_channel() == ON_PAPER
    act = db.session.scalars(sa.select(JointAct)).one()
    assert (act.by_id, act.confirmed_by_id) == (first.id, second.id)
    assert anna.person.hex()[:16] not in act.subject


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("why_not", ["same person", "never seen at a desk", "role from the first"])
def test_not_everybody_is_a_second_clerk(vote, anna, town, first, why_not):
    asks(anna, first)
    if why_not == "same person":
        other = staff(town, Role.MODERATOR)
        other.mobile = first.mobile = "01012345678"
        db.session.commit()
    elif why_not == "never seen at a desk":
        other = staff(town, Role.MODERATOR, verified=False)
    else:
        other = staff(town, Role.MODERATOR, granted_by=first)
    with pytest.raises(Denied):
        anna.is_handed_paper(other)
    assert vote.by_channel() == ONLINE


def test_a_role_that_is_a_minute_old_serves_no_desk(vote, anna, town, first, app, monkeypatch):
    asks(anna, first)
    new = staff(town, Role.MODERATOR)
    visit = anna.visit(new)
    monkeypatch.setitem(app.config, "SAMPLE", False)
    monkeypatch.setitem(app.config, "STAFF_TOTP", "optional")
    with pytest.raises(Denied, match="7일이 지나야"):
        vote.issue(visit, by=new)


def test_nothing_is_confirmed_once_the_first_has_lost_the_role(vote, anna, first, second):
    asks(anna, first)
    commit(sa.update(RoleGrant).filter_by(user_id=first.id).values(withdrawn_at=clock.now()))
    with pytest.raises(Denied, match="먼저 한 사람에게 이제 이 권한이 없어요"):
        anna.is_handed_paper(second)
    assert vote.by_channel() == ONLINE


def test_a_ballot_that_was_changed_meanwhile_is_asked_for_anew(vote, anna, first, second):
    asks(anna, first)
    anna.casts(2)
    asks(anna, second)
    assert anna.is_handed_paper(first).withdrew


def test_it_waits_for_a_day(vote, anna, first, second):
    asks(anna, first)
    commit(sa.update(JointAct).values(until=clock.now() - timedelta(seconds=1)))
    asks(anna, second)
    assert vote.by_channel() == ONLINE


def test_of_two_who_confirm_at_once_one_hands_out_paper(vote, anna, town, app, first, second):
    asks(anna, first)
    numbers = [second.id, staff(town, Role.MODERATOR).id]
    visits = [anna.visit(db.session.get(User, number)) for number in numbers]
    db.session.rollback()
    answers = at_once(app, 2, lambda n: vote.issue(visits[n], by=db.session.get(User, numbers[n])))
    assert sum(isinstance(answer, Refusal) for answer in answers) == 1 and vote.by_channel() == ON_PAPER


def test_somebody_who_did_not_vote_gets_paper_from_one_clerk(vote, first):
    assert not vote.voter().is_handed_paper(first).withdrew


def test_somebody_about_whom_it_is_confirms_nothing(vote, anna, town, first, second):
    """The account behind the ballot is another account of the second clerk, by its mobile."""
    town.user(person_id=vote.verified(anna).id, mobile="01055556666")
    commit(sa.update(User).where(User.id == second.id).values(mobile="01055556666"))
    asks(anna, first)
    with pytest.raises(Denied, match="내 일을 내가"):
        anna.is_handed_paper(second)


# A return undone


@pytest.fixture
def returned(vote, first):
    """Somebody whose paper is in the box."""
    anna = vote.voter()
    anna.gets_paper(first)
    papers.mark_returned(vote.box_id, 1, by=first)
    return anna


def asks_back(vote, clerk):
    assert papers.undo_return(vote.box_id, 1, UNDONE_FOR, by=clerk) is False


def test_one_clerk_undoes_no_return_and_two_do(vote, returned, first, second):
    for _again in range(2):
        asks_back(vote, first)
    assert vote.by_channel() == {Channel.PAPER_RETURNED: 1}
    assert papers.undo_return(vote.box_id, 1, UNDONE_FOR, by=second)
    assert vote.by_channel() == ON_PAPER


def test_somebody_struck_from_the_roll_is_told_of_an_undone_return(vote, returned, town, first, second):
    user = town.resident(person_id=vote.verified(returned).id)
    commit(sa.update(RollEntry).where(RollEntry.person == returned.person).values(struck_at=clock.now()))
    vote.undo_return(1, by=(first, second))
    assert told.steps(user)[-1] == "paper_return_undone"


def test_a_return_that_was_noted_again_is_undone_by_two_anew(vote, returned, first, second):
    vote.undo_return(1, by=(first, second))
    papers.mark_returned(vote.box_id, 1, by=first)
    asks_back(vote, second)
    assert vote.by_channel() == {Channel.PAPER_RETURNED: 1}


def test_nobody_undoes_the_return_of_the_own_paper(vote, returned, town, first, second):
    town.user(person_id=vote.verified(returned).id, mobile="01055556666")
    commit(sa.update(User).where(User.id == second.id).values(mobile="01055556666"))
    asks_back(vote, first)
    with pytest.raises(Denied, match="내 일을 내가"):
        papers.undo_return(vote.box_id, 1, UNDONE_FOR, by=second)


@pytest.mark.parametrize("reason", ["", "아", "900101-1234568인 분이에요"])
def test_a_return_is_undone_for_a_reason_that_names_nobody(vote, returned, first, reason):
    with pytest.raises(Refusal) as refused:
        papers.undo_return(vote.box_id, 1, reason, by=first)
    assert refused.value.field == "reason" and db.session.scalars(sa.select(JointAct)).all() == []


@pytest.mark.parametrize("hand_out", ["paper", "code"])
def test_people_whom_one_clerk_made_up_get_neither_paper_nor_a_code(town, hand_out):
    vote, clerk, who = Vote(town, source=RollSource.VERIFIED, grows=True), town.clerk(), Identity("지어낸 하나", BORN)
    residency.open_account("invented1", "지어낸 별명", who, affiliations={AffiliationKind.LIVE: town.neighbourhood().id},
                           evidence=Evidence.RESIDENT_CARD, by=clerk)

    def serve():
        visit = desk.look_up(vote.box_id, who, REASON, by=clerk)[0].visit
        return vote.issue(visit, by=clerk) if hand_out == "paper" else kiosk.issue(vote.box_id, visit, by=clerk)

    with pytest.raises(Denied, match="두 번째로 확인하기"):
        serve()
    assert vote.by_channel() == {} and db.session.query(RollEntry).filter_by(roll_id=vote.roll.id).count() == 0
    seen(town, who)
    assert serve().number == 1
