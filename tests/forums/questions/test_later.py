"""Questions of the hall that a department answers later: its duty, its desk, its day, its answer, and who is told."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask_login import AnonymousUserMixin

from civic_forum.accounts.extensions import bundles
from civic_forum.accounts.models import User
from civic_forum.answers.models import Duty, LaterAnswer
from civic_forum.answers.queries import desk as desk_queries
from civic_forum.answers.queries import records as duties
from civic_forum.answers.rules import DutyEnd, LaterText
from civic_forum.answers.services import cases, later
from civic_forum.district.extensions import moving
from civic_forum.district.rules import DistrictList
from civic_forum.figures import queries as figures
from civic_forum.forums.questions import services as questions
from civic_forum.moderation import services as moderation
from civic_forum.moderation.rules import ActionKind, Decision, Rule
from civic_forum.notifications import services as notices
from civic_forum.notifications.models import Notice
from civic_forum.platform import clock, policy
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.i18n import local
from civic_forum.platform.work import use_case
from tests.forums.scene import key, live_forum
from tests.racing import at_once, on_postgresql

LATER = "검토해서 알려 드릴게요."
ANSWER = "10월까지 보안등 12개를 달아요. 자리는 주민과 함께 정해요."


class Later:
    """A question that a department answers later, with whoever asked, supported and works on it."""

    def __init__(self, town, days: int = 14):
        self.town, self.scene = town, live_forum(town)
        self.department, self.other = town.department(), town.department("공원녹지과")
        self.official, self.second = (town.official(department=self.department) for _ in range(2))
        self.asker, self.supporter = self.scene.people(2)
        self.question = questions.ask(self.scene.forum.id, "보안등은 언제 다나요?", key(), by=self.asker)
        questions.support(self.scene.forum.id, self.question.id, by=self.supporter)
        self.say(days=days)

    def say(self, text: str = LATER, department=None, days: int = 14):
        return questions.answer(self.scene.forum.id, self.question.id, "교통행정과", text,
                                later=((department or self.department).id, days), by=self.scene.host)

    @property
    def duty(self) -> Duty:
        return db.session.scalars(sa.select(Duty).execution_options(populate_existing=True)).one()

    def late(self, monkeypatch=None) -> None:
        self.duty.due_on = local(clock.now()).date() - timedelta(days=2)
        db.session.commit()

    def answered(self, text: str = ANSWER) -> LaterAnswer:
        written = later.APPROVAL.submit(self.duty.id, LaterText(text), seen=0, by=self.official)
        return later.APPROVAL.approve(self.duty.id, seen=written.version, by=self.second)


def told(step: str) -> set[int]:
    return set(db.session.scalars(sa.select(Notice.user_id).filter_by(step=step)))


def test_a_question_answered_later_is_a_duty_of_the_department_with_its_day(town):
    at = Later(town)
    duty = at.duty
    assert (duty.about, duty.proposal_id, duty.days) == (at.question.ref, None, 14)
    assert duty.department_id == at.department.id
    assert (duty.due_on - local(duty.started_at).date()).days >= 14
    assert told("duty_later") == {at.official.id, at.second.id}
    before = duty.due_on
    at.say(LATER + " 꼭이요.")
    assert at.duty.due_on == before and told("duty_later") == {at.official.id, at.second.id}


@pytest.mark.both
def test_it_stands_in_the_queue_of_its_department_and_of_moderators_alone(town):
    at = Later(town)
    other = town.official(department=at.other)
    today = local(clock.now()).date()

    def queue(user):
        return [(entry.url, entry.title, str(entry.about), entry.job.value, entry.department)
                for entry in desk_queries.waiting(desk_queries.QUEUE.read({}), user, today).items]

    line = (f"/desk/answers/duties/{at.duty.id}", "보안등은 언제 다나요?", "질문", "write", at.department.name)
    assert queue(at.official) == queue(town.moderator()) == [line]
    assert queue(other) == []
    assert [entry.title for entry in desk_queries.waiting(
        desk_queries.QUEUE.read({"q": "보안등", "sort": "supported"}), at.official, today).items] == [line[1]]
    assert desk_queries.counts(desk_queries.QUEUE.read({"q": "보안등"}), at.official, today)[1]["write"] == 1
    assert len(db.session.execute(desk_queries.to_answer_later(at.official)).all()) == 1
    db.session.rollback()
    later.APPROVAL.submit(at.duty.id, LaterText(ANSWER), seen=0, by=at.official)
    assert queue(at.official)[0][3] == "approve"
    db.session.rollback()
    waits = [db.session.execute(desk_queries.to_answer_later(user)).all() for user in (at.official, at.second, other)]
    assert [[row[3] for row in rows] for rows in waits] == [[], [line[1]], []]


@pytest.mark.both
def test_late_it_is_late_in_public_counted_apart_and_told(town):
    at = Later(town)
    at.late()
    today = local(clock.now()).date()
    late = duties.late(duties.LATE.read({"sort": "supported"}), today).items
    assert [(row.title, row.url, row.number, row.support_count, row.department) for row in late] == [
        (at.question.text, f"/forums/{at.scene.forum.slug}/questions/{at.question.id}", None, 1, at.department.name)]
    assert duties.by_department(duties.LATE.read({}), today) == [(at.department.id, at.department.name, 1)]
    totals = figures.numbers(today)
    assert (totals.open_late, totals.others_late) == (0, 1)
    db.session.rollback()
    notices.tell_of_deadlines()
    assert told("answer_late") == {at.asker.id, at.supporter.id}
    assert told("duty_late") == {at.official.id, at.second.id}
    at.answered()
    assert duties.late(duties.LATE.read({}), today).items == []
    assert figures.answers(today + timedelta(days=2)).all.total == 0, "A figure of proposals counts no question."


def test_the_answer_takes_two_of_the_department_and_is_told_to_who_asked_and_supported(town):
    at = Later(town)
    stranger = town.official(department=at.other)
    with pytest.raises(Denied):
        later.APPROVAL.save(at.duty.id, LaterText(ANSWER), seen=0, by=stranger)
    with pytest.raises(Refusal, match="10자"):
        later.APPROVAL.submit(at.duty.id, LaterText("네"), seen=0, by=at.official)
    written = later.APPROVAL.submit(at.duty.id, LaterText(ANSWER), seen=0, by=at.official)
    assert told("duty_approve") == {at.second.id}
    with pytest.raises(Denied, match="다른 담당자"):
        later.APPROVAL.approve(at.duty.id, seen=written.version, by=at.official)
    with pytest.raises(Conflict):
        later.APPROVAL.approve(at.duty.id, seen=written.version + 1, by=at.second)
    later.APPROVAL.approve(at.duty.id, seen=written.version, by=at.second)
    assert (at.duty.ended_how, at.duty.published.text) == (DutyEnd.ANSWERED, ANSWER)
    assert told("later_answered") == {at.asker.id, at.supporter.id}
    with pytest.raises(Conflict, match="이미 답했어요"):
        at.say()
    answer = at.duty.later
    later.APPROVAL.correct(answer.id, LaterText(ANSWER + " 11월로 미뤘어요."), why="공사가 늦어졌어요", seen=1, by=at.second)
    db.session.rollback()
    assert len(db.session.execute(desk_queries.to_answer_later(at.official)).all()) == 1
    later.APPROVAL.approve_correction(answer.id, seen=answer.correction["at"], by=at.official)
    assert [version.content["text"][-5:] for version in at.duty.later.versions] == [ANSWER[-5:], "미뤘어요."]
    assert told("later_corrected") == {at.asker.id, at.supporter.id}


def test_an_official_who_asked_in_the_hall_answers_with_a_second_person(town):
    at = Later(town)
    at.scene.person(user=at.official)
    at.question = questions.ask(at.scene.forum.id, "의자는 어디에 두나요?", key(), by=at.official)
    at.say()
    [duty] = db.session.scalars(sa.select(Duty).filter_by(about_id=at.question.id))
    written = later.APPROVAL.submit(duty.id, LaterText(ANSWER), seen=0, by=at.official)
    with pytest.raises(Denied, match="다른 담당자"):
        later.APPROVAL.approve(duty.id, seen=written.version, by=at.official)
    later.APPROVAL.approve(duty.id, seen=written.version, by=at.second)
    assert duty.ended_how is DutyEnd.ANSWERED and told("later_answered") == {at.official.id}


def test_hidden_it_owes_nothing_and_shown_again_it_owes_by_the_same_day(town):
    at = Later(town)
    forum, due = at.scene.forum.id, at.duty.due_on
    questions.hide(forum, at.question.id, "이름이 들어 있어요.", by=at.scene.host)
    assert at.duty.ended_how is DutyEnd.HIDDEN
    with pytest.raises(Denied, match="끝난 일"):
        later.APPROVAL.save(at.duty.id, LaterText(ANSWER), seen=0, by=at.official)
    at.say("다른 말이에요.")
    assert at.duty.ended_how is DutyEnd.HIDDEN
    questions.show(forum, at.question.id, by=at.scene.host)
    assert (at.duty.ended_at, at.duty.due_on) == (None, due)


def test_moderators_who_hide_it_end_it_too(town):
    at = Later(town)
    moderation.reports.report("forum_question", at.question.id, rule=Rule.OTHER, sentence="이름이 나와요.", by=at.supporter)
    moderation.cases.decide("forum_question", at.question.id, Decision(
        True, ActionKind.WARN, None, Rule.ABUSE, "이름이 나와요."), by=at.scene.moderator)
    assert at.duty.ended_how is DutyEnd.HIDDEN


@pytest.mark.both
def test_taken_back_or_answered_in_the_hall_after_all_it_is_over(town):
    at = Later(town)
    questions.reopen(at.scene.forum.id, at.question.id, by=at.scene.host)
    assert at.duty.ended_how is DutyEnd.WITHDRAWN
    at.say()
    assert at.duty.ended_at is None
    questions.answer(at.scene.forum.id, at.question.id, "교통행정과", "내일 달아요.", by=at.scene.host)
    assert at.duty.ended_how is DutyEnd.ANSWERED


@pytest.mark.parametrize("department, days", [(0, 14), (None, 5)])
def test_no_such_department_and_no_such_day_are_refused_without_a_trace(town, department, days):
    scene = live_forum(town)
    question = questions.ask(scene.forum.id, "보안등은 언제 다나요?", key(), by=scene.person())
    known = town.department().id if department is None else department
    with pytest.raises(Refusal) as refusal:
        questions.answer(scene.forum.id, question.id, "과장", LATER, later=(known, days), by=scene.host)
    assert refusal.value.field == "department"
    assert (db.session.query(Duty).count(), db.session.get_one(type(question), question.id).answered_at) == (0, None)


@pytest.mark.both
def test_another_department_takes_it_over_by_the_same_day_and_without_the_draft(town):
    at = Later(town)
    receiver, due = town.official(department=at.other), at.duty.due_on
    later.APPROVAL.save(at.duty.id, LaterText(ANSWER), seen=0, by=at.official)
    for who, to in ((receiver, at.other), (at.official, at.department)):
        with pytest.raises(Refusal):
            later.pass_on(at.duty.id, to.id, by=who)
    later.pass_on(at.duty.id, at.other.id, by=at.official)
    assert (at.duty.department_id, at.duty.due_on, at.duty.later) == (at.other.id, due, None)
    assert receiver.id in told("duty_later")


def test_a_closed_department_leaves_it_to_its_successor_and_a_leaver_to_a_colleague(town):
    at = Later(town)
    later.APPROVAL.save(at.duty.id, LaterText(ANSWER), seen=0, by=at.official)
    every = moving(DistrictList.DEPARTMENTS)
    kinds = {name: every[name] for name in ("duties", "later_answers")}
    with use_case(None) as work:
        assert {name: kind.carry_over(work, at.department.id, at.other.id) for name, kind in kinds.items()} == {
            "duties": 1, "later_answers": 1}
    assert (at.duty.department_id, at.duty.later.department_id) == (at.other.id, at.other.id)
    assert [bundle.name for bundle in bundles(at.official.id)] == ["later_answers"]


@on_postgresql
def test_of_two_officials_at_once_one_publishes(app, town):
    at = Later(town)
    duty, third = at.duty.id, town.official(department=at.department)
    written = later.APPROVAL.submit(duty, LaterText(ANSWER), seen=0, by=at.official)
    version, people = written.version, (at.second.id, third.id)
    db.session.rollback()
    answers = at_once(app, 2, lambda n: later.APPROVAL.approve(
        duty, seen=version, by=db.session.get_one(User, people[n])).version)
    assert sorted(map(str, answers)).count("1") == 1 and len([one for one in answers if isinstance(one, Refusal)]) == 1
    assert db.session.query(Notice).filter_by(step="later_answered").count() == 2


@pytest.mark.both
def test_holidays_move_its_day_as_that_of_a_proposal(town, monkeypatch):
    at = Later(town, days=7)
    due = at.duty.due_on
    monkeypatch.setattr("civic_forum.answers.operations.is_working", lambda day: day > due and day.weekday() < 5)
    assert cases.reckon() == 1
    assert at.duty.due_on > due


def test_rights_to_what_is_owed_until_it_is_answered(town):
    at = Later(town)
    cast = {"visitor": AnonymousUserMixin(), "host": at.scene.host, "asker": at.asker, "moderator": at.scene.moderator,
            "official": at.official, "second": at.second, "other": town.official(department=at.other),
            "administrator": town.administrator()}

    def who(name, subject):
        return {person for person, actor in cast.items() if policy.can(actor, name, subject)}

    department = {"official", "second"}
    assert who("answers.see_duty", at.duty) == department | {"moderator"}
    assert who("answers.pass_duty_on", at.duty) == department | {"moderator"}
    assert who("later_answers.write", at.duty) == department
    later.APPROVAL.submit(at.duty.id, LaterText(ANSWER), seen=0, by=at.official)
    assert who("later_answers.write", at.duty) == set()
    assert (who("later_answers.approve", at.duty), who("later_answers.send_back", at.duty)) == ({"second"}, department)
    later.APPROVAL.approve(at.duty.id, seen=1, by=at.second)
    assert who("later_answers.correct", at.duty.later) == department
    assert who("answers.pass_duty_on", at.duty) == who("later_answers.write", at.duty) == set()


@pytest.mark.both
def test_the_pages_say_what_is_owed_what_was_answered_and_why_nothing_is(town, browse):
    at = Later(town)
    public, desk = f"/forums/{at.scene.forum.slug}/questions/{at.question.id}", f"/desk/answers/duties/{at.duty.id}"
    assert "까지 답변해요" in browse().get(public).text and "보안등" not in browse(town.moderator()).get("/desk").text
    page = browse(at.official)
    assert page.get(desk).text.count("보안등은 언제 다나요?") > 1
    preview = page.post(desk, data={"text": ANSWER, "do": "preview", "seen": "0"})
    assert ANSWER in preview.text and db.session.query(LaterAnswer).count() == 0
    short = page.post(desk, data={"text": "네", "do": "submit", "seen": "0"})
    assert short.status_code == 422 and "10자 이상" in short.text
    same = page.post(f"{desk}/department", data={"department": str(at.department.id)})
    assert same.status_code == 422 and "다른 부서를 골라" in same.text
    questions.hide(at.scene.forum.id, at.question.id, "이름이 들어 있어요.", by=at.scene.host)
    hidden = browse(at.official).get(desk).text
    assert "글을 가려서 답변할 일이 끝났어요" in hidden and "보안등은" not in hidden
    assert "까지 답변해요" not in browse().get(public).text
    questions.show(at.scene.forum.id, at.question.id, by=at.scene.host)
    answer = at.answered()
    later.APPROVAL.correct(answer.id, LaterText("11월까지 보안등 15개를 달아요."), why="수를 잘못 적었어요", seen=1, by=at.second)
    page = browse(at.official).get(desk).text
    assert "수를 잘못 적었어요" in page and "11월까지" not in browse().get(public).text
    later.APPROVAL.approve_correction(answer.id, seen=at.duty.later.correction["at"], by=at.official)
    page = browse().get(public).text
    assert ANSWER in page and "11월까지" in page and "수를 잘못 적었어요" in page
    assert "11월까지" in browse().get(f"/forums/{at.scene.forum.slug}/questions").text
    assert "보안등은 언제 다나요?" in browse().get(f"/forums/{at.scene.forum.slug}/questions").text
