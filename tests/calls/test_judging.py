"""Applications on their way from the close to the results: steps, scores, release, decision, reserve."""

import re
from fractions import Fraction

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.accounts.personal_data import PERSONAL_DATA
from civic_forum.blocks.seats import SeatWay
from civic_forum.bodies.models import BodySeat, Membership
from civic_forum.calls.applying import services as applying
from civic_forum.calls.judging import queries, services
from civic_forum.calls.judging.rules import Proposed
from civic_forum.calls.models import CallJuror, CallScore
from civic_forum.calls.rules import APPLICATION, ApplicationState, Step, WhyNot
from civic_forum.commitments.models import Commitment
from civic_forum.commitments.queries.records import ledger, made_of
from civic_forum.commitments.rules import Status
from civic_forum.notifications.models import Notice
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from tests.factories import count, saved

from .making_judging import REASON, SINCE, Judged


@pytest.mark.both
def test_scores_are_released_by_two_after_the_last_day_and_decided_by_two(town, browse):
    made = Judged(town)
    slug, subject = made.call.slug, services.subject_of(made.call)
    best, second, third, poor, gone = (made.apply(title) for title in "가나다라마")
    owner = town.resident()
    away, out = made.apply("바", owner=owner), made.apply("사", owner=owner)
    services.note_step(slug, out, Step.COMPLETE, False, "동의서가 없어요.", by=made.official)
    with pytest.raises(Refusal):
        services.note_step(slug, gone, Step.COMPLETE, False, "", by=made.official)
    services.note_step(slug, gone, Step.COMPLETE, False, "동의서가 없어요.", by=made.official)
    made.scoring()
    assert count(CallJuror) == 2, "seats without a vote are no jury"
    for number, sums in ((best, (90, 89)), (second, (80, 71)), (third, (70, 70)), (poor, (30, 60))):
        made.score(number, *sums)
    made.score(best, 90, 89)
    sheet = browse(made.jury[0]).post(f"/desk/calls/{slug}/scores/{best}", data={"points_0": "61", "points_1": ""})
    assert (sheet.status_code, sheet.text.count('aria-invalid="true"'), count(CallScore)) == (422, 2, 8)
    with pytest.raises(Denied, match="마지막 날이 지난 뒤"):
        services.RELEASE.propose(subject, by=made.official)
    with pytest.raises(Denied, match="먼저 점수를"):
        services.propose_decision(slug, by=made.official)
    made.release()
    with pytest.raises(Denied):
        services.score(slug, best, (1, 1), "", by=made.jury[0])
    services.propose(slug, away, Proposed(reserve_place=1), REASON, by=made.official)
    pages = [browse(owner).get(f"/calls/{slug}/mine/{number}").text.replace(number, "") for number in (away, out)]
    assert "살펴보고 있어요" in pages[1] and pages[1].count("<form") == pages[0].count("<form")
    assert browse(owner).get(f"/calls/{slug}/apply/{out}").status_code == 200
    for number in (away, out):
        applying.withdraw(made.call, number, by=owner)
        withdrawn = made.state(number)
        assert (withdrawn.reason, withdrawn.reserve_place, withdrawn.why_not) == (None, None, None)
    assert made.state(second).mean == Fraction(151, 2)
    services.fill_by_rule(slug, by=made.official)
    with pytest.raises(Conflict, match="이유가 없어요"):
        services.propose_decision(slug, by=made.official)
    with pytest.raises(Refusal, match="까지예요"):
        services.propose(slug, best, Proposed(won=15_000_001), REASON, by=made.official)
    with pytest.raises(Refusal, match="2번까지예요"):
        services.propose(slug, best, Proposed(reserve_place=3), REASON, by=made.official)
    services.propose(slug, best, Proposed(won=10_000_000), REASON, by=made.official)
    services.propose(slug, second, Proposed(won=10_000_001), REASON, by=made.official)
    services.propose(slug, third, Proposed(reserve_place=1), REASON, by=made.official)
    with pytest.raises(Conflict, match="예산보다 1원 많아요"):
        services.propose_decision(slug, by=made.official)
    services.propose(slug, second, Proposed(won=9_000_000), REASON, by=made.official)
    services.propose_decision(slug, by=made.official)
    with pytest.raises(Denied, match="다른 사람이"):
        services.DECISION.confirm(subject, by=made.official)
    services.propose(slug, third, Proposed(reserve_place=1), "추첨 3번에서 첫째예요.", by=made.official)
    with pytest.raises(Conflict, match="바뀌었어요"):
        services.DECISION.confirm(subject, by=made.second)
    made.decide()
    states = {number: made.state(number).state.value for number in (best, second, third, poor, gone)}
    assert states == {best: "chosen", second: "chosen", third: "reserve", poor: "not_chosen", gone: "out"}
    assert made.state(poor).why_not is WhyNot.TOO_FEW_POINTS
    assert services.promise(slug, by=made.official) == 2
    assert services.give_way(slug, best, by=made.official) is False and made.state(best).state == "chosen"
    with pytest.raises(Conflict, match="이미 제안했어요"):
        services.give_way(slug, best, by=made.official)
    page = f"/desk/calls/{slug}/applications/{best}"
    assert "다른 담당자의 확인을 기다려요" in browse(made.official).get(page).text
    second_page = browse(made.second)
    assert "나도 확인했어요" in second_page.get(page).text
    assert second_page.post(f"{page}/withdrawal").status_code == 303
    moved = made.state(third)
    assert (moved.state, moved.won) == (ApplicationState.CHOSEN, 10_000_000), "as much as was asked, of what is left"
    assert services.promise(slug, by=made.official) == 0, "the next of the reserve was promised at once"
    heard = dict(db.session.execute(sa.select(Notice.user_id, Notice.step).where(Notice.about.like("call:%"))).all())
    assert {heard[made.state(number).submission.owner_id] for number in (second, poor, gone)} == {
        "call_chosen", "call_not_chosen", "call_out"}
    kept = [ledger(commitment.id) for commitment in db.session.scalars(sa.select(Commitment).order_by(Commitment.id))]
    assert [[step.weight for step in each.milestones] for each in kept] == [[20, 40, 40]] * 3
    assert [each.status for each in kept] == [Status.DROPPED, Status.ON_TRACK, Status.ON_TRACK]
    assert "뽑힌 쪽이 물러났어요." in browse().get(f"/commitments/{made_of(APPLICATION, made.state(best).id)}").text
    assert {heard[juror.id] for juror in made.jury} == {"scoring_begun"}
    leaving = made.state(second).submission.owner_id
    applying.withdraw(made.call, second, by=db.session.get(User, leaving))
    db.session.rollback()
    assert ledger(made_of(APPLICATION, made.state(second).id)).status is Status.DROPPED


