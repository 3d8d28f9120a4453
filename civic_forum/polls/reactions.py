"""Registrations of polls with the rest of the site."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from types import ModuleType


from civic_forum.agendas import extensions as agenda_pages
from civic_forum.agendas.queries import records as agendas
from civic_forum.agendas.queries.detail import Detail as AgendaDetail
from civic_forum.ballots.rules.boxes import Stage
from civic_forum.ballots.queries import follows_district
from civic_forum.blocks import sections
from civic_forum.blocks.about import SECTIONS
from civic_forum.blocks.extensions import HOME
from civic_forum.blocks.first_page import Current
from civic_forum.blocks.pages import MENU, Navigation
from civic_forum.district.extensions import OPEN_WORK, Moving
from civic_forum.district.rules import DistrictList
from civic_forum.journeys import operations as journeys
from civic_forum.search import operations as search
from civic_forum.platform import clock, countdown, hooks
from civic_forum.platform.i18n import _, _l, end, moment
from civic_forum.platform.waiting import DeskEntry, DeskWork, ENTRIES, WORK
from civic_forum.proposals import extensions as proposal_pages
from civic_forum.proposals.queries import records as proposals
from civic_forum.proposals.queries.detail import Detail as ProposalDetail

from . import labels
from . import sheets  # noqa: F401 (it registers itself)
from .extensions import SUBJECT
from .events import PollAnnounced, PollEdited
from .kinds import POLL, PUBLIC
from .models import Option, Poll
from .queries import listing
from .queries import records as waiting
from .queries import results as deciding

KIND = POLL.name


search.follow(PUBLIC, "poll_id", PollAnnounced, PollEdited)


@hooks.on(PollAnnounced)
def tell_the_proposals(fact, session) -> None:
    """A public step in the life of every proposal that is voted on, once for each vote."""
    poll = session.get_one(Poll, fact.poll_id)
    ids = {proposal_id for proposal_id in (
        poll.about_one("proposal"), *(option.proposal_id for option in poll.options)) if proposal_id}
    ids |= {proposal.id for proposal in poll.proposals}
    for proposal_id in sorted(ids):
        proposal = proposals.locked(proposal_id)
        if proposal.journey_id is not None:
            journeys.add(session, proposal.journey_id, "in_poll", at=poll.announced_at, evidence=poll.title,
                         link=f"/polls/{poll.slug}", once=f"poll:{poll.id}")


@hooks.on(PollAnnounced)
def tell_the_agendas(fact, session) -> None:
    """The same for every agenda that it decides about, or has among its options."""
    poll = session.get_one(Poll, fact.poll_id)
    ids = {agenda_id for agenda_id in (
        poll.about_one("agenda"), *(option.agenda_id for option in poll.options)) if agenda_id}
    for agenda_id in sorted(ids):
        journeys.add(session, agendas.locked(agenda_id).journey_id, "vote_announced", at=poll.announced_at,
                     evidence=poll.title, link=f"/polls/{poll.slug}", once=f"poll:{poll.id}")


@dataclass(frozen=True)
class PollSection:
    """Votes on a page of another feature."""

    template: str
    cards: list[listing.LinkedPoll]
    labels: ModuleType = labels
    heading: object = _l("이 내용으로 하는 투표")


def on_first_page() -> list[Current]:
    """Votes that are open, and those that come."""
    cards, now = listing.standing_out(), clock.now()
    return [_current(card, now) for card in cards]


def _current(card: listing.PollCard, now: datetime) -> Current:
    poll, is_open = card.poll, card.stage is Stage.OPEN
    until = poll.closes_at if is_open else poll.opens_at
    return PUBLIC.current(
        poll, icon="vote", picture=card.picture, label=str(labels.STAGE[card.stage]),
        action=_("투표하기") if is_open else _("미리 보기"), act="vote" if is_open else "",
        is_open=is_open, until=until, left=countdown.days_left(until, now) if is_open else "",
        figure=f"{card.voters:,}" if is_open and card.voters else "", figure_about=_("명 참여"),
        at=_("%(moment)s까지", moment=end(until, year=False)) if is_open else
        _("%(moment)s 시작", moment=moment(until, year=False)))


def on_proposal(detail: ProposalDetail) -> PollSection | None:
    cards = listing.of_proposal(detail.proposal.id)
    return PollSection("polls/of_proposal.html", cards) if cards else None


def on_agenda(detail: AgendaDetail) -> PollSection | None:
    cards = sections.kept(listing.of_agenda, detail.agenda.id)
    return PollSection("polls/about.html", cards, heading=_l("이 의제로 하는 투표")) if cards else None


def on_poll(poll_id: int) -> PollSection | None:
    return on_thing(KIND, [poll_id])


def on_thing(kind: str, ids: Sequence[int]) -> PollSection | None:
    cards = listing.of_things(kind, ids)
    return PollSection("polls/about.html", cards) if cards else None


ENTRIES |= {
    "polls": DeskEntry("polls.see_desk", _l("투표 준비하기"), "poll_desk.polls"),
    "polls.seasons": DeskEntry("polls.set_seasons", _l("선거 기간 정하기"), "poll_desk.seasons"),
}
WORK["polls.roll_objections"] = DeskWork("ballots.keep_roll", _l("명부 이의"), waiting.roll_objections,
                                                    waiting.roll_objection_lines, within=waiting.ANSWERED_WITHIN)
OPEN_WORK |= {name: Moving(label=label, model=model, column=column, list=DistrictList.NEIGHBOURHOODS, is_open=(
    condition,)) for name, label, model, column, condition in (
        ("polls", _l("아직 정해지지 않은 투표"), Poll, Poll.neighbourhoods, follows_district(Poll.roll_id)),
        ("poll_options", _l("아직 정해지지 않은 투표의 선택지"), Option, Option.neighbourhood_id,
         Option.poll.has(Poll.box_id.is_(None))))}
OPEN_WORK["polls_held"] = Moving(label=_l("여는 투표"), model=Poll, column=Poll.department_id,
                                 is_open=(Poll.box_id.is_(None),))
MENU[KIND] = Navigation(_l("투표"), "polls.show_list", 20, "votes")
HOME.add(on_first_page)
proposal_pages.ASIDE.add_section(on_proposal)
agenda_pages.PAGE.add_section(on_agenda)
SUBJECT.add_section(on_poll)
SECTIONS.add(on_thing)
agenda_pages.VOTES.add(deciding.about_agenda)
proposal_pages.VOTES.add(deciding.about_proposal)
