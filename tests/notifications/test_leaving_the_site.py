"""Somebody leaves while others tell them something: nobody waits for ever, and nothing about them stays."""

import time
from dataclasses import replace
from threading import Event

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.accounts.personal_data import PERSONAL_DATA
from civic_forum.accounts.services import leaving
from civic_forum.platform import outbox
from civic_forum.platform.base import db
from civic_forum.platform.outbox import OutgoingMail
from civic_forum.platform.work import use_case
from civic_forum.notifications import operations
from civic_forum.notifications.models import Notice
from civic_forum.notifications.queries import recipients
from civic_forum.notifications.rules import NoticeKind
from civic_forum.proposals.models import Follow
from civic_forum.proposals.queries import records as proposals
from tests.accounts.people import PASSWORD, member
from tests.racing import at_once


def test_a_follower_leaves_while_the_proposal_moves(app, town, monkeypatch):
    """A leaver holds the account and wants the proposal, where followers are counted; whoever holds that tells."""
    user, proposal_id = member(town).id, town.proposal().id
    with use_case(None) as work:
        work.session.add(Follow(user_id=user, proposal_id=proposal_id, at=work.at))
    held, half_way, kept = Event(), Event(), PERSONAL_DATA["proposals"]

    def erase(person, session):
        half_way.set()
        kept.erase(person, session)

    def hold():
        with use_case(None) as work:
            proposals.locked(proposal_id)
            held.set()
            half_way.wait(5)  # in vain on SQLite, where whoever writes is alone
            time.sleep(0.5)
            operations.tell(work.session, recipients.one(user), kind=NoticeKind.SUPPORTED,
                            about=f"proposal:{proposal_id}", step="threshold", title="",
                            url="/proposals/2026-0001", once="step:1", at=work.at)

    def leave():
        held.wait(10)
        leaving.leave(PASSWORD, by=db.session.get(User, user))

    monkeypatch.setitem(PERSONAL_DATA, "proposals", replace(kept, erase=erase))
    db.session.rollback()
    at_once(app, 2, lambda n: (hold, leave)[n]())
    db.session.rollback()
    assert db.session.get(User, user, populate_existing=True).left_at is not None


@pytest.mark.both
def test_a_notice_of_just_then_goes_with_the_remains(app, town):
    user = member(town, nickname="나그네별빛")
    leaving.leave(PASSWORD, by=user)
    with use_case(None) as work:
        work.session.add(Notice(user_id=user.id, kind=NoticeKind.SUPPORTED, about="proposal:1", step="threshold",
                                title="", url="/proposals/2026-0001", once="late", at=work.at))
        outbox.post(to="late@example.org", subject="새 소식", body="나그네별빛 님", kind="notice.daily", user_id=user.id)
    leaving.clear_remains()
    leaving.clear_remains()
    for table in (Notice, OutgoingMail):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(table)) == 0
