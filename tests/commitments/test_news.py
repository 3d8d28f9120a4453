"""News of commitments: everybody who supported what it came from, once a week at most, several in one."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.commitments.rules import EntryKind
from civic_forum.notifications import commitments as news
from civic_forum.notifications.models import Notice
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.proposals.services import supports as proposals

from .making import accepted, planned, reached, told


def notices(step="commitment_moved"):
    return db.session.scalars(sa.select(Notice).filter_by(step=step).order_by(Notice.id)).all()


@pytest.mark.in_turns(of=5)
def test_a_supporter_hears_once_a_week(town, pair, monkeypatch):
    one = planned(accepted(town, *pair), *pair)
    assert news.tell_news() == 0, "what was planned is no news"
    one = reached(one, "m1", *pair)
    first = news.tell_news()
    assert first >= 2 and len(notices()) == first and news.tell_news() == 0
    one = told(one, EntryKind.SLIP, {"milestone": "m2", "to": "2031-05-01", "why": "비가 많이 왔어요."}, *pair)
    assert news.tell_news() == 0, "a week has not passed"
    at = clock.now() + timedelta(days=8)
    monkeypatch.setattr(clock, "read", lambda: at)
    assert news.tell_news() == first and len(notices()) == 2 * first


@pytest.mark.both
def test_several_are_told_in_one(town, pair):
    supporter, made = town.resident(), []
    for _number in range(2):
        one = accepted(town, *pair)
        made.append(one)
    for one in made:
        proposal_id = db.session.scalar(sa.text("SELECT proposal_id FROM answer JOIN commitment_origin ON record_id ="
                                                " answer.id WHERE commitment_id = :id"), {"id": one.id})
        proposals.follow(proposal_id, by=supporter)
        reached(planned(one, *pair), "m1", *pair)
    news.tell_news()
    [notice] = db.session.scalars(sa.select(Notice).filter_by(user_id=supporter.id, step="commitments_moved")).all()
    assert notice.details == {"count": 2} and notice.url == "/me/commitments"


@pytest.mark.both
def test_a_stop_in_the_middle_loses_and_doubles_nobody(town, pair, monkeypatch):
    one = accepted(town, *pair)
    supporters = [town.resident() for _number in range(6)]
    proposal_id = db.session.scalar(sa.text("SELECT proposal_id FROM answer"))
    for user in supporters:
        proposals.follow(proposal_id, by=user)
    reached(planned(one, *pair), "m1", *pair)
    monkeypatch.setattr(news, "AT_ONCE", 2)
    told_to, tell = [], news._tell

    def stops(work, people):
        tell(work, people)
        if len(told_to) == 1:
            raise KeyboardInterrupt
        told_to.append(people)

    monkeypatch.setattr(news, "_tell", stops)
    with pytest.raises(KeyboardInterrupt):
        news.tell_news()
    monkeypatch.setattr(news, "_tell", tell)
    news.tell_news()
    assert sorted(one.user_id for one in notices()) == sorted({one.user_id for one in notices()})
    assert {user.id for user in supporters} <= {one.user_id for one in notices()}


@pytest.mark.both
def test_a_department_is_reminded_of_a_quarter(town, pair, monkeypatch):
    accepted(town, *pair)
    at = clock.now().replace(year=2031, month=4, day=14)
    monkeypatch.setattr(clock, "read", lambda: at)
    assert news.remind() == 1 and news.remind() == 1
    assert len(notices("duty_quarter")) == 2, "both officials, once"
