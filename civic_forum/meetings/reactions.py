"""Registrations of meetings with the rest of the site."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any


from civic_forum.accounts.beside import BESIDE_USER
from civic_forum.agendas import extensions as agendas
from civic_forum.agendas.queries.detail import Detail as AgendaDetail
from civic_forum.blocks import about, kinds
from civic_forum.blocks.extensions import ME
from civic_forum.blocks.kinds import Decidable
from civic_forum.bodies import extensions as bodies
from civic_forum.bodies.events import BodyEdited
from civic_forum.bodies.extensions import Due
from civic_forum.bodies.queries import BodyCase, Family
from civic_forum.forums import extensions as forums
from civic_forum.forums.kinds import DECISION, FORUM
from civic_forum.forums.models import Forum
from civic_forum.forums.rules import Form
from civic_forum.journeys import operations as journeys
from civic_forum.opinions.kinds import CONSULTATION
from civic_forum.platform import clock, hooks
from civic_forum.platform.i18n import _, _l, day
from civic_forum.platform.waiting import WORK, DeskLine, DeskWork, Waiting
from civic_forum.platform.web import visitor
from civic_forum.polls import extensions as polls
from civic_forum.proposals import extensions as proposal_pages
from civic_forum.proposals.queries import records as proposals
from civic_forum.proposals.queries.detail import Detail as ProposalDetail
from civic_forum.search import operations as search

from . import labels, queries, rules
from . import sheets  # noqa: F401 (it registers itself)
from .events import MeetingKept, ResultCorrected
from .models import Meeting, MeetingItem
from .policy import bodies_open, may_choose, may_keep
from .rules import OpenPart


@dataclass(frozen=True)
class MeetingsSection:
    """The next meeting of a body, and what it decided at last."""

    template: str
    known: Any
    """As `queries.total_and_next`."""
    decided: Sequence[Any]
    labels: ModuleType = labels


def on_body(family: Family) -> MeetingsSection | None:
    """None where everybody may not know of its meetings, or there was none."""
    cases = (family.top, *family.below)
    known = queries.total_and_next(bodies_open(visitor(), cases, OpenPart.NOTICE))
    if not known.total and may_keep(visitor(), family.top):
        return None
    decided = queries.decided(bodies_open(visitor(), cases, OpenPart.RESULTS)) if known.total else ()
    return MeetingsSection("meetings/on_body.html", known, decided)


def due(case: BodyCase) -> list[Due]:
    """Meetings to be written down, and matters that wait for the next one."""
    here, meetings = f"/desk/bodies/{case.body.slug}/meetings", queries.not_kept(case.body.id)
    to_do = [Due(_("기록할 회의: %(title)s", title=meeting.forum.title),
                 f"{here}/{'written' if meeting.written else 'record'}?meeting={meeting.id}",
                 rules.minutes_due(meeting.last_on, case.body.minutes_days))
             for meeting in meetings if not meeting.is_coming]
    to_do += [Due(_("회의록 확인하기: %(title)s", title=meeting.forum.title), f"/forums/{meeting.forum.slug}#minutes",
                  rules.minutes_due(meeting.last_on, case.body.minutes_days))
              for meeting in queries.unsigned([case.body.id], visitor().id)]
    to_do += [Due(_("회의록 고치기: %(title)s", title=meeting.forum.title),
                  f"/desk/bodies/meetings/{meeting.id}/minutes/text",
                  rules.minutes_due(meeting.last_on, case.body.minutes_days))
              for meeting in queries.sent_back([case.body.id])]
    to_do += [Due(_("고친 결과 확인하기: %(title)s", title=item.title),
                  f"/forums/{item.meeting.forum.slug}#item-{item.number}") for item in queries.corrected(case.body.id)]
    if waiting := queries.waiting(case.body.id):
        to_do.append(Due(_("다음 회의에 올릴 안건 %(count)s개", count=len(waiting)), f"{here}/notice"))
    return to_do


def lines(waits: list[Waiting]) -> list[DeskLine]:
    """Minutes that wait for a second person."""
    return [DeskLine(f"/forums/{wait.ref}#minutes", wait.title or "") for wait in waits]


def on_me(user: Any) -> dict[str, Any] | None:
    """For those who have or had a seat; it costs no statement."""
    return {"label": _("내 회의"), "url": "/me/meetings"} if user.beside.get(SEATS) else None


@dataclass(frozen=True)
class PutSection:
    """Way to put a thing on the next meeting of a body, for those who may."""

    template: str
    subjects: Sequence[tuple[str, str]]
    """`poll:slug`, and its title where the page has several."""
    frame: str = "block"


def _put(subject: str, frame: str = "block") -> PutSection | None:
    """None for everybody else; it costs no statement."""
    return PutSection("meetings/put.html", [(subject, "")], frame) if may_choose(visitor()) is None else None


def on_agenda(detail: AgendaDetail) -> PutSection | None:
    return _put(f"agenda:{detail.agenda.slug}")


def on_proposal(detail: ProposalDetail) -> PutSection | None:
    """Of one that has reached its threshold."""
    proposal = detail.proposal
    reached = proposal.threshold_reached_at is not None
    return _put(f"proposal:{proposal.number}", "panel") if reached else None


def on_poll(slug: str) -> PutSection | None:
    return _put(f"poll:{slug}")


def on_thing(kind: str, ids: Sequence[int]) -> PutSection | None:
    """Of a consultation, and of each decision of a gathering that is over."""
    if kind not in (CONSULTATION.name, DECISION.name) or may_choose(visitor()) is not None:
        return None
    of, records = kinds.of(kind), queries.records(kind, ids)
    subjects = [(f"{kind}:{about.name_of(of.ref(record))}", "" if kind == CONSULTATION.name else of.title(record))
                for record in records]
    return PutSection("meetings/put.html", subjects) if subjects else None


def reads(actor: Any, forum: Forum) -> bool | None:
    """True if somebody reads of a closed meeting; None for what is no meeting of a body."""
    case = queries.of_forum(forum, actor)
    return None if case is None else OpenPart.NOTICE in case.parts


def way(forum: Forum) -> list[tuple[str, str]] | None:
    body = queries.body_of(forum.id) if forum.form is Form.MEETING else None
    return body and [(_("회의와 위원회"), "/bodies"), (body.title, f"/bodies/{body.slug}")]


@hooks.on(BodyEdited)
def close_meetings(fact: BodyEdited, session: Any) -> None:
    """Meetings of a body that is closed now are closed as well, also those that everybody knew."""
    for meeting in queries.to_close(fact.body_id):
        meeting.forum.is_closed, meeting.forum.announced_at = True, None
        for item in meeting.items:
            for known in filter(None, (item, item.undoes)):
                for journey_id in _journeys(session, known):
                    for number in range(len(item.earlier) + 1):
                        journeys.take_back(session, journey_id, _once(item, number))
        search.remove(session, FORUM.name, meeting.forum_id)


@hooks.on(MeetingKept)
def say_in_journeys(fact: MeetingKept, session: Any) -> None:
    """A public step of everything that its items are about and that everybody may read of."""
    meeting = session.get_one(Meeting, fact.meeting_id)
    if meeting.forum.announced_at is None:
        return
    for item in meeting.items:
        result, earlier = labels.RESULT[item.result] if item.result else labels.KIND[item.kind], item.undoes
        known = [item]
        if earlier is not None and earlier.meeting.forum.announced_at is not None:
            known.append(earlier)
            changed = _("%(day)s 회의에서 정한 것을 바꿨어요.", day=day(earlier.meeting.starts_on))
            result = f"{result}. {changed}"
        for journey_id in {journey for each in known for journey in _journeys(session, each)}:
            journeys.add(session, journey_id, "in_meeting", at=meeting.forum.ends_at,
                         evidence=f"{meeting.forum.title}: {result}", once=_once(item),
                         link=f"/forums/{meeting.forum.slug}#item-{item.number}")


@hooks.on(ResultCorrected)
def say_corrected(fact: ResultCorrected, session: Any) -> None:
    """A public step with both results; also where the decision that it undid stands again."""
    item = session.get_one(MeetingItem, fact.item_id)
    meeting, undid = item.meeting, fact.undid_id and session.get_one(MeetingItem, fact.undid_id)
    if meeting.forum.announced_at is None:
        return
    words = _("고침: %(before)s → %(now)s", before=labels.RESULT.get(item.earlier[-1]["result"], "-"),
              now=labels.RESULT[item.result])
    for journey_id in {journey for each in (item, undid) if each for journey in _journeys(session, each)}:
        journeys.add(session, journey_id, "in_meeting", at=clock.now(), evidence=f"{meeting.forum.title}: {words}",
                     once=_once(item, len(item.earlier)), link=f"/forums/{meeting.forum.slug}#item-{item.number}")


def _once(item: MeetingItem, corrected: int = 0) -> str:
    once = f"meeting_item:{item.meeting_id}:{item.number}"
    return f"{once}:{corrected}" if corrected else once


def _journeys(session: Any, item: MeetingItem) -> Sequence[int]:
    """Of what an item is about, or of its proposals: who supports these hears of it once."""
    kind = kinds.find(item.about_kind) if item.about_kind else None
    decides = kind.get(Decidable) if kind else None
    if decides is None or item.about_id is None:
        return ()
    numbers = sorted(session.scalars(decides.proposals(item.about_id)))
    own = decides.journeys(decides.locked(item.about_id))
    return own or [journey for number in numbers if (journey := proposals.locked(number).journey_id)]


bodies.PAGE.add_section(on_body)
bodies.DUE.add(due)
ME.add(on_me)
SEATS = "seats"
BESIDE_USER[SEATS] = queries.seats_of
agendas.PAGE.add_section(on_agenda)
proposal_pages.ASIDE.add_section(on_proposal)
polls.OWN.add_section(on_poll)
about.SECTIONS.add(on_thing)
forums.READERS.add(reads)
forums.WAY.add(way)
forums.LISTED_ELSEWHERE.add(queries.is_of_body)
WORK["meetings.minutes"] = DeskWork("meetings.sign", _l("회의록 확인하기"), queries.to_sign, lines,
                                    within=rules.SIGNED_WITHIN)