@pytest.mark.both
def test_a_conflict_hides_and_a_late_one_takes_every_score_out(town, browse):
    deciding = town.official()
    made = Judged(town, jury=3)
    seat = db.session.query(BodySeat).filter_by(body_id=made.call.body_id, key="civil").one()
    saved(Membership(seat_id=seat.id, about_kind="body", user_id=deciding.id, serial=9, begins=SINCE, way=SeatWay.CALL,
                     consent=True))
    slug, here = made.call.slug, f"/desk/calls/{made.call.slug}/scores"
    own, early, late = (made.apply(title, owner=owner) for title, owner in (
        ("내 텃밭", made.jury[0]), ("빈집", None), ("골목", None)))
    services.pass_rest(slug, Step.COMPLETE, by=made.official)
    services.begin_scoring(slug, by=made.official)
    assert count(CallJuror) == 3, "an official of the department decides, and does not score"
    saved(CallJuror(about_id=made.call.id, user_id=deciding.id, serial=9, begins=SINCE,
                   way=SeatWay.APPOINTMENT, consent=False))
    assert browse(deciding).get(here).status_code == 403
    juror = browse(made.jury[0])
    assert "빈집" in juror.get(here).text and "내 텃밭" not in juror.get(here).text
    assert juror.get(f"{here}/{late}").status_code == 403, "before applications are opened"
    assert juror.post(f"{here}/{early}/conflicts", data={"conflict": "같은 모임이에요."}).status_code == 303
    assert "빈집" not in juror.get(here).text
    assert all(browse(each).post(here).status_code == 303 for each in made.jury)
    assert juror.get(f"{here}/{early}").status_code == juror.get(f"{here}/{own}").status_code == 403
    assert juror.post(f"{here}/{late}", data={"points_0": "61", "points_1": "0"}).status_code == 422
    assert juror.post(f"{here}/{late}", data={"points_0": "50", "points_1": "30"}).status_code == 303
    assert 'value="50"' in juror.get(f"{here}/{late}").text
    for number, jurors in ((own, made.jury[1:]), (early, made.jury[1:]), (late, made.jury[1:])):
        for each in jurors:
            services.score(slug, number, (60, 30), "", by=each)
    services.note_conflict(slug, late, "이웃이에요.", by=made.jury[1])
    noted = PERSONAL_DATA["call_juries"].collect(made.jury[1])
    assert (len(noted["call_scores"]), [each["reason"] for each in noted["call_conflicts"]]) == (3, ["이웃이에요."])
    made.release()
    assert [made.state(number).mean for number in (own, early, late)] == [90, 90, None]
    assert queries.late_and_others(made.call.id) == (1, 2)


