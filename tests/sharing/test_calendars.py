"""Days of things for calendars: each with the same name for ever, at the right moment, whatever its title says."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from civic_forum.budgets.rules import Phase
from civic_forum.outcomes.rules import Progress
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import SEOUL, local
from civic_forum.proposals.rules import State
from tests.budgets.making import moved_to
from tests.factories import MAY
from tests.platform.calendars import events

from .things import made


def days(browse, path: str) -> dict[str, dict]:
    """Entries by the key at the end of their names."""
    answer = browse().get(f"{path}/calendar.ics")
    assert answer.status_code == 200 and answer.content_type == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    found = events(answer.data)
    assert all(one["UID"].endswith("@127.0.0.1:8000") for one in found)
    assert all(one["URL"].startswith("http://127.0.0.1:8000/") for one in found)
    return {one["UID"].partition("@")[0].partition("-")[2].partition("-")[2]: one for one in found}


def test_a_proposal_has_the_end_of_its_support(town, browse, at):
    at(MAY)
    ends = datetime(2030, 5, 21, tzinfo=SEOUL)  # as the last day is over
    proposal, path = made(town, "proposal", published_at=MAY, gathering_ends_at=ends, title="a;b,c\\d\nBEGIN:VEVENT")
    entry = days(browse, path)["support"]
    assert entry["DTSTART"] == date(2030, 5, 20) and entry["alarm"]
    assert entry["SUMMARY"] == "공감 마감: a;b,c\\d\nBEGIN:VEVENT"
    assert entry["UID"] == f"proposal-{proposal.id}-support@127.0.0.1:8000"
    assert entry["SEQUENCE"] == str(proposal.version)
    first = entry["UID"]
    proposal.version += 1
    proposal.gathering_ends_at = ends + timedelta(hours=6)
    db.session.commit()
    entry = days(browse, path)["support"]
    assert entry["UID"] == first and entry["SEQUENCE"] == str(proposal.version)
    assert entry["DTSTART"] == (ends + timedelta(hours=6)).astimezone(UTC)
    proposal.state = State.ANSWERED
    db.session.commit()
    assert browse().get(f"{path}/calendar.ics").status_code == 404  # nothing is to come


def test_a_poll_has_its_opening_and_its_close(town, browse):
    poll, path = made(town, "poll")
    found = days(browse, path)
    wanted = {"opening": poll.opens_at, "closing": poll.closes_at}
    assert found.keys() == {key for key, moment in wanted.items() if moment > clock.now()}
    for key, entry in found.items():
        start = entry["DTSTART"]
        assert start == wanted[key] or start == local(wanted[key] - timedelta(seconds=key == "closing")).date()
        assert entry["alarm"] == (key == "closing")


def test_a_round_has_its_phases_and_the_end_of_those_in_which_people_take_part(town, browse):
    budget_round, path = made(town, "budget_round")
    found = days(browse, path)
    to_come = {one.phase.value for one in budget_round.phases if one.starts_at > clock.now()}
    assert found.keys() == to_come | {"voting-end"}
    voting = next(one for one in budget_round.phases if one.phase is Phase.VOTING)
    end = local(voting.ends_at)
    assert found["voting-end"]["DTSTART"] == (
        voting.ends_at if end.time() != time() else end.date() - timedelta(days=1))
    assert found["voting-end"]["SUMMARY"].startswith("주민 투표 마감: ")
    moved_to(budget_round, Phase.CARRIED_OUT)
    assert browse().get(f"{path}/calendar.ics").status_code == 404


def test_a_project_has_the_vote_on_it(town, browse):
    _project, path = made(town, "project")
    assert days(browse, path).keys() == {"voting-end"}


def test_a_forum_has_itself_and_the_end_of_registering(town, browse):
    until = clock.now() + timedelta(days=1)
    forum, path = made(town, "forum", registration_to=until)
    found = days(browse, path)
    assert found.keys() == {"", "registration"}
    assert (found[""]["DTSTART"], found[""]["DTEND"], found[""]["LOCATION"]) == (
        forum.starts_at.replace(microsecond=0), forum.ends_at.replace(microsecond=0), forum.place)
    own = events(browse().get(f"/forums/{forum.slug}/calendar.ics").data)
    assert [one["UID"] for one in own] == [found[""]["UID"]]  # a calendar takes both for one


def test_an_outcome_has_the_promised_day_until_it_is_done(town, browse):
    outcome, path = made(town, "outcome")
    assert days(browse, path)["promise"]["DTSTART"] == outcome.promised_on
    outcome.progress = Progress.DONE
    db.session.commit()
    assert browse().get(f"{path}/calendar.ics").status_code == 404


@pytest.mark.parametrize("kind", ["agenda"])
def test_a_thing_without_days_has_no_file_and_no_link(town, browse, kind):
    _thing, path = made(town, kind)
    assert browse().get(f"{path}/calendar.ics").status_code == 404
    assert "calendar.ics" not in browse().get(path).text
