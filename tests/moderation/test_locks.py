"""Two moderators, or a moderator and somebody concerned: the second waits, and decides by what the first has left."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.comments import services as comments
from civic_forum.comments.models import Thread
from civic_forum.comments.rules import Stance
from civic_forum.platform.base import db
from civic_forum.platform.clock import now
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.work import use_case
from civic_forum.moderation.services import appeals, cases, signals, takedowns, waves
from civic_forum.moderation.models import BulkAction, ModerationAction, Signal
from civic_forum.moderation.rules import Decision, Ended, Ground, Rule, SignalKind
from civic_forum.moderation.operations import notice
from civic_forum.proposals.models import Proposal
from tests.factories import MAY
from tests.racing import held, on_postgresql

from .acts import acted

pytestmark = on_postgresql
WHY, DECISION = "사는 곳이 드러나요.", "누구인지 알 수 있어 계속 가려요."
HIDE = Decision(True, None, None, Rule.ABUSE, WHY)


@pytest.fixture
def remark(town):
    return comments.write(town.proposal().thread_id, stance=Stance.NOTE, text="그 사람은 시장에 살아요.", by=town.resident())


@pytest.fixture
def hidden(town, remark):
    return acted(town.moderator(), "comment", remark.id)


@pytest.fixture
def asked(remark):
    return takedowns.ask_takedown("a" * 32, "comment", remark.id, ground=Ground.PRIVACY,
                                  contact="concerned@example.org", text="제 이름과 사는 곳이 그대로 적혀 있어요.")


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("act", [
    lambda one, _by: appeals.appeal(one.id, text="누구인지 알 수 없는 글이에요.", by=db.session.get(User, one.user_id)),
    lambda one, by: cases.take_back(one.id, by=by)], ids=["appeal", "take back"])
def test_an_act_that_has_ended_meanwhile_is_left_alone(town, hidden, act):
    by = town.moderator()
    with held(hidden, ended_at=now(), ended_how=Ended.TAKEN_BACK), pytest.raises(Refusal):
        act(hidden, by)


def test_a_wave_is_undone_once(town, remark):
    moderator = town.moderator()
    bulk = waves.act_on_wave([("comment", remark.id)], HIDE, by=moderator)
    with held(bulk, undone_at=now()), pytest.raises(Conflict, match="이미 되돌렸어요"):
        waves.undo(bulk.id, by=moderator)
    assert db.session.query(BulkAction).count() == 1


def test_an_appeal_is_decided_once(town, hidden):
    other = town.moderator()
    made = appeals.appeal(hidden.id, text="누구인지 알 수 없는 글이에요.", by=db.session.get(User, hidden.user_id))
    with held(made, upheld=False, decision=DECISION, decided_at=now()), pytest.raises(Conflict, match="먼저 정했어요"):
        appeals.decide_appeal(made.id, upheld=True, decision=DECISION, by=other)


def test_a_request_that_was_decided_meanwhile_hides_nothing(town, asked):
    moderator = town.moderator()
    with held(asked, granted=False, decision=DECISION, decided_at=now()), pytest.raises(Conflict, match="이미 정한"):
        takedowns.block_takedown(asked.id, reason=WHY, by=moderator)


def test_the_end_of_a_block_waits_for_its_request(town, asked, at):
    at(MAY)
    takedowns.block_takedown(asked.id, reason=WHY, by=town.moderator())
    at(MAY + timedelta(days=30))
    with held(asked):
        assert cases.end_over() == 1


def test_hiding_a_comment_waits_for_its_thread_and_what_it_is_about(town, remark):
    moderator = town.moderator()
    proposal = db.session.query(Proposal).filter_by(thread_id=remark.thread_id).one()
    with held(proposal):
        cases.decide("comment", remark.id, HIDE, by=moderator)
    action = db.session.scalar(sa.select(ModerationAction.id))
    with held(db.session.get(Thread, remark.thread_id), comment_count=5):
        cases.take_back(action, by=moderator)
    assert db.session.get(Thread, remark.thread_id, populate_existing=True).comment_count == 6


def noticed(remark):
    with use_case(None) as work:
        notice(work.session, "comment", {remark.id: remark.source}, [SignalKind.SAME_TEXT], at=work.at)
    return db.session.scalar(sa.select(Signal))


def test_those_who_look_at_a_signal_or_notice_it_again_wait(town, remark):
    signal, moderator = noticed(remark), town.moderator()
    with held(signal, seen_at=MAY):
        assert signals.see_signal(signal.id, by=moderator).seen_at == MAY
    with held(signal):
        assert noticed(remark).seen_at == MAY
