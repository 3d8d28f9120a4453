"""Somebody leaves while others tell them something: nobody waits for ever, and nothing about them stays."""

import time
from threading import Event

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.accounts.services import leaving
from civic_forum.kernel import outbox
from civic_forum.kernel.base import db
from civic_forum.kernel.outbox import OutgoingMail
from civic_forum.kernel.work import use_case
from civic_forum.notifications import steps
from civic_forum.notifications.links import Subscription, token
from civic_forum.notifications.models import Delivery, Notice
from civic_forum.notifications.queries import recipients
from civic_forum.notifications.rules import Channel, NoticeKind
from civic_forum.notifications.services import unsubscribing
from civic_forum.proposals import queries as proposals
from civic_forum.proposals.models import Follow
from tests.accounts.people import PASSWORD, member
from tests.racing import at_once

WHILE_S = 1.5
"""For so long the one holds what the other wants."""


def told(work, user_id: int) -> None:
    steps.tell(work.session, recipients.one(user_id), kind=NoticeKind.MY_PROPOSAL, about="proposal:1", step="threshold",
               title="골목", url="/proposals/2026-0001", once="step:1", at=work.at)


def while_the_proposal_is_held(app, proposal_id: int, user_id: int, act) -> None:
    """`act` begins while the proposal is held by somebody who then tells the user of it."""
    held = Event()

    def hold():
        with use_case(None) as work:
            proposals.locked(proposal_id)
            held.set()
            time.sleep(WHILE_S)
            told(work, user_id)

    def then():
        held.wait(10)
        time.sleep(0.1)
        act()

    at_once(app, 2, lambda n: (hold, then)[n]())


def test_a_follower_leaves_while_the_proposal_moves(app, town):
    user, proposal_id = member(town).id, town.proposal().id
    with use_case(None) as work:
        work.session.add(Follow(user_id=user, proposal_id=proposal_id, at=work.at))
    db.session.rollback()
    while_the_proposal_is_held(app, proposal_id, user, lambda: leaving.leave(PASSWORD, by=db.session.get(User, user)))
    db.session.rollback()
    assert db.session.get(User, user, populate_existing=True).left_at is not None


def test_what_was_told_just_then_goes_with_the_remains(app, town):
    user = member(town, nickname="나그네별빛")
    leaving.leave(PASSWORD, by=user)
    with use_case(None) as work:
        work.session.add(Notice(user_id=user.id, kind=NoticeKind.SUPPORTED, about="proposal:1", step="threshold",
                                title="골목", url="/proposals/2026-0001", once="late", at=work.at))
        outbox.post(to="late@example.org", subject="새 소식", body="나그네별빛 님", kind="notice.daily", user_id=user.id)
    leaving.clear_remains()
    leaving.clear_remains()
    for table in (Notice, OutgoingMail):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(table)) == 0


def test_somebody_ends_a_mail_while_it_is_told(app, town):
    user, proposal_id = member(town, email="a@example.org", confirmed_email="a@example.org").id, town.proposal().id
    way_out = token(Subscription(user, Channel.MAIL, NoticeKind.MY_PROPOSAL))
    db.session.rollback()
    while_the_proposal_is_held(app, proposal_id, user, lambda: unsubscribing.unsubscribe(way_out))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Delivery)) <= 1
