"""Acts and their ends, as steps of somebody's transaction: in any order everything comes back as it was."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from civic_forum.accounts.models import User, UserSession
from civic_forum.comments import services as comments
from civic_forum.comments.models import Comment, Thread
from civic_forum.comments.rules import Stance
from civic_forum.journeys.models import JourneyEntry
from civic_forum.platform import clock, hooks
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound
from civic_forum.platform.work import use_case
from civic_forum.moderation import operations
from civic_forum.moderation.events import ActionEnded, ActionTaken, ReportsClosed
from civic_forum.moderation.models import ModerationAction, Report
from civic_forum.moderation.rules import ActionKind, Ended
from civic_forum.moderation.services.reports import report
from civic_forum.proposals.events import ProposalPublished
from civic_forum.proposals.models import Proposal
from civic_forum.search.models import Entry
from tests import factories

WORDS = {"rule": "advertising", "reason": "같은 광고를 되풀이했어요."}


@pytest.fixture
def remark(town):
    return comments.write(town.proposal().thread_id, stance=Stance.FOR, text="우리 가게로 오세요.", by=town.user())


def act(kind, about, subject_id, by=None, **more):
    with use_case(by) as work:
        return operations.act(work, kind, about, subject_id, **(WORDS | more)).id


def end(action_id, how=Ended.TAKEN_BACK, by=None):
    with use_case(by) as work:
        operations.end(work, work.session.get_one(ModerationAction, action_id), how)


def fresh(record):
    db.session.rollback()
    return db.session.get(type(record), record.id, populate_existing=True)


def how_it_is():
    """Everything that an act may change, without what only tells of it."""
    db.session.rollback()
    tables = (Comment, Thread, Proposal, Entry)
    columns = [list(db.session.execute(sa.select(*(c for c in table.__table__.c if c.name not in ("id",)))
                                       .order_by(table.id))) for table in tables]
    people = list(db.session.execute(sa.select(User.id, User.blocked_at, User.blocked_until, User.muted_until)
                                     .order_by(User.id)))
    return columns[:3], sorted(columns[3], key=str), people


def findable(proposal):
    with use_case(None) as work:
        work.emit(ProposalPublished(proposal.id))
    return proposal


def test_a_hidden_comment_leaves_the_counts_and_the_search_and_comes_back(town, remark):
    before = how_it_is()
    action = act(ActionKind.HIDE, "comment", remark.id)
    hidden = fresh(remark)
    assert (hidden.hidden_rule, hidden.thread.comment_count, hidden.thread.for_count) == ("advertising", 0, 0)
    assert db.session.scalar(sa.select(Proposal.comment_count)) == 0
    assert db.session.scalars(sa.select(Entry)).all() == []
    end(action)
    assert how_it_is() == before


@pytest.mark.both
def test_a_hidden_proposal_says_so_in_its_journey_and_keeps_its_state(town):
    proposal = findable(town.proposal())
    before = how_it_is()
    action = act(ActionKind.HIDE, "proposal", proposal.id)
    assert fresh(proposal).hidden_rule == "advertising"
    assert db.session.scalars(sa.select(Entry)).all() == []
    end(action)
    assert how_it_is() == before
    assert db.session.scalars(sa.select(JourneyEntry.step).order_by(JourneyEntry.id)).all() == ["hidden", "shown_again"]


def test_an_act_stands_once_and_says_what_stands(town, remark):
    act(ActionKind.HIDE, "comment", remark.id)
    with pytest.raises(Conflict, match="글 가리기, 원칙 「광고·홍보」"):
        act(ActionKind.HIDE, "comment", remark.id)


def test_an_end_comes_once(town, remark):
    action = act(ActionKind.HIDE, "comment", remark.id)
    end(action)
    with pytest.raises(Conflict, match="이미 끝난 조치예요: 운영자가 되돌렸어요"):
        end(action)


@pytest.mark.both
def test_a_text_stays_hidden_until_the_last_act_on_it_has_ended(town, remark):
    before = how_it_is()
    first = act(ActionKind.HIDE, "comment", remark.id)
    second = act(ActionKind.TAKEDOWN, "comment", remark.id, rule="privacy", until=clock.now() + timedelta(days=30))
    end(first)
    assert fresh(remark).hidden_rule == "privacy"
    end(second)
    assert how_it_is() == before


def test_a_text_that_the_author_deleted_meanwhile_stays_deleted(town, remark):
    action = act(ActionKind.HIDE, "comment", remark.id)
    comments.remove(remark.id, by=db.session.get_one(User, remark.author_id))
    end(action)
    again = fresh(remark)
    assert again.deleted_at and again.hidden_at is None and again.thread.comment_count == 0
    assert db.session.scalars(sa.select(Entry)).all() == []


@pytest.mark.both
def test_a_block_ends_the_sessions_and_lasts_by_the_clock(town, at):
    user = town.user()
    factories.signed_in(user)
    now = clock.now()
    act(ActionKind.BLOCK, "user", user.id, until=now + timedelta(days=7))
    assert not fresh(user).is_active and db.session.scalars(sa.select(UserSession)).all() == []
    at(now + timedelta(days=7))
    assert fresh(user).is_active
    with use_case(None) as work:
        assert len(operations.end_over(work)) == 1
    assert fresh(user).blocked_at is None
    assert db.session.scalar(sa.select(ModerationAction.ended_how)) == Ended.OVER


def test_an_act_that_is_over_makes_room_for_the_same_again(town, at):
    user, now = town.user(), clock.now()
    first = act(ActionKind.MUTE, "user", user.id, until=now + timedelta(days=1))
    with pytest.raises(Conflict):
        act(ActionKind.MUTE, "user", user.id, until=now + timedelta(days=3))
    at(now + timedelta(days=2))
    second = act(ActionKind.MUTE, "user", user.id, until=now + timedelta(days=5))
    assert fresh(user).is_muted
    assert db.session.get_one(ModerationAction, first).ended_how == Ended.OVER
    end(second)
    assert fresh(user).muted_until is None


@pytest.mark.both
def test_facts_are_told_and_reports_closed(town, remark, monkeypatch):
    reader, told = town.user(), []
    report("comment", remark.id, rule="abuse", by=reader)
    for fact in (ActionTaken, ActionEnded, ReportsClosed):
        monkeypatch.setitem(hooks._listeners, fact, [lambda fact, _session: told.append(fact)])
    action = act(ActionKind.HIDE, "comment", remark.id)
    end(action)
    report_id = db.session.scalar(sa.select(Report.id))
    assert told == [ReportsClosed((report_id,)), ActionTaken(action), ActionEnded(action)]
    assert db.session.scalar(sa.select(Report.closed_how)) == "acted"


def test_nobody_acts_on_themselves_or_on_administrators_or_without_the_role(town, remark):
    moderator, administrator = town.moderator(), town.administrator()
    own = comments.write(town.proposal().thread_id, stance=Stance.NOTE, text="제 생각이에요.", by=moderator)
    with pytest.raises(Denied, match="내 글"):
        act(ActionKind.HIDE, "comment", own.id, by=moderator)
    with pytest.raises(Denied, match="관리자의"):
        act(ActionKind.BLOCK, "user", administrator.id, by=moderator)
    with pytest.raises(Denied, match="운영자만"):
        act(ActionKind.HIDE, "comment", remark.id, by=town.official())
    with pytest.raises(NotFound):
        act(ActionKind.HIDE, "comment", 4711, by=moderator)
    assert db.session.scalars(sa.select(ModerationAction)).all() == []


KINDS = {"comment": (ActionKind.HIDE, ActionKind.TAKEDOWN), "proposal": (ActionKind.HIDE, ActionKind.TAKEDOWN),
         "user": (ActionKind.WARN, ActionKind.MUTE, ActionKind.BLOCK)}
MOVES = st.lists(st.tuples(st.sampled_from([(about, kind) for about, kinds in KINDS.items() for kind in kinds]),
                           st.integers(0, 1), st.booleans()), max_size=25)


@pytest.mark.both
@given(moves=MOVES, order=st.randoms(use_true_random=False))
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_of_acts_and_ends_gives_everything_back(town, moves, order):
    proposals = [findable(town.proposal()) for _ in range(2)]
    remarks = [comments.write(one.thread_id, stance=Stance.FOR, text=f"{one.id}번째 의견이에요.", by=town.user())
               for one in proposals]
    things = {"comment": remarks, "proposal": proposals, "user": [town.user(), town.user()]}
    before, standing = how_it_is(), {}
    for (about, kind), which, on in moves:
        key = (about, kind, which)
        if on and key not in standing:
            standing[key] = act(kind, about, things[about][which].id, until=clock.now() + timedelta(days=3))
        elif not on and key in standing:
            end(standing.pop(key))
        for one, thing in enumerate(things["comment"]):
            expected = any((name, which) == ("comment", one) for name, _kind, which in standing)
            assert (fresh(thing).hidden_at is not None) is expected
    left = sorted(standing.values())
    order.shuffle(left)
    if left and order.random() < 0.5:
        with use_case(None) as work:
            operations.end_all(work, left, Ended.TAKEN_BACK)
    else:
        for one in left:
            end(one)
    assert how_it_is() == before
