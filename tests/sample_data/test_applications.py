"""Calls of the sample district: chosen, reserved and not as the text says, with exact means."""

from collections import Counter
from datetime import timedelta
from fractions import Fraction

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.bodies import queries as bodies
from civic_forum.calls.models import Call, CallApplication
from civic_forum.calls.rules import ApplicationState, CallStage
from civic_forum.courses import queries as courses
from civic_forum.courses.models import CourseCertificate
from civic_forum.draws import queries
from civic_forum.platform.base import db
from civic_forum.platform.i18n import today
from civic_forum.sample_data.people import read
from tests.factories import signed_in

LAB, VILLAGE, JURY, PRIZE, SEATS, COURSE, JUDGED = read("calls")


def applications(entry):
    return {application.title: application for application in db.session.scalars(
        sa.select(CallApplication).join(Call).where(Call.title == entry["title"]))}


def test_a_living_lab_is_decided_up_to_its_tie(district):
    made = applications(LAB)
    assert len(made) == 9
    for entry in LAB["applications"]:
        application = made[entry["title"]]
        state = (ApplicationState.OUT if "out" in entry else ApplicationState.CHOSEN if "won" in entry
                 else ApplicationState.NOT_CHOSEN)
        assert entry["key"] in LAB["equal"] or (application.state, application.won) == (state, entry.get("won"))
        if entry.get("mean"):
            mean = Fraction(application.mean_top, application.mean_bottom)
            assert round(float(mean), 2) == entry["mean"] and mean.denominator <= len(entry["scores"])
    equal = sorted((application for application in made.values() if application.lot_place),
                   key=lambda application: application.lot_place)
    assert [application.state for application in equal] == [ApplicationState.CHOSEN, ApplicationState.RESERVE]
    assert (equal[0].won, equal[1].reserve_place) == (equal[0].asked, 1)
    page = district.test_client().get(f"/draws/{equal[0].call.slug}").text
    assert "신청 2건의 순서를 추첨했어요" in page and equal[0].submission.number not in page


def test_thirty_three_groups_share_fifty_million(district):
    made, by_theme = applications(VILLAGE), {}
    for application in made.values():
        assert application.state is ApplicationState.CHOSEN
        number, won = by_theme.get(application.theme, (0, 0))
        by_theme[application.theme] = number + 1, won + application.won
    assert by_theme == {"이웃만들기": (21, 20_000_000), "공동체성장": (10, 25_000_000), "골목만들기": (2, 5_000_000)}


def test_a_prize_of_four_grades_is_awarded_by_points(district):
    by_key = {entry["key"]: entry["title"] for entry in read("proposals")}
    made = applications(PRIZE)
    for entry in PRIZE["applications"]:
        application = made[by_key[entry["proposal"]]]
        assert (application.prize, application.won, application.mean_top) == (
            entry.get("prize"), entry.get("won"), entry["mean"] * application.mean_bottom)
    assert sum(application.won or 0 for application in made.values()) == 2_200_000


def test_of_a_hundred_and_thirteen_fifty_are_drawn_and_sit_in_their_council(district):
    states = Counter(application.state for application in db.session.scalars(
        sa.select(CallApplication).join(Call).where(Call.title == SEATS["title"])))
    assert states == {ApplicationState.CHOSEN: 50, ApplicationState.NOT_CHOSEN: 53, ApplicationState.OUT: 9,
                      ApplicationState.WITHDRAWN: 1}
    draw = queries.last_of(db.session.scalars(sa.select(Call).filter_by(title=SEATS["title"])).one())
    assert [cell["lines"] for cell in draw.cells] == [1, 19, 15, 69] and draw.cells[0]["agreed"]
    assert [(len(lot["numbers"]), lot["empty"]) for lot in draw.drawn] == [(5, 0), (10, 0), (35, 0)]
    assert draw.counts | {"handed_in": 113, "listed": 104, "not_eligible": 9} == draw.counts
    page = district.test_client().get(f"/draws/{draw.call.slug}").text
    assert "104명 가운데 50명을 뽑았어요" in page and "예시 값이에요" in page and "스스로 물러났어요" in page
    assert "낸 신청 113건에서" in district.test_client().get(f"/calls/{draw.call.slug}/results").text
    seats = bodies.case(draw.call.filled_id).roster
    assert len(seats.sitting(today() + timedelta(days=SEATS["term"][0]))) == 50 and len(seats.sitting(today())) == 44


def test_results_say_nothing_of_those_who_were_not_chosen(district):
    site, stages = district.test_client(), {call.title: call for call in db.session.scalars(sa.select(Call))}
    page = site.get(f"/calls/{stages[LAB['title']].slug}/results").text
    for entry in LAB["applications"]:
        assert (entry["title"] in page) is ("won" in entry or entry["key"] in LAB["equal"])
    assert stages[JURY["title"]].stage is CallStage.OPEN and stages[JURY["title"]].slug in site.get("/calls").text


def test_a_course_of_six_hours_is_finished_by_three(district):
    made = applications(COURSE)
    came = courses.minutes([application.id for application in made.values()])
    assert sorted(came.values()) == [120, 240, 360, 360, 360]
    certificates = db.session.scalars(sa.select(CourseCertificate)).all()
    assert len(certificates) == len(COURSE["certified"])
    page = district.test_client().post("/certificates", data={"number": certificates[0].number})
    assert page.status_code == 200 and COURSE["title"] in page.text


def test_a_juror_who_can_sign_in_has_a_call_to_judge(district):
    juror = db.session.query(User).filter_by(sign_in_key="resident8").one()
    call, client = db.session.query(Call).filter_by(title=JUDGED["title"]).one(), district.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = signed_in(juror), True
    assert "신청서 열기" in client.get(f"/desk/calls/{call.slug}/scores").text
