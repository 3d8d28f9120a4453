"""Changes of commitments before the body, and recommendations with their replies."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from lxml import html

from civic_forum.answers.models import Duty, LaterAnswer
from civic_forum.answers.rules import DutyEnd, LaterText, ReplyOutcome
from civic_forum.answers.services import later
from civic_forum.blocks.kinds import Ref
from civic_forum.commitments.models import Commitment, CommitmentEntry
from civic_forum.commitments.queries.records import ledger, made_of
from civic_forum.commitments.rules import EntryKind, Status
from civic_forum.commitments.services import entries
from civic_forum.evaluations import queries, services
from civic_forum.evaluations.models import ChangeVote, EvaluationItem, Recommendation
from civic_forum.evaluations.parts import ChangeFacts
from civic_forum.evaluations.rules import RECOMMENDATION, ChangeKind, months_after
from civic_forum.evaluations.settings import BIND
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.i18n import today
from civic_forum.platform.settings import DistrictSetting
from tests.answers import making as answering
from tests.commitments.making import newest, told
from tests.commitments.test_origins import corrected
from tests.common import form_of
from tests.factories import count, saved
from tests.racing import all_at_once

from .making import DUE, Evaluated

STOP = ChangeFacts(kind=ChangeKind.STATUS, title="폐기", before="골목 두 곳", why="다른 곳에서 하기로 했어요.",
                   status=Status.DROPPED)
DROPPED = {"status": "dropped", "why": "다른 곳에서 하기로 했어요."}
FAR = months_after(DUE, 14)
SLIP = ChangeFacts(kind=ChangeKind.SLIP, title="날을 미룸", before=str(DUE), after=str(FAR), why="땅을 사지 못했어요.",
                   until_on=FAR)


def slip(until):
    return {"milestone": "", "to": until.isoformat(), "why": "땅을 사지 못했어요."}


def seen_by(page):
    """Fingerprint of the votes that wait, as the page of the desk showed them."""
    return html.fromstring(page.get("/desk/evaluations/pledges").text).xpath("//input[@name='seen']/@value")[0]


def bound(town, **facts):
    """A district where a change takes an approval."""
    saved(DistrictSetting(name=BIND, value=True, earlier=[]))
    return Evaluated(town, **facts)


@pytest.mark.both
def test_a_commitment_is_not_given_up_without_an_approval(town, browse):
    made = bound(town)
    pledge, (keeper, second) = made.pledges[0], made.keepers
    with pytest.raises(Conflict, match="평가단이 먼저"):
        told(pledge, EntryKind.STATUS, DROPPED, keeper)
    assert count(CommitmentEntry) == 2, "nothing was written"
    made.decided(STOP, (2, 4))
    with pytest.raises(Conflict, match="돌려보낸"):
        told(pledge, EntryKind.STATUS, DROPPED, keeper)
    text = browse().get(f"/commitments/{pledge.id}").text
    assert "돌려보냄" in text and "평가단이 이렇게 정했어요." in text
    with pytest.raises(Conflict):
        told(made.pledges[1], EntryKind.STATUS, DROPPED, keeper)
    told(pledge, EntryKind.STATUS, {"status": "on_hold", "why": "때를 기다려요."}, keeper, second)
    made.decided(STOP, (4, 2))
    assert told(pledge, EntryKind.STATUS, DROPPED, keeper, second).status is Status.DROPPED
    told(pledge, EntryKind.STATUS, {"status": "on_track", "why": "다시 하기로 했어요."}, keeper, second)
    with pytest.raises(Conflict):
        told(pledge, EntryKind.STATUS, DROPPED, keeper)


def test_a_far_slip_takes_an_approval_for_that_day_when_it_is_written_and_approved(town):
    made = bound(town)
    pledge, (keeper, second) = made.pledges[0], made.keepers
    told(pledge, EntryKind.SLIP, slip(months_after(DUE, 12)), keeper, second)
    with pytest.raises(Conflict):
        told(pledge, EntryKind.SLIP, slip(FAR), keeper)
    made.decided(SLIP, (6, 0))
    with pytest.raises(Conflict):
        told(pledge, EntryKind.SLIP, slip(FAR + timedelta(days=1)), keeper)
    waiting = told(pledge, EntryKind.SLIP, slip(FAR), keeper)
    db.session.execute(sa.update(ChangeVote).values(approved=False))
    db.session.commit()
    number = db.session.scalar(sa.select(sa.func.max(CommitmentEntry.number)))
    with pytest.raises(Conflict, match="돌려보낸"):
        entries.approve(pledge.id, number, seen=waiting.version, by=second)
    db.session.execute(sa.update(ChangeVote).values(approved=True))
    db.session.commit()
    entries.approve(pledge.id, number, seen=waiting.version, by=second)
    assert ledger(pledge.id).due_on == FAR


def test_a_corrected_answer_moves_no_day_past_the_body(town, pair):
    saved(DistrictSetting(name=BIND, value=True, earlier=[]))
    proposal = answering.on_the_table(town, pair[0])
    answering.published(proposal, *pair, answering.text(by_when="2031-Q2"))
    corrected(proposal, pair, answering.text(by_when="2031-Q4"))
    with pytest.raises(Conflict, match="평가단이 먼저"):
        corrected(proposal, pair, answering.text(by_when="2034"))
    db.session.rollback()
    assert ledger(newest().id).due_on == date(2031, 12, 31)


def test_nothing_is_asked_unless_the_district_says_so(town):
    made = Evaluated(town)
    made.decided(STOP, (1, 5))
    assert told(made.pledges[0], EntryKind.STATUS, DROPPED, *made.keepers).status is Status.DROPPED


@pytest.mark.both
def test_votes_are_noted_and_confirmed_by_two_and_add_up(town, browse):
    made = Evaluated(town)
    keeper, desk = browse(made.keepers[0]), browse(made.official)
    page = "/desk/evaluations/pledges/changes"
    sent = form_of(keeper, page) | {
        "commitment": str(made.pledges[0].id), "kind": "slip", "title": "날을 미룸", "before": "올해", "why": "늦어요.",
        "until_on": str(FAR)}
    for wrong in ({"until_on": ""}, {"kind": "money"}, {"milestone": "m9"}, {"why": ""}, {"kind": "none"}):
        assert keeper.post(page, data=sent | wrong).status_code == 422, wrong
    db.session.rollback()
    db.session.execute(sa.delete(EvaluationItem).filter_by(commitment_id=made.pledges[1].id))
    db.session.commit()
    assert keeper.post(page, data=sent | {"commitment": str(made.pledges[1].id)}).status_code == 404, "not chosen"
    db.session.rollback()
    assert browse(town.official(department=town.department("도로과"))).post(page, data=sent).status_code == 403
    assert keeper.post(page, data=sent).status_code == 303 and count(ChangeVote) == 1
    votes = {"votes_for": "4", "votes_against": "1", "abstained": "1", "decided_on": str(today()), "text": "그렇게 해요."}
    for wrong, status in (({"votes_for": "5"}, 422), ({"votes_for": "1", "votes_against": "0"}, 409),
                          ({"decided_on": str(today() + timedelta(days=1))}, 422), ({"text": ""}, 422),
                          ({"votes_against": ""}, 422)):
        assert desk.post(f"{page}/1", data=votes | wrong).status_code == status, wrong
    assert keeper.post(f"{page}/1", data=votes).status_code == 403
    assert desk.post(f"{page}/1", data=votes).status_code == 303
    db.session.rollback()
    other, confirming = browse(made.second), f"{page}/1/confirmations"
    stale = {"seen": seen_by(other)}
    assert desk.post(f"{page}/1", data=votes | {"text": "그렇게 하기로 했어요."}).status_code == 303
    assert other.post(confirming, data=stale).status_code == 409, "noted anew since it was read"
    assert other.post(confirming).status_code == 409, "without what was read"
    sent = {"seen": seen_by(other)}
    assert desk.post(confirming, data=sent).status_code == 403, "by who noted them"
    db.session.rollback()
    assert other.post(confirming, data=sent).status_code == 303
    assert other.post(confirming, data=sent).status_code == 404
    assert desk.post(f"{page}/1", data=votes).status_code == 409
    db.session.rollback()
    vote = queries.change(made.evaluation.id, 1)
    assert (vote.approved, vote.voting, vote.decided_on) == (True, 6, today())
    assert "그렇게 하기로 했어요." in browse().get("/evaluations/pledges").text


@pytest.mark.both
def test_a_department_replies_with_an_outcome_by_two_and_its_milestone_is_a_commitment(town, browse):
    made = Evaluated(town)
    desk, page = browse(made.official), "/desk/evaluations/pledges/recommendations"
    office = min(made.keepers[0].department_ids())
    sent = {"text": "미룬 날은 그날 알릴 것", "made_on": str(today()), "commitments": f"{made.pledges[0].id}",
            "department": str(office), "version": "0"}
    for wrong in ({"commitments": ""}, {"commitments": "99999"}, {"department": "0"}, {"text": ""},
                  {"made_on": str(today() + timedelta(days=1))}, {"made_on": str(today() - timedelta(days=31))}):
        assert desk.post(page, data=sent | wrong).status_code == 422, wrong
    assert count(Recommendation) == count(Duty) == 0
    assert desk.post(page, data=sent).status_code == 303
    assert "미룬 날은 그날 알릴 것" not in browse().get("/evaluations/pledges").text and count(Duty) == 0
    second, confirming = browse(made.second), f"{page}/1/confirmations"
    typed = {"seen": seen_by(second)}
    assert desk.post(confirming, data=typed).status_code == 403
    assert second.post(confirming).status_code == 409, "without what was read"
    assert second.post(confirming, data=typed).status_code == 303
    assert second.post(confirming, data=typed).status_code in (404, 409) and count(Duty) == 1
    db.session.rollback()
    recommendation = db.session.scalars(sa.select(Recommendation)).one()
    duty = db.session.scalars(sa.select(Duty)).one()
    assert (duty.about, duty.department_id) == (Ref(RECOMMENDATION, recommendation.id), office)
    text = browse().get("/evaluations/pledges").text
    assert "미룬 날은 그날 알릴 것" in text and "까지 답하기로 했어요" in text
    clock.shift(40 * 24 * 3600)
    assert "일 늦었어요" in browse().get("/evaluations/pledges").text
    assert "미룬 날은 그날 알릴 것" in browse().get("/answers/late").text

    good = LaterText("미룬 날을 적으면 그날 알림이 가요.", outcome=ReplyOutcome.ADOPTED, document_number="청소과-2207",
                     milestone="미룬 날 알림", milestone_on=today() + timedelta(days=90))
    for wrong, field in (({"outcome": None}, "outcome"), ({"document_number": None}, "document_number"),
                         ({"milestone": None}, "milestone"), ({"milestone_on": None}, "milestone_on"),
                         ({"milestone_on": today() - timedelta(days=1)}, "milestone_on")):
        with pytest.raises(Refusal) as refused:
            later.APPROVAL.submit(duty.id, LaterText(**(vars(good) | wrong)), seen=0, by=made.keepers[0])
        assert refused.value.field == field
    keeper = browse(made.keepers[0])
    here = f"/desk/answers/duties/{duty.id}"
    typed = form_of(keeper, here) | {
        "text": good.text, "outcome": "adopted", "document_number": good.document_number, "milestone": good.milestone,
        "milestone_on": str(good.milestone_on), "do": "submit"}
    assert keeper.post(here, data=typed).status_code == 303
    db.session.rollback()
    with pytest.raises(Denied):
        later.APPROVAL.approve(duty.id, seen=1, by=made.keepers[0])
    later.APPROVAL.approve(duty.id, seen=1, by=made.keepers[1])
    text = browse().get("/evaluations/pledges").text
    assert "반영" in text and "청소과-2207" in text and "일 늦게" in text and "미룬 날 알림" in text
    promised = db.session.get_one(Commitment, made_of(RECOMMENDATION, recommendation.id))
    assert (promised.title, promised.due_on, promised.department_id) == (good.milestone, good.milestone_on, office)
    assert "미룬 날은 그날 알릴 것" in browse().get(f"/commitments/{promised.id}").text
    assert "평가단의 권고" in browse().get(f"/commitments/{made.pledges[0].id}").text

    answer = db.session.scalars(sa.select(LaterAnswer)).one()
    correction = f"/desk/answers/duties/corrections/{answer.id}"
    typed = form_of(keeper, correction) | {"outcome": "partly", "why": "절반만 할 수 있어요."}
    assert keeper.post(correction, data=typed).status_code == 303
    db.session.rollback()
    assert "일부" in browse(made.keepers[1]).get(here).text
    answer = db.session.scalars(sa.select(LaterAnswer)).one()
    later.APPROVAL.approve_correction(answer.id, seen=answer.correction["at"], by=made.keepers[1])
    db.session.rollback()
    answer = db.session.scalars(sa.select(LaterAnswer)).one()
    assert (answer.outcome, answer.milestone_on, answer.duty.ended_how) == (
        ReplyOutcome.PARTLY, good.milestone_on, DutyEnd.ANSWERED)
    assert [version.content["outcome"] for version in answer.versions] == ["adopted", "partly"]
    assert count(Commitment) == 3, "no second one by the correction"


def test_two_departments_ask_at_once_and_both_stand(town, app):
    made = Evaluated(town)
    pledges, keepers = [each.id for each in made.pledges], made.keepers
    answers = all_at_once(app, *(lambda pledge=pledge, by=by: services.ask_change("pledges", pledge, STOP, by=by).number
                                 for pledge, by in zip(pledges, keepers, strict=True)))
    assert sorted(answers) == [1, 2]
