"""Processes that act on a draw at the same time, and those that are killed in the middle of a step."""

import os
import signal
import traceback
from datetime import timedelta
from hashlib import sha256

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.calls import queries as calls
from civic_forum.calls.applying import services as applying
from civic_forum.calls.judging import services as judging
from civic_forum.calls.rules import ApplicationState, Step
from civic_forum.draws import queries
from civic_forum.draws.models import Draw, DrawEntry, DrawPerson
from civic_forum.draws.rules.filling import Reason
from civic_forum.draws.services import chances, holding, leaving, lists, values
from civic_forum.notifications.models import Notice
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from tests.common import let_go
from tests.factories import count

from .making import BALLS, BONUS, SIGNATURE, Drawn, later, official

pytestmark = [pytest.mark.both, pytest.mark.in_turns(of=10)]
DONE, REFUSED, KILLED = 0, 3, -signal.SIGKILL
BEFORE, AFTER = "before_commit", "after_commit"


def at_once(*acts):
    """Each in a process of its own, all let loose together: how each ended."""
    let_go()
    loose, held = os.pipe()
    children = [_child(act, loose, held) for act in acts]
    os.close(held)
    ends = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    os.close(loose)
    return ends


def _child(act, loose, held):
    if (child := os.fork()) == 0:
        try:
            os.close(held)
            os.read(loose, 1)
            act()
            os._exit(DONE)
        except Refusal:
            os._exit(REFUSED)
        except Exception:
            traceback.print_exc()
        finally:
            os._exit(4)
    return child


def killed(at, act):
    """The process of this act dies before or after the database has it."""
    def deadly():
        sa.event.listen(db.session(), at, lambda _session: os.kill(os.getpid(), signal.SIGKILL))
        act()

    assert at_once(deadly) == [KILLED]


class Acts:
    """Acts on one draw, as a process takes them that has just begun."""

    def __init__(self, town):
        self.made = Drawn(town, first=5, again=0, lots="", places=2)
        judging.pass_rest(self.made.call.slug, Step.COMPLETE, by=self.made.official)
        self.slug, third = self.made.call.slug, official(town)
        self.staff = [user.id for user in (self.made.official, self.made.second, third)]
        self.owners = [self.made.state(number).submission.owner_id for number in self.made.numbers]

    def by(self, place):
        return db.session.get_one(User, self.staff[place])

    @property
    def subject(self):
        return holding.subject_of(self.made.draw)

    def lists(self):
        lists.make_list(self.slug, by=self.by(0))

    def proposes(self, acts):
        acts.propose(self.subject, by=self.by(0))

    def commits(self):
        lists.COMMIT.confirm(holding.subject_of(queries.last_of(calls.slugged(self.slug))), by=self.by(1))

    def ends(self):
        leaving.ENDING.confirm(holding.subject_of(queries.last_of(calls.slugged(self.slug))), by=self.by(1))

    def withdraws(self, place):
        by = db.session.get_one(User, self.owners[place])
        applying.withdraw(calls.slugged(self.slug), self.made.numbers[place], by=by)

    def types(self, place, balls=BALLS):
        return values.enter(self.slug, balls, BONUS, SIGNATURE, by=self.by(place))

    def told(self, step):
        db.session.rollback()
        return sorted(db.session.scalars(sa.select(Notice.user_id).filter_by(step=step)))


