"""Votes: who may take part is told, and nobody is told anything about who did."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.rules import AffiliationKind, Role
from civic_forum.ballots.events import BoxPublished, BoxRecorded
from civic_forum.ballots.rules.boxes import ConfirmedAction
from civic_forum.ballots.observing import services as objections
from civic_forum.ballots.officials import services as confirmations
from civic_forum.ballots.rolls import services as roll_services
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.work import use_case
from civic_forum.notifications.models import Notice
from civic_forum.notifications.rules import NoticeKind
from civic_forum.polls import services as rehearsing
from civic_forum.proposals.services import supports as proposals
from tests.ballots.boxes import box
from tests.polls.making import entry, opened, poll, prepared, voter
from tests.polls.test_own_roll import cast

from .told import last, steps, told

VOTE, DUTY = NoticeKind.VOTE, NoticeKind.DUTY


def publish(vote):
    with use_case(None) as work:
        vote.box.published_at = work.at
        work.emit(BoxPublished(vote.box.id, vote.box.subject))


@pytest.mark.both
def test_members_of_the_place_hear_that_it_opens_and_of_its_result(town):
    here, there, unknown = voter(town), voter(town, place="독산1동"), town.resident()
    vote = opened(town, eligibility={"who": ["구민"], "check": "verified",
                                     "neighbourhoods": ["시흥1동"],
                                     "roll_fixed_on": (clock.now() - timedelta(days=7)).date().isoformat()})
    assert told(here) == [(VOTE, "vote_opens")]
    assert last(here).url == f"/polls/{vote.slug}"
    assert told(there) == told(unknown) == []
    publish(vote)
    assert told(here) == [(VOTE, "vote_opens"), (VOTE, "vote_result")]
    assert told(there) == []


def test_a_missed_quorum_is_told_to_who_confirms_and_with_the_result(town):
    here, officer = voter(town), town.official()
    vote = opened(town)
    with use_case(None) as work:
        vote.box.result = '{"outcome":{"kind":"poll","quorum":0,"selected":[]}}'
        work.emit(BoxRecorded(vote.box.id, vote.box.subject))
    assert last(officer).step == "duty_quorum_missed" and "duty_quorum_missed" not in steps(here)
    publish(vote)
    assert told(here)[-1] == (VOTE, "quorum_missed")


def test_a_proposal_that_is_put_to_the_vote(town):
    author, supporter = town.resident(), town.resident()
    proposal = town.proposal(author=author)
    proposals.support(proposal.id, by=supporter)
    linked = [{"number": 1, "title": "텃밭", "text": "한 집에 두 평씩 가꿔요.", "proposal": proposal.number},
              {"number": 2, "title": "주차장", "text": "아홉 면을 만들어요."}]
    made = poll(town, options=linked)
    assert told(author)[-1] == (NoticeKind.MY_PROPOSAL, "in_poll")
    assert told(supporter)[-1] == (NoticeKind.SUPPORTED, "in_poll")
    assert last(supporter).url == f"/polls/{made.slug}"


def test_somebody_who_came_after_the_roll_was_fixed_is_not_invited(town):
    late = voter(town, since=clock.now())
    opened(town)
    assert told(late) == []


@pytest.mark.both
def test_somebody_whom_a_growing_roll_takes_is_invited_and_told_the_result(town):
    late = voter(town, since=clock.now())
    vote = opened(town, eligibility=entry()["eligibility"] | {"roll_grows": True}, publishes="ballots")
    publish(vote)
    assert told(late) == [(VOTE, "vote_opens"), (VOTE, "vote_result")]


def test_members_hear_of_votes_that_take_them(town):
    works_here = voter(town, kind=AffiliationKind.WORK)
    opened(town)
    assert told(works_here) == []


@pytest.mark.both
def test_notices_are_the_same_whether_somebody_voted_or_not(town):
    """The rows written about two people: they differ in nothing but whose it is."""
    votes, stays_away = voter(town), voter(town)
    vote = opened(town)
    cast(vote, votes)
    publish(vote)

    def written(user):
        facts = [column for column in Notice.__table__.c if column.name not in ("id", "user_id")]
        return db.session.execute(sa.select(*facts).where(Notice.user_id == user.id).order_by(Notice.id)).all()

    assert written(votes) == written(stays_away)


def test_casting_tells_nobody(town, queries):
    user = voter(town)
    vote = opened(town)
    before = db.session.scalar(sa.select(sa.func.count()).select_from(Notice))
    with queries() as seen:
        cast(vote, user)
    assert not [one for one in seen if "notice" in one]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Notice)) == before


def test_a_rehearsal_is_no_news(town):
    user = voter(town)
    vote = prepared(town)
    rehearsing.rehearse(vote.id, [], hours=1, by=town.moderator())
    assert told(user) == []


def test_a_rehearsal_asks_nobody_for_a_confirmation(town):
    moderator, official = town.moderator(), town.official()
    made = box(12, rehearsal=True)
    confirmations.propose(ConfirmedAction.CLOSE_EARLY, made.id, note="연습이라 일찍 끝내요", by=moderator)
    assert told(official) == told(moderator) == []


def test_a_confirmation_waits_for_everybody_but_the_one_who_asked(town):
    moderator, official, resident = town.moderator(), town.official(), town.resident()
    vote = prepared(town, by=moderator)
    confirmations.propose(ConfirmedAction.OPEN, vote.box_id, by=official)
    assert told(moderator) == [(DUTY, "duty_confirmation")]
    assert last(moderator).url == f"/desk/votes/{vote.box_id.hex()}"
    assert told(official) == told(resident) == []


def test_an_objection_to_a_roll_and_its_answer(town):
    moderator, user = town.moderator(), voter(town)
    now = clock.now()
    vote = prepared(town, by=moderator, opens_at=(now + timedelta(days=3)).isoformat(timespec="seconds"),
                    roll_check={"from": (now - timedelta(days=1)).isoformat(timespec="seconds"),
                                "to": (now + timedelta(days=1)).isoformat(timespec="seconds")})
    objection = roll_services.object_to(vote.roll_id, "제 이름이 빠졌어요.", by=user)
    assert told(moderator) == [(DUTY, "duty_roll_objection")]
    assert last(moderator).url == f"/desk/polls/{vote.slug}/roll"
    roll_services.answer(objection.id, "명부에 넣었어요.", by=moderator)
    assert steps(user) == ["roll_objection_answered"]
    assert last(user).url == f"/polls/{vote.slug}/roll"


def test_an_objection_to_a_vote_and_its_answer(town):
    observer, official = town.staff(Role.OBSERVER), town.official()
    vote = opened(town)
    [department] = official.department_ids()
    objection = objections.lodge(vote.box_id, "종이를 받을 곳이 없었어요", "창구가 사흘 동안 닫혀 있었어요.", by=observer)
    assert steps(official)[-1] == "duty_vote_objection"
    objections.answer(vote.box_id, objection.id, "받아들였어요", "창구를 다시 열고 하루를 더 받아요.",
                      department_id=department, by=official)
    assert steps(observer) == ["vote_objection_answered"]
