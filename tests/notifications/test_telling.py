"""Writing notices: who gets one, what leaves the site, and what it costs."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.work import use_case
from civic_forum.notifications import operations
from civic_forum.notifications.models import DeadAddress, Delivery, Notice
from civic_forum.notifications.queries import recipients
from civic_forum.notifications.rules import Channel, Frequency, NoticeKind
from tests import factories

from .told import leaving, notices, reachable, wants

CROWDS = [1_000, pytest.param(20_000, marks=pytest.mark.long)]


@pytest.fixture
def tell(town):
    """Tell these users something, as one who acts."""

    def told(*users, by=None, once="test:1", **given):
        with use_case(by) as work:
            operations.tell(work.session, sa.select(User.id).where(User.id.in_([user.id for user in users])), **({
                "kind": NoticeKind.SUPPORTED, "about": "proposal:1", "step": "answered", "title": "골목 가로등",
                "url": "/proposals/2026-0001", "once": once, "at": work.at} | given))

    return told


def test_nobody_is_told_the_same_twice(town, tell):
    user = reachable(town.resident())
    tell(user)
    tell(user)
    assert len(notices(user)) == 1
    assert leaving(user) == [(Channel.MAIL, Frequency.DAILY)]


@pytest.mark.both
def test_nobody_is_told_of_what_they_did_themselves(town, tell):
    actor, other = town.resident(), town.resident()
    tell(actor, other, by=actor)
    assert not notices(actor)
    assert len(notices(other)) == 1


@pytest.mark.both
def test_nobody_who_has_left_is_told(town, tell):
    user = reachable(town.resident())
    with use_case(None):
        user.left_at = clock.now()
    tell(user)
    assert not notices(user)


def test_nothing_leaves_without_a_proven_address(town, tell):
    user = town.resident()
    with use_case(None):
        user.email = "somebody@example.com"
    tell(user)
    assert notices(user) and not leaving(user)


@pytest.mark.both
def test_nothing_leaves_for_an_address_that_is_dead(town, tell):
    user = reachable(town.resident())
    with use_case(None) as work:
        work.session.add(DeadAddress(user_id=user.id, since=work.at))
    tell(user)
    assert notices(user) and not leaving(user)


def test_a_choice_of_somebody_comes_before_the_usual_one(town, tell):
    weekly, never = reachable(town.resident()), reachable(town.resident())
    wants(weekly, Channel.MAIL, Frequency.WEEKLY)
    wants(never, Channel.MAIL, Frequency.NEVER)
    wants(never, Channel.MAIL, Frequency.AT_ONCE, kind=NoticeKind.REPLY)
    tell(weekly, never)
    assert leaving(weekly) == [(Channel.MAIL, Frequency.WEEKLY)]
    assert not leaving(never)


def test_a_kind_that_somebody_does_not_want_on_the_site_counts_as_read(town, tell):
    user = reachable(town.resident())
    wants(user, Channel.SITE, Frequency.NEVER)
    tell(user)
    assert [one.read_at is None for one in notices(user)] == [False]
    assert leaving(user) == [(Channel.MAIL, Frequency.DAILY)]


@pytest.mark.both
def test_to_a_blocked_account_only_moderation_leaves(town, tell):
    user = reachable(town.resident())
    with use_case(None):
        user.blocked_at = clock.now()
    tell(user)
    assert notices(user) and not leaving(user)
    tell(user, kind=NoticeKind.MODERATION, once="test:2")
    assert leaving(user) == [(Channel.MAIL, Frequency.AT_ONCE)]


@pytest.mark.both
def test_a_block_that_is_over_by_the_clock_keeps_nothing_back(town, tell):
    moderator = reachable(town.moderator())
    with use_case(None) as work:
        moderator.blocked_at, moderator.blocked_until = work.at - timedelta(days=7), work.at
    tell(moderator)
    assert leaving(moderator) == [(Channel.MAIL, Frequency.DAILY)]
    assert db.session.scalars(recipients.moderators()).all() == [moderator.id]


def test_a_long_title_is_cut_and_details_come_back_as_they_were(town, tell):
    user = town.resident()
    tell(user, kind=NoticeKind.MY_PROPOSAL, title="가" * 300, details={"state": "answered", "days": 7})
    notice, = notices(user)
    assert len(notice.title) == 200
    assert notice.details == {"state": "answered", "days": 7}


def test_words_of_somebody_else_are_not_kept_with_the_notice(town, tell):
    user = town.resident()
    tell(user, title="이웃 이름이 적힌 제목")
    assert [one.title for one in notices(user)] == [""]


@pytest.mark.both
@pytest.mark.parametrize("many", CROWDS)
def test_however_many_people_take_three_statements(town, tell, queries, many):
    now = clock.now()
    with use_case(None) as work:
        work.session.execute(sa.insert(User), [
            {"sign_in_name": f"crowd{n}", "sign_in_key": f"crowd{n}", "nickname": f"사람{n}", "language": "ko",
             "confirmed_email": f"crowd{n}@example.com" if n % 2 else None, "created_at": now} for n in range(many)])
    factories.sized_up()
    with use_case(None) as work, queries() as seen:
        operations.tell(work.session, sa.select(User.id).where(User.sign_in_key.like("crowd%")),
                        kind=NoticeKind.OUTCOME, about="outcome:1", step="published", title="결과", url="/outcomes",
                        once="outcome:1:1", at=work.at)
    assert len(seen) == 3
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Notice)) == many
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Delivery)) == many // 2
