"""A meeting, and all meetings of a body."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template

from civic_forum.blocks import about
from civic_forum.blocks.charts import Bar, Bars, Part, Share
from civic_forum.bodies import policy as body_policy
from civic_forum.bodies import queries as bodies
from civic_forum.bodies.models import Membership
from civic_forum.forums.extensions import FINISHED, OWN_PAGE
from civic_forum.forums.kinds import DECISION
from civic_forum.forums.minutes import queries as minutes
from civic_forum.forums.models import Forum
from civic_forum.forums.record import decisions
from civic_forum.forums.rules import Form
from civic_forum.platform import clock
from civic_forum.platform.i18n import _, local
from civic_forum.platform.web import visitor

from .. import labels, policy, queries, rules, services
from .. import minutes as minutes_of
from ..models import Meeting, MeetingItem
from ..queries import MeetingCase
from ..rules import Doubt, OpenPart

bp = Blueprint("meetings", __name__, url_prefix="/bodies")


@dataclass(frozen=True)
class ItemView:
    """An item as its page shows it."""

    item: MeetingItem
    subject: about.Subject | None
    doubts: Sequence[Doubt]
    became: MeetingItem | None
    """Item of another meeting that followed from it."""
    opinions: bool
    origin: MeetingItem | None
    undoes: MeetingItem | None
    undone_by: MeetingItem | None
    named: Sequence[tuple[str, str]]
    """Members and what they answered, or candidates and their votes."""


@bp.get("/<slug>/meetings")
def show_list(slug: str):
    """Meetings of a body and of what belongs to it, the latest first."""
    family = bodies.family(slug)
    cases = {case.body.id: case for case in (family.top, *family.below)}
    actor = visitor()
    meetings = [meeting for meeting in queries.of_bodies(list(cases))
                if policy.knows_of(actor, cases[meeting.body_id], meeting)]
    if body_policy.may_read(actor, family.top):
        return render_template("bodies/closed.html", body=family.top.body, labels=bodies.labels)
    decided = {meeting.id: sum(item.result in rules.DECIDED for item in meeting.items) for meeting in meetings
               if OpenPart.RESULTS in policy.parts_for(actor, cases[meeting.body_id], meeting)}
    return render_template("meetings/list.html", body=family.top.body, meetings=meetings, decided=decided,
                           years=sorted({meeting.year for meeting in meetings}, reverse=True))


def of_forum(forum: Forum) -> Any:
    """A meeting at the address of its forum; None for another gathering."""
    case = queries.of_forum(forum, visitor()) if forum.form is Form.MEETING else None
    return None if case is None else _page(case)


def _page(case: MeetingCase) -> str:
    meeting, forum = case.meeting, case.meeting.forum
    became = queries.forwarded([item.id for item in meeting.items]) if case.results else {}
    members = queries.named(meeting) if case.results else {}
    needed, held = meeting.needed or 0, meeting.last_on
    views = [ItemView(item, about.subject(item.about), rules.doubts(item.facts, needed) if needed else [],
                      _read(case, became.get(item.id)), case.opinions_of(item), *(
                          _read(case, other) for other in (item.origin, item.undoes, item.undone_by)),
                      _named(case, item, members)) for item in meeting.items]
    latest = minutes.standing(forum.id).latest
    late = 0 if meeting.is_cancelled else rules.minutes_late(
        held, meeting.body.minutes_days, local(latest.at).date() if latest else None, local(clock.now()).date())
    keeps = policy.may_keep(visitor(), case.body) is None
    return render_template(
        "meetings/show.html", case=case, keeps=keeps, signs=_signs(case), passes_on=_others(meeting) if keeps else None,
        meeting=meeting, forum=forum, items=views, labels=labels,
        attendance=_attendance(meeting) if case.results else None, quorum=_quorum(meeting),
        lost=rules.lost_at([item.facts for item in meeting.items], needed) if needed else None,
        minutes=latest if case.results else None, late=late,
        short=rules.days_short(meeting.noticed_on, held, meeting.body.notice_days) if meeting.noticed_on else 0,
        decided=sum(view.item.result in rules.DECIDED for view in views),
        sections=FINISHED.ask(forum) + about.SECTIONS.ask(DECISION.name, decisions.ids_of(forum.id)),
        presences=queries.presences(meeting.id) if case.inside else ())


def _signs(case: MeetingCase) -> str | None:
    """Fingerprint of the minutes that this reader can sign."""
    if not case.meeting.waits_for_signature or policy.may_sign(visitor(), case.body) is not None:
        return None
    act = services.MINUTES.pending(services.signed_as(case.meeting.id))
    return act.fingerprint.hex() if act and act.by_id != visitor().id else None


def _named(case: MeetingCase, item: MeetingItem, members: Mapping[int, Membership]) -> list[tuple[str, str]]:
    """By name where a member agreed to be named, and for the body itself; else by seat and number."""
    if not case.opinions_of(item):
        return []
    called = {key: member.called if case.inside else member.shown for key, member in members.items()}
    return [(called[key] if called[key] != members[key].seat.title else f"{called[key]} {number}",
             minutes_of.entry_of(entry)) for key, entry, number in item.named or ()]


def _read(case: MeetingCase, other: MeetingItem | None) -> MeetingItem | None:
    """An item of another meeting; None where not everybody reads results there, nor this reader of this body here."""
    if other is None or not case.results:
        return None
    body = other.meeting.body
    is_read = body.id == case.meeting.body_id or OpenPart.RESULTS in rules.OPEN_PARTS[body.access]
    return other if is_read else None


def _others(meeting: Meeting) -> dict[int, str]:
    """Bodies to which an item can be passed on."""
    return {number: name for number, name in bodies.names().items() if number != meeting.body_id}


def _attendance(meeting: Meeting) -> Share | None:
    counts = queries.attendance(meeting.id)
    return Share([Part(str(labels.ATTENDANCE[way]), count, _("%(count)s명", count=count), labels.ATTENDANCE_TONE[way])
                  for way, count in counts.items()]) if counts else None


def _quorum(meeting: Meeting) -> Bars | None:
    """Members with a vote at each item, with a line where they are enough."""
    counted = [item for item in meeting.items if item.present is not None]
    return Bars([Bar(_("안건 %(number)s", number=item.number), item.present, _("%(count)s명", count=item.present),
                     mark=meeting.needed) for item in counted], meeting.members) if counted and meeting.needed else None


OWN_PAGE.add(of_forum)
