"""Locks on several things are taken in one order, so that no two ever wait for each other.

What is locked is read off the statements as PostgreSQL gets them; on SQLite whoever writes is alone.
"""

import re
import time
from contextlib import contextmanager
from datetime import timedelta
from threading import Event

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.agendas import operations as agendas
from civic_forum.comments import services as comments
from civic_forum.comments.rules import Stance
from civic_forum.platform.base import db, is_sqlite
from civic_forum.platform.work import use_case
from civic_forum.moderation.services import appeals, cases, takedowns
from civic_forum.moderation.services.waves import act_on_wave, undo
from civic_forum.moderation.models import ModerationAction
from civic_forum.moderation.queries import waves
from civic_forum.moderation.rules import ActionKind, Decision, Ground, Length, Rule
from civic_forum.moderation import operations as acting
from tests.budgets import making
from tests.factories import MAY
from tests.racing import at_once

pytestmark = pytest.mark.both

ORDER = ("user", "appeal", "takedown_request", "budget_round", "thread", "comment", "proposal", "project",
         "moderation_tally", "moderation_action")
TAKES = re.compile(r'(?s)^\s*(?:SELECT.*?\bFROM "?(\w+)"?.*\bFOR (?:NO KEY )?UPDATE\b|UPDATE "?(\w+)"?'
                   r'|INSERT INTO "?(\w+)"?.*\bDO UPDATE\b)')
REASON, DECISION = "사는 곳이 드러나요.", "누구인지 알 수 있어 계속 가려요."


@contextmanager
def one_order():
    """Everything locked in here is locked in the order of moderation."""
    taken = []

    def note(_connection, _cursor, statement, *_rest):
        if found := TAKES.match(statement):
            taken.append(found[1] or found[2] or found[3])

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    firsts = [name for name in dict.fromkeys(taken) if name in ORDER]
    assert is_sqlite() or firsts == sorted(firsts, key=ORDER.index)
    assert firsts


@pytest.fixture
def remark(town):
    return comments.write(town.proposal().thread_id, stance=Stance.NOTE, text="그 사람은 시장에 살아요.", by=town.resident())


@pytest.fixture
def asked(remark):
    return takedowns.ask_takedown("a" * 32, "comment", remark.id, ground=Ground.PRIVACY,
                                  contact="concerned@example.org", text="제 이름과 사는 곳이 그대로 적혀 있어요.").id


def blocked(town, asked):
    takedowns.block_takedown(asked, reason=REASON, by=town.moderator())
    return db.session.scalar(sa.select(ModerationAction.id))


def test_a_request_is_blocked_and_decided(town, asked):
    with one_order():
        blocked(town, asked)
    second = town.moderator()
    with one_order():
        takedowns.decide_takedown(asked, granted=False, decision=DECISION, by=second)


def test_a_block_that_is_over_closes_its_request(town, asked, at):
    at(MAY)
    blocked(town, asked)
    at(MAY + timedelta(days=30))
    with one_order():
        assert cases.end_over() == 1


def test_blocks_of_a_proposal_and_of_a_project_are_over_together(town, at):
    """The order of locks where a proposal becomes a project: the round before the proposal."""
    at(MAY)
    for key, kind, row in (("b", "proposal", town.proposal()),
                           ("c", "project", making.project(town, making.new_round(town)))):
        blocked(town, takedowns.ask_takedown(key * 32, kind, row.id, ground=Ground.PRIVACY,
                                             text="제 이름이 그대로 있어요.", contact="concerned@example.org").id)
    at(MAY + timedelta(days=30))
    with one_order():
        assert cases.end_over() == 2


def test_an_appeal_against_a_block_is_upheld(town, asked):
    action, other = blocked(town, asked), town.moderator()
    author = db.session.get(User, db.session.get(ModerationAction, action).user_id)
    appeal = appeals.appeal(action, text="누구인지 알 수 없는 글이에요.", by=author).id
    with one_order():
        appeals.decide_appeal(appeal, upheld=True, decision=DECISION, by=other)


def test_a_reported_text_is_hidden_its_author_muted_and_both_are_taken_back(town, remark):
    moderator = town.moderator()
    with one_order():
        acts = cases.decide("comment", remark.id, Decision(True, ActionKind.MUTE, Length.DAY, Rule.ABUSE, REASON),
                            by=moderator)
    for act in [one.id for one in acts]:
        with one_order():
            cases.take_back(act, by=moderator)


def test_a_wave_is_hidden_and_taken_back(town, remark):
    moderator, proposal = town.moderator(), town.proposal()
    with one_order():
        bulk = act_on_wave([("proposal", proposal.id), ("comment", remark.id)],
                           Decision(True, ActionKind.BLOCK, Length.DAY, Rule.ADVERTISING, REASON),
                           by=moderator).id
    with one_order():
        undo(bulk, by=moderator)


def test_a_wave_over_several_proposals_and_somebody_who_works_on_all_of_them(town, app, monkeypatch):
    """A hidden comment is counted at its proposal: the wave holds that one before it goes on to others."""
    first, second = town.proposal(), town.proposal()
    comment = comments.write(second.thread_id, stance=Stance.NOTE, text="싸게 팔아요. 연락 주세요.", by=town.resident())
    things, pair = [("comment", comment.id), ("proposal", first.id)], [first.id, second.id]
    moderator, half_way, still_shown = town.moderator().id, Event(), waves.still_shown

    def slowly(kind, ids):
        if kind == "proposal":
            half_way.set()
            time.sleep(1)
        return still_shown(kind, ids)

    def hide():
        return act_on_wave(things, Decision(True, None, None, Rule.ADVERTISING, REASON),
                           by=db.session.get(User, moderator))

    def work_on_both():
        half_way.wait(10)
        with use_case(None):
            agendas.locked(pair)

    monkeypatch.setattr(waves, "still_shown", slowly)
    db.session.rollback()
    at_once(app, 2, lambda n: (hide, work_on_both)[n]())
    assert db.session.query(ModerationAction).count() == 2


def test_a_wave_and_an_act_by_the_same_rule_in_the_same_thread(town, app, monkeypatch):
    """Both are counted in one row of the month, and both count the comments that are left below one proposal."""
    thread = town.proposal().thread_id
    one, other = (comments.write(thread, stance=Stance.NOTE, text="싸게 팔아요. 연락 주세요.", by=town.resident()).id
                  for _ in range(2))
    moderators, half_way, tally = [town.moderator().id for _ in range(2)], Event(), acting.tally
    decision = Decision(True, None, None, Rule.ADVERTISING, REASON)

    def slowly(*said):
        tally(*said)
        if not half_way.is_set():
            half_way.set()
            time.sleep(1)

    def act():
        return cases.decide("comment", one, decision, by=db.session.get(User, moderators[0]))

    def wave():
        half_way.wait(10)
        return act_on_wave([("comment", other)], decision, by=db.session.get(User, moderators[1]))

    monkeypatch.setattr(acting, "tally", slowly)
    db.session.rollback()
    answers = at_once(app, 2, lambda n: (act, wave)[n]())
    assert not [one for one in answers if isinstance(one, Exception)]
    assert db.session.query(ModerationAction).count() == 2
