"""What an outcome does to what it is about, inside its transaction. The caller holds the lock of its subject."""

import sqlalchemy as sa

from civic_forum.agendas import steps as agendas
from civic_forum.agendas.events import AgendaMoved
from civic_forum.agendas.models import Agenda, AgendaLink, AgendaNext, agenda_neighbourhood
from civic_forum.agendas.queries import links
from civic_forum.agendas.rules import AgendaState, NextKind, Relation
from civic_forum.journeys import steps as journeys
from civic_forum.kernel.work import Work
from civic_forum.polls.models import poll_neighbourhood
from civic_forum.proposals import steps as proposals
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import Mover, State, allowed

from . import words
from .models import Outcome, outcome_neighbourhood
from .queries import participants, way
from .queries.subjects import Case
from .rules import MOVES, PROMISES, OutcomeText, Progress, Subject

FIELDS = ("title", "reasons", "what_follows", "decided_on", "promised_on", "cost", "cost_note")
AGENDA_STATE = {Progress.PROMISED: AgendaState.DECIDED, Progress.IN_PROGRESS: AgendaState.IN_PROGRESS,
                Progress.DONE: AgendaState.CLOSED}
WAY = (State.DECIDED, State.IN_PROGRESS, State.DONE)
"""What a proposal goes through once it is decided; it never goes back."""


def write(outcome: Outcome, text: OutcomeText) -> None:
    for name in FIELDS:
        setattr(outcome, name, getattr(text, name))
    outcome.decision = text.decision
    outcome.documents, outcome.links = [list(one) for one in text.documents], [list(one) for one in text.links]


def content(outcome: Outcome) -> dict:
    """What a version keeps."""
    kept = {name: getattr(outcome, name) for name in (*FIELDS, "decision", "documents", "links")}
    return kept | {"decided_on": outcome.decided_on.isoformat(),
                   "promised_on": outcome.promised_on and outcome.promised_on.isoformat()}


def evidence(outcome: Outcome) -> str:
    return f"{words.DECISION[outcome.decision]}: {outcome.title}"[:300]


def concern(work: Work, case: Case) -> None:
    """Note which neighbourhoods it concerns."""
    outcome, table = case.outcome, outcome_neighbourhood
    work.session.execute(table.delete().where(table.c.outcome_id == outcome.id))
    for place in _places(work, case):
        work.session.execute(table.insert().values(outcome_id=outcome.id, neighbourhood_id=place))


def _places(work: Work, case: Case) -> list[int]:
    if case.subject is Subject.PROPOSAL:
        return [case.record.neighbourhood_id] if case.record.neighbourhood_id else []
    table, own = {Subject.AGENDA: (agenda_neighbourhood, "agenda_id"),
                  Subject.POLL: (poll_neighbourhood, "poll_id")}[case.subject]
    return list(work.session.scalars(sa.select(table.c.neighbourhood_id).where(table.c[own] == case.record.id)))


def tell_the_way(work: Work, case: Case) -> None:
    """Keep what lies behind it now."""
    work.session.flush()
    case.outcome.way = way.behind(case)
    work.session.flush()


def carry(work: Work, case: Case, told: str, step: str) -> None:
    """Bring the agenda and its proposals as far as the outcome is. What does not move gets `step` in its journey."""
    outcome, link = case.outcome, f"/outcomes/{case.outcome.id}"
    moves = outcome.decision in (PROMISES if outcome.progress is not Progress.PROMISED else MOVES)
    resting = _move_agenda(work, case, told, link) if moves else _journeys_above(work, case)
    proposals_held = _held(work, case)
    movable = _movable(work, case, proposals_held) if moves else set()
    for proposal in proposals_held.values():
        moved = proposal.id in movable and _move(work, proposal, outcome.progress, told, link)
        if not moved and proposal.journey_id:
            resting.append(proposal.journey_id)
    for journey_id in resting:
        journeys.add(work.session, journey_id, step, at=work.at, evidence=told[:300], link=link)


def note(work: Work, case: Case, told: str, step: str) -> None:
    """A public step in all these journeys; nothing moves by it."""
    for journey_id in [*_journeys_above(work, case),
                       *(one.journey_id for one in _held(work, case).values() if one.journey_id)]:
        journeys.add(work.session, journey_id, step, at=work.at, evidence=told[:300],
                     link=f"/outcomes/{case.outcome.id}")


def _journeys_above(work: Work, case: Case) -> list[int]:
    """Of the agenda that it is about, or that led to the vote."""
    if case.subject is Subject.AGENDA:
        return [case.record.journey_id]
    if case.subject is Subject.PROPOSAL:
        return []
    led = sa.exists().where(AgendaNext.agenda_id == Agenda.id, AgendaNext.kind == NextKind.POLL.value,
                            AgendaNext.slug == case.record.slug)
    return list(work.session.scalars(sa.select(Agenda.journey_id).where(led, Agenda.published_at.is_not(None))))


def _move_agenda(work: Work, case: Case, told: str, link: str) -> list[int]:
    """Only ever forwards. Returns the journeys in which that wrote nothing."""
    if case.subject is not Subject.AGENDA:
        return _journeys_above(work, case)
    agenda, after, order = case.record, AGENDA_STATE[case.outcome.progress], list(AgendaState)
    if order.index(agenda.state) >= order.index(after):
        return [agenda.journey_id]
    agendas.move(work.session, agenda, after, at=work.at, evidence=told[:300], link=link)
    work.tell(AgendaMoved(agenda.id))
    return []


def _held(work: Work, case: Case) -> dict[int, Proposal]:
    """The proposals that it is about, locked in one order; what was withdrawn or merged is left alone."""
    ids = work.session.scalars(participants.proposals_of(case.subject, case.record.id)).all()
    return {one: proposal for one, proposal in agendas.locked(ids).items()
            if proposal.state not in (State.WITHDRAWN, State.MERGED)}


def _movable(work: Work, case: Case, held: dict[int, Proposal]) -> set[int]:
    """The proposal itself; of an agenda those that are deliberated in it and not at the core of another one."""
    if case.subject is not Subject.AGENDA:
        return set(held) if case.subject is Subject.PROPOSAL else set()
    core = set(work.session.scalars(sa.select(AgendaLink.proposal_id).filter_by(
        agenda_id=case.record.id, ended_at=None, relation=Relation.CORE)))
    return set(held) - (set(links.core_elsewhere(list(held))) - core)


def _move(work: Work, proposal: Proposal, progress: Progress, told: str, link: str) -> bool:
    """As far as the promise is carried out, one stage after the other. Whether it moved at all."""
    moved = False
    for after in WAY[:list(Progress).index(progress) + 1]:
        if allowed(proposal.state, Mover.OFFICIAL, after):
            proposals.move(work.session, proposal, after, Mover.OFFICIAL, at=work.at, evidence=told[:300], link=link)
            moved = True
    return moved
