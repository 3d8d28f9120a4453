"""Calls of the sample district: chosen, reserved and not as the text says, with exact means."""

from fractions import Fraction

import sqlalchemy as sa

from civic_forum.calls.models import Call, CallApplication
from civic_forum.calls.rules import ApplicationState, CallStage
from civic_forum.platform.base import db
from civic_forum.sample_data.people import read

LAB, VILLAGE, JURY, PRIZE = read("calls")


def applications(entry):
    return {application.title: application for application in db.session.scalars(
        sa.select(CallApplication).join(Call).where(Call.title == entry["title"]))}


def test_a_living_lab_is_decided_up_to_its_tie(district):
    made = applications(LAB)
    assert len(made) == 9
    for entry in LAB["applications"]:
        application = made[entry["title"]]
        state = (ApplicationState.OUT if "out" in entry else ApplicationState.RESERVE if "reserve_place" in entry
                 else ApplicationState.CHOSEN if "won" in entry else ApplicationState.NOT_CHOSEN)
        assert (application.state, application.won) == (state, entry.get("won"))
        if entry.get("mean"):
            mean = Fraction(application.mean_top, application.mean_bottom)
            assert round(float(mean), 2) == entry["mean"] and mean.denominator <= len(entry["scores"])
    assert sum(application.won or 0 for application in made.values()) == 60_000_000 - 8_300_000


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


def test_results_say_nothing_of_those_who_were_not_chosen(district):
    site, stages = district.test_client(), {call.title: call for call in db.session.scalars(sa.select(Call))}
    page = site.get(f"/calls/{stages[LAB['title']].slug}/results").text
    for entry in LAB["applications"]:
        assert (entry["title"] in page) is ("won" in entry or "reserve_place" in entry)
    assert stages[JURY["title"]].stage is CallStage.OPEN and stages[JURY["title"]].slug in site.get("/calls").text
