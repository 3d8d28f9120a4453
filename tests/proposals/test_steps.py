"""Steps above the threshold: decided by the district, kept by proposals, owed once."""

import os
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from civic_forum.accounts.models import User
from civic_forum.answers.models import Duty
from civic_forum.answers.queries import desk
from civic_forum.answers.rules import DutyEnd, DutyKind, Job
from civic_forum.answers.services import cases
from civic_forum.desk.services import district as lists
from civic_forum.desk.services import settings as services
from civic_forum.desk.services.settings import Decision
from civic_forum.district import queries as district
from civic_forum.district.rules import DistrictList
from civic_forum.forums.events import ForumAnnounced
from civic_forum.forums.minutes.services import write_down
from civic_forum.forums.models import ForumCall
from civic_forum.forums.preparing import queries as preparing
from civic_forum.forums.preparing import services as forums
from civic_forum.forums.rules import Form
from civic_forum.journeys.queries import entries
from civic_forum.blocks.kinds import Ref
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.i18n import local
from civic_forum.platform.work import use_case
from civic_forum.proposals import rules
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import Owing, State, SupportStep
from civic_forum.proposals.services import publication, supports
from tests.answers.making import on_the_table, published
from tests.common import let_go
from tests.forums.record.test_written_down import HEARD, parts
from tests.forums.scene import announced_forum
from tests.polls import making
from tests.proposals.test_writing import drafted
from tests.racing import all_at_once, at_once

KEPT = [[3, "department", 14], [4, "mayor", 30]]
LADDERS = st.lists(st.tuples(st.integers(2, 10_000), st.sampled_from(Owing), st.integers(1, 365)), max_size=4,
                   unique_by=lambda step: step[0]).map(sorted)
WHY = "공감이 많은 제안은 더 넓게 이야기해요."


# The rule


@given(kept=LADDERS, counts=st.lists(st.integers(0, 10_001), max_size=12))
def test_each_step_is_reached_once_in_its_order_and_stays(kept, counts):
    before, told = 0, []
    for count in counts:
        for step in rules.steps_reached(kept, before, count):
            told.append(step.supports)
            before = step.supports
    assert told == [supports for supports, *_owed in kept if supports <= max(counts, default=0)]
    assert rules.next_step(kept, before) == next(
        (SupportStep(*step) for step in kept if step[0] > max(counts, default=0)), None)


@given(kept=LADDERS, before=st.integers(0, 10_001), is_open=st.booleans())
def test_stairs_show_what_was_reached_and_one_next_while_support_is_open(kept, before, is_open):
    shown = rules.stairs(kept, before, is_open=is_open)
    assert [step.supports for step, stair in shown if stair == "reached"] == [
        step[0] for step in kept if step[0] <= before]
    ahead = [step[0] for step in kept if step[0] > before]
    assert [step.supports for step, stair in shown if stair == "next"] == (ahead[:1] if is_open else [])
    assert len(shown) == (len(kept) if is_open else len(kept) - len(ahead))


@given(kept=LADDERS, threshold=st.integers(1, 10_001))
def test_a_proposal_takes_no_step_below_its_own_threshold(kept, threshold):
    assert [step.supports for step in rules.steps_above(kept, threshold)] == [
        step[0] for step in kept if step[0] > threshold]


# The setting


@pytest.fixture
def two(town):
    return [making.administrator(town), making.administrator(town)]


def decide(text, two, *, name="SUPPORT_STEPS", seen=None):
    row = services.rows().get(name)
    known = district.last_change(DistrictList.SETTINGS, row.id) if row else 0
    return services.decide(name, Decision(text=text, why=WHY), from_day=local(clock.now()).date() + timedelta(days=1),
                           seen=known or 0 if seen is None else seen, by=two[0])


def in_force(text, two, at):
    change = decide(text, two)
    services.BOTH.confirm(lists.subject_of(change.id), by=two[1])
    at(clock.now() + timedelta(days=1))
    db.session.rollback()
    assert lists.apply_due() == 1


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("text, sentence", [
    ("20 공론장 30", "커야 해요"), ("10 공론장 30\n100 구청장 30", "커야 해요"), ("100 공론장 30\n50 구청장 30", "차례로"),
    ("100 공론장 30\n100 구청장 30", "차례로"), ("0 공론장 30", "2명부터"), ("10001 공론장 30", "10,000명"),
    ("100 아무나 30", "아무나"), ("100 공론장 0", "1일부터"), ("100 공론장 366", "365일"), ("100 공론장", "처럼"),
    ("100", "처럼"), ("많이 공론장 30", "처럼"), ("100 공론장 삼십", "처럼"), ("100 공론장 30 일", "처럼"), ("-100 공론장 30", "처럼"),
    ("\n".join(f"{100 * n} 부서 30" for n in range(1, 6)), "4단계"), ("", "지금과 같아요")])
def test_steps_that_cannot_be_change_nothing(town, two, text, sentence):
    with pytest.raises(Refusal, match=sentence):
        decide(text, two)
    db.session.rollback()
    assert services.rows() == {} and district.history(DistrictList.SETTINGS) == []


