"""Two officials at the same moment: nothing is done twice, and the second learns what the first did."""

import pytest

from civic_forum.accounts.models import User
from civic_forum.answers.queries import records as queries
from civic_forum.answers.models import Assignment, DutyPause
from civic_forum.answers.services import author, cases, texts
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from tests.proposals.test_races import at_once

from .making import on_the_table, owed, text

pytestmark = pytest.mark.both


def acts(user_ids):
    """The nth of these people, in the thread that asks."""
    return lambda n: db.session.get(User, user_ids[n])


def test_one_of_many_takes_it(town, app):
    proposal, people = owed(town).id, [town.official().id for _n in range(6)]
    who = acts(people)
    db.session.rollback()
    answers = at_once(app, 6, lambda n: cases.take(proposal, by=who(n)))
    assert sum(isinstance(answer, Refusal) for answer in answers) == 5
    assert db.session.query(Assignment).count() == 1


def test_drafts_of_two_do_not_overwrite_each_other(town, app):
    official = town.official()
    proposal = on_the_table(town, official).id
    who = acts([official.id, *(town.official().id for _n in range(5))])
    db.session.rollback()
    answers = at_once(app, 6, lambda n: texts.save(proposal, text(cost=n), seen=0, by=who(n)))
    assert sum(isinstance(answer, Refusal) for answer in answers) == 5
    assert len(queries.answers_of(proposal)) == 1


def test_the_clock_is_stopped_once(town, app):
    official = town.official()
    proposal = on_the_table(town, official).id
    who = acts([official.id] * 6)
    db.session.rollback()
    asked = "어느 정류장인지 사진과 함께 알려 주세요."
    at_once(app, 6, lambda n: cases.ask_completion(proposal, asked=asked, by=who(n)))
    assert db.session.query(DutyPause).count() == 1


def test_everybody_who_understood_is_counted_once(town, app):
    official, second = town.official(), town.official()
    proposal = on_the_table(town, official)
    texts.submit(proposal.id, text(), seen=0, by=official)
    answer = texts.approve(proposal.id, seen=1, by=second).id
    who = acts([town.user().id for _n in range(8)] * 2)
    db.session.rollback()
    at_once(app, 16, lambda n: author.judge(answer, understood=n % 2 == 0, by=who(n)))
    found = queries.answer(answer)
    assert (found.understood, found.not_understood) == (4, 4)
