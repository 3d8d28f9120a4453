"""Operations on duties and answers inside the transaction of others, who hold the lock of the proposal."""

from datetime import datetime

from civic_forum.district.calendar import is_working
from civic_forum.journeys import operations as journeys
from civic_forum.platform.i18n import local
from civic_forum.proposals import operations as proposals
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import Mover, State, allowed

from . import rules
from .queries import records as queries
from .models import Answer, Assignment, Duty
from .rules import AnswerKind, AssignmentState, DutyEnd, DutyKind


def begin_duty(session, proposal_id: int, kind: DutyKind, *, at: datetime, days: int | None, working: bool) -> Duty:
    """Start the clock, unless it runs already."""
    if (known := queries.open_duty(proposal_id)) is not None:
        return known
    duty = Duty(proposal_id=proposal_id, kind=kind, started_at=at, days=days, working_days=working,
                due_on=rules.due_on(local(at).date(), days, working, [], is_working))
    session.add(duty)
    session.flush()
    return duty


def reckon(duty: Duty) -> None:
    """The last day anew, from the setting as it was when the duty began, all pauses, and the time during which it was
    passed on to somebody else."""
    pauses = queries.days_of(queries.pauses_of(duty.id)) + queries.time_away(duty.proposal_id)
    due = rules.due_on(local(duty.started_at).date(), duty.days, duty.working_days, pauses, is_working)
    duty.due_on = due or duty.due_on


def end_duty(session, proposal_id: int, how: DutyEnd, *, at: datetime) -> Duty | None:
    """The open duty of the proposal, ended; None where nobody waits for an answer."""
    duty = queries.open_duty(proposal_id)
    if duty is not None:
        duty.ended_at, duty.ended_how = at, how
        session.flush()
    return duty


def resume_duty(session, proposal_id: int, how: DutyEnd) -> Duty | None:
    """As it was before it ended like this: the same last day."""
    duty = queries.ended_duty(proposal_id, how)
    if duty is None or queries.open_duty(proposal_id) is not None:
        return None
    duty.ended_at = duty.ended_how = None
    session.flush()
    return duty


def end_assignments(session, case: queries.AnswerCase, *, at: datetime, but_lead: bool = False) -> None:
    """Departments that were at work are done, all or those that were asked beside the lead."""
    for assignment in case.at_work:
        if not (but_lead and assignment.is_lead):
            assignment.state, assignment.ended_at = AssignmentState.ENDED, at
    session.flush()


def assign(session, proposal_id: int, department_id: int, *, is_lead: bool, state: AssignmentState, note: str,
           at: datetime, by_id: int) -> Assignment:
    """Give it to a department, flushed. A second lead breaks a unique constraint: `use_case` makes it a Conflict."""
    assignment = Assignment(proposal_id=proposal_id, department_id=department_id, is_lead=is_lead, state=state,
                            note=note, at=at, by_id=by_id)
    session.add(assignment)
    session.flush()
    return assignment


def answered(session, proposal: Proposal, *, at: datetime, evidence: str, link: str, again: bool = False) -> None:
    """Bring the proposal to answered, or in an agenda to what it leads back to, and write the public step."""
    if allowed(proposal.state, Mover.OFFICIAL, State.ANSWERED):
        proposals.move(session, proposal, State.ANSWERED, Mover.OFFICIAL, at=at, evidence=evidence, link=link)
        return
    if proposal.state is State.IN_AGENDA and not again:
        proposal.state_before = State.ANSWERED
    journeys.add(session, proposal.journey_id, "answered_again" if again else "answered", at=at, evidence=evidence,
                 link=link)


def publish(session, proposal: Proposal, answer: Answer, *, at: datetime, again: bool = False) -> None:
    """Tell everybody of an answer; a final one ends the duty."""
    link = f"/proposals/{proposal.number}#answer-{answer.id}"
    evidence = " · ".join(part for part in (answer.document_number, answer.department.name_ko) if part)
    if answer.kind is AnswerKind.INTERIM:
        journeys.add(session, proposal.journey_id, "interim_answer", at=at, evidence=evidence, link=link)
        return
    end_duty(session, proposal.id, DutyEnd.ANSWERED, at=at)
    answered(session, proposal, at=at, evidence=evidence, link=link, again=again)
