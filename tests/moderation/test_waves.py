"""A wave of spam: hidden at once, in one transaction of few statements, and taken back as one."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.comments import services as comments
from civic_forum.comments.models import Comment, Thread
from civic_forum.comments.rules import Stance
from civic_forum.platform import clock, hooks, rich_text
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.moderation.services import cases, reports
from civic_forum.moderation.services.waves import act_on_wave, undo
from civic_forum.moderation.events import BulkTaken, BulkUndone
from civic_forum.moderation.models import BulkAction, ModerationAction, ModerationTally, Report
from civic_forum.moderation.queries import waves
from civic_forum.moderation.rules import ActionKind, Decision, Length, Rule
from civic_forum.proposals.models import Proposal
from civic_forum.search import operations as search
from civic_forum.search.models import Entry
from tests import factories
from tests.racing import at_once

from .test_acts_and_ends import how_it_is

WHY = {"rule": Rule.ADVERTISING, "reason": "같은 광고를 되풀이했어요."}
HIDE = Decision(hide=True, account=None, **WHY)
BLOCK = Decision(hide=True, account=ActionKind.BLOCK, length=Length.OPEN, **WHY)
MOST_STATEMENTS = 40


def spam(town, number, accounts=3, threads=4):
    """So many comments of a few new accounts, made past the services."""
    proposals = [town.proposal() for _ in range(threads)]
    authors = [town.user() for _ in range(accounts)]
    text = "대박 할인, 우리 가게로 오세요."
    rows = [Comment(thread_id=proposals[n % threads].thread_id, author_id=authors[n % accounts].id, stance=Stance.FOR,
                    source=text, html=rich_text.render(text), at=clock.now()) for n in range(number)]
    db.session.add_all(rows)
    db.session.flush()
    for thread in db.session.scalars(sa.select(Thread)):
        own = sum(row.thread_id == thread.id for row in rows)
        thread.comment_count = thread.for_count = own
    for one in proposals:
        one.comment_count = sum(row.thread_id == one.thread_id for row in rows)
    search.put_all(db.session, [("comment", row.id, "", text, row.at) for row in rows])
    db.session.commit()
    return [("comment", row.id) for row in rows], authors


@pytest.mark.both
def test_a_thousand_texts_and_their_authors_in_few_statements_and_back(town, queries):
    things, authors = spam(town, 1000, accounts=50)
    moderator, before = town.moderator(), how_it_is()
    with queries() as seen:
        bulk = act_on_wave(things, BLOCK, by=moderator)
    assert len(seen) <= MOST_STATEMENTS, [one[:70] for one in seen]
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Comment).where(Comment.hidden_at.is_(None))) == 0
    assert set(db.session.scalars(sa.select(Thread.comment_count))) == {0}
    assert set(db.session.scalars(sa.select(Proposal.comment_count))) == {0}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Entry)) == 0
    assert all(db.session.get(User, one.id, populate_existing=True).is_blocked for one in authors)
    with queries() as seen:
        assert undo(bulk.id, by=moderator) == 1050
    assert len(seen) <= MOST_STATEMENTS, [one[:70] for one in seen]
    assert how_it_is() == before


@pytest.mark.both
def test_the_ledger_counts_every_act_of_a_wave(town):
    things, authors = spam(town, 3)
    act_on_wave(things, Decision(hide=True, account=ActionKind.MUTE, length=Length.WEEK, **WHY), by=town.moderator())
    acts = db.session.scalar(sa.select(sa.func.count()).select_from(ModerationAction))
    assert sum(db.session.scalars(sa.select(ModerationTally.total))) == acts == len(things) + len(authors)


@pytest.mark.both
def test_a_text_that_cannot_be_hidden_is_left_out(town):
    things, (author, *_) = spam(town, 4)
    moderator = town.moderator()
    thread = db.session.scalar(sa.select(Thread.id).limit(1))
    own = comments.write(thread, stance=Stance.NOTE, text="제 생각이에요.", by=moderator)
    theirs = comments.write(thread, stance=Stance.NOTE, text="공지예요.", by=town.administrator())
    cases.decide(*things[0], HIDE, by=town.moderator())
    act_on_wave([*things, ("comment", own.id), ("comment", theirs.id), ("comment", 4711)], HIDE, by=moderator)
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).where(ModerationAction.bulk_id.is_not(None))) == 3
    assert db.session.get_one(Comment, own.id).hidden_at is None
    assert db.session.get_one(Comment, theirs.id).hidden_at is None


@pytest.mark.both
def test_somebody_whose_mute_is_over_by_the_clock_is_muted_again(town, at):
    at(factories.MAY)
    [first, second], [author] = spam(town, 2, accounts=1)
    mute = Decision(hide=True, account=ActionKind.MUTE, length=Length.DAY, **WHY)
    act_on_wave([first], mute, by=town.moderator())
    later = factories.MAY + timedelta(days=2)
    at(later)
    act_on_wave([second], mute, by=town.moderator())
    db.session.rollback()
    assert db.session.get(User, author.id, populate_existing=True).muted_until == later + timedelta(days=1)


@pytest.mark.both
def test_two_at_once_hide_each_text_once(app, town):
    things, _authors = spam(town, 20)
    moderators = [town.moderator().id for _ in range(3)]
    answers = at_once(app, 3, lambda n: act_on_wave(things, BLOCK, by=db.session.get_one(User, moderators[n])))
    assert sum(isinstance(one, Conflict) for one in answers) == 2
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(BulkAction)) == 1


@pytest.mark.both
def test_an_act_ended_alone_stays_ended_and_undoing_comes_once(town):
    things, _authors = spam(town, 3)
    moderator = town.moderator()
    bulk = act_on_wave(things, HIDE, by=moderator)
    first = db.session.scalar(sa.select(ModerationAction.id).filter_by(subject_id=things[0][1]))
    cases.take_back(first, by=moderator)
    assert undo(bulk.id, by=moderator) == 2
    with pytest.raises(Conflict, match="이미 되돌렸어요"):
        undo(bulk.id, by=town.moderator())


def test_taking_a_wave_back_is_not_offered_to_whom_it_hit(town, browse):
    hit, other = town.moderator(), town.moderator()
    remark = comments.write(town.proposal().thread_id, stance=Stance.NOTE, text="우리 가게로 오세요.", by=hit)
    bulk = act_on_wave([("comment", remark.id)], HIDE, by=other)
    page = f"/desk/waves/{bulk.id}"
    theirs = browse(hit).get(page)
    assert theirs.status_code == 200 and "모두 되돌리기" not in theirs.text and "다른 운영자가 되돌려요" in theirs.text
    assert "모두 되돌리기" in browse(other).get(page).text
    undo(bulk.id, by=other)
    assert "다른 운영자가 되돌려요" not in browse(hit).get(page).text


def test_a_moderator_whom_it_hit_does_not_take_it_back(town):
    hit, other = town.moderator(), town.moderator()
    remark = comments.write(town.proposal().thread_id, stance=Stance.NOTE, text="우리 가게로 오세요.", by=hit)
    mute = Decision(hide=True, account=ActionKind.MUTE, length=Length.WEEK, **WHY)
    bulk = act_on_wave([("comment", remark.id)], mute, by=other)
    before = how_it_is()
    with pytest.raises(Denied, match="다른 운영자가 되돌려요"):
        undo(bulk.id, by=hit)
    assert how_it_is() == before
    assert undo(bulk.id, by=other) == 2


def test_reports_on_them_are_closed_and_facts_told_once(town, monkeypatch):
    things, _authors = spam(town, 3)
    reports.report(*things[0], rule=Rule.ABUSE, by=town.user())
    told = []
    for fact in (BulkTaken, BulkUndone):
        monkeypatch.setitem(hooks._listeners, fact, [lambda fact, _session: told.append(fact)])
    moderator = town.moderator()
    bulk = act_on_wave(things, HIDE, by=moderator)
    undo(bulk.id, by=moderator)
    assert told == [BulkTaken(bulk.id), BulkUndone(bulk.id)]
    assert db.session.scalar(sa.select(Report.closed_how)) == "acted"


def test_actors_without_the_right_and_gaps_leave_no_trace(town):
    things, _authors = spam(town, 2)
    with pytest.raises(Denied):
        act_on_wave(things, HIDE, by=town.official())
    with pytest.raises(Refusal, match="하나 이상"):
        act_on_wave([], HIDE, by=town.moderator())
    with pytest.raises(Refusal, match="나누어"):
        act_on_wave([("comment", n) for n in range(1, 1002)], HIDE, by=town.moderator())
    with pytest.raises(Refusal, match="원칙"):
        act_on_wave(things, Decision(hide=True, account=None, reason="이유예요."), by=town.moderator())
    with pytest.raises(Conflict, match="가릴 수 있는 글이 없어요"):
        act_on_wave([("comment", 4711)], HIDE, by=town.moderator())
    db.session.rollback()
    assert not db.session.scalars(sa.select(BulkAction)).all()
    assert not db.session.scalars(sa.select(ModerationAction)).all()


@pytest.mark.both
def test_texts_are_found_by_words_by_author_and_by_new_accounts(town):
    old = town.user(created_at=factories.MAY.replace(year=2020))
    things, (author, *_) = spam(town, 6)
    comments.write(db.session.scalar(sa.select(Thread.id).limit(1)), stance=Stance.NOTE, text="횡단보도가 멀어요.", by=old)
    assert {one.key for one in waves.by_text("할인 가게")} == {f"comment:{key}" for _kind, key in things}
    assert len(waves.by_author(author.id)) == 2
    fresh = waves.by_new_accounts(clock.now().replace(year=2021))
    assert "횡단보도가 멀어요." not in {one.text for one in fresh} and len([one for one in fresh if one.kind == "comment"]) == 6


def test_texts_ticked_in_the_queue_are_hidden_at_once(town, browse):
    things, _authors = spam(town, 4)
    reporter, moderator = town.user(), browse(town.moderator())
    for kind, number in sorted(things)[:3]:
        factories.saved(Report(subject_kind=kind, subject_id=number, by_id=reporter.id, rule=Rule.ADVERTISING,
                               sentence="", at=clock.now()))
    queue = moderator.get("/desk/reports").text
    ticked = re.findall(r'name="chosen" value="([^"]*)"', queue)
    assert len(ticked) == 3 and '<form id="several"' in queue
    address = "/desk/waves?by=chosen&" + "&".join(f"chosen={one}" for one in ticked[:2])
    page = moderator.get(address).text
    assert [one for one in ticked if f'value="{one}" checked' in " ".join(page.split())] == ticked[:2]
    answer = moderator.post(address, data={"things": ticked[:2], "account": "none", "rule": "advertising",
                                           "reason": "광고 글이에요."})
    assert answer.status_code == 303
    assert re.findall(r'name="chosen" value="([^"]*)"', moderator.get("/desk/reports").text) == ticked[2:]
    assert moderator.get("/desk/waves?by=chosen&chosen=user:1").status_code == 400
