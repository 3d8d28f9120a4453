"""Proposals without a department, and corrections that wait: both reach those whose turn it is."""

import pytest

from civic_forum.answers.services import author, cases
from civic_forum.notifications.rules import NoticeKind
from civic_forum.outcomes import services as outcomes
from tests.answers.making import on_the_table
from tests.outcomes.making import answered, published, text

from .told import last, steps, told

DUTY = NoticeKind.DUTY


def test_a_formal_proposal_waits_for_moderators_whatever_its_support(town):
    moderator, proposal = town.moderator(), town.proposal()
    author.file(proposal.id, name="김서윤", contact="02-000-0000", by=proposal.author)
    assert told(moderator) == [(DUTY, "duty_unassigned")]
    assert last(moderator).url == f"/desk/answers/{proposal.number}"


def test_a_proposal_that_a_department_gives_back_waits_for_moderators_each_time(town):
    moderator, official = town.moderator(), town.official()
    proposal = on_the_table(town, official)
    for times in (1, 2):
        cases.give_back(proposal.id, note="우리 부서의 일이 아니에요.", by=official)
        assert steps(moderator).count("duty_returned") == times
        cases.take(proposal.id, by=official)


def test_an_opinion_that_was_given_waits_for_nobody(town):
    moderator, official = town.moderator(), town.official()
    other = town.official(department=town.department("청소행정과"))
    proposal = on_the_table(town, official)
    [asked] = other.department_ids()
    cases.ask_department(proposal.id, asked, note="현장을 알려 주세요.", by=official)
    cases.give_back(proposal.id, note="의자를 놓아도 돼요.", by=other)
    assert "duty_returned" not in steps(moderator)


def test_the_department_hears_what_it_had_asked_for(town):
    official, other = town.official(), town.official(department=town.department("청소행정과"))
    proposal = on_the_table(town, official)
    cases.ask_completion(proposal.id, asked="어느 정류장인지 알려 주세요.", by=official)
    author.complete(proposal.id, reply="시흥동 마을버스 정류장이에요.", by=proposal.author)
    assert told(official)[-1] == (DUTY, "completed") and told(other) == []
    assert last(official).url == f"/desk/answers/{proposal.number}"


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("needed", [True, False])
def test_a_correction_of_an_outcome_waits_for_a_second_official_where_one_is_needed(town, app, monkeypatch, needed):
    official, second = town.official(), town.official()
    outcome = published("proposal", answered(town, official).id, official, second)
    before = len(steps(second))
    monkeypatch.setitem(app.config, "ANSWERS_NEED_APPROVAL", needed)
    outcomes.correct(outcome.id, text(cost=1), why="금액을 바로잡아요.", seen=outcome.version, by=official)
    assert (steps(second)[before:] == ["duty_outcome"]) is needed
