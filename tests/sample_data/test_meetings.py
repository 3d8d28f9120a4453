"""Meetings of the sample district: every figure that the sources print, from the tables and from the pages."""

from collections import Counter

import pytest
import sqlalchemy as sa

from civic_forum.bodies.rules import BodyKind
from civic_forum.meetings import labels
from civic_forum.meetings.models import Meeting, Presence
from civic_forum.meetings.rules import Attendance
from civic_forum.platform.base import db
from civic_forum.sample_data.meetings import read_meetings

ENTRIES = read_meetings()["meetings"]
KEPT = [entry for entry in ENTRIES if entry["minutes"]]


def meeting_of(entry):
    year = entry["year"] if isinstance(entry["year"], int) else None
    return next(meeting for meeting in db.session.scalars(sa.select(Meeting).filter_by(number=entry["number"]))
                if meeting.body.slug == entry["body"] and year in (None, meeting.year) and (
                    year is not None or meeting.year > 2020))


def test_a_year_of_the_council_has_the_meetings_that_its_source_prints(district):
    kinds = Counter(meeting.body.kind for meeting in db.session.scalars(sa.select(Meeting).filter_by(year=2020)))
    printed = read_meetings()["printed"]["2020"]
    assert kinds == {BodyKind.COUNCIL: printed["정례회"], BodyKind.STEERING: printed["운영위원회"],
                     BodyKind.DIVISION: printed["분과회의"]}
    page = district.test_client().get("/bodies/cooperation-council/meetings").text
    assert "2020년 21번" in page


@pytest.mark.parametrize("entry", KEPT, ids=[entry["key"] for entry in KEPT])
def test_a_meeting_says_what_was_written_down(district, entry):
    meeting = meeting_of(entry)
    assert {name: {"came": came, "of": of} for name, came, of in meeting.came} == entry["came"]
    if quorum := entry["quorum"]:
        assert (meeting.members, meeting.needed) == (quorum["voting_seats_filled"], quorum["needed"])
        assert meeting.items[0].present == quorum["voting_present"]
    assert (len(meeting.items), meeting.guests) == (len(entry["items"]), len(entry["guests"]))
    counts = Counter(db.session.scalars(sa.select(Presence.attendance).filter_by(meeting_id=meeting.id)))
    states = Counter(presence["state"] for presence in entry["presence"] or ())
    assert counts[Attendance.ON_SITE] + counts[Attendance.ONLINE] == states["참석"]
    assert (counts[Attendance.ELSEWHERE], counts[Attendance.ABSENT]) == (states["다른 분과에 참석"], states["불참"])
    page = district.test_client().get(f"/forums/{meeting.forum.slug}").text
    for item, written in zip(meeting.items, entry["items"], strict=True):
        assert [*item.opinions] == written["opinions"] and str(labels.RESULT[item.result]) == written["result"]
        assert all(opinion in page for opinion in item.opinions) and written["title"] in page
        if votes := written["votes"]:
            assert (item.yes, item.no, item.abstained) == (votes["for"], votes["against"], votes["abstained"])


def test_a_page_says_all_that_went_wrong(district):
    visitor = district.test_client()
    lost = next(entry for entry in ENTRIES if any(item.get("quorum_lost") for item in entry["items"]))
    assert "안건 3 앞에서 정족수를 잃었어요" in visitor.get(f"/forums/{meeting_of(lost).forum.slug}").text
    late = next(entry for entry in ENTRIES if "5일을 넘긴" in entry.get("note", ""))
    assert "7일 늦었어요" in visitor.get(f"/forums/{meeting_of(late).forum.slug}").text
    changed = next(entry for entry in ENTRIES if any(item.get("money") for item in entry["items"]))
    page = visitor.get(f"/forums/{meeting_of(changed).forum.slug}").text
    assert "1,650만 원" in page and "750만 원" in page
    passed = next(entry for entry in KEPT if any(item.get("forwarded_to") for item in entry["items"]))
    assert "넘겼어요:" in visitor.get(f"/forums/{meeting_of(passed).forum.slug}").text
