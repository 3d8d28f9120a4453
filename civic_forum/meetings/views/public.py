"""A meeting, and all meetings of a body."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template

from civic_forum.attachments.models import Attachment
from civic_forum.blocks import about
from civic_forum.blocks.charts import Bar, Bars, Part, Share
from civic_forum.blocks.two_people import TwoPeople
from civic_forum.bodies import policy as body_policy
from civic_forum.bodies import queries as bodies
from civic_forum.bodies.models import Membership
from civic_forum.forums.extensions import FINISHED, OWN_PAGE
from civic_forum.forums.kinds import DECISION
from civic_forum.forums.minutes import queries as minutes
from civic_forum.forums.models import Forum
from civic_forum.forums.rules import Form
from civic_forum.platform import clock
from civic_forum.platform.i18n import _, local
from civic_forum.platform.web import visitor

from .. import labels, policy, queries, rules
from .. import minutes as minutes_of
from ..models import Meeting, MeetingItem
from ..queries import MeetingCase
from ..results.services import CORRECTIONS, corrected_as
from ..rules import Doubt, OpenPart
from ..signing.services import MINUTES, signed_as

bp = Blueprint("meetings", __name__, url_prefix="/bodies")


@dataclass(frozen=True)
class ItemView:
    """An item as its page shows it."""

    item: MeetingItem
    subject: about.Subject | None
    doubts: Sequence[Doubt]
    opinions: bool
    named: Sequence[tuple[str, str]]
    """Members and what they answered, or candidates and their votes."""
    papers: Sequence[str | Attachment]
    """Titles and files."""
    became: MeetingItem | None
    """Item of another meeting that followed from it."""
    origin: MeetingItem | None
    undoes: MeetingItem | None
    undone_by: MeetingItem | None
    seen: str | None
    """Fingerprint of its correction that this reader can confirm."""


@bp.get("/<slug>/meetings")
def show_list(slug: str):
    """Meetings of a body and of what belongs to it, the latest first."""
    actor, cases = visitor(), bodies.read_by(visitor(), slug)
    body = cases[0].body
    if body_policy.may_read(actor, cases[0]):
        return render_template("bodies/closed.html", body=body, labels=bodies.labels)
    meetings = queries.of_bodies(policy.bodies_open(actor, cases, OpenPart.NOTICE))
    return render_template("meetings/list.html", body=body, meetings=meetings, now=clock.now(),
                           shown=policy.bodies_open(actor, cases, OpenPart.RESULTS),
                           years=sorted({meeting.year for meeting in meetings}, reverse=True))


def of_forum(forum: Forum) -> Any:
    """A meeting at the address of its forum; None for another gathering."""
    case = queries.of_forum(forum, visitor()) if forum.form is Form.MEETING else None
    return None if case is None else _page(case)


def _page(case: MeetingCase) -> str:
    meeting, forum = case.meeting, case.meeting.forum
    related = queries.related(meeting.items) if case.results else []
    members = queries.named(meeting) if case.results else {}
    needed, held = meeting.needed or 0, meeting.last_on
    files = queries.files_of([meeting])
    decided = [number for item in meeting.items for number in item.decision_ids]
    views = [ItemView(item, about.subject(item.about), rules.doubts(item.facts, needed) if needed else [],
                      case.opinions_of(item), _named(case, item, members), [*item.papers, *files.get(item.files_id, ())]
                      if case.papers_of(item) else (), *_others(case.meeting, item, related),
                      _seen(case, CORRECTIONS, corrected_as(item.id), item.corrected))
             for item in meeting.items]
    first = latest = minutes.newest(forum.id)
    if latest and latest.version > 1:
        first = minutes.version(forum.id, 1)
    late = 0 if meeting.is_cancelled else rules.minutes_late(
        held, meeting.body.minutes_days, local(first.at).date() if first else None, local(clock.now()).date())
    keeps = policy.may_keep(visitor(), case.body) is None
    return render_template(
        "meetings/show.html", case=case, keeps=keeps,
        signs=_seen(case, MINUTES, signed_as(meeting.id), meeting.waits_for_signature),
        passes_on=_elsewhere(meeting) if keeps else None, meeting=meeting, forum=forum, items=views, labels=labels,
        attendance=_attendance(meeting) if case.results else None, quorum=_quorum(meeting),
        lost=rules.lost_at([item.facts for item in meeting.items], needed) if needed else None,
        minutes=latest if case.results else None, late=late,
        short=rules.days_short(meeting.noticed_on, held, meeting.body.notice_days) if meeting.noticed_on else 0,
        decided=sum(view.item.result in rules.DECIDED for view in views),
        sections=FINISHED.ask(forum) + about.SECTIONS.ask(DECISION.name, decided) if decided else [],
        presences=queries.presences(meeting.id) if case.inside else ())


def _seen(case: MeetingCase, acts: TwoPeople[Any], subject: str, waits: Any) -> str | None:
    """Fingerprint of the minutes, or of a correction, that this reader can confirm."""
    if not waits or policy.may_sign(visitor(), case.body) is not None:
        return None
    act = acts.pending(subject)
    return act.fingerprint.hex() if act and act.by_id != visitor().id else None


def _named(case: MeetingCase, item: MeetingItem, members: Mapping[int, Membership]) -> list[tuple[str, str]]:
    """By name where a member agreed to be named, and for the body itself; else by seat and number."""
    if not case.opinions_of(item):
        return []
    called = {key: member.called if case.inside else member.shown for key, member in members.items()}
    return [((key if case.inside else minutes_of.outsider(number)) if isinstance(key, str)
             else called[key] if called[key] != members[key].seat.title else f"{called[key]} {number}",
             minutes_of.entry_of(entry)) for key, entry, number in item.named or ()]


def _others(meeting: Meeting, item: MeetingItem, related: Sequence[MeetingItem]) -> tuple[MeetingItem | None, ...]:
    """Items that followed from this one, from which it came, that it undoes and that undo it; not those of meetings
    where not everybody reads results, unless of this body."""
    read = [other for other in related if other.meeting.body_id == meeting.body_id
            or OpenPart.RESULTS in rules.OPEN_PARTS[other.meeting.body.access]]
    return tuple(next(filter(is_it, read), None) for is_it in (
        lambda other: other.from_item_id == item.id, lambda other: other.id == item.from_item_id,
        lambda other: other.id == item.undoes_id, lambda other: other.undoes_id == item.id))


def _elsewhere(meeting: Meeting) -> dict[int, str]:
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
