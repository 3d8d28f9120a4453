"""Registrations of forums with the rest of the site. Each subject adds its own in a module beside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import ModuleType


from civic_forum.accounts.extensions import HOLDS, Holding
from civic_forum.accounts.personal_data import PERSONAL_DATA, PersonalData
from civic_forum.accounts.rules import WORKERS
from civic_forum.agendas.extensions import PAGE
from civic_forum.agendas.queries.detail import Detail as AgendaDetail
from civic_forum.blocks import sections
from civic_forum.blocks.about import SECTIONS
from civic_forum.blocks.extensions import HOME, LIVE, ME
from civic_forum.blocks.first_page import Current
from civic_forum.blocks.pages import MENU, Navigation
from civic_forum.district.extensions import Moving, OPEN_WORK
from civic_forum.district.rules import DistrictList
from civic_forum.opinions import extensions as asking
from civic_forum.platform import clock, countdown, hooks, jobs
from civic_forum.platform.base import store
from civic_forum.platform.i18n import _, _l, end_time, local, moment
from civic_forum.platform.waiting import DeskEntry, DeskWork, ENTRIES, WORK
from civic_forum.proposals.queries.detail import Detail as ProposalDetail
from civic_forum.polls import extensions as poll_pages
from civic_forum.proposals import extensions as proposal_pages
from civic_forum.proposals.events import StepReached
from civic_forum.proposals.rules import Owing
from civic_forum.search import operations as search

from . import labels, operations
from .events import ForumAnnounced, ForumEdited
from .journeys import add_step, end_calls
from .kinds import FORUM, PUBLIC
from .minutes import reactions as _minutes  # noqa: F401 (listens by being imported)
from .models import Forum, ForumCall, ForumDuty
from .rules import Stage
from .preparing import listing, queries
from .questions import own_data as voices_data
from .registration import own_data as registration_data
from .registration import services as registration
from .registration.rules import why_not_now
from .tables import notes
from .tables import own_data as tables_data
from .tables import queries as tables
from .tables.models import ForumTable, Note

KIND = FORUM.name


search.follow(PUBLIC, "forum_id", ForumAnnounced, ForumEdited)


@hooks.on(ForumAnnounced)
def tell_the_agenda(fact, session) -> None:
    """A public step in the life of its agenda and of every proposal that stands in it, or of its proposal."""
    forum = session.get_one(Forum, fact.forum_id)
    held = add_step(session, forum, "forum_announced", of_proposals="in_forum", at=forum.announced_at,
                    evidence=forum.title, link=f"/forums/{forum.slug}", once=f"forum:{forum.id}")
    end_calls(session, held, forum.announced_at)


@hooks.on(StepReached)
def call_for_forum(fact: StepReached, session) -> None:
    if fact.owing == Owing.FORUM:
        store(session, ForumCall(proposal_id=fact.proposal_id, step=fact.supports,
                                 due_on=local(clock.now()).date() + timedelta(days=fact.days)))


@dataclass(frozen=True)
class ForumSection:
    """Forums on a page of another feature."""

    template: str
    cards: list
    labels: ModuleType = labels
    heading: object = _l("이 내용으로 여는 자리")
    frame: str = "block"


MOST_CARDS = 9


def on_first_page(most: int = MOST_CARDS) -> list[Current]:
    """Live ones, and the next ones to come."""
    now = clock.now()
    return [_current(forum, now) for forum in listing.standing_out(most)]


def live() -> Current | None:
    """The first of those that run: they stand above others."""
    return next((card for card in on_first_page(1) if card.is_live), None)


def _current(forum: listing.StandingOut, now: datetime) -> Current:
    stage = forum.listed_as
    is_live, registered = stage is Stage.LIVE, (forum.came or {}).get("registered") or forum.registered
    act = _("참여 신청하기") if why_not_now(forum, now) is None else _("자세히 보기")
    return PUBLIC.current(
        forum, icon="talk", label=str(labels.STAGE[stage]), action=_("들어가기") if is_live else act, act="talk",
        is_live=is_live, is_open=is_live, until=forum.starts_at,
        left="" if is_live else countdown.days_left(forum.starts_at, now), figure=f"{registered:,}",
        figure_about=_("명 신청") if is_live else _(
            "/ %(places)s자리", places=f"{forum.on_site_places + forum.online_places:,}"),
        at=_("%(time)s까지", time=end_time(forum.ends_at)) if is_live and forum.ends_at > now else
        "" if is_live else moment(forum.starts_at, year=False))


def on_agenda(detail: AgendaDetail) -> ForumSection | None:
    cards = sections.kept(listing.of_agenda, detail.agenda.id)
    return ForumSection("forums/about.html", cards, heading=_l("이 의제로 여는 자리")) if cards else None


def on_proposal(detail: ProposalDetail) -> ForumSection | None:
    cards = listing.of_proposal(detail.proposal.id)
    return ForumSection("forums/about.html", cards, frame="panel") if cards else None


def on_poll(poll_id: int) -> ForumSection | None:
    return on_thing("poll", [poll_id])


def on_thing(kind: str, ids: Sequence[int]) -> ForumSection | None:
    cards = listing.of_things(kind, ids)
    return ForumSection("forums/about.html", cards) if cards else None


ENTRIES["forums"] = DeskEntry("forums.prepare", _l("공론장 준비하기"), "forum_desk.forums")
WORK["forums.called"] = DeskWork("forums.oversee", _l("공론장 열기"), queries.called, queries.called_lines)
WORK["forums.to_begin"] = DeskWork("forums.oversee", _l("그날 시작하기"), queries.to_begin,
                                              queries.to_begin_lines, within=queries.BEGINS_WITHIN)
MENU[KIND] = Navigation(_l("공론장"), "forums.show_list", 30, "gatherings")
def quoted_note(note_id: int) -> str | None:
    """Text of a note that everybody may read, for a consultation."""
    return next((text for _id, text, _table in tables.public_notes(Note.id == note_id)), None)


def quotable_notes(slug: str) -> list[asking.Note]:
    return [asking.Note(*row) for row in tables.public_notes(Forum.slug == slug)]


asking.NOTE.add(quoted_note)
asking.NOTES.add(quotable_notes)
HOME.add(on_first_page)
LIVE.add(live)
ME.add(registration_data.on_me)
HOLDS |= {
    "forum_duties": Holding(
        label=_l("공론장에서 맡은 일"), model=ForumDuty, column=ForumDuty.user_id, roles=WORKERS,
        is_open=(ForumDuty.forum_id.in_(queries.UNFINISHED),), move=operations.pass_on),
    "forum_tables": Holding(label=_l("공론장 모둠 진행"), model=ForumTable, column=ForumTable.host_id, roles=WORKERS,
                            is_open=(ForumTable.forum_id.in_(queries.UNFINISHED),)),
}
OPEN_WORK |= {
    "forums": Moving(label=_l("여는 공론장과 회의, 교육"), model=Forum, column=Forum.department_id,
                     is_open=(Forum.closed_at.is_(None),)),
    "visits": Moving(label=_l("그 동에서 여는 날"), model=Forum, column=Forum.neighbourhood_id,
                     list=DistrictList.NEIGHBOURHOODS, is_open=(Forum.closed_at.is_(None),))}
PAGE.add_section(on_agenda)
proposal_pages.ASIDE.add_section(on_proposal)
poll_pages.SUBJECT.add_section(on_poll)
SECTIONS.add(on_thing)
PERSONAL_DATA["forum_registrations"] = PersonalData(registration_data.collect, registration_data.erase)
PERSONAL_DATA["forum_voices"] = PersonalData(voices_data.collect, voices_data.erase)
jobs.keep_for("RETAIN_FORUM_NEEDS_DAYS", "needs of those who came to forums")(registration.forget_needs)
PERSONAL_DATA["forum_tables"] = PersonalData(tables_data.collect, tables_data.erase)
jobs.every(60, "conversations at tables of forums that are over")(notes.forget_conversations)
