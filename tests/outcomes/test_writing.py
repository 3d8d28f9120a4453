"""Outcomes: drafted inside a department, approved by a second official, published, corrected, carried out."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from civic_forum.agendas.models import Agenda
from civic_forum.agendas.rules import AgendaState, NextKind, Relation
from civic_forum.agendas.services import grouping, making as agendas
from civic_forum.blocks.kinds import Ref
from civic_forum.commitments.queries import records as commitments
from civic_forum.commitments.rules import EntryKind
from civic_forum.journeys.queries import entries
from civic_forum.platform import clock, hooks
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.outcomes import services
from civic_forum.outcomes.events import OutcomePublished, OutcomeSubmitted
from civic_forum.outcomes.models import Outcome, OutcomeVersion
from civic_forum.outcomes.queries import subjects, way
from civic_forum.outcomes.rules import Decision, OutcomeState, Progress, WayStep
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import State
from civic_forum.proposals.services import supports as proposals
from tests.commitments.making import planned, told
from tests.common import again, today
from tests.polls import making as polls

from .making import REASONS, WHY, agenda, answered, carried, published, text


@pytest.fixture
def second(town):
    return town.official()


@pytest.fixture
def facts(monkeypatch):
    found, run = [], hooks.run
    monkeypatch.setattr(hooks, "run", lambda fact, session: (found.append(fact), run(fact, session)))
    return found


def journey(record):
    return [entry.step for entry in entries(again(record).journey_id)]


@pytest.mark.both
def test_an_outcome_is_published_by_a_second_official_and_the_agenda_and_its_proposals_follow(
        town, official, second, facts):
    inside, beside = town.proposal(), town.proposal()
    about = agenda(town, official, inside)
    moderator = town.moderator()
    link, = grouping.group(about.id, [beside.id], Relation.RELATED, WHY, by=moderator)
    first = db.session.scalar(sa.text("SELECT id FROM agenda_link ORDER BY id LIMIT 1"))
    grouping.take_up(first, by=moderator)
    draft = services.save(Ref("agenda", about.id), text(title="짧은 초안이에요", decision=None), seen=0, by=official)
    assert (draft.state, draft.published_at) == (OutcomeState.DRAFT, None)
    services.submit(Ref("agenda", about.id), text(), seen=1, by=official)
    with pytest.raises(Denied, match="다른 담당자"):
        services.approve(Ref("agenda", about.id), seen=2, by=official)
    outcome = services.approve(Ref("agenda", about.id), seen=2, by=second)
    assert (outcome.state, outcome.version, outcome.approved_by_id) == (OutcomeState.PUBLISHED, 1, second.id)
    assert OutcomeSubmitted(outcome.id) in facts and OutcomePublished(outcome.id, 1) in facts
    assert again(about).state is AgendaState.DECIDED and journey(about)[-1] == "decided"
    assert again(inside).state is State.DECIDED and journey(inside)[-1] == "decided"
    assert again(beside).state is State.GATHERING and journey(beside)[-1] == "outcome"
    with pytest.raises(Denied, match="이미 결과"):
        services.save(Ref("agenda", about.id), text(), seen=1, by=official)


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("gone", [State.WITHDRAWN, State.MERGED])
def test_a_proposal_withdrawn_or_merged_since_is_left_alone(town, official, second, gone):
    stays, leaves = town.proposal(), town.proposal()
    about = agenda(town, official, stays, leaves)
    leaves.state = gone
    db.session.commit()
    before = journey(leaves)
    published("agenda", about.id, official, second)
    assert journey(stays)[-1] == "outcome" and journey(leaves) == before and again(leaves).state is gone


def test_the_setting_of_answers_lets_one_official_publish(app, town, official, monkeypatch):
    monkeypatch.setitem(app.config, "ANSWERS_NEED_APPROVAL", False)
    proposal = answered(town, official)
    outcome = services.submit(Ref("proposal", proposal.id), text(), seen=0, by=official)
    assert outcome.state is OutcomeState.PUBLISHED and again(proposal).state is State.DECIDED


def test_a_decision_to_put_off_moves_nothing(town, official, second):
    proposal = answered(town, official)
    published("proposal", proposal.id, official, second, text(decision=Decision.POSTPONED, promised_on=None))
    assert again(proposal).state is State.ANSWERED and journey(proposal)[-1] == "outcome_postponed"


def test_another_department_neither_writes_nor_approves_nor_corrects(town, official, second):
    about, stranger = agenda(town, official), town.official(department=town.department("청소과"))
    services.submit(Ref("agenda", about.id), text(), seen=0, by=official)
    for change in (lambda: services.save(Ref("agenda", about.id), text(), seen=1, by=stranger),
                   lambda: services.approve(Ref("agenda", about.id), seen=1, by=stranger),
                   lambda: services.send_back(Ref("agenda", about.id), seen=1, by=stranger)):
        with pytest.raises(Denied, match="다른 부서"):
            change()
    outcome = services.approve(Ref("agenda", about.id), seen=1, by=second)
    with pytest.raises(Denied, match="부서의 담당자만"):
        services.correct(outcome.id, text(), why="날짜를 고쳤어요", seen=1, by=stranger)


@pytest.mark.both
def test_the_draft_of_a_department_that_leads_no_more_is_not_for_the_next(town, official):
    other = town.official(department=town.department("청소과"))
    about = agenda(town, official)
    services.save(Ref("agenda", about.id), text(), seen=0, by=official)
    with_lead = agendas.Wording(about.question, lead_department_id=min(other.department_ids()))
    agendas.edit(about.id, with_lead, version=again(about).version, by=town.moderator())
    with pytest.raises(Denied, match="다른 부서"):
        services.save(Ref("agenda", about.id), text(), seen=1, by=official)
    fresh = services.save(Ref("agenda", about.id), text(title="다른 부서가 새로 써요"), seen=0, by=other)
    assert fresh.department_id == min(other.department_ids())
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Outcome)) == 1


@pytest.mark.parametrize("state, sentence", [
    (State.WITHDRAWN, "거둔"), (State.MERGED, "합쳐졌어요"), (State.GATHERING, "먼저 부서 답변"),
    (State.IN_AGENDA, "의제의 결과"), (State.HELD, "공개하지 않은")])
def test_a_proposal_that_cannot_be_decided_gets_no_outcome(town, official, state, sentence):
    proposal = answered(town, official, state=state)
    with pytest.raises(Denied, match=sentence):
        services.submit(Ref("proposal", proposal.id), text(), seen=0, by=official)
    assert db.session.scalar(sa.select(Outcome)) is None


def test_an_agenda_that_is_prepared_and_a_vote_without_result_get_none(town, official):
    about = agenda(town, official)
    agendas.move(about.id, AgendaState.PREPARING, by=town.moderator())
    with pytest.raises(Denied, match="준비하는 의제"):
        services.save(Ref("agenda", about.id), text(), seen=0, by=official)
    poll = polls.poll(town)
    with pytest.raises(Denied, match="투표 결과를 공개한 뒤"):
        services.save(Ref("poll", poll.id), text(), seen=0, by=official)
    agendas.move(about.id, AgendaState.AT_VOTE, by=town.moderator())
    agendas.set_next(about.id, NextKind.POLL, "하나를 고르는 투표가 열려 있어요", slug=poll.slug, by=town.moderator())
    with pytest.raises(Denied, match="투표 결과를 공개한 뒤"):
        services.save(Ref("agenda", about.id), text(), seen=0, by=official)


@pytest.mark.parametrize("linked", ["by the vote", "by an option"])
def test_an_agenda_waits_for_a_vote_that_says_it_decides_about_it(town, official, linked):
    about = agenda(town, official)
    ways = polls.options(3)
    ways[0]["agenda"] = about.slug
    poll = polls.poll(town, **({"links": {"agenda": about.slug}} if linked == "by the vote" else {"options": ways}))
    with pytest.raises(Denied, match="투표 결과를 공개한 뒤"):
        services.save(Ref("agenda", about.id), text(), seen=0, by=official)
    [department] = official.department_ids()
    assert subjects.of(Outcome(subject="poll", subject_id=poll.id)).department_id == (
        department if linked == "by the vote" else None)


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("wrong, field", [
    ({"title": "짧아"}, "title"), ({"decision": None}, "decision"), ({"reasons": "짧아요"}, "reasons"),
    ({"what_follows": ""}, "what_follows"), ({"promised_on": None}, "promised_on"), ({"cost": -1}, "cost"),
    ({"cost": 10**14}, "cost"), ({"title": "가" * 201}, "title"), ({"reasons": "글" * 10_001}, "reasons"),
    ({"decided_on": date(2099, 1, 1)}, "decided_on"), ({"decided_on": date(2001, 1, 1)}, "decided_on"),
    ({"promised_on": date(2001, 1, 1)}, "promised_on"), ({"promised_on": date(9999, 1, 1)}, "promised_on"),
    ({"decided_on": date(2026, 1, 1), "promised_on": date(2026, 2, 1)}, "promised_on"),
    ({"documents": (("조사표", ""),)}, "documents"), ({"documents": (("표", "글"),) * 6}, "documents"),
    ({"links": (("나가기", "https://example.org/"),)}, "links"), ({"links": (("나가기", "//example.org"),)}, "links"),
    ({"links": (("나가기", "javascript:alert(1)"),)}, "links"), ({"links": (("", "/polls"),)}, "links"),
    ({"reasons": REASONS + " 900101-1234568"}, "reasons"),
    ({"documents": (("명단", "김하늘 900101-1234568"),)}, "documents")])
def test_gaps_and_absurd_values_are_asked_for(town, official, wrong, field):
    about = agenda(town, official)
    with pytest.raises(Refusal) as refused:
        services.submit(Ref("agenda", about.id), text(**wrong), seen=0, by=official)
    assert (refused.value.field, db.session.scalar(sa.select(Outcome))) == (field, None)


@pytest.mark.both
def test_a_correction_keeps_what_was_said_before_and_says_why(town, official, second, facts):
    proposal = answered(town, official)
    outcome = published("proposal", proposal.id, official, second)
    first = outcome.promised_on
    later = date(first.year + 1, 6, 30)
    services.correct(outcome.id, text(promised_on=later), why="공사가 늦어졌어요", seen=1, by=official)
    assert again(outcome).promised_on == first
    with pytest.raises(Denied, match="기다리는 고침"):
        services.correct(outcome.id, text(), why="또 고쳐요 정말", seen=1, by=second)
    with pytest.raises(Denied, match="다른 담당자"):
        services.approve_correction(outcome.id, seen=again(outcome).correction["at"], by=official)
    with pytest.raises(Conflict):
        services.approve_correction(outcome.id, seen="another", by=second)
    services.approve_correction(outcome.id, seen=again(outcome).correction["at"], by=second)
    outcome = again(outcome)
    assert (outcome.version, outcome.promised_on, outcome.first_promised_on) == (2, later, first)
    kept = db.session.scalars(sa.select(OutcomeVersion).order_by(OutcomeVersion.version)).all()
    assert [(one.version, one.why, one.content["promised_on"]) for one in kept] == [
        (1, None, first.isoformat()), (2, "공사가 늦어졌어요", later.isoformat())]
    assert OutcomePublished(outcome.id, 2) in facts and journey(proposal)[-1] == "outcome_corrected"


@pytest.mark.in_turns(of=5)
def test_its_ledger_carries_the_promise_on(town, official, second):
    inside = town.proposal()
    about = agenda(town, official, inside)
    grouping.take_up(db.session.scalar(sa.text("SELECT id FROM agenda_link")), by=town.moderator())
    outcome = carried(published("agenda", about.id, official, second), official, second, spent=22_000_000)
    assert (outcome.progress, outcome.spent) == (Progress.IN_PROGRESS, 22_000_000)
    assert (again(about).state, again(inside).state) == (AgendaState.IN_PROGRESS, State.IN_PROGRESS)
    outcome = carried(outcome, official, second, "두 번째 골목도 시작했어요. 표지판을 달았어요.")
    assert outcome.spent == 22_000_000 and journey(inside)[-1] == "outcome_reported"
    outcome = carried(outcome, official, second, spent=40_000_000, done=True)
    assert (outcome.progress, outcome.spent) == (Progress.DONE, 40_000_000)
    assert (again(about).state, again(inside).state) == (AgendaState.CLOSED, State.DONE)


def test_the_day_on_which_it_was_done_stays_with_what_is_told_later(town, official, second):
    days_ago = [today() - timedelta(days=n) for n in range(11)]
    proposal = answered(town, official, published_at=clock.now() - timedelta(days=30))
    outcome = published("proposal", proposal.id, official, second, text(decided_on=days_ago[10]))
    outcome = carried(outcome, official, second, on=days_ago[3], done=True)
    outcome = carried(outcome, official, second, on=days_ago[1])
    assert (outcome.progress, outcome.reported_on) == (Progress.DONE, days_ago[3])
    steps = {step.step: step.on for step in way.shown(outcome)}
    assert (steps[WayStep.IN_PROGRESS], steps[WayStep.DONE]) == (days_ago[3], days_ago[3])


def test_a_moved_day_is_that_of_the_outcome_too(town, official, second):
    outcome = published("proposal", answered(town, official).id, official, second)
    first, later = outcome.promised_on, outcome.promised_on + timedelta(days=40)
    told(commitments.of_outcome(outcome.id), EntryKind.SLIP, {"to": later.isoformat(), "why": "공사가 늦어졌어요."},
         official, second)
    outcome = again(outcome)
    assert (outcome.promised_on, outcome.first_promised_on) == (later, first)
    one = planned(commitments.of_outcome(outcome.id), official, second)
    told(one, EntryKind.SLIP, {"milestone": "m1", "to": "2031-09-30", "why": "비가 많이 왔어요."}, official, second)
    assert again(outcome).promised_on == later, "a step that moves is not the whole"


@pytest.mark.parametrize("facts", [{"promised_on": None}, {"cost": None}])
def test_a_refusal_says_neither_a_day_nor_money(town, official, facts):
    with pytest.raises(Refusal, match="비워 주세요") as refused:
        services.submit(Ref("proposal", answered(town, official).id), text(decision=Decision.DECLINED, **facts), seen=0,
                        by=official)
    assert refused.value.field == "decision"


def test_something_done_differently_needs_its_day_and_decides_the_proposal(town, official, second):
    proposal = answered(town, official)
    with pytest.raises(Refusal) as refused:
        services.submit(Ref("proposal", proposal.id), text(decision=Decision.DIFFERENTLY, promised_on=None), seen=0,
                        by=official)
    assert refused.value.field == "promised_on"
    outcome = published("proposal", proposal.id, official, second, text(decision=Decision.DIFFERENTLY))
    assert again(proposal).state is State.DECIDED and outcome.promises


@pytest.mark.both
def test_a_refusal_promises_nothing_and_doing_it_differently_its_day(town, official, second):
    declined = {"decision": Decision.DECLINED, "promised_on": None, "what_follows": "", "cost": None}
    nothing = published("proposal", answered(town, official).id, official, second, text(**declined))
    instead = published("proposal", answered(town, official).id, official, second,
                        text(decision=Decision.DIFFERENTLY, what_follows="보도부터 넓혀요. 연말까지 해요."))
    assert commitments.of_outcome(nothing.id) is None
    assert commitments.of_outcome(instead.id).due_on == instead.promised_on
    services.correct(instead.id, text(**declined), why="보도도 넓히지 못해요", seen=1, by=official)
    services.approve_correction(instead.id, seen=again(instead).correction["at"], by=second)
    assert commitments.of_outcome(instead.id).origin_lost


@pytest.mark.both
def test_the_way_behind_says_who_proposed_and_supported_and_what_was_decided(town, official, second):
    one, two = town.proposal(), town.proposal()
    both = town.resident()
    for proposal in (one, two):
        proposals.support(proposal.id, by=both)
    proposals.support(two.id, by=town.resident())
    about = agenda(town, official, one, two)
    outcome = published("agenda", about.id, official, second)
    carried(outcome, official, second)
    steps = {step.step: step for step in way.shown(again(outcome))}
    assert (steps[WayStep.PROPOSED].count, steps[WayStep.SUPPORTED].count) == (2, 2)
    assert list(steps) == [WayStep.PROPOSED, WayStep.SUPPORTED, WayStep.GROUPED, WayStep.DECIDED, WayStep.IN_PROGRESS]
    assert steps[WayStep.SUPPORTED].label == "공감 2명" and steps[WayStep.GROUPED].url == "/agendas/alley"
    assert steps[WayStep.DECIDED].on == today()


@pytest.mark.both
def test_a_proposal_at_the_core_of_another_agenda_stays_with_that_one(town, official, second):
    moderator, shared = town.moderator(), town.proposal()
    agenda(town, official, shared, slug="other")
    grouping.take_up(db.session.scalar(sa.text("SELECT id FROM agenda_link")), by=moderator)
    about = agenda(town, official, town.proposal(), slug="alley")
    grouping.group(about.id, [shared.id], Relation.RELATED, WHY, by=moderator)
    published("agenda", about.id, official, second)
    assert db.session.get(Proposal, shared.id).state is State.IN_AGENDA
    assert db.session.scalar(sa.select(Agenda.state).filter_by(slug="other")) is AgendaState.IN_DELIBERATION
