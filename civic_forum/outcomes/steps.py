"""Effects of an outcome on its subject, inside its transaction. The caller holds the lock of the subject."""

import sqlalchemy as sa

from civic_forum.agendas import steps as agendas
from civic_forum.agendas.events import AgendaMoved
from civic_forum.agendas.models import Agenda, AgendaLink, agenda_neighbourhood
from civic_forum.agendas.queries import links
from civic_forum.agendas.rules import AgendaState, Relation
from civic_forum.journeys import steps as journeys
from civic_forum.kernel import rich_text
from civic_forum.kernel.work import Work
from civic_forum.polls.models import Poll, poll_neighbourhood
from civic_forum.proposals import steps as proposals
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import DECIDED_WAY, Mover, State, allowed

from . import labels
from .events import OutcomePublished, OutcomeReported
from .models import Outcome, OutcomeReport, OutcomeVersion, outcome_neighbourhood
from .queries import participants, way
from .queries.subjects import DECIDES_ABOUT, OutcomeCase
from .rules import MOVES, PROMISES, Decision, OutcomeState, OutcomeText, Progress, ReportText, Subject

FIELDS = ("title", "reasons", "what_follows", "decided_on", "promised_on", "cost", "cost_note")
AGENDA_STATE = {Progress.PROMISED: AgendaState.DECIDED, Progress.IN_PROGRESS: AgendaState.IN_PROGRESS,
                Progress.DONE: AgendaState.CLOSED}


def write(outcome: Outcome, text: OutcomeText) -> None:
    for name in FIELDS:
        setattr(outcome, name, getattr(text, name))
    outcome.decision = text.decision
    outcome.documents, outcome.links = [list(one) for one in text.documents], [list(one) for one in text.links]


def content(outcome: Outcome) -> dict:
    """Content that a version keeps."""
    kept = {name: getattr(outcome, name) for name in (*FIELDS, "decision", "documents", "links")}
    return kept | {"decided_on": outcome.decided_on.isoformat(),
                   "promised_on": outcome.promised_on and outcome.promised_on.isoformat()}


def publish(work: Work, case: OutcomeCase) -> None:
    """Show an outcome to everybody: its subject follows, and who took part is told."""
    outcome = case.outcome
    outcome.state, outcome.version, outcome.published_at = OutcomeState.PUBLISHED, 1, work.at
    outcome.sent_back_why = None
    outcome.first_promised_on = outcome.promised_on
    _keep_version(work, outcome, why=None, by_id=outcome.written_by_id)
    concern(work, case)
    carry(work, case, evidence(outcome), "outcome_postponed" if outcome.decision is Decision.POSTPONED else "outcome")
    tell_the_way(work, case)
    work.record("outcomes.published", outcome)
    work.emit(OutcomePublished(outcome.id, outcome.version))


def put_in_place(work: Work, case: OutcomeCase, text: OutcomeText, *, why: str, by_id: int) -> None:
    """Let the next version stand; what was said before is kept."""
    outcome, before = case.outcome, case.outcome.decision
    write(outcome, text)
    outcome.version += 1
    outcome.correction = None
    _keep_version(work, outcome, why=why, by_id=by_id)
    if outcome.decision is before:
        note(work, case, why, "outcome_corrected")
    else:
        carry(work, case, evidence(outcome), "outcome_corrected")
    tell_the_way(work, case)
    work.record("outcomes.published_correction", outcome, version=outcome.version)
    work.emit(OutcomePublished(outcome.id, outcome.version))


def _keep_version(work: Work, outcome: Outcome, *, why: str | None, by_id: int) -> None:
    outcome.reasons_html, outcome.what_follows_html = (rich_text.render(outcome.reasons),
                                                       rich_text.render(outcome.what_follows))
    work.session.add(OutcomeVersion(outcome_id=outcome.id, version=outcome.version, content=content(outcome), why=why,
                                    by_id=by_id, at=work.at))
    work.session.flush()


def report(work: Work, case: OutcomeCase, given: ReportText, *, number: int, by_id: int) -> OutcomeReport:
    """Tell what was done; agenda and proposals follow."""
    outcome, html = case.outcome, rich_text.render(given.text)
    made = OutcomeReport(outcome_id=outcome.id, number=number, text=given.text, html=html, on=given.on,
                         progress=given.progress, spent=given.spent, by_id=by_id, at=work.at)
    work.session.add(made)
    outcome.progress, outcome.reported_on = given.progress, given.on
    outcome.spent = outcome.spent if given.spent is None else given.spent
    carry(work, case, rich_text.excerpt(html, 200), "outcome_reported")
    tell_the_way(work, case)
    work.record("outcomes.reported", outcome, number=number)
    work.emit(OutcomeReported(outcome.id, number, given.progress is Progress.DONE))
    return made


def evidence(outcome: Outcome) -> str:
    return f"{labels.DECISION[outcome.decision]}: {outcome.title}"[:300]


