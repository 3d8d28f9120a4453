"""Answers: drafted inside a department, approved by a second official, published, corrected, judged."""

from datetime import date

import pytest

from civic_forum.answers import personal_data
from civic_forum.answers.queries import records as queries
from civic_forum.answers.models import Assignment
from civic_forum.answers.rules import AnswerKind, AnswerOutcome, AnswerState, AssignmentState, DutyEnd
from civic_forum.answers.services import author, cases, texts
from civic_forum.journeys.queries import entries
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.policy import can
from civic_forum.platform.work import use_case
from civic_forum.proposals import operations
from civic_forum.proposals.rules import Mover, State
from civic_forum.proposals.services import publication as proposals

from .making import duty_of, on_the_table, owed, published, text


def journey(proposal):
    return [entry.step for entry in entries(proposal.journey_id)]


@pytest.mark.both
def test_an_answer_is_published_by_a_second_official(town):
    official, second = town.official(), town.official()
    proposal = on_the_table(town, official)
    draft = texts.save(proposal.id, text(document_number=None), seen=0, by=official)
    assert draft.state is AnswerState.DRAFT
    texts.submit(proposal.id, text(), seen=1, by=official)
    with pytest.raises(Denied, match="다른 담당자"):
        texts.approve(proposal.id, seen=2, by=official)
    answer = texts.approve(proposal.id, seen=2, by=second)
    assert (answer.state, answer.approved_by_id, answer.version) == (AnswerState.PUBLISHED, second.id, 1)
    assert proposal.state is State.ANSWERED and journey(proposal)[-1] == "answered"
    assert duty_of(proposal).ended_how is DutyEnd.ANSWERED
    with pytest.raises(Denied, match="이미 최종"):
        texts.save(proposal.id, text(), seen=0, by=official)


def test_an_interim_answer_leaves_the_clock_alone(town):
    official, second = town.official(), town.official()
    proposal = on_the_table(town, official)
    published(proposal, official, second, text(kind=AnswerKind.INTERIM, document_number=None))
    assert duty_of(proposal).ended_at is None and proposal.state is State.ANSWER_DUE
    assert journey(proposal)[-1] == "interim_answer"
    published(proposal, official, second)
    assert proposal.state is State.ANSWERED


def test_the_setting_lets_one_official_publish(app, town, monkeypatch):
    monkeypatch.setitem(app.config, "ANSWERS_NEED_APPROVAL", False)
    official = town.official()
    proposal = on_the_table(town, official)
    assert texts.submit(proposal.id, text(), seen=0, by=official).state is AnswerState.PUBLISHED


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("wrong, field", [
    ({"text": "짧아요"}, "text"), ({"outcome": None}, "outcome"), ({"by_when": ""}, "by_when"),
    ({"by_when": "2025-Q1"}, "by_when"), ({"dated_on": date(2099, 1, 1)}, "dated_on"),
    ({"outcome": AnswerOutcome.DECLINED}, "reason"), ({"document_number": "교통 4121"}, "document_number"),
    ({"cost": -1}, "cost"), ({"team": "팀" * 61}, "team"), ({"text": "글" * 10_001}, "text")])
def test_texts_that_a_reader_would_miss_are_asked_for(town, wrong, field):
    official = town.official()
    proposal = on_the_table(town, official)
    with pytest.raises(Refusal) as refused:
        texts.submit(proposal.id, text(**wrong), seen=0, by=official)
    assert refused.value.field == field


def test_an_agenda_that_decided_first_does_not_end_the_duty(town):
    official, second = town.official(), town.official()
    proposal = on_the_table(town, official)
    with use_case(None) as work:
        operations.move(work.session, proposal, State.IN_AGENDA, Mover.MODERATOR, at=work.at)
        operations.move(work.session, proposal, State.DECIDED, Mover.OFFICIAL, at=work.at)
    published(proposal, official, second)
    assert proposal.state is State.DECIDED and duty_of(proposal).ended_how is DutyEnd.ANSWERED
    assert journey(proposal)[-1] == "answered"


def test_answered_inside_an_agenda_it_is_answered_outside_of_it(town):
    official, second = town.official(), town.official()
    proposal = on_the_table(town, official)
    with use_case(None) as work:
        operations.move(work.session, proposal, State.IN_AGENDA, Mover.MODERATOR, at=work.at)
    published(proposal, official, second)
    assert proposal.state is State.IN_AGENDA and journey(proposal)[-1] == "answered"
    with use_case(None) as work:
        operations.leave_agenda(work.session, proposal, at=work.at)
    assert proposal.state is State.ANSWERED


@pytest.mark.both
def test_nothing_is_answered_that_was_withdrawn(town):
    official, second = town.official(), town.official()
    proposal = on_the_table(town, official)
    texts.submit(proposal.id, text(), seen=0, by=official)
    proposals.withdraw(proposal.id, reason="다른 곳에서 해결됐어요.", by=proposal.author)
    with pytest.raises(Denied, match="거둔 제안"):
        texts.approve(proposal.id, seen=1, by=second)
    assert queries.answers_of(proposal.id) == []


