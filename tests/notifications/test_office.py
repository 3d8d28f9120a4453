"""Work that waits for those who work here: their departments, their approvals, their last days."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from civic_forum.accounts.models import RoleGrant
from civic_forum.answers.models import Duty
from civic_forum.answers.services import author as answer_author
from civic_forum.answers.services import cases, texts
from civic_forum.blocks.kinds import Ref
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from civic_forum.platform.work import use_case
from civic_forum import notifications
from civic_forum.notifications import labels, services
from civic_forum.notifications.rules import NoticeKind
from civic_forum.outcomes import services as outcomes
from civic_forum.proposals.events import ProposalHeld
from civic_forum.proposals.rules import State
from civic_forum.proposals.services import publication, supports
from tests.answers.making import declined, on_the_table, owed, published, text
from tests.factories import MAY
from tests.outcomes import making

from .told import last, steps, told

MINE, DUTY, OUTCOME = NoticeKind.MY_PROPOSAL, NoticeKind.DUTY, NoticeKind.OUTCOME


def test_a_duty_without_a_department_waits_for_moderators(town):
    moderator = town.moderator()
    proposal = owed(town)
    assert told(moderator) == [(DUTY, "duty_unassigned")]
    assert last(moderator).url == f"/desk/answers/{proposal.number}"


def test_the_department_that_is_given_it_hears_of_it_and_no_other(town):
    official, elsewhere = town.official(), town.official(department=town.department("청소행정과"))
    [department] = official.department_ids()
    proposal = owed(town)
    cases.assign(proposal.id, department, by=town.moderator())
    assert told(official) == [(DUTY, "duty_lead")]
    assert told(elsewhere) == []
    cases.ask_department(proposal.id, elsewhere.grants[0].department_id, note="현장을 알려 주세요.", by=official)
    assert told(elsewhere) == [(DUTY, "duty_asked")]


def test_an_official_who_takes_it_tells_the_others_of_the_department(town):
    official, second = town.official(), town.official()
    on_the_table(town, official)
    assert steps(official) == []
    assert steps(second) == ["duty_lead"]


def test_an_answer_waits_for_a_second_official_each_time_it_is_submitted(town):
    official, second = town.official(), town.official()
    proposal = on_the_table(town, official)
    written = texts.submit(proposal.id, text(), seen=0, by=official)
    assert steps(second)[-1] == "duty_approve" and "duty_approve" not in steps(official)
    back = texts.send_back(proposal.id, seen=written.version, why="드는 돈이 빠졌어요. 적어 주세요.", by=second)
    assert steps(official)[-1] == "duty_sent_back" and "duty_sent_back" not in steps(second)
    assert last(official).url == f"/desk/answers/{proposal.number}" and "드는 돈" not in str(last(official).details)
    texts.submit(proposal.id, text(), seen=back.version, by=official)
    assert steps(second).count("duty_approve") == 2
    assert written.id == back.id


def test_a_correction_waits_too(town):
    official, second = town.official(), town.official()
    proposal = on_the_table(town, official)
    answer = published(proposal, official, second)
    texts.correct(answer.id, text(cost=8_000_000), why="금액을 잘못 적었어요.", seen=answer.version, by=official)
    assert steps(second).count("duty_approve") == 2


def test_a_second_review_waits_for_the_department(town):
    author, official, second = town.resident(), town.official(), town.official()
    proposal = on_the_table(town, official, author=author)
    published(proposal, official, second, declined())
    answer_author.ask_review(proposal.id, reason="보도 폭을 다시 재 주세요. 한쪽은 넓어요.", by=author)
    assert steps(official)[-1] == steps(second)[-1] == "duty_review"


def test_somebody_who_works_here_no_more_hears_nothing(town):
    official, gone, blocked = town.official(), town.official(), town.official()
    with use_case(None) as work:
        db.session.query(RoleGrant).filter_by(user_id=gone.id).update({"withdrawn_at": work.at})
        blocked.blocked_at = work.at
    on_the_table(town, official)
    assert steps(gone) == steps(blocked) == []


def test_a_held_proposal_keeps_its_author_informed_and_its_title_to_itself(town):
    author, moderator = town.resident(), town.moderator()
    proposal = town.proposal(author=author, state=State.HELD, published_at=None, number=None, year=None, serial=None)
    with use_case(author) as work:
        work.emit(ProposalHeld(proposal.id))
    assert told(author) == [(MINE, "held")]
    assert told(moderator) == [(DUTY, "duty_held")]
    assert last(moderator).title == "" and last(moderator).url == "/desk/held"
    publication.give_back(proposal.id, reason="사진 속 사람 얼굴을 가려 주세요.", by=moderator)
    assert steps(author) == ["held", "given_back"]
    assert last(author).url.startswith("/proposals/")


class TestDeadlines:
    def duty(self, proposal, due_on: date):
        with use_case(None):
            db.session.query(Duty).filter_by(proposal_id=proposal.id).update({"due_on": due_on})

    def test_a_last_day_that_comes_near_is_told_once(self, town):
        official = town.official()
        proposal = on_the_table(town, official)
        today = local(clock.now()).date()
        self.duty(proposal, today + timedelta(days=6))
        services.tell_of_deadlines()
        assert "duty_soon" not in steps(official)
        self.duty(proposal, today + timedelta(days=5))
        for _again in range(3):
            services.tell_of_deadlines()
        assert steps(official).count("duty_soon") == 1
        assert last(official).details == {"due": (today + timedelta(days=5)).isoformat()}

    def test_a_late_answer_is_told_to_the_department_and_the_author(self, town):
        official, author = town.official(), town.resident()
        proposal = on_the_table(town, official, author=author)
        self.duty(proposal, local(clock.now()).date() - timedelta(days=1))
        services.tell_of_deadlines()
        services.tell_of_deadlines()
        assert steps(official) == ["duty_late"]
        assert steps(author).count("answer_late") == 1

    def test_today_is_not_late(self, town):
        official = town.official()
        self.duty(on_the_table(town, official), local(clock.now()).date())
        services.tell_of_deadlines()
        assert steps(official) == ["duty_soon"]

    def test_a_clock_that_stands_still_is_not_late(self, town):
        official, author = town.official(), town.resident()
        proposal = on_the_table(town, official, author=author)
        cases.ask_completion(proposal.id, asked="어느 골목인지 알려 주세요.", by=official)
        self.duty(proposal, local(clock.now()).date() - timedelta(days=1))
        services.tell_of_deadlines()
        assert steps(official) == [] and "answer_late" not in steps(author)

    def test_without_a_department_it_waits_for_moderators(self, town):
        moderator = town.moderator()
        self.duty(owed(town), local(clock.now()).date() + timedelta(days=1))
        services.tell_of_deadlines()
        assert steps(moderator) == ["duty_unassigned", "duty_soon"]


class TestOutcomes:
    @pytest.mark.both
    @pytest.mark.both
    def test_it_waits_for_a_second_official_then_everybody_who_took_part_hears_of_it(self, town):
        official, second, author = town.official(), town.official(), town.resident()
        supporter, follower, stranger = town.resident(), town.resident(), town.resident()
        proposal = making.answered(town, official, author=author)
        with use_case(None):
            proposal.state = State.GATHERING
        supports.support(proposal.id, by=supporter)
        supports.follow(proposal.id, by=follower)
        with use_case(None):
            proposal.state = State.ANSWERED
        written = outcomes.submit(Ref("proposal", proposal.id), making.text(), seen=0, by=official)
        assert steps(second) == ["duty_outcome"]
        assert last(second).url == f"/desk/outcomes/proposals/{proposal.number}"
        outcome = outcomes.approve(Ref("proposal", proposal.id), seen=written.version, by=second)
        assert told(author) == [(MINE, "outcome_published")]
        assert told(supporter) == told(follower) == [(OUTCOME, "outcome_published")]
        assert last(author).url == f"/outcomes/{outcome.id}"
        assert told(stranger) == []


def test_an_author_who_says_nothing_is_asked_once_more_after_a_week(town, at):
    at(MAY)
    official = town.official()
    silent, quick = on_the_table(town, official), on_the_table(town, official)
    for one in (silent, quick):
        cases.ask_completion(one.id, asked="어느 정류장인지 사진과 함께 알려 주세요.", by=official)
    answer_author.complete(quick.id, reply="독산역 앞 정류장이에요. 사진은 없어요.", by=quick.author)
    at(MAY + timedelta(days=6))
    services.tell_who_is_silent()
    assert "completion_waits" not in steps(silent.author)
    at(MAY + timedelta(days=7))
    for _again in range(2):
        services.tell_who_is_silent()
    assert steps(silent.author).count("completion_waits") == 1 and "completion_waits" not in steps(quick.author)
    assert last(silent.author).url == f"/proposals/{silent.number}/completion"


def test_every_step_that_is_told_has_its_sentence():
    steps = {step for path in Path(notifications.__file__).parent.rglob("*.py")
             for step in re.findall(r'step="(\w+)"', path.read_text("utf-8"))}
    assert len(steps) > 5 and steps <= labels.STEP.keys()
