"""Effects of an outcome on its subject, inside its transaction. The caller holds the lock of the subject."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from civic_forum.agendas import operations as agendas
from civic_forum.answers import operations as answers
from civic_forum.answers.rules import DutyEnd
from civic_forum.attachments import operations as attachments
from civic_forum.attachments.prepared import PreparedFile
from civic_forum.blocks.kinds import Decidable, Ref
from civic_forum.journeys import operations as journeys
from civic_forum.platform.work import Work
from civic_forum.polls.queries import results as deciding
from civic_forum.proposals import operations as proposals
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import DECIDED_WAY, Mover, State, allowed

from . import labels
from .models import Outcome, outcome_neighbourhood
from .queries import records, subjects, way
from .queries.subjects import OutcomeCase
from .rules import MOVES, OutcomeText, PROMISES, Progress, Side

FIELDS = ("title", "reasons", "what_follows", "decided_on", "promised_on", "cost", "cost_note")


def write(outcome: Outcome, text: OutcomeText) -> None:
    for name in FIELDS:
        setattr(outcome, name, getattr(text, name))
    outcome.decision = text.decision
    outcome.documents, outcome.links = [list(pair) for pair in text.documents], [list(pair) for pair in text.links]


def illustrate(work: Work, outcome: Outcome, side: Side, prepared: PreparedFile | None, description: str) -> bool:
    """Hang its picture of this side, or say anew what the one there shows. False: there is neither."""
    known = getattr(outcome, side.value)
    if prepared is None:
        if known is not None:
            attachments.describe(work.session, known.set_id, known.key, description)
        return known is not None
    set_id = records.pictures_of(outcome.id) or attachments.open_set(work.session, records.PICTURES, outcome.id).id
    setattr(outcome, side.value, attachments.add(work.session, set_id, prepared=prepared, description=description,
                                                 by=work.actor, at=work.at))
    work.session.flush()
    if known is not None:
        attachments.remove(work.session, known.set_id, known.key)
    return True


def take_down(work: Work, outcome: Outcome, side: Side) -> bool:
    known = getattr(outcome, side.value)
    if known is not None:
        setattr(outcome, side.value, None)
        work.session.flush()
        attachments.remove(work.session, known.set_id, known.key)
    return known is not None


def carried_out(work: Work, outcome: Outcome, progress: Progress, *, on: date, spent: int | None, told: str) -> None:
    """Bring an outcome, its agenda and proposals as far as its commitment is."""
    case = subjects.of(outcome)
    outcome.progress, outcome.reported_on = progress, on
    outcome.spent = outcome.spent if spent is None else spent
    carry(work, case, told, "outcome_reported")
    tell_the_way(work, case)


def move_proposals(work: Work, decidable: Decidable[Any], record: Any, progress: Progress, told: str,
                   link: str) -> None:
    """Bring the proposals of something that was promised without an outcome as far as its commitment is."""
    ids = work.session.scalars(decidable.proposals(record.id)).all()
    for proposal in _locked(ids).values():
        if not _move(work, proposal, progress, told, link) and proposal.journey_id:
            journeys.add(work.session, proposal.journey_id, "outcome_reported", at=work.at, evidence=told[:300],
                         link=link)


def owe_reply(work: Work, subject: Ref) -> None:
    """Let departments say by the promised days what follows these votes, until an outcome says it. `subject`: a vote,
    or the agenda about which it decides."""
    for poll in deciding.published(subject):
        outcome, about = records.of_vote(poll.id), Ref("poll", poll.id)
        if outcome is not None and outcome.published_at is not None:
            answers.owe_no_more(work, about, DutyEnd.ANSWERED)
        else:
            answers.owe_reply(work, about, deciding.department_of(poll) or (outcome and outcome.department_id),
                              since=poll.box.published_at, days=poll.answer_days)


def evidence(outcome: Outcome) -> str:
    return f"{labels.DECISION[outcome.decision]}: {outcome.title}"[:300]


def concern(work: Work, case: OutcomeCase) -> None:
    """Note which neighbourhoods it concerns, and the category of most of the proposals behind it."""
    outcome, table = case.outcome, outcome_neighbourhood
    outcome.category = work.session.scalar(
        sa.select(Proposal.category).where(Proposal.id.in_(case.decidable.proposals(case.record.id)),
                                           Proposal.category.is_not(None))
        .group_by(Proposal.category).order_by(sa.func.count().desc(), Proposal.category).limit(1))
    work.session.execute(table.delete().where(table.c.outcome_id == outcome.id))
    for place in case.decidable.neighbourhoods(case.record):
        work.session.execute(table.insert().values(outcome_id=outcome.id, neighbourhood_id=place))


def tell_the_way(work: Work, case: OutcomeCase) -> None:
    """Keep what lies behind it now."""
    work.session.flush()
    case.outcome.way = way.behind(case)
    work.session.flush()


def carry(work: Work, case: OutcomeCase, told: str, step: str) -> None:
    """Bring the agenda and its proposals as far as the outcome is. What does not move gets `step` in its journey."""
    outcome, link = case.outcome, f"/outcomes/{case.outcome.id}"
    moves = outcome.decision in (PROMISES if outcome.progress is not Progress.PROMISED else MOVES)
    decidable, record = case.decidable, case.record
    went_along = moves and decidable.carry(work, record, outcome.progress.value, told, link)
    resting = [] if went_along else list(decidable.journeys(record))
    proposals_held = _held(work, case)
    movable = decidable.moves(work, record, proposals_held) if moves else set()
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
    for journey_id in [*case.decidable.journeys(case.record),
                       *(proposal.journey_id for proposal in _held(work, case).values() if proposal.journey_id)]:
        journeys.add(work.session, journey_id, step, at=work.at, evidence=told[:300],
                     link=f"/outcomes/{case.outcome.id}")


def _held(work: Work, case: OutcomeCase) -> dict[int, Proposal]:
    """The proposals that it is about, locked in one order; what was withdrawn or merged is left alone."""
    return _locked(work.session.scalars(case.decidable.proposals(case.record.id)).all())


def _locked(ids: Sequence[int]) -> dict[int, Proposal]:
    return {proposal_id: proposal for proposal_id, proposal in agendas.locked(ids).items()
            if proposal.state not in (State.WITHDRAWN, State.MERGED)}


def _move(work: Work, proposal: Proposal, progress: Progress, told: str, link: str) -> bool:
    """As far as the promise is carried out, one stage after the other. Whether it moved at all."""
    moved = False
    for after in DECIDED_WAY[:list(Progress).index(progress) + 1]:
        if allowed(proposal.state, Mover.OFFICIAL, after):
            proposals.move(work.session, proposal, after, Mover.OFFICIAL, at=work.at, evidence=told[:300], link=link)
            moved = True
    return moved
