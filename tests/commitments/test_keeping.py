"""Commitments made of what was promised, and kept by two officials."""

from io import BytesIO

import pytest

from civic_forum.commitments.queries import records as queries
from civic_forum.commitments.rules import EntryKind, EntryState, Status
from civic_forum.commitments.services import entries as services
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from tests.attachments.making import png

from tests.common import today
from .making import MILESTONES, accepted, planned, reached, told


@pytest.mark.in_turns(of=5)
def test_its_progress_comes_of_milestones_with_evidence(town, pair):
    one = planned(accepted(town, *pair), *pair)
    assert one.progress == 0
    one = reached(one, "m1", *pair)
    assert one.progress == 40 and one.reached == 1
    with pytest.raises(Refusal):
        told(one, EntryKind.REACHED, {"milestone": "m2", "text": "", "link": "", "files": []}, *pair)
    with pytest.raises(Refusal):
        told(one, EntryKind.STATUS, {"status": "done", "why": "모두 했어요."}, *pair)
    one = told(one, EntryKind.WITHDRAWN, {"milestone": "m1", "why": "다른 곳 사진이었어요."}, *pair)
    assert one.progress == 0
    one = reached(reached(one, "m1", *pair), "m2", *pair)
    one = told(one, EntryKind.STATUS, {"status": "done", "why": "모두 놓았어요."}, *pair)
    assert one.progress == 100 and one.status is Status.DONE and one.done_on == today() and one.next_due_on is None


@pytest.mark.in_turns(of=5)
def test_nobody_approves_what_they_wrote(town, pair):
    first, second = pair
    one = accepted(town, *pair)
    one = told(one, EntryKind.MILESTONES, {"milestones": MILESTONES}, first)
    assert one.waiting == 1 and one.progress is None
    [entry] = queries.entries(one.id, EntryState.WAITING)
    with pytest.raises(Denied):
        services.approve(one.id, entry.number, seen=one.version, by=first)
    with pytest.raises(Denied):
        services.approve(one.id, entry.number, seen=one.version, by=town.official(department=town.department("도로과")))
    with pytest.raises(Conflict):
        services.approve(one.id, entry.number, seen=one.version - 1, by=second)
    services.send_back(one.id, entry.number, "날을 다시 정해 주세요.", by=second)
    assert queries.commitment(one.id).waiting == 0 and queries.ledger(one.id).milestones == ()


@pytest.mark.both
def test_pages_show_it(town, pair, browse):
    one = reached(planned(accepted(town, *pair), *pair), "m1", *pair)
    visitor, official = browse(), browse(pair[0])
    for address in ("/commitments", f"/commitments/{one.id}", "/commitments/calendar.ics", "/outcomes"):
        shown = visitor.get(address)
        assert shown.status_code == 200, address
    calendar = visitor.get("/commitments/calendar.ics").text
    assert calendar.startswith("BEGIN:VCALENDAR\r\n") and calendar.endswith("\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
    assert "\r\nDTSTART;VALUE=DATE:20310331\r\n" in calendar
    assert one.title in visitor.get("/commitments").text and "40%" in visitor.get(f"/commitments/{one.id}").text
    for act in ("facts", "milestones", "reached", "withdrawn", "slip", "status", "money", "shift", "targets", "quarter",
                "survey", "log"):
        shown = official.get(f"/desk/commitments/{one.id}/{act}")
        assert shown.status_code == 200, act
    for address in ("/desk/commitments", f"/desk/commitments/{one.id}", "/desk/commitments/new", "/desk",
                    "/me/commitments"):
        assert official.get(address).status_code == 200, address
    assert visitor.get(f"/desk/commitments/{one.id}").status_code in (302, 401, 403)


@pytest.mark.in_turns(of=5)
def test_files_of_an_entry_are_public_once_it_is_approved(town, pair, browse):
    one = planned(accepted(town, *pair), *pair)
    first, second = browse(pair[0]), browse(pair[1])
    stranger = browse(town.official(department=town.department("도로과")))

    def offered(title: str) -> tuple[int, str]:
        """Number of an entry that waits, and the address of its file."""
        first.post(f"/desk/commitments/{one.id}/reached", data={
            "seen": queries.commitment(one.id).version, "milestone": "m1", "text": title, "descriptions": "의자",
            "files": (BytesIO(png()), "chair.png")}, content_type="multipart/form-data")
        db.session.rollback()
        [entry] = queries.entries(one.id, EntryState.WAITING)
        return entry.number, f"/attachments/{entry.content['files'][0]}"

    def answered(file: str) -> list[int]:
        """Status for a visitor, an official of another department and one of the same."""
        found = []
        for reader in (browse(), stranger, second):
            with reader.get(file) as answer:
                found.append(answer.status_code)
        return found

    number, file = offered("얼굴이 보이는 사진이에요.")
    services.send_back(one.id, number, "얼굴을 가려 주세요.", by=pair[1])
    assert answered(file) == [404, 404, 200]
    number, file = offered("의자를 놓았어요.")
    assert answered(file) == [404, 404, 200]
    services.approve(one.id, number, seen=queries.commitment(one.id).version, by=pair[1])
    assert answered(file) == [200, 200, 200]
