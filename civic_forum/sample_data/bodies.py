"""Bodies of the sample district: bodies.json, made and filled on its days by the services."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from civic_forum.accounts.models import User
from civic_forum.blocks.seats import ALL, SeatSide, VOTING
from civic_forum.bodies import labels, services
from civic_forum.bodies.models import MemberChange, Membership
from civic_forum.bodies.parts import Appointment, BodyFacts, SeatFacts
from civic_forum.bodies.rules import QuorumShare
from civic_forum.platform.i18n import SEOUL, local

from .people import DATA, read
from .timeline import TimelineEvent

if TYPE_CHECKING:
    from .steps import Script

OPENED = datetime.fromisoformat("2019-12-02T12:00:00+09:00")
AFTER_ALL, NOON = 200_000, time(12)
"""At the same moment they come after everything else."""
SHARES = {"절반": QuorumShare.MORE_THAN_HALF, "3분의 1": QuorumShare.MORE_THAN_A_THIRD,
          "3분의 2": QuorumShare.MORE_THAN_TWO_THIRDS}
COUNTED = {"표결권이 있는 자리의 위원": VOTING, "민간위원": "civil", "운영위원": VOTING}
SIDES = {"공동의장": SeatSide.CIVIL, "분과장": SeatSide.CIVIL, "협치조정관": SeatSide.OFFICE}
"""Sides of kinds of seats that are not called by it."""
MEMBERS = ("민간", "확대", "주민", "전문가")
"""Kinds of seats whose holders are called members."""
COUNCIL = ("cooperation-council", "cc-")
UNDECIDED = "ra-siheung5"
"""Body of which a change of members waits."""
STEERING, HELD_BY = "cc-steering", {"공동의장": "co-chair", "분과장": "heads", "협치조정관": "coordinator"}
"""Functions whose holders sit there, as its rules say."""


def happenings(script: "Script") -> list[TimelineEvent]:
    facts = read_bodies()
    acts = [(max(OPENED, at), act) for at, act in SampleBodies(facts, script).acts()]
    return [TimelineEvent(at, AFTER_ALL + order, act) for order, (at, act) in enumerate(acts)]


def read_bodies() -> dict[str, Any]:
    return json.loads((DATA / "bodies.json").read_text("utf-8"))


class SampleBodies:
    """Acts on bodies, each with its moment."""

    def __init__(self, facts: dict[str, Any], script: "Script"):
        self.facts, self.script = facts, script
        self.today = local(script.loaded).date()
        self.ids: dict[str, int] = {}
        self.officials = {role["department"]: entry["name"] for entry in read("people") for role in entry["roles"]
                          if role.get("department")}
        last: dict[tuple[str, str], date] = defaultdict(lambda: date.min)
        for entry in facts["memberships"]:
            term = entry["body"], entry["term"]
            last[term] = max(last[term], self._day(entry["until"]))
        self.last = last

    def acts(self) -> Iterator[tuple[datetime, Any]]:
        for entry in self.facts["bodies"]:
            yield self._noon(self._day(entry["begins"])), partial(self._make, entry)
        memberships = [*self.facts["memberships"], *self._steering()]
        for body, entries in groupby(sorted(memberships, key=itemgetter("body")), key=itemgetter("body")):
            for begins, group in groupby(entries, key=lambda entry: self._day(entry["from"])):
                yield self._noon(begins), partial(self._appoint, body, list(group))

        for entry in self.facts["memberships"]:
            if entry["left"]:
                yield self._noon(self._day(entry["left"]["on"])), partial(self._end, entry)

        yield self._noon(self.today - timedelta(days=1)), self._propose

    def _steering(self) -> Iterator[dict[str, Any]]:
        for entry in self.facts["memberships"]:
            seat = HELD_BY.get(entry["function"] or entry["title"])
            if seat and entry["body"].startswith(COUNCIL):
                yield entry | {"body": STEERING, "seat": seat, "came_by": "직위"}

    def _make(self, entry: dict[str, Any]) -> None:
        by, quorum = self.script.people.user("administrator"), entry["quorum"]
        place, ends = entry["neighbourhood"], entry["ends"]
        body = services.make(BodyFacts(
            name=entry["name"], kind=_of(labels.KIND, entry["kind"]), parent_id=self.ids.get(entry["parent"]),
            neighbourhood_id=place and self.script.ids[f"neighbourhood:{place}"],
            department_id=self.script.ids[f"department:{entry['department']}"], mandate=entry["mandate"],
            basis=entry["basis"]["text"], access=_of(labels.ACCESS, entry["access"]),
            access_reason=entry["access_reason"], term_months=entry["term_months"], notice_days=entry["notice_days"],
            minutes_days=entry["minutes_days"], quorum_share=SHARES[quorum["more_than"]],
            quorum_of=COUNTED.get(quorum["of"], ALL), begins=self._day(entry["begins"]),
            ends=ends and self._day(ends)), entry["slug"], by=by)
        self.ids[entry["slug"]] = self.script.ids[f"body:{entry['slug']}"] = body.id
        for seat in entry["seats"]:
            kind = seat["kind"]
            services.add_seats(body.id, seat["key"], SeatFacts(
                name=f"{kind} 위원" if kind in MEMBERS else kind, number=seat["number"], votes=seat["votes"],
                side=SIDES[kind] if kind in SIDES else _of(labels.SIDE, kind), way=_of(labels.WAY, seat["filled_by"]),
                at_most=seat.get("at_most", False)), by=by)

    def _appoint(self, body: str, entries: list[dict[str, Any]]) -> None:
        by = self.script.people.user("administrator")
        for entry in entries:
            left, user, function = entry["left"], entry["user"], entry["function"]
            name = None if left and left.get("name_removed") else entry["title"] or entry["name"]
            change = services.appoint(self.ids[body], Appointment(
                seat=entry["seat"], sign_in_name=user or "", name=name or "", consent=entry["consent"],
                function=function and _of(labels.FUNCTION, function), way=_of(labels.WAY, entry["came_by"]),
                begins=self._day(entry["from"]), until=self.last[entry["body"], entry["term"]] if left
                else self._day(entry["until"])), by=by)
            membership = self._approve(body, change)
            if user and entry["consent"]:
                services.consent(membership.id, True, by=self.script.people.user(user))
            self.ids[entry["key"]] = self.script.ids[f"member:{entry['key']}"] = membership.id

    def _end(self, entry: dict[str, Any]) -> None:
        self._approve(entry["body"], services.end(
            self.ids[entry["key"]], self._day(entry["left"]["on"]), entry["left"]["why"],
            by=self.script.people.user("administrator")))

    def _propose(self) -> None:
        """Somebody new, on whom the department has not decided yet."""
        term = next(entry for entry in self.facts["memberships"] if entry["body"] == UNDECIDED and not entry["left"])
        services.appoint(self.ids[UNDECIDED], Appointment(
            seat=term["seat"], way=_of(labels.WAY, term["came_by"]), begins=self.today,
            until=self._day(term["until"])), by=self.script.people.user("administrator"))

    def _approve(self, body: str, change: MemberChange) -> Membership:
        return services.approve(change.id, by=self.official(body))

    def official(self, body: str) -> User:
        """Of the department that looks after a body."""
        department = next(entry["department"] for entry in self.facts["bodies"] if entry["slug"] == body)
        return self.script.people.user(self.officials[department])

    def _day(self, text: Any) -> date:
        return self.today + timedelta(days=text["in_days"]) if isinstance(text, dict) else date.fromisoformat(text)

    def _noon(self, day: date) -> datetime:
        return datetime.combine(day, NOON, SEOUL)


def _of(names: Any, label: str) -> Any:
    """The member of an enum that is called so."""
    return next(member for member, name in names.items() if str(name) == label)