def test_others_may_not_judge_and_leave_no_trace(town, browse):
    made = Judged(town)
    slug, stranger, number = made.call.slug, town.official(department=town.department("문화과")), made.apply("가")
    mine = made.apply("나", owner=made.official)
    assert browse(made.second).get(f"/desk/calls/{slug}/applications/{number}").status_code == 200
    for path in ("applications", f"applications/{number}", "decision"):
        assert browse(made.official).get(f"/desk/calls/{slug}/{path}").status_code == 403, "who applied looks no more"
    with pytest.raises(Denied, match="내가 신청한"):
        services.note_step(slug, number, Step.COMPLETE, True, "", by=made.official)
    with pytest.raises(Denied):
        services.note_step(slug, number, Step.COMPLETE, True, "", by=stranger)
    with pytest.raises(Conflict, match="아직 보지 않은"):
        services.begin_scoring(slug, by=made.second)
    assert made.state(mine).state is ApplicationState.RECEIVED
    for path in ("applications", f"applications/{number}", "decision", "scores", f"scores/{number}"):
        assert browse(stranger).get(f"/desk/calls/{slug}/{path}").status_code == 403
        assert browse(town.resident()).get(f"/desk/calls/{slug}/{path}").status_code == 403
    assert browse().get(f"/calls/{slug}/results").status_code == 404


@pytest.mark.both
def test_the_desk_leads_from_the_close_to_the_results(town, browse):
    made = Judged(town, jury=5)
    slug, owner = made.call.slug, town.resident()
    first, mine = made.apply("경로당 손잡이"), made.apply("텃밭", owner=owner)
    desk, second, list_ = browse(made.official), browse(made.second), f"/desk/calls/{slug}/applications"
    act = f"/desk/calls/{slug}/decision"
    page = desk.get(f"{list_}?step=complete&channel=online&q=손잡이").text
    assert "경로당 손잡이" in page and "텃밭" not in page and "같은 이름의 모임이 또 있어요" in page
    assert desk.post(list_, data={"chosen": [first, mine], "step": "complete", "passed": "passed"}).status_code == 303
    assert "봉인한 답</b>" in desk.post(f"{list_}/{first}/sealed").text
    assert f'href="{act}"' in desk.get(f"/desk/calls/{slug}").text
    assert desk.post(act, data={"act": "begin_scoring"}).status_code == 303
    assert f"/desk/calls/{slug}/scores" in browse(made.jury[0]).get(f"/calls/{slug}").text
    assert f"/desk/calls/{slug}/scores" not in browse(owner).get(f"/calls/{slug}").text
    for juror in made.jury:
        services.open_applications(slug, by=juror)
    made.score(first, 90, 80, 70, 60, 95)
    made.score(mine, 10, 20, 30, 40, 50)
    assert desk.post(act, data={"act": "release"}).status_code == 403
    clock.shift(2 * 24 * 3600)
    assert desk.post(act, data={"act": "release"}).status_code == 303
    assert "나도 확인했어요. 점수 열기" in second.get(act).text
    assert second.post(act, data={"act": "confirm_release", "seen": "00"}).status_code == 409
    seen = re.search('name="seen" value="(\\w+)"', second.get(act).text)[1]
    assert second.post(act, data={"act": "confirm_release", "seen": seen}).status_code == 303
    assert desk.post(act, data={"act": "fill"}).status_code == 303
    sent = {"result": "chosen", "won": "1,000,000", "result_reason": REASON}
    assert desk.post(f"{list_}/{first}/result", data=sent).status_code == 303
    for wrong in ({"result_reason": ""}, {"result": "draft"}, {"won": ""}):
        assert desk.post(f"{list_}/{first}/result", data=sent | wrong).status_code == 422
    assert desk.get(f"{list_}/%00").status_code == 404
    assert desk.post(list_, data={"chosen": "\0", "step": "complete", "passed": "passed"}).status_code == 422
    assert desk.post(act, data={"act": "propose"}).status_code == 303
    seen = re.search('name="seen" value="(\\w+)"', second.get(act).text)[1]
    assert second.post(act, data={"act": "confirm", "seen": seen}).status_code == 303
    page = browse().get(f"/calls/{slug}/results").text
    assert "경로당 손잡이" in page and "79.0" in page and made.jury[0].nickname in page
    assert "텃밭" not in page and "가장 낮은 점수에 못 미쳤어요 1건" in page
    assert "내 신청" in browse(owner).get(f"/calls/{slug}/results").text
    assert desk.post(act, data={"act": "promise"}).status_code == 303
    db.session.rollback()
    [made_of] = db.session.scalars(sa.select(Commitment.id))
    assert f"/calls/{slug}/results" in browse().get(f"/commitments/{made_of}").text