def concern(work: Work, case: OutcomeCase) -> None:
    """Note which neighbourhoods it concerns."""
    outcome, table = case.outcome, outcome_neighbourhood
    work.session.execute(table.delete().where(table.c.outcome_id == outcome.id))
    for place in _places(work, case):
        work.session.execute(table.insert().values(outcome_id=outcome.id, neighbourhood_id=place))


def _places(work: Work, case: OutcomeCase) -> list[int]:
    if case.subject is Subject.PROPOSAL:
        return [case.record.neighbourhood_id] if case.record.neighbourhood_id else []
    table, own = {Subject.AGENDA: (agenda_neighbourhood, "agenda_id"),
                  Subject.POLL: (poll_neighbourhood, "poll_id")}[case.subject]
    return list(work.session.scalars(sa.select(table.c.neighbourhood_id).where(table.c[own] == case.record.id)))


def tell_the_way(work: Work, case: OutcomeCase) -> None:
    """Keep what lies behind it now."""
    work.session.flush()
    case.outcome.way = way.behind(case)
    work.session.flush()


def carry(work: Work, case: OutcomeCase, told: str, step: str) -> None:
    """Bring the agenda and its proposals as far as the outcome is. What does not move gets `step` in its journey."""
    outcome, link = case.outcome, f"/outcomes/{case.outcome.id}"
    moves = outcome.decision in (PROMISES if outcome.progress is not Progress.PROMISED else MOVES)
    resting = _move_agenda(work, case, told, link) if moves else _journeys_above(work, case)
    proposals_held = _held(work, case)
    movable = _movable(work, case, proposals_held) if moves else set()
    if len(movable) > 1:
        proposals.hold_tallies(work.session)
    for proposal in proposals_held.values():
        moved = proposal.id in movable and _move(work, proposal, outcome.progress, told, link)
        if not moved and proposal.journey_id:
            resting.append(proposal.journey_id)
    for journey_id in resting:
        journeys.add(work.session, journey_id, step, at=work.at, evidence=told[:300], link=link)


def note(work: Work, case: OutcomeCase, told: str, step: str) -> None:
    """A public step in all these journeys; nothing moves by it."""
    for journey_id in [*_journeys_above(work, case),
                       *(one.journey_id for one in _held(work, case).values() if one.journey_id)]:
        journeys.add(work.session, journey_id, step, at=work.at, evidence=told[:300],
                     link=f"/outcomes/{case.outcome.id}")


def _journeys_above(work: Work, case: OutcomeCase) -> list[int]:
    """Of the agenda that it is about, or that the vote decides about."""
    if case.subject is Subject.AGENDA:
        return [case.record.journey_id]
    if case.subject is Subject.PROPOSAL:
        return []
    return list(work.session.scalars(sa.select(Agenda.journey_id).join(Poll, DECIDES_ABOUT)
                                     .where(Poll.id == case.record.id, Agenda.published_at.is_not(None))))


def _move_agenda(work: Work, case: OutcomeCase, told: str, link: str) -> list[int]:
    """Only ever forwards. Returns the journeys in which that wrote nothing."""
    if case.subject is not Subject.AGENDA:
        return _journeys_above(work, case)
    agenda, after, order = case.record, AGENDA_STATE[case.outcome.progress], list(AgendaState)
    if order.index(agenda.state) >= order.index(after):
        return [agenda.journey_id]
    agendas.move(work.session, agenda, after, at=work.at, evidence=told[:300], link=link)
    work.emit(AgendaMoved(agenda.id))
    return []


def _held(work: Work, case: OutcomeCase) -> dict[int, Proposal]:
    """The proposals that it is about, locked in one order; what was withdrawn or merged is left alone."""
    ids = work.session.scalars(participants.proposals_of(case.subject, case.record.id)).all()
    return {one: proposal for one, proposal in agendas.locked(ids).items()
            if proposal.state not in (State.WITHDRAWN, State.MERGED)}


def _movable(work: Work, case: OutcomeCase, held: dict[int, Proposal]) -> set[int]:
    """The proposal itself; of an agenda those that are deliberated in it and not at the core of another one. What was
    only answered stays answered: being grouped moves nothing."""
    if case.subject is not Subject.AGENDA:
        return set(held) if case.subject is Subject.PROPOSAL else set()
    held = {one: proposal for one, proposal in held.items() if proposal.state is not State.ANSWERED}
    core = set(work.session.scalars(sa.select(AgendaLink.proposal_id).filter_by(
        agenda_id=case.record.id, ended_at=None, relation=Relation.CORE)))
    return set(held) - (set(links.core_elsewhere(list(held))) - core)


def _move(work: Work, proposal: Proposal, progress: Progress, told: str, link: str) -> bool:
    """As far as the promise is carried out, one stage after the other. Whether it moved at all."""
    moved = False
    for after in DECIDED_WAY[:list(Progress).index(progress) + 1]:
        if allowed(proposal.state, Mover.OFFICIAL, after):
            proposals.move(work.session, proposal, after, Mover.OFFICIAL, at=work.at, evidence=told[:300], link=link)
            moved = True
    return moved