@pytest.mark.both
def test_a_threshold_stays_below_the_steps_that_wait_or_stand(town, two):
    change = decide("100 forum 30\n500 mayor 60", two)
    assert change.fields["value"] == [[], [[100, "forum", 30], [500, "mayor", 60]]]
    with pytest.raises(Refusal, match="그 위 단계보다"):
        decide("100", two, name="SUPPORT_THRESHOLD")
    decide("99", two, name="SUPPORT_THRESHOLD")
    lists.withdraw(change.id, by=two[1])
    with pytest.raises(Refusal, match="커야"):
        decide("99 구청장 30", two)


@pytest.mark.both
def test_of_two_administrators_at_once_one_decides(app, town, two):
    answers = all_at_once(app, *(lambda text=text, pair=pair: decide(text, pair, seen=0) for text, pair in (
        ("100 공론장 30", two), ("200 구청장 30", two[::-1]))))
    assert sum(isinstance(answer, Conflict) for answer in answers) == 1
    db.session.rollback()
    assert len(district.waiting(DistrictList.SETTINGS)) == 1


@pytest.mark.both
def test_a_proposal_keeps_the_steps_of_its_day(town, two, at):
    author = town.user()
    before = publication.publish(drafted(author).draft_key, by=author)
    in_force("100 공론장 30\n500 구청장 60", two, at)
    during = publication.publish(drafted(author).draft_key, by=author)
    in_force("300 구청장 90", two, at)
    db.session.expire_all()
    assert (before.steps, during.steps) == ([], [[100, "forum", 30], [500, "mayor", 60]])


# What is owed


def owed(proposal):
    return [(duty.kind, duty.step, duty.days, duty.ended_how) for duty in db.session.scalars(
        sa.select(Duty).filter_by(proposal_id=proposal.id).order_by(Duty.id))]


def supported(town, proposal, times):
    people = [town.user() for _time in range(times)]
    for person in people:
        supports.support(proposal.id, by=person)
    return people


@pytest.mark.both
def test_each_step_begins_one_duty_that_stays_when_supports_are_taken_back(town):
    bench = town.proposal(threshold=2, steps=KEPT)
    people = supported(town, bench, 2)
    assert [kind for kind, *_facts in owed(bench)] == [DutyKind.THRESHOLD]
    people += supported(town, bench, 1)
    assert owed(bench)[1:] == [(DutyKind.STEP, 3, 14, None)]
    supports.end_support(bench.id, by=people[0])
    assert bench.step_reached == 3 and bench.support_count == 2
    supports.support(bench.id, by=people[0])
    supported(town, bench, 1)
    assert owed(bench)[1:] == [(DutyKind.STEP, 3, 14, None), (DutyKind.MAYOR, 4, 30, None)]
    assert [entry.step for entry in entries(bench.journey_id)] == [
        "first_support", "threshold", "step_department", "step_mayor"]


@pytest.mark.both
def test_thirty_supports_at_once_reach_a_step_once(app, town):
    bench = town.proposal(threshold=5, steps=[[15, "mayor", 30]]).id
    people = [town.user().id for _n in range(30)]
    db.session.rollback()
    answers = at_once(app, 15, lambda n: [supports.support(bench, by=db.session.get(User, people[n + half]))
                                          for half in (0, 15)])
    assert not [answer for answer in answers if isinstance(answer, Refusal)]
    proposal = db.session.get(Proposal, bench, populate_existing=True)
    assert (proposal.support_count, proposal.step_reached) == (30, 15)
    assert [kind for kind, *_facts in owed(proposal)] == [DutyKind.THRESHOLD, DutyKind.MAYOR]


@pytest.mark.both
def test_processes_at_once_reach_a_step_once(town):
    bench = town.proposal(threshold=2, steps=[[4, "mayor", 30]]).id
    people = [[town.user().id for _n in range(5)] for _process in range(6)]
    db.session.rollback()
    let_go()
    children = []
    for own in people:
        if (child := os.fork()) == 0:
            code = 1
            try:
                for person in own:
                    supports.support(bench, by=db.session.get(User, person))
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * len(children)
    proposal = db.session.get(Proposal, bench)
    assert (proposal.support_count, proposal.step_reached) == (30, 4)
    assert [kind for kind, *_facts in owed(proposal)] == [DutyKind.THRESHOLD, DutyKind.MAYOR]


@pytest.mark.both
def test_the_department_answers_first_and_then_the_mayor(town):
    official, second = town.official(), town.official()
    bench = on_the_table(town, official, steps=[[2, "mayor", 30], [9, "mayor", 60]])
    supported(town, bench, 1)

    def stands(queue):
        return [ref for _id, _due, ref, *_words in db.session.execute(queue(official))]

    assert (stands(desk.to_write), stands(desk.to_write_for_mayor)) == ([bench.number], [])
    wanted = desk.QUEUE.read({})
    assert [line.number for line in desk.waiting(wanted, official, local(clock.now()).date()).items] == [bench.number]
    assert desk.counts(wanted, official, local(clock.now()).date())[1][Job.ALL] == 1
    answer = published(bench, official, second)
    assert not answer.by_mayor and bench.state is State.ANSWERED
    assert (stands(desk.to_write), stands(desk.to_write_for_mayor)) == ([], [bench.number])
    assert [ended for *_facts, ended in owed(bench)] == [DutyEnd.ANSWERED, None]
    of_mayor = published(bench, official, second)
    assert of_mayor.by_mayor and [ended for *_facts, ended in owed(bench)] == [DutyEnd.ANSWERED] * 2


