"""Passed on, and taken back: the state, the duty without the time away, and the department are as before."""

from datetime import date, datetime, timedelta

import pytest

from civic_forum.agendas.rules import Relation
from civic_forum.agendas.services import grouping, making
from civic_forum.agendas.services.making import Wording
from civic_forum.answers.queries import records as queries
from civic_forum.answers.rules import AssignmentState, DutyEnd
from civic_forum.answers.services import cases as services
from civic_forum.journeys.queries import entries
from civic_forum.platform.base import db
from civic_forum.platform.errors import Denied, Refusal
from civic_forum.platform.i18n import SEOUL
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import State
from tests.notifications.told import steps as told

from .making import duty_of, on_the_table, owed, published

OCTOBER = datetime(2026, 10, 21, 15, tzinfo=SEOUL)
WHY = "우리 구가 관리하는 곳이라 여기서 답변해요."
TO = {"to": "서울교통공사", "note": "지하철 출입구라서 교통공사가 답해요.", "as_complaint": False}


def fresh(proposal) -> Proposal:
    db.session.rollback()
    return db.session.get(Proposal, proposal.id, populate_existing=True)


def case_of(proposal):
    return queries.case(fresh(proposal))


@pytest.mark.in_turns(of=5)
def test_days_away_do_not_count(town, at):
    at(OCTOBER)
    official = town.official()
    proposal = on_the_table(town, official)
    assert duty_of(proposal).due_on == date(2026, 11, 20)
    at(OCTOBER + timedelta(days=2))
    services.refer(proposal.id, by=official, **TO)
    assert (fresh(proposal).state, duty_of(proposal).ended_how) == (State.ANSWERED, DutyEnd.REFERRED)
    at(OCTOBER + timedelta(days=9))
    services.undo_referral(proposal.id, reason=WHY, by=official)
    duty = duty_of(proposal)
    assert (fresh(proposal).state, duty.ended_at, duty.ended_how) == (State.ANSWER_DUE, None, None)
    assert duty.due_on == date(2026, 11, 27)
    services.reckon()
    assert duty_of(proposal).due_on == date(2026, 11, 27), "reckoned anew it is the same"
    assert [step.step for step in entries(fresh(proposal).journey_id)][-2:] == ["answered", "referral_undone"]
    assert told(proposal.author)[-1] == "referral_undone"


def test_the_department_that_had_it_has_it_again(town):
    official, moderator = town.official(), town.moderator()
    proposal = on_the_table(town, official)
    services.refer(proposal.id, by=moderator, **TO)
    assert case_of(proposal).lead is None
    services.undo_referral(proposal.id, reason=WHY, by=moderator)
    lead = case_of(proposal).lead
    assert ({lead.department_id}, lead.state) == (official.department_ids(), AssignmentState.ASKED)
    assert told(official)[-1] == "duty_lead"
    services.refer(proposal.id, by=official, **TO)
    services.undo_referral(proposal.id, reason=WHY, by=official)
    assert case_of(proposal).lead.state is AssignmentState.TAKEN


def test_a_proposal_that_nobody_had_waits_to_be_sorted_again(town):
    proposal, moderator = owed(town), town.moderator()
    services.refer(proposal.id, by=moderator, **TO)
    services.undo_referral(proposal.id, reason=WHY, by=moderator)
    assert case_of(proposal).lead is None and case_of(proposal).duty is not None


@pytest.mark.parametrize("late, state", [(timedelta(days=5), State.GATHERING), (timedelta(days=25), State.LAPSED)])
def test_a_gathering_proposal_gathers_again_and_a_lapsed_one_stays_lapsed(town, at, late, state):
    at(OCTOBER)
    proposal, moderator = town.proposal(), town.moderator()
    at(OCTOBER + late)
    services.refer(proposal.id, by=moderator, **TO)
    services.undo_referral(proposal.id, reason=WHY, by=moderator)
    assert fresh(proposal).state is state and duty_of(proposal) is None


def test_beneath_an_agenda_it_is_owed_again_too(town):
    official, moderator = town.official(), town.moderator()
    proposal = on_the_table(town, official)
    services.refer(proposal.id, by=official, **TO)
    agenda = making.begin("alley", Wording("골목을 함께 쓰려면 무엇부터 할까요?"), by=moderator)
    [link] = grouping.group(agenda.id, [proposal.id], Relation.CORE, "같은 골목의 이야기예요.", by=moderator)
    making.publish(agenda.id, by=moderator)
    grouping.take_up(link.id, by=moderator)
    services.undo_referral(proposal.id, reason=WHY, by=moderator)
    assert (fresh(proposal).state, fresh(proposal).state_before) == (State.IN_AGENDA, State.ANSWER_DUE)
    assert duty_of(proposal).ended_at is None


def test_people_without_the_right_and_proposals_that_have_gone_on(town):
    official, second, moderator = town.official(), town.official(), town.moderator()
    stranger = town.official(department=town.department("청소과"))
    proposal = on_the_table(town, official)
    with pytest.raises(Denied, match="넘긴 제안이 아니에요"):
        services.undo_referral(proposal.id, reason=WHY, by=official)
    services.refer(proposal.id, by=official, **TO)
    for by in (stranger, proposal.author, town.clerk(), town.administrator()):
        with pytest.raises(Denied):
            services.undo_referral(proposal.id, reason=WHY, by=by)
    with pytest.raises(Refusal, match="10자 이상") as refused:
        services.undo_referral(proposal.id, reason="음", by=official)
    assert refused.value.field == "reason"
    services.undo_referral(proposal.id, reason=WHY, by=second)
    with pytest.raises(Denied, match="넘긴 제안이 아니에요"):
        services.undo_referral(proposal.id, reason=WHY, by=moderator)
    published(proposal, official, second)
    with pytest.raises(Denied, match="이미 답변한"):
        services.refer(proposal.id, by=official, **TO)


def test_the_public_page_says_both_and_the_desk_leads_there(town, browse):
    official = town.official()
    proposal = on_the_table(town, official)
    services.refer(proposal.id, by=official, **TO)
    desk, address = browse(official), f"/desk/answers/{proposal.number}"
    assert f"{address}/referral-undo" in desk.get(address).text
    assert desk.post(f"{address}/referral-undo", data={"reason": "음"}).status_code == 422
    assert desk.post(f"{address}/referral-undo", data={"reason": WHY}).status_code == 303
    assert f"{address}/referral-undo" not in desk.get(address).text
    shown = browse().get(f"/proposals/{proposal.number}").text
    assert "서울교통공사" in shown and WHY in shown and "되돌렸어요." in shown
    services.refer(proposal.id, by=official, **TO | {"to": "서울특별시"})
    again = browse().get(f"/proposals/{proposal.number}").text
    assert "서울특별시" in again and again.count('id="referral"') == 1
