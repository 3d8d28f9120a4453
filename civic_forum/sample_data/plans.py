"""Plans of the sample district with their versions: plan_versions.json, as rows, for they happened elsewhere."""

from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from civic_forum.blocks.kinds import Ref
from civic_forum.commitments.importing import SOURCES
from civic_forum.commitments.rules import Unit
from civic_forum.meetings.models import MeetingItem
from civic_forum.plans.events import PlanShown
from civic_forum.plans.importing import YEARS
from civic_forum.plans.models import Plan, PlanAction, PlanVersion
from civic_forum.plans.rules import PlanKind, VersionState
from civic_forum.platform.work import use_case

from .calls import Entry
from .people import read
from .timeline import TimelineEvent

if TYPE_CHECKING:
    from .steps import Script

AFTER_ALL = 900_000


def happenings(script: "Script") -> list[TimelineEvent]:
    return [TimelineEvent(script.loaded - timedelta(minutes=1), AFTER_ALL + order, partial(_write, entry, script))
            for order, entry in enumerate(read("plan_versions"))]


def _write(entry: Entry, script: "Script") -> None:
    """The plan that promises may have begun already, with all its versions."""
    ids, year = script.ids if entry["department"] else {}, entry["year"]
    with use_case(None) as work:
        plan = work.session.scalar(sa.select(Plan).filter_by(slug=entry["slug"])) or Plan(slug=entry["slug"])
        plan.kind, plan.title, plan.year, plan.unit = PlanKind(entry["kind"]), entry["title"], year, Unit.THOUSAND
        plan.department_id = ids.get(f"department:{entry['department']}")
        plan.body_id = ids.get(f"body:{entry['body']}")
        plan.neighbourhood_id = ids.get(f"neighbourhood:{entry['neighbourhood']}")
        plan.public_at = plan.public_at or work.at
        plan.versions = [_version(version, number, year, ids, plan.public_at) for number, version in enumerate(
            entry["versions"], 1)]
        for version, facts in zip(plan.versions, entry["versions"], strict=True):
            version.about = _decided(facts["meeting_item"], ids, work.session)
        work.store(plan)
        work.emit(PlanShown(plan.id))


def _decided(key: str | None, ids: dict[str, int], session: Any) -> Ref | None:
    """`cc-2020-1/4` is the fourth item of that meeting."""
    meeting, _slash, number = (key or "").partition("/")
    item = session.scalar(sa.select(MeetingItem.id).filter_by(
        meeting_id=ids.get(f"meeting:{meeting}"), number=int(number))) if key else None
    return Ref("meeting_item", item) if item else None


def _version(entry: Entry, number: int, year: int, ids: dict[str, int], at: datetime) -> PlanVersion:
    on = date.fromisoformat(entry["on"]) if entry["on"] else None
    actions = [_action(place, action, ids) for place, action in enumerate(entry["actions"], 1)]
    return PlanVersion(
        number=number, label=entry["label"], state=VersionState(entry["state"]), asked_at=at, decided_on=on,
        sent_on=on if entry["document"] else None, document=entry["document"],
        in_force_on=on if entry["state"] == VersionState.IN_FORCE else None, actions=actions, count=len(actions),
        printed=entry["printed"] and entry["printed"] * Unit.THOUSAND.won,
        total=sum(line[3] for action in actions for line in action.money if line[0] == year))


def _action(number: int, entry: list[Any], ids: dict[str, int]) -> PlanAction:
    key, section, title, need, department, body, place, begins, ends, why, money, polls = entry
    return PlanAction(
        key=key, number=number, section=section, title=title, need=need, lead=department, begins=begins, ends=ends,
        department_id=ids.get(f"department:{department}"), body_id=ids.get(f"body:{body}"), why_changed=why,
        neighbourhood_id=ids.get(f"neighbourhood:{place}"),
        money=[[YEARS.get(year, year), SOURCES[source], "사업비", amount * Unit.THOUSAND.won]
               for year, source, amount in money],
        origin=[f"poll:{ids[f'poll:{poll}']}" for poll in polls if f"poll:{poll}" in ids])
