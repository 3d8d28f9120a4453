"""News for those who took part in the vote that chose what a commitment came from; never for others, never what."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.ballots import identities
from civic_forum.ballots.models import BallotBox, Participated
from civic_forum.ballots.rolls import queries as rolls
from civic_forum.ballots.box.sealing import Channel
from civic_forum.commitments import voters
from civic_forum.commitments.models import CommitmentEntry, CommitmentNews
from civic_forum.notifications import commitments as news
from civic_forum.notifications.models import Notice
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.ballots.people import verified
from tests.outcomes.making import published
from tests.polls.published import published as voted
from tests.polls.published import votes

from .making import newest, planned, reached


@pytest.fixture
def vote(town):
    """A published vote with its outcome, and people: three who took part, the last on paper, and one who did not."""
    people = [verified(town, name) for name in ("김하늘", "이바다")] + [town.resident(), verified(town, "박들")]
    poll, (first, second) = voted(town, votes(12, 20, 5), ballots=40, blank=3), (town.official(), town.official())
    db.session.add_all(Participated(box_id=poll.box_id, person=identities.candidates(user)[0], channel=channel)
                       for user, channel in zip(people[:3], (Channel.ONLINE, Channel.PAPER_ISSUED, Channel.ONLINE),
                                                strict=True))
    db.session.commit()
    published("poll", poll.id, first, second)
    return poll, [user.id for user in people], (first, second)


def moved(pair):
    return reached(planned(newest(), *pair), "m1", *pair)


def told():
    return sorted(db.session.scalars(sa.select(Notice.user_id).filter_by(step="commitment_moved")))


@pytest.mark.both
def test_voters_hear_once_and_nobody_else(vote, monkeypatch):
    _poll, people, pair = vote
    monkeypatch.setattr(rolls, "AT_ONCE", 2)
    one = moved(pair)
    news.tell_news()
    assert set(people) & set(told()) == set(people[:3])
    before = told()
    news.tell_news()
    assert told() == before and voters.note_news() == 0
    rows = db.session.execute(sa.select(CommitmentNews.user_id, CommitmentNews.by_vote).filter_by(
        commitment_id=one.id)).all()
    assert {user_id for user_id, by_vote in rows if by_vote} == set(people[:3])


@pytest.mark.both
def test_a_stop_in_the_middle_begins_again(vote, monkeypatch):
    _poll, people, pair = vote
    moved(pair)
    found, stop = voters.took_part, [True]

    def stops(boxes):
        yield from found(boxes)
        if stop.pop() if stop else False:
            raise KeyboardInterrupt

    monkeypatch.setattr(voters, "took_part", stops)
    with pytest.raises(KeyboardInterrupt):
        news.tell_news()
    db.session.rollback()
    assert db.session.scalars(sa.select(CommitmentEntry).where(CommitmentEntry.for_voters)).all()
    news.tell_news()
    assert [user for user in told() if user in people] == people[:3]


@pytest.mark.both
def test_a_rehearsal_tells_nobody(vote):
    poll, people, _pair = vote
    assert [user for users in rolls.took_part([poll.box_id]) for user in users] == people[:3]
    db.session.execute(sa.update(BallotBox).values(rehearsal=True))
    assert not any(rolls.took_part([poll.box_id])) and not any(rolls.took_part([]))


@pytest.mark.both
def test_news_by_a_mark_are_forgotten_as_marks_are(vote, monkeypatch):
    _poll, people, pair = vote
    moved(pair)
    news.tell_news()
    rows = sa.select(sa.func.count()).select_from(CommitmentNews).where(CommitmentNews.by_vote)
    assert voters.forget(30) == 0 and db.session.scalar(rows) == 3
    at = clock.now() + timedelta(days=31)
    monkeypatch.setattr(clock, "read", lambda: at)
    assert voters.forget(30) == 3 and db.session.scalar(rows) == 0
