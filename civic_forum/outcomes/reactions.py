"""Registrations of outcomes with the rest of the site."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from types import ModuleType

from civic_forum.agendas.queries.detail import Detail as AgendaDetail
from civic_forum.kernel import clock, hooks, rich_text
from civic_forum.kernel.i18n import _l, day, local
from civic_forum.kernel.registries import DeskEntry, DeskWork, Navigation, SearchResult, registries
from civic_forum.kernel.web import visitor
from civic_forum.proposals.queries import Detail
from civic_forum.proposals.rules import DECIDED_WAY, Reached
from civic_forum.search import steps as search

from . import policy, labels
from .events import OutcomePublished
from .models import Outcome
from .queries import beside, cards, listing, unwritten, waiting
from .queries.cards import OutcomeCard
from .queries.detail import promise_of
from .queries.listing import Totals
from .rules import MOVES, Progress

KIND = "outcome"
PROPOSAL_STATE = dict(zip(Progress, DECIDED_WAY, strict=True))
MOST_CARDS = 3


@hooks.on(OutcomePublished)
def make_findable(fact: OutcomePublished, session) -> None:
    outcome = session.get_one(Outcome, fact.outcome_id)
    said = [rich_text.text_of(outcome.reasons_html), rich_text.text_of(outcome.what_follows_html),
            *(f"{title} {text}" for title, text in outcome.documents)]
    search.put(session, KIND, outcome.id, title=outcome.title, body=" ".join(said), at=outcome.published_at)


def shown_in_search(outcome_ids: list[int]) -> dict[int, SearchResult]:
    return {outcome_id: SearchResult(
        url=f"/outcomes/{outcome_id}", word=str(labels.DECISION[one.decision]),
        about=(str(labels.ABOUT[one.subject]), one.department.name, day(one.decided_on)))
        for outcome_id, one in listing.of_ids(outcome_ids).items()}


@dataclass(frozen=True)
class OutcomeSection:
    """Outcomes on a page of another feature."""

    outcomes: Sequence[beside.Named]
    today: date
    write_url: str | None
    """Where this reader may write it."""
    template: str = "outcomes/of_one.html"
    labels: ModuleType = labels
    promise_of: Callable = staticmethod(promise_of)
    excerpt: Callable = staticmethod(rich_text.excerpt)


@dataclass(frozen=True)
class HomeSection:
    """Outcomes at the end of the first page: what came of taking part."""

    cards: Sequence[OutcomeCard]
    totals: Totals
    template: str = "outcomes/home.html"
    hero: str | None = None
    closes: bool = True


def on_first_page() -> HomeSection | None:
    """The newest outcomes with how many there are."""
    newest, totals = listing.standing_out(MOST_CARDS)
    return HomeSection(cards.of(newest, _today()), totals) if totals else None


def on_agenda(agenda: AgendaDetail) -> OutcomeSection | None:
    return _shown(beside.named(agenda.beside[KIND]))


def on_poll(poll_id: int) -> OutcomeSection | None:
    return _shown(beside.of_poll(poll_id))


def on_proposal(found: Detail) -> OutcomeSection | None:
    number = found.proposal.number
    officiates = number and policy.may_see_desk(visitor()) is None
    return _shown(beside.named(found.beside[KIND]), f"/desk/outcomes/proposals/{number}" if officiates else None)


def decided(found: Detail) -> Reached | None:
    """Progress of the decision that says the most about this proposal; what was put off decides nothing."""
    known = [one for one in beside.named(found.beside[KIND]) if one.decides and one.decision in MOVES]
    best = max(known, key=lambda one: list(Progress).index(one.progress), default=None)
    return best and Reached(PROPOSAL_STATE[best.progress], best.decided_on, best.reported_on)


def _shown(outcomes: list[beside.Named], write_url: str | None = None) -> OutcomeSection | None:
    return OutcomeSection(outcomes, _today(), write_url) if outcomes or write_url else None


def _today() -> date:
    return local(clock.now()).date()


registries.navigation[KIND] = Navigation(_l("결과·실행"), "outcomes.index", 40)
registries.desk["outcomes"] = DeskEntry("outcomes.see_desk", _l("결과 알리기"), "outcome_desk.overview")
registries.work |= {
    "outcomes.approve": DeskWork("outcomes.see_desk", _l("결과 승인"), waiting.to_approve, waiting.approved_lines,
                                 within=waiting.APPROVED_WITHIN),
    "outcomes.agendas": DeskWork("outcomes.see_desk", _l("의제 결과 쓰기"), unwritten.agendas_decided,
                                 unwritten.agenda_lines, within=unwritten.WRITTEN_WITHIN),
    "outcomes.polls": DeskWork("outcomes.see_desk", _l("투표 결과 쓰기"), unwritten.polls_counted, unwritten.poll_lines,
                               within=unwritten.WRITTEN_WITHIN),
    "outcomes.report": DeskWork("outcomes.see_desk", _l("실행 알리기"), waiting.to_report, waiting.reported_lines),
}
registries.searchable[KIND] = shown_in_search
registries.decided.append(decided)
registries.sections.setdefault("home", []).append(on_first_page)
registries.sections.setdefault("agenda", []).append(on_agenda)
registries.sections.setdefault("poll", []).append(on_poll)
registries.sections.setdefault("proposal.body", []).append(on_proposal)
registries.beside.setdefault("agenda", {})[KIND] = beside.of_agenda
registries.beside.setdefault("proposal", {})[KIND] = beside.of_proposal
