"""Registrations of outcomes with the rest of the site."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from types import ModuleType
from typing import Any

import sqlalchemy as sa

from civic_forum.accounts.extensions import HOLDS, Holding
from civic_forum.accounts.rules import Role
from civic_forum.agendas import extensions as agenda_pages
from civic_forum.agendas.events import AgendaEdited, AgendaNextTold
from civic_forum.agendas.kinds import AGENDA
from civic_forum.agendas.queries.detail import Detail as AgendaDetail
from civic_forum.ballots.events import BoxPublished
from civic_forum.blocks.approval_models import APPROVED_WITHIN
from civic_forum.blocks.kinds import Decidable, Ref
from civic_forum.blocks.pages import MENU, Navigation
from civic_forum.budgets import extensions as project_pages
from civic_forum.budgets.kinds import PROJECT
from civic_forum.budgets.projects.models import Project
from civic_forum.district.extensions import OPEN_WORK, Moving
from civic_forum.forums import extensions as forum_pages
from civic_forum.forums.models import Forum
from civic_forum.platform import clock, hooks, rich_text
from civic_forum.platform.i18n import _l, local
from civic_forum.platform.waiting import DeskEntry, DeskWork, ENTRIES, WORK
from civic_forum.proposals.queries.detail import Detail
from civic_forum.platform.web import visitor
from civic_forum.platform.work import going_on
from civic_forum.polls import extensions as poll_pages
from civic_forum.polls.kinds import POLL
from civic_forum.proposals import extensions as proposal_pages
from civic_forum.proposals.extensions import DECIDED, LATER_DECISION
from civic_forum.proposals.rules import DECIDED_WAY, Reached
from civic_forum.search import operations as search

from . import labels, operations, policy
from .events import OutcomePublished, OutcomeSubmitted
from .kinds import OUTCOME, PUBLIC
from .queries import beside
from .queries import desk as queries
from .queries.detail import promise_of
from .models import Outcome
from .rules import MOVES, OutcomeState, Progress

KIND = OUTCOME.name
PROPOSAL_STATE = dict(zip(Progress, DECIDED_WAY, strict=True))


search.follow(PUBLIC, "outcome_id", OutcomePublished)


@hooks.on(BoxPublished)
def owe_reply(fact: BoxPublished, _session: Any) -> None:
    """It was promised before the vote how soon it is said what follows."""
    if POLL.names(fact.subject):
        operations.owe_reply(going_on(), Ref("poll", int(fact.subject.partition(":")[2])))


@hooks.on(OutcomeSubmitted)
@hooks.on(OutcomePublished)
def end_reply(fact: OutcomeSubmitted | OutcomePublished, session: Any) -> None:
    """A vote of nobody belongs to the department that writes; what is published ends it."""
    outcome = session.get_one(Outcome, fact.outcome_id)
    if outcome.subject in (POLL.name, AGENDA.name):
        operations.owe_reply(going_on(), Ref(outcome.subject, outcome.subject_id))


@hooks.on(AgendaEdited)
@hooks.on(AgendaNextTold)
def follow_lead(fact: AgendaEdited | AgendaNextTold, _session: Any) -> None:
    operations.owe_reply(going_on(), Ref(AGENDA.name, fact.agenda_id))


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


def on_agenda(agenda: AgendaDetail) -> OutcomeSection | None:
    return _shown(beside.of_agenda(agenda.agenda.id))


def on_poll(poll_id: int) -> OutcomeSection | None:
    return _shown(beside.of("poll", [poll_id]))


def on_proposal(detail: Detail) -> OutcomeSection | None:
    number = detail.proposal.number
    officiates = number and policy.may_see_desk(visitor()) is None
    return _shown(beside.on_page(detail), f"/desk/outcomes/proposals/{number}" if officiates else None)


def superseding(detail: Detail) -> bool:
    """True if the newest outcome decides the proposal, and was decided and told after the last answer."""
    outcomes = beside.on_page(detail)
    address = f"/outcomes/{outcomes[0].id}" if outcomes and outcomes[0].decides else ""
    told = min((step.at for step in detail.entries if step.url == address), default=None)
    answered = max((step.at for step in detail.entries if step.step in ("answered", "answered_again")), default=None)
    return bool(told and answered and answered < told and local(answered).date() <= outcomes[0].decided_on)


def on_project(project: Project) -> OutcomeSection | None:
    """Asks nothing about a project that cannot have an outcome yet."""
    decides = PROJECT.get(Decidable)
    if decides is None or decides.why_not_yet(project):
        return None
    officiates = policy.may_see_desk(visitor()) is None
    return _shown(beside.of(PROJECT.name, [project.id]),
                  f"/desk/outcomes/{decides.place}/{decides.name(project)}" if officiates else None)


def on_forum(forum: Forum) -> OutcomeSection | None:
    return _shown(beside.of_forum(forum.id))


def decided(detail: Detail) -> Reached | None:
    """Progress of the decision that says the most about this proposal; what was put off decides nothing."""
    known = [outcome for outcome in beside.on_page(detail) if outcome.decides and outcome.decision in MOVES]
    best = max(known, key=lambda outcome: list(Progress).index(outcome.progress), default=None)
    return best and Reached(PROPOSAL_STATE[best.progress], best.decided_on, best.reported_on)


def _shown(outcomes: list[beside.Named], write_url: str | None = None) -> OutcomeSection | None:
    return OutcomeSection(outcomes, local(clock.now()).date(), write_url) if outcomes or write_url else None


MENU[KIND] = Navigation(_l("결과·실행"), "outcomes.index", 40, "results")
ENTRIES["outcomes"] = DeskEntry("outcomes.see_desk", _l("결과 알리기"), "outcome_desk.overview")
WORK |= {
    "outcomes.approve": DeskWork("outcomes.see_desk", _l("결과 승인"), queries.to_approve, queries.approved_lines,
                                 within=APPROVED_WITHIN),
    "outcomes.agendas": DeskWork("outcomes.see_desk", _l("의제 결과 쓰기"), queries.agendas_decided,
                                 queries.agenda_lines, within=queries.WRITTEN_WITHIN),
    "outcomes.polls": DeskWork("outcomes.see_desk", _l("투표 결과 쓰기"), queries.polls_counted, queries.poll_lines),
}
DECIDED.add(decided)
LATER_DECISION.add(superseding)
HOLDS["outcomes"] = Holding(
    label=_l("쓰던 결과"), model=Outcome, column=Outcome.written_by_id, is_open=(Outcome.state == OutcomeState.DRAFT,),
    roles=frozenset((Role.OFFICIAL,)), department=Outcome.department_id)
agenda_pages.PAGE.add_section(on_agenda)
poll_pages.PAGE.add_section(on_poll)
poll_pages.AFTERWARDS.add(queries.after_poll)
project_pages.PROJECT.add_section(on_project)
forum_pages.FINISHED.add_section(on_forum)
proposal_pages.LEAD.add_section(on_proposal)
OPEN_WORK["outcomes"] = Moving(
    label=_l("결과"), model=Outcome, column=Outcome.department_id,
    is_open=(sa.or_(Outcome.state != OutcomeState.PUBLISHED, Outcome.progress != Progress.DONE,
                    Outcome.correction.is_not(None)),))