@pytest.mark.in_turns(of=5)
def test_an_answer_ends_no_support_while_a_step_lies_ahead(town, at):
    official, second = town.official(), town.official()
    bench, plain = (on_the_table(town, official, steps=steps) for steps in ([[3, "mayor", 30]], []))
    for proposal in (bench, plain):
        published(proposal, official, second)
    with pytest.raises(Denied):
        supports.support(plain.id, by=town.user())
    supported(town, bench, 2)
    assert owed(bench)[-1][:2] == (DutyKind.MAYOR, 3)
    with pytest.raises(Denied):
        supports.support(bench.id, by=town.user())
    late = on_the_table(town, official, steps=[[3, "mayor", 30]])
    published(late, official, second)
    at(late.gathering_ends_at)
    with pytest.raises(Denied):
        supports.support(late.id, by=town.user())


@pytest.mark.both
def test_a_proposal_that_comes_back_owes_all_that_it_did(town):
    official = town.official()
    bench = on_the_table(town, official, steps=KEPT)
    supported(town, bench, 3)
    cases.refer(bench.id, to="서울시 버스정책과", note="서울시가 정하는 노선이에요.", as_complaint=False, by=official)
    assert {ended for *_facts, ended in owed(bench)} == {DutyEnd.REFERRED}
    cases.undo_referral(bench.id, reason="우리 구가 정할 수 있어요. 다시 맡아요.", by=official)
    assert [(kind, ended) for kind, *_facts, ended in owed(bench)] == [
        (DutyKind.THRESHOLD, None), (DutyKind.STEP, None), (DutyKind.MAYOR, None)]


@pytest.mark.both
def test_a_forum_is_owed_until_it_is_announced_or_declined_in_public(town, browse):
    moderator = town.moderator()
    for_forum, declined, withdrawn, held = (town.proposal(threshold=2, steps=[[3, "forum", 20]]) for _time in range(4))
    for proposal in (for_forum, declined, withdrawn, held):
        supported(town, proposal, 3)
    publication.withdraw(withdrawn.id, reason="다른 곳에 냈어요.", by=withdrawn.author)
    called = {call.proposal_id: call.id for call in db.session.scalars(
        sa.select(ForumCall).where(ForumCall.id.in_([row[0] for row in db.session.execute(preparing.called(None))])))}
    assert called.keys() == {for_forum.id, declined.id, held.id}
    form, wording, times = parts(Form.SESSION, place=town.neighbourhood())
    write_down((form, replace(wording, about=("proposal", held.number)), times), HEARD, None, by=moderator)
    assert [row[0] for row in db.session.execute(preparing.called(None))] == [called[for_forum.id], called[declined.id]]
    with pytest.raises(Denied):
        forums.decline_call(called[declined.id], reason=WHY, by=town.official())
    with pytest.raises(Refusal):
        forums.decline_call(called[declined.id], reason="왜", by=moderator)
    browser, address = browse(moderator), f"/desk/forums/calls/{called[declined.id]}"
    assert f'/desk/forums/new?call={called[declined.id]}"' in browser.get(address).text
    for begun in ("new", "record"):
        form = browser.get(f"/desk/forums/{begun}?call={called[declined.id]}").text
        assert f'value="{declined.number}"' in form and '<option selected value="proposal">' in form
    assert "공론장을 열 차례" in browser.get("/desk").get_data(as_text=True) and browser.get(address).status_code == 200
    assert browser.post(address, data={"reason": "왜"}).status_code == 422
    assert browser.post(address, data={"reason": "이미 9월에 이야기했어요."}).status_code == 303
    with pytest.raises(Conflict):
        forums.decline_call(called[declined.id], reason=WHY, by=moderator)
    assert "이미 9월에 이야기했어요." in browse().get(f"/proposals/{declined.number}").get_data(as_text=True)
    with use_case(moderator) as work:
        work.emit(ForumAnnounced(announced_forum(town, about=Ref("proposal", for_forum.id)).id))
    assert not db.session.execute(preparing.called(None)).all()


# Pages


def test_the_page_says_what_is_reached_and_what_is_next(town, browse):
    bench = town.proposal(threshold=2, steps=[[3, "mayor", 30], [5, "forum", 20]])
    people = supported(town, bench, 3)
    for browser in (browse(), browse(people[0])):
        page = browser.get(f"/proposals/{bench.number}").get_data(as_text=True)
        assert "구청장이 30일 안에 답해요" in page and "채웠어요" in page and "앞으로 2명" in page
        assert "그다음에 구청장이" in page
    answer = browse(town.user()).post(f"/proposals/{bench.number}/supports", headers={"Accept": "application/json"})
    assert answer.get_json()["missing"] == "앞으로 1명"
