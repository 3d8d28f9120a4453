"""Meetings of the sample district: meetings.json, announced and written down on its days by the services."""

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from civic_forum.blocks import kinds
from civic_forum.meetings import labels, services
from civic_forum.meetings.models import Meeting
from civic_forum.meetings.records import DecisionRecord, ItemRecord, MeetingRecord, Money
from civic_forum.meetings.rules import Attendance, Votes
from civic_forum.meetings.signing.services import MINUTES, signed_as
from civic_forum.platform.base import db
from civic_forum.platform.i18n import SEOUL, local

from .bodies import SampleBodies, read_bodies
from .people import DATA
from .timeline import TimelineEvent

if TYPE_CHECKING:
    from .steps import Script

AFTER_BODIES, NOON = 300_000, time(12)
"""At the same moment they come after bodies and memberships."""
THERE = {"현장": Attendance.ON_SITE, "온라인": Attendance.ONLINE}
THOUSAND = 1_000


def happenings(script: "Script") -> list[TimelineEvent]:
    acts = SampleMeetings(read_meetings(), script).acts()
    return [TimelineEvent(at, AFTER_BODIES + order, act) for order, (at, act) in enumerate(acts)]


def read_meetings() -> dict[str, Any]:
    return json.loads((DATA / "meetings.json").read_text("utf-8"))


class SampleMeetings:
    """Acts about meetings, and their moments."""

    def __init__(self, facts: dict[str, Any], script: "Script"):
        self.facts, self.script = facts, script
        self.bodies = SampleBodies(read_bodies(), script)
        self.today = local(script.loaded).date()

    def acts(self) -> Iterator[tuple[datetime, Any]]:
        for entry in self.facts["meetings"]:
            minutes, notice = entry["minutes"], entry.get("notice_again") or entry["notice_on"]
            if minutes:
                yield self._noon(minutes["published_on"]), partial(self._write, services.keep, entry)
            else:
                yield self._noon(notice), partial(self._write, services.give_notice, entry)

    def _write(self, write: Any, entry: dict[str, Any]) -> None:
        """Those whose minutes nobody wrote stay announced."""
        by = self.script.people.user("administrator")
        meeting = write(self.script.ids[f"body:{entry['body']}"], self._record(entry), by=by)
        self.script.ids[f"meeting:{entry['key']}"] = meeting.id
        if meeting.waits_for_signature:
            MINUTES.confirm(signed_as(meeting.id), by=self.bodies.official(entry["body"]))

    def _record(self, entry: dict[str, Any]) -> MeetingRecord:
        quorum, ids = entry["quorum"] or {}, self.script.ids
        seen = {ids[f"member:{presence['member']}"]: presence for presence in entry["presence"] or ()}
        elsewhere = {number: ids[f"meeting:{presence['at']}"] for number, presence in seen.items()
                     if presence["at"] and f"meeting:{presence['at']}" in ids}
        starts_at = self._moment(entry["starts_at"])
        return MeetingRecord(
            title=entry["title"].replace("올해", f"{local(starts_at).year}년"), place=entry["place"],
            starts_at=starts_at, ends_at=self._moment(entry["ends_at"]), number=entry["number"],
            noticed_on=self._day(entry["notice_on"]) if entry["minutes"] else None,
            items=[self._item(item, entry) for item in entry["items"]],
            came=[(name, numbers["came"], numbers["of"]) for name, numbers in (entry["came"] or {}).items()],
            guests=len(entry["guests"]), officials=entry["officials"], members=quorum.get("voting_seats_filled"),
            present={number: _attendance(presence) for number, presence in seen.items()}, elsewhere=elsewhere)

    def _item(self, item: dict[str, Any], entry: dict[str, Any]) -> ItemRecord:
        votes, money, quorum = item["votes"], item.get("money"), entry["quorum"] or {}
        later = quorum.get("later", {})
        is_later = bool(later) and later["before_item"] <= item["number"]
        return ItemRecord(
            kind=_of(labels.KIND, item["kind"]), title=item["title"], minutes=item["minutes"], papers=item["papers"],
            about=self._about(item["about"]), reported=item["reported"] or "", opinions=item["opinions"],
            result=_of(labels.RESULT, item["result"]) if item["result"] else None,
            votes=votes and Votes(votes["for"], votes["against"], votes["abstained"]),
            present=(later if is_later else quorum).get("voting_present"),
            money=money and Money(source=money["from_item"], target=money["to_item"], whole=money["of"] * THOUSAND,
                                  moved=money["moved"] * THOUSAND),
            decisions=[*self._decisions(item)], from_item_id=self._origin(item.get("forwarded_from")))

    def _decisions(self, item: dict[str, Any]) -> Iterator[DecisionRecord]:
        for decided in item.get("decisions", ()):
            due = (decided["next"] or {}).get("by")
            yield DecisionRecord(text=f"{decided['text']}: {decided['decision']}", due_on=due and self._day(due),
                                 department_id=self.script.ids[f"department:{decided['department']}"])
        if (follow := item["follow"]) and follow["kind"] == "duty":
            yield DecisionRecord(text=follow["text"], due_on=self._day(follow["by"]),
                                 department_id=self.script.ids[f"department:{follow['department']}"])

    def _about(self, about: dict[str, str] | None) -> tuple[str, str] | None:
        """Subject of an item, where the sample has it."""
        number = about and self.script.ids.get(f"{about['kind']}:{about['key']}")
        kind = kinds.find(about["kind"]) if about and number else None
        record = kind.record(number) if kind else None
        return (kind.name, str(getattr(record, "slug", None) or getattr(record, "number", number))) if record else None

    def _origin(self, origin: dict[str, Any] | None) -> int | None:
        meeting = db.session.get(Meeting, self.script.ids[f"meeting:{origin['meeting']}"]) if origin else None
        return meeting.items[origin["item"] - 1].id if meeting and origin else None

    def _moment(self, text: Any) -> datetime:
        if isinstance(text, str):
            return datetime.fromisoformat(text)
        return datetime.combine(self._day(text), time.fromisoformat(text["time"]), SEOUL)

    def _day(self, text: Any) -> date:
        return self.today + timedelta(days=text["in_days"]) if isinstance(text, dict) else date.fromisoformat(text)

    def _noon(self, text: Any) -> datetime:
        return datetime.combine(self._day(text), NOON, SEOUL)


def _attendance(presence: dict[str, Any]) -> Attendance:
    if presence["state"] == "다른 분과에 참석":
        return Attendance.ELSEWHERE
    return THERE[presence["how"]] if presence["state"] == "참석" else Attendance.ABSENT


def _of(names: Any, label: str) -> Any:
    """The member of an enum that is called so."""
    return next(member for member, name in names.items() if str(name) == label)
