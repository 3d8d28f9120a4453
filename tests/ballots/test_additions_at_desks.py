"""Newcomers at the desk and the kiosk of a vote whose roll grows."""

from datetime import date

import pytest

from civic_forum.accounts.identity import Identity
from civic_forum.accounts.rules import Role
from civic_forum.ballots import identities
from civic_forum.ballots.box import watching
from civic_forum.ballots.box.sealing import Channel
from civic_forum.ballots.desk import services as desk
from civic_forum.ballots.kiosk import services as kiosk
from civic_forum.ballots.models import RollEntry
from civic_forum.ballots.paper import services as papers
from civic_forum.ballots.rules.boxes import RollSource
from civic_forum.ballots.voting import services as casting
from civic_forum.ballots.voting.refusals import OnPaper
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Refusal
from tests.ballots.boxes import form_of
from tests.ballots.desk_scene import REASON, Vote
from tests.ballots.kiosks import device
from tests.ballots.people import verified
from tests.ballots.test_restoring import site  # noqa: F401  (a fixture)


@pytest.fixture
def vote(town):
    return Vote(town, source=RollSource.VERIFIED, grows=True)


@pytest.fixture
def clerk(town):
    return town.staff(Role.CLERK, neighbourhood=town.neighbourhood("시흥1동"))


def looked_up(vote, clerk, name):
    [found] = desk.look_up(vote.box_id, Identity(name, date(1980, 1, 1)), REASON, by=clerk)
    return found


@pytest.mark.both
def test_at_the_desk_a_newcomer_gets_paper_and_can_vote_in_no_other_way(vote, town, clerk):
    user = verified(town, place=town.neighbourhood("시흥1동"))
    found = looked_up(vote, clerk, "김하늘")
    assert found.is_new and found.visit and not found.channel
    papers.issue(vote.box_id, found.visit, by=clerk)
    assert [one.person for one in db.session.query(RollEntry).filter_by(added=True)] == [found.person]
    again = looked_up(vote, clerk, "김하늘")
    assert not again.is_new and again.channel is Channel.PAPER_ISSUED
    form = form_of(vote.box, found.person, vote.rule.encode({1: 1}))
    with pytest.raises(OnPaper):
        casting.cast_as(vote.box_id, identities.candidates(user, 1), form, Channel.ONLINE, user.id)
    with pytest.raises(Conflict):
        papers.issue(vote.box_id, again.visit, by=clerk)
    with pytest.raises(Conflict):
        kiosk.issue(vote.box_id, again.visit, by=clerk)
    assert watching.look() == {}


def test_at_the_kiosk_a_newcomer_votes_once(vote, town, clerk):
    user = verified(town, place=town.neighbourhood("시흥1동"))
    found = looked_up(vote, clerk, "김하늘")
    assert [one.why_not for one in kiosk.offered(vote.box, found.person, found.account, by=clerk)] == [None]
    secret = kiosk.enter(kiosk.issue(vote.box_id, found.visit, by=clerk).code, device("시흥1동"))
    kiosk.use(secret, form_of(vote.box, found.person, vote.rule.encode({1: 1})), device("시흥1동"))
    assert vote.by_channel() == {Channel.ASSISTED: 1} and watching.look() == {}
    form = form_of(vote.box, found.person, vote.rule.encode({2: 1}))
    casting.cast_as(vote.box_id, identities.candidates(user, 1), form, Channel.ONLINE, user.id)
    assert vote.by_channel() == {Channel.ONLINE: 1} and vote.live() == 1


@pytest.mark.both
def test_somebody_who_gets_no_paper_is_not_added(vote, town, clerk):
    verified(town, place=town.neighbourhood("시흥1동"))
    found = looked_up(vote, clerk, "김하늘")
    elsewhere = town.staff(Role.CLERK, neighbourhood=town.neighbourhood("독산1동"))
    with pytest.raises(Refusal):
        papers.issue(vote.box_id, found.visit, number=7, by=clerk)
    moved = desk._pass_for(vote.box_id, found.person, found.account.id, elsewhere.id, clock.now())
    for issue in (papers.issue, kiosk.issue):
        with pytest.raises(Refusal):
            issue(vote.box_id, moved, by=elsewhere)
    assert db.session.query(RollEntry).filter_by(added=True).count() == 0
    papers.issue(vote.box_id, found.visit, number=1, by=clerk)
    assert db.session.query(RollEntry).filter_by(added=True).count() == 1


def test_another_desk_adds_nobody(vote, town, clerk):
    verified(town, place=town.neighbourhood("독산1동"))
    found = looked_up(vote, clerk, "김하늘")
    assert found.is_elsewhere and found.visit is None
    assert db.session.query(RollEntry).filter_by(added=True).count() == 0