def test_of_two_who_do_what_excludes_the_other_one_does(town):
    acts = Acts(town)
    assert at_once(acts.lists, acts.lists) == [DONE, DONE]
    assert (count(Draw), count(DrawPerson)) == (1, 5), "the second list came in the place of the first"
    acts.proposes(lists.COMMIT)
    relisted, committed = at_once(acts.lists, acts.commits)
    draw = acts.made.draw
    assert sorted((relisted, committed)) == [DONE, REFUSED] and (draw.committed_at is None) == (relisted == DONE)
    assert draw.committed_at is None or sha256(draw.list_text.encode()).hexdigest() == draw.known["list"]
    if draw.committed_at is None:
        acts.proposes(lists.COMMIT)
        left, committed = at_once(lambda: acts.withdraws(0), acts.commits)
        assert DONE in (left, committed)
        if committed == REFUSED:
            acts.lists()
            acts.proposes(lists.COMMIT)
            acts.commits()
    draw = acts.made.draw
    here, gone = {each.application_id for each in queries.people(draw.id)}, queries.passed(draw.id)
    state = acts.made.state(acts.made.numbers[0])
    assert (state.state is ApplicationState.WITHDRAWN) == (state.id not in here or bool(gone)), "nobody leaves unseen"
    later(values.lottery_at(draw) + timedelta(hours=2) - clock.now())
    typing = [lambda: acts.types(0), lambda: acts.types(1), lambda: acts.types(2, (1, 2, 3, 4, 5, 6))]
    for act, end in zip(typing, at_once(*typing), strict=True):
        if end == REFUSED:  # somebody typed at that very moment
            act()
    assert len(acts.made.draw.drawn[0]["numbers"]) == 2 and count(DrawEntry) == 3
    assert [each.agrees for each in queries.entries(draw.id)].count(True) == 1, "the result came once"
    assert len(set(acts.told("draw_done"))) == len(acts.told("draw_done")) == draw.counts["listed"]


def test_a_draw_that_is_void_takes_no_values_and_gives_nobody_a_place(town):
    acts = Acts(town)
    acts.made.committed()
    later(values.lottery_at(acts.made.draw) + timedelta(hours=2) - clock.now())
    acts.types(0)
    leaving.propose_end(acts.slug, "명단이 신청과 달랐어요.", "행정심판위원회 2027-1", by=acts.by(0))
    typed, ended = at_once(lambda: acts.types(1), acts.ends)
    assert ended == DONE and acts.made.draw.ended_at and (acts.made.draw.result is None) == (typed == REFUSED)
    states = [acts.made.state(number) for number in acts.made.numbers]
    assert {(each.state, each.won, each.why_not) for each in states} == {(ApplicationState.RECEIVED, None, None)}
    assert acts.made.draw.call.listed_at is None


def test_a_process_that_is_killed_does_all_or_nothing_and_tells_nobody_twice(town):
    acts = Acts(town)
    acts.lists()
    acts.proposes(lists.COMMIT)
    killed(BEFORE, acts.commits)
    assert acts.made.draw.committed_at is None and acts.told("draw_committed") == []
    killed(AFTER, acts.commits)
    assert acts.made.draw.committed_at and acts.told("draw_committed") == sorted(acts.owners)
    assert at_once(acts.commits) == [REFUSED] and acts.told("draw_committed") == sorted(acts.owners)
    killed(BEFORE, chances.reckon)
    assert acts.made.draw.chance is None and chances.reckon() == 1, "the worker takes it again"
    leaving.propose_passing(acts.slug, acts.made.numbers[0], Reason.DIED, by=acts.by(0))
    leaving.confirm_passing(acts.slug, acts.made.numbers[0], seen=None, by=acts.by(1))
    killed(BEFORE, leaving.pass_due)
    assert not queries.passed(acts.made.draw.id)
    killed(AFTER, leaving.pass_due)
    assert leaving.pass_due() == 0 and len(queries.passed(acts.made.draw.id)) == 1
    later(values.lottery_at(acts.made.draw) + timedelta(hours=2) - clock.now())
    acts.types(0)
    killed(BEFORE, lambda: acts.types(1))
    assert acts.made.draw.result is None and count(DrawEntry) == 1 and acts.told("draw_done") == []
    killed(AFTER, lambda: acts.types(1))
    assert acts.made.draw.result and acts.told("draw_done") == sorted(acts.owners)
    assert acts.types(1) is False, "it was typed already"
    assert acts.told("draw_done") == sorted(acts.owners)
