"""Registrations of polls with the rest of the site."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from types import ModuleType

from civic_forum.agendas.queries import records as agendas
from civic_forum.agendas.queries.detail import Detail as AgendaDetail
from civic_forum.ballots import subjects
from civic_forum.ballots.models import BallotBox
from civic_forum.ballots.rules.boxes import Stage
from civic_forum.journeys import steps as journeys
from civic_forum.kernel import clock, countdown, hooks, rich_text
from civic_forum.kernel.countdown import Remaining
from civic_forum.kernel.delivery import becomes_another
from civic_forum.kernel.i18n import _, _l, day
from civic_forum.kernel.registries import AttachmentKind, DeskEntry, DeskWork, Navigation, SearchResult, registries
from civic_forum.proposals import queries as proposals
from civic_forum.search import steps as search

from . import policy, steps, labels
from .definition import definition
from .events import PollAnnounced, PollEdited
from .models import Poll
from .queries import linked, listing, records, waiting
from .services import opening
from .steps import PICTURES

KIND = "poll"
MOST_CARDS = 3
"""Of votes on the first page, beside the one in the panel."""


@hooks.on(PollAnnounced)
@hooks.on(PollEdited)
def make_findable(fact, session) -> None:
    poll = session.get_one(Poll, fact.poll_id)
    if poll.announced_at is None:
        return
    options = " ".join(f"{one.title} {one.text}" for one in poll.options)
    body = f"{poll.question} {rich_text.text_of(poll.description_html)} {options}"
    search.put(session, KIND, poll.id, title=poll.title, body=body, at=poll.announced_at)


@hooks.on(PollAnnounced)
def tell_the_proposals(fact, session) -> None:
    """A public step in the life of every proposal that is voted on, once for each vote."""
    poll = session.get_one(Poll, fact.poll_id)
    ids = {one.id for one in poll.proposals} | {one.proposal_id for one in poll.options if one.proposal_id}
    for proposal_id in sorted(ids):
        proposal = proposals.locked(proposal_id)
        if proposal.journey_id is not None:
            journeys.add(session, proposal.journey_id, "in_poll", at=poll.announced_at, evidence=poll.title,
                         link=f"/polls/{poll.slug}", once=f"poll:{poll.id}")


@hooks.on(PollAnnounced)
def tell_the_agendas(fact, session) -> None:
    """The same for every agenda that it decides about, or has among its options."""
    poll = session.get_one(Poll, fact.poll_id)
    ids = {one for one in (poll.agenda_id, *(option.agenda_id for option in poll.options)) if one}
    for agenda_id in sorted(ids):
        journeys.add(session, agendas.locked(agenda_id).journey_id, "vote_announced", at=poll.announced_at,
                     evidence=poll.title, link=f"/polls/{poll.slug}", once=f"poll:{poll.id}")


@dataclass(frozen=True)
class PollSection:
    """Votes on a page of another feature."""

    template: str | None
    cards: list[listing.PollCard] | list[linked.LinkedPoll]
    hero: str | None = None
    vote: listing.PollCard | None = None
    remaining: Remaining | None = None
    labels: ModuleType = labels
    left: Callable = staticmethod(countdown.left)
    now: datetime | None = None


def on_first_page() -> PollSection | None:
    """The open vote that closes soonest in the navy panel, the others and the newest result as cards."""
    cards, now = listing.standing_out(), clock.now()
    if not cards:
        return None
    becomes_another(*(moment for card in cards for moment in (card.poll.opens_at, card.poll.closes_at)))
    vote = cards[0] if cards[0].stage is Stage.OPEN else None
    rest = cards[1:] if vote else cards
    return PollSection("polls/home.html" if rest else None, rest[:MOST_CARDS], hero="polls/hero.html" if vote else None,
                   vote=vote, remaining=vote and countdown.remaining(vote.poll.closes_at, now), now=now)


def on_proposal(found: proposals.Detail) -> PollSection | None:
    cards = linked.linked(found.beside["polls"], clock.now())
    return PollSection("polls/of_proposal.html", cards) if cards else None


def on_agenda(found: AgendaDetail) -> PollSection | None:
    cards = linked.linked(found.beside["polls"], clock.now())
    return PollSection("polls/of_agenda.html", cards) if cards else None


def why_not_coming(slug: str) -> str | None:
    """Reason why an agenda cannot lead to a vote: there is no such one."""
    found = records.slugged(slug)
    if found is None or found.rehearsal_of_id is not None:
        return _("이런 주소의 투표가 없어요. 투표 주소의 끝부분을 그대로 적어 주세요.")
    return None


def shown_in_search(poll_ids: list[int]) -> dict[int, SearchResult]:
    return {poll_id: SearchResult(
        url=f"/polls/{card.poll.slug}", word=str(labels.STAGE[card.stage]),
        about=(_("투표"), _("%(day)s 마감", day=day(card.poll.closes_at))))
        for poll_id, card in listing.of_ids(poll_ids).items()}


def _why_not_see_picture(actor, option_id: int) -> str | None:
    """Whoever may read the poll, its rehearsals included, which show the same pictures."""
    reasons = [policy.may_read(actor, poll) for poll in records.showing_picture_of(option_id)]
    return None if None in reasons else next(iter(reasons), _("없는 항목이에요."))


registries.desk |= {
    "polls": DeskEntry("polls.see_desk", _l("투표 준비하기"), "poll_desk.polls"),
    "polls.seasons": DeskEntry("polls.set_seasons", _l("선거 기간 정하기"), "poll_desk.seasons"),
}
registries.work["polls.roll_objections"] = DeskWork("ballots.keep_roll", _l("명부 이의"), waiting.roll_objections,
                                                    waiting.roll_objection_lines, within=waiting.ANSWERED_WITHIN)
registries.navigation[KIND] = Navigation(_l("투표"), "polls.show_list", 20)
registries.searchable[KIND] = shown_in_search
registries.attachments[PICTURES] = AttachmentKind(why_not_read=_why_not_see_picture)
registries.sections.setdefault("home", []).append(on_first_page)
registries.sections.setdefault("proposal", []).append(on_proposal)
registries.sections.setdefault("agenda", []).append(on_agenda)
registries.beside.setdefault("proposal", {})["polls"] = linked.about_proposal
registries.beside.setdefault("agenda", {})["polls"] = linked.about_agenda
registries.coming["poll"] = why_not_coming


def _of(box: BallotBox) -> Poll:
    return records.by_subject(box.subject)


def _box_named(name: str) -> BallotBox | None:
    poll = records.slugged(name)
    return poll.box if poll else None


def _roll_named(name: str) -> int | None:
    poll = records.slugged(name)
    return poll.roll_id if poll else None


def _of_roll(roll_id: int) -> subjects.RollOf | None:
    poll = records.of_roll(roll_id)
    return poll and subjects.RollOf(poll.subject, poll.title, f"/polls/{poll.slug}/roll",
                                    f"/desk/polls/{poll.slug}/roll")


def _why_not_object(roll_id: int) -> str | None:
    poll = records.of_roll(roll_id)
    return policy.why_not_object(poll, clock.now()) if poll else None


def _why_not_open(box: BallotBox) -> str | None:
    """Filled in, announced, and not in an election season that nobody answered for."""
    poll = _of(box)
    if poll.announced_at is None:
        return _("먼저 투표를 알려 주세요.")
    return steps.why_not_ready(poll) or opening.why_not_in_season(poll)


subjects.register(subjects.Subject(
    kind=KIND, title=lambda box: _of(box).title, url=lambda box: f"/polls/{_of(box).slug}",
    definition=lambda box: definition(_of(box)), gather=records.of_numbers, find=_box_named, find_roll=_roll_named,
    of_roll=_of_roll, why_not_object=_why_not_object, why_not_open=_why_not_open,
    desk_url=lambda box: f"/desk/polls/{_of(box).slug}", pictures=lambda box: records.pictures(subjects.number(box))))
