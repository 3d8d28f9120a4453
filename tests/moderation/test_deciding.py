"""Decisions of a moderator about a reported text: once, with a reason, never to themselves, and back again."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import RoleGrant, User, UserSession
from civic_forum.comments import services as comments
from civic_forum.comments.models import Comment
from civic_forum.comments.rules import Stance
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.moderation.services import cases, reports, waves
from civic_forum.moderation.models import ModerationAction, Report
from civic_forum.moderation.rules import ActionKind, Decision, Length, Rule
from civic_forum.proposals.rules import Basics
from civic_forum.proposals.services import drafts, supports
from tests import factories
from tests.common import again, commit
from tests.racing import at_once

WHY = {"rule": Rule.ADVERTISING, "reason": "같은 광고를 되풀이했어요."}
KEEP = Decision(hide=False, account=None)
HIDE = Decision(hide=True, account=None, **WHY)


@pytest.fixture
def remark(town):
    return comments.write(town.proposal().thread_id, stance=Stance.NOTE, text="우리 가게로 오세요.", by=town.user())


def reported(town, remark, rule=Rule.ADVERTISING):
    return reports.report("comment", remark.id, rule=rule, by=town.user()).id


def acts():
    db.session.rollback()
    return db.session.scalars(sa.select(ModerationAction).order_by(ModerationAction.id)).all()


@pytest.mark.in_turns(of=5)
def test_hiding_closes_every_report_and_says_who_in_which_role(town, remark):
    seen, moderator = max(reported(town, remark) for _ in range(2)), town.moderator()
    act, = cases.decide("comment", remark.id, HIDE, seen=seen, by=moderator)
    assert (act.kind, act.user_id, act.by_id, act.role, act.reason) == (
        ActionKind.HIDE, remark.author_id, moderator.id, "moderator", WHY["reason"])
    assert again(remark).hidden_rule == "advertising"
    assert db.session.scalars(sa.select(Report.closed_how)).all() == ["acted", "acted"]


@pytest.mark.both
def test_keeping_closes_what_the_page_showed_and_not_what_came_after(town, remark):
    seen = reported(town, remark)
    reported(town, remark)
    cases.decide("comment", remark.id, KEEP, seen=seen, by=town.moderator())
    assert db.session.scalars(sa.select(Report.closed_how).order_by(Report.id)).all() == ["kept", None]
    assert again(remark).hidden_at is None and not acts()


def test_a_warning_closes_no_report_that_came_after_the_page(town, remark):
    seen = reported(town, remark)
    reported(town, remark)
    warning = Decision(hide=False, account=ActionKind.WARN, **WHY)
    cases.decide("comment", remark.id, warning, seen=seen, by=town.moderator())
    assert db.session.scalars(sa.select(Report.closed_how).order_by(Report.id)).all() == ["acted", None]


@pytest.mark.both
def test_the_second_moderator_sees_what_the_first_did(town, remark):
    seen = reported(town, remark)
    cases.decide("comment", remark.id, HIDE, seen=seen, by=town.moderator())
    for decision in (HIDE, KEEP, Decision(hide=False, account=ActionKind.WARN, **WHY)):
        with pytest.raises(Conflict, match=r"다른 운영자가 먼저 살펴봤어요\. 조치했어요\. 아래에서 확인해 주세요\."):
            cases.decide("comment", remark.id, decision, seen=seen, by=town.moderator())
    assert len(acts()) == 1


def test_of_who_has_left_only_the_text_is_hidden(town, remark):
    factories.saved(db.session.get_one(User, remark.author_id)).left_at = clock.now()
    db.session.commit()
    mute = Decision(hide=True, account=ActionKind.MUTE, length=Length.WEEK, **WHY)
    with pytest.raises(Refusal, match="탈퇴한 회원") as refused:
        cases.decide("comment", remark.id, mute, by=town.moderator())
    assert refused.value.field == "account" and not acts() and again(remark).hidden_at is None
    waves.act_on_wave([("comment", remark.id)], mute, by=town.moderator())
    assert [one.kind for one in acts()] == [ActionKind.HIDE]


@pytest.mark.parametrize("mixed", [False, True])
def test_many_moderators_at_once_do_it_once(app, town, remark, mixed):
    seen, moderators = reported(town, remark), [town.moderator().id for _ in range(6)]

    def click(n):
        decision = KEEP if mixed and n % 2 else HIDE
        return cases.decide("comment", remark.id, decision, seen=seen, by=db.session.get_one(User, moderators[n]))

    answers = at_once(app, 6, click)
    assert sum(isinstance(one, list) for one in answers) == 1
    assert all(isinstance(one, (list, Conflict)) for one in answers)
    db.session.rollback()
    how = db.session.scalar(sa.select(Report.closed_how))
    assert len(acts()) == (1 if how == "acted" else 0) and (again(remark).hidden_at is not None) is (how == "acted")


def test_a_mute_lets_read_and_support_and_nothing_more(town, remark, at):
    author = db.session.get_one(User, remark.author_id)
    other = comments.write(remark.thread_id, stance=Stance.NOTE, text="좋은 뜻이에요.", by=town.user())
    cases.decide("comment", remark.id, Decision(hide=False, account=ActionKind.MUTE, length=Length.WEEK, **WHY),
                 by=town.moderator())
    author = again(author)
    comments.support(other.id, by=author)
    supports.support(town.proposal().id, by=author)
    for write in (lambda: comments.write(remark.thread_id, stance=Stance.NOTE, text="다시 와 주세요.", by=author),
                  lambda: comments.reply(other.id, text="다시 와 주세요.", by=author),
                  lambda: comments.edit(remark.id, text="다시 와 주세요.", by=author),
                  lambda: drafts.save_draft(drafts.new_key(), Basics("우리 가게 알리기"), by=author),
                  lambda: reports.report("comment", other.id, rule=Rule.ABUSE, by=author)):
        with pytest.raises(Denied, match="까지 글을 쓸 수 없어요"):
            write()
    at(clock.now() + timedelta(days=7, minutes=1))
    comments.write(remark.thread_id, stance=Stance.NOTE, text="다시 쓸게요.", by=author)


def test_a_block_ends_the_sessions_and_taking_it_back_lets_in_again(town, remark):
    author = db.session.get_one(User, remark.author_id)
    factories.signed_in(author)
    moderator = town.moderator()
    hide, block = cases.decide("comment", remark.id, Decision(
        hide=True, account=ActionKind.BLOCK, length=Length.OPEN, **WHY), by=moderator)
    assert not again(author).is_active and db.session.scalar(sa.select(sa.func.count()).select_from(UserSession)) == 0
    cases.take_back(block.id, by=moderator)
    assert again(author).is_active and again(remark).hidden_at is not None
    cases.take_back(hide.id, by=moderator)
    assert again(remark).hidden_at is None
    with pytest.raises(Conflict, match="이미 끝난 조치"):
        cases.take_back(hide.id, by=moderator)


def test_one_takes_back_at_once(app, town, remark):
    act, = cases.decide("comment", remark.id, HIDE, by=town.moderator())
    moderators = [town.moderator().id for _ in range(4)]
    answers = at_once(app, 4, lambda n: cases.take_back(act.id, by=db.session.get_one(User, moderators[n])))
    assert sum(isinstance(one, Conflict) for one in answers) == 3


@pytest.mark.both
@pytest.mark.parametrize("decision, field", [
    (Decision(hide=True, account=None, reason="이유가 있어요."), "rule"),
    (Decision(hide=True, account=None, rule=Rule.ABUSE, reason=" 음 "), "reason"),
    (Decision(hide=True, account=None, rule=Rule.ABUSE, reason="가" * 501), "reason"),
    (Decision(hide=False, account=ActionKind.MUTE, **WHY), "length"),
    (Decision(hide=False, account=ActionKind.MUTE, length=Length.OPEN, **WHY), "length"),
])
def test_gaps_are_named_and_nothing_happens(town, remark, decision, field):
    reported(town, remark)
    with pytest.raises(Refusal) as refused:
        cases.decide("comment", remark.id, decision, by=town.moderator())
    assert refused.value.field == field and not acts()
    assert db.session.scalar(sa.select(Report.closed_at)) is None


def test_own_texts_are_for_another_moderator_and_administrators_for_none(town):
    moderator, administrator = town.moderator(), town.administrator()
    thread = town.proposal().thread_id
    own = comments.write(thread, stance=Stance.NOTE, text="제 생각이에요.", by=moderator)
    theirs = comments.write(thread, stance=Stance.NOTE, text="공지예요.", by=administrator)
    for text in (own, theirs):
        reported(town, text)
    for decision in (KEEP, HIDE):
        with pytest.raises(Denied, match="다른 운영자가"):
            cases.decide("comment", own.id, decision, by=moderator)
    with pytest.raises(Denied, match="관리자의"):
        cases.decide("comment", theirs.id, HIDE, by=moderator)
    cases.decide("comment", theirs.id, KEEP, seen=10**9, by=moderator)
    assert not acts()


def test_somebody_who_lost_the_role_while_the_page_was_open_does_nothing(town, remark):
    reported(town, remark)
    moderator = town.moderator()
    assert moderator.roles
    commit(sa.update(RoleGrant).values(withdrawn_at=clock.now()))
    for decision in (KEEP, HIDE):
        with pytest.raises(Denied, match="운영자만"):
            cases.decide("comment", remark.id, decision, seen=10**9, by=moderator)
    assert not acts()


def test_nobody_takes_back_what_was_done_to_themselves(town):
    moderator = town.moderator()
    own = comments.write(town.proposal().thread_id, stance=Stance.NOTE, text="제 생각이에요.", by=moderator)
    act, = cases.decide("comment", own.id, HIDE, by=town.moderator())
    with pytest.raises(Denied, match="다른 운영자가 되돌려요"):
        cases.take_back(act.id, by=moderator)


def test_a_text_that_the_author_deleted_is_not_hidden_and_its_reports_are_closed(town, remark):
    seen = reported(town, remark)
    comments.remove(remark.id, by=db.session.get_one(User, remark.author_id))
    with pytest.raises(Conflict, match="이미 지운 글"):
        cases.decide("comment", remark.id, HIDE, seen=seen, by=town.moderator())
    cases.decide("comment", remark.id, KEEP, seen=seen, by=town.moderator())
    assert db.session.scalar(sa.select(Report.closed_how)) == "kept"
    assert db.session.get_one(Comment, remark.id).hidden_at is None