@pytest.mark.both
def test_two_accounts_of_one_person_are_one_official(town):
    official, same = town.official(mobile="01000001234"), town.official(mobile="01000001234")
    proposal, second = on_the_table(town, official), town.official()
    texts.submit(proposal.id, text(), seen=0, by=official)
    with pytest.raises(Denied, match="다른 담당자"):
        texts.approve(proposal.id, seen=1, by=same)
    answer = texts.approve(proposal.id, seen=1, by=second)
    texts.correct(answer.id, text(text="정류장 4곳 모두에 의자를 놓아요."), why="한 곳을 더하기로 했어요", seen=1, by=same)
    with pytest.raises(Denied, match="다른 담당자"):
        texts.approve_correction(answer.id, seen=answer.correction["at"], by=official)
    texts.approve_correction(answer.id, seen=answer.correction["at"], by=second)
    assert answer.version == 2


@pytest.mark.both
def test_everybody_says_once_whether_they_understood(town):
    official, second = town.official(), town.official()
    answer = published(on_the_table(town, official), official, second)
    reader = town.user()
    author.judge(answer.id, understood=True, by=reader)
    author.judge(answer.id, understood=True, by=reader)
    author.judge(answer.id, understood=False, by=town.user())
    assert (answer.understood, answer.not_understood) == (1, 1)
    author.judge(answer.id, understood=False, by=reader)
    assert (answer.understood, answer.not_understood) == (0, 2)
    answer.proposal.hidden_at, answer.proposal.hidden_rule = clock.now(), "privacy"
    db.session.commit()
    with pytest.raises(Denied):
        author.judge(answer.id, understood=True, by=reader)
    assert (answer.understood, answer.not_understood) == (0, 2)


@pytest.mark.both
def test_triage(town):
    moderator, official = town.moderator(), town.official()
    cleaning = town.department("청소과")
    cleaner = town.official(department=cleaning)
    proposal = owed(town)
    with pytest.raises(Denied):
        cases.assign(proposal.id, cleaning.id, by=official)
    cases.assign(proposal.id, cleaning.id, by=moderator)
    with pytest.raises(Denied, match="이미 맡은"):
        cases.take(proposal.id, by=official)
    cases.give_back(proposal.id, note="교통행정과 일이에요", by=cleaner)
    assert cases.take(proposal.id, by=official).is_lead
    cases.ask_department(proposal.id, cleaning.id, note="치울 수 있나요?", by=official)
    with pytest.raises(Conflict):
        cases.ask_department(proposal.id, cleaning.id, note="치울 수 있나요?", by=official)
    assert not cases.take(proposal.id, by=cleaner).is_lead
    with pytest.raises(Denied):
        texts.save(proposal.id, text(), seen=0, by=cleaner)
    cases.give_back(proposal.id, note="화요일마다 치워요", by=cleaner)
    states = [one.state for one in db.session.query(Assignment).order_by(Assignment.id)]
    assert states == [AssignmentState.RETURNED, AssignmentState.TAKEN, AssignmentState.RETURNED]


def test_an_official_who_gave_it_back_reads_the_own_note_and_none_of_those_who_came_after(town):
    official, cleaner = town.official(), town.official(department=town.department("청소과"))
    proposal = on_the_table(town, cleaner)
    cases.give_back(proposal.id, note="교통행정과 일이에요", by=cleaner)
    cases.take(proposal.id, by=official)
    cases.ask_department(proposal.id, town.department("공원녹지과").id, note="나무를 옮길 수 있나요?", by=official)
    case = queries.case(proposal)
    read = [can(cleaner, "answers.see_note", (case, one)) for one in case.assignments]
    assert read == [True, False, False] and all(can(official, "answers.see_note", (case, one))
                                                for one in case.assignments)


@pytest.mark.both
def test_passed_on_nothing_is_owed_any_more(town):
    official = town.official()
    proposal = on_the_table(town, official)
    cases.refer(proposal.id, to="서울교통공사", note="역 안의 일이라 서울교통공사에 넘겼어요.", as_complaint=False, by=official)
    assert duty_of(proposal).ended_how is DutyEnd.REFERRED
    assert proposal.state is State.ANSWERED and "서울교통공사" in entries(proposal.journey_id)[-1].text
    with pytest.raises(Denied):
        cases.refer(proposal.id, to="서울교통공사", note="역 안의 일이라 넘겼어요.", as_complaint=True, by=official)


def test_from_decided_to_done(town):
    official = town.official()
    proposal = town.proposal(state=State.DECIDED)
    with pytest.raises(Denied):
        cases.carry_on(proposal.id, evidence="공사를 시작했어요", by=official)
    cases.take(proposal.id, by=official)
    cases.carry_on(proposal.id, evidence="공사를 시작했어요", by=official)
    assert proposal.state is State.IN_PROGRESS
    cases.carry_on(proposal.id, evidence="공사를 마쳤어요. 사진 3장", by=official)
    assert proposal.state is State.DONE and journey(proposal) == ["in_progress", "done"]
    with pytest.raises(Denied):
        cases.carry_on(proposal.id, evidence="한 번 더 했어요", by=official)


@pytest.mark.both
def test_leaving_takes_name_and_contact_along(town):
    proposal = town.proposal()
    author.file(proposal.id, name="김하늘", contact="010-0000-0000", by=proposal.author)
    assert personal_data.collect(proposal.author)["formal_proposals"][0]["name"] == "김하늘"
    personal_data.erase(proposal.author, db.session)
    db.session.commit()
    assert personal_data.collect(proposal.author)["formal_proposals"][0]["name"] is None
