"""Operations on duties and answers inside the transaction of others, who hold the lock of the proposal."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime, timedelta

import sqlalchemy as sa

from civic_forum.blocks.kinds import Ref
from civic_forum.district import queries as district
from civic_forum.district.calendar import is_working
from civic_forum.journeys import operations as journeys
from civic_forum.platform.base import store
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _, local
from civic_forum.platform.work import Work
from civic_forum.proposals import operations as proposals
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.queries import records as proposal_records
from civic_forum.proposals.rules import Mover, State, allowed

from . import labels, rules
from .events import DutyChanged, DutyGiven
from .queries import records as queries
from .models import Answer, Assignment, Duty
from .rules import AnswerKind, AnswerState, AnswerText, AssignmentState, DutyEnd, DutyKind


def begin_duty(session, proposal_id: int, kind: DutyKind, *, at: datetime, days: int | None, working: bool,
               step: int | None = None) -> Duty:
    """Start the clock, unless it runs already."""
    if known := [duty for duty in queries.open_duties(proposal_id) if duty.step == step]:
        return known[0]
    return store(session, Duty(proposal_id=proposal_id, kind=kind, step=step, started_at=at, days=days,
                               working_days=working,
                               due_on=rules.due_on(local(at).date(), days, working, [], is_working)))


def reckon(duty: Duty) -> None:
    """The last day anew, from the setting as it was when the duty began, all pauses, and the time during which it was
    passed on to somebody else."""
    pauses = queries.days_of(queries.pauses_of(duty.id)) + queries.time_away(duty.proposal_id)
    due = rules.due_on(local(duty.started_at).date(), duty.days, duty.working_days, pauses, is_working)
    duty.due_on = due or duty.due_on


def reckon_running(work: Work) -> int:
    """Bring the last day of every running clock in line with the holidays as they are known now; how many moved. The
    day of a vote was published with it and stays."""
    running = sa.select(Duty).where(Duty.ended_at.is_(None), Duty.kind != DutyKind.FOLLOW_UP).order_by(
        Duty.proposal_id, Duty.id)
    return sum(_moved(work, duty) for duty in work.session.scalars(running).all())


def _moved(work: Work, duty: Duty) -> bool:
    subject = duty if duty.proposal_id is None else proposal_records.locked(duty.proposal_id)
    work.session.refresh(duty, with_for_update={"of": Duty})
    before = duty.due_on
    if duty.ended_at is None:
        reckon(duty)
    if duty.due_on != before:
        work.record("answers.reckoned", subject, before=before.isoformat(), due_on=duty.due_on.isoformat())
        work.emit(DutyChanged(duty.proposal_id))
    return duty.due_on != before


def owe(work: Work, about: Ref, department_id: int, days: int, since: datetime | None = None) -> Duty:
    """Let a department answer within so many days from now on, or since then; said again, from when it was said first,
    unless it was taken back meanwhile. Raises Refusal, and Conflict where it has answered. The caller holds the lock of
    the thing."""
    department = district.open_department(department_id)
    if department is None or days not in rules.LATER_DAYS:
        raise Refusal(_("나중에 답할 부서와 며칠 안에 답할지 골라 주세요."), field="department")
    duty = queries.duty_about(about) or Duty(about_kind=about.kind, about_id=about.id, kind=DutyKind.LATER)
    if duty.published is not None:
        raise Conflict(_("부서가 이미 답했어요. 고칠 것이 있으면 부서가 답변을 바로잡아 주세요."))
    if duty.id is None or duty.ended_at is not None:
        duty.started_at, duty.ended_at, duty.ended_how = since or work.at, None, None
    pass_on(work, duty, department.id)
    duty.days = days
    duty.due_on = rules.due_on(local(duty.started_at).date(), days, False, [], is_working)
    work.store(duty)
    work.record("answers.duty_given", duty, department=department.id, days=days)
    work.emit(DutyGiven(duty.id))
    return duty


def owe_reply(work: Work, about: Ref, department_id: int | None, *, since: datetime, days: int) -> None:
    """Let this department (None: any) say within the days that were promised what follows a vote; begun once."""
    duty = queries.duty_about(about) or Duty(
        about_kind=about.kind, about_id=about.id, kind=DutyKind.FOLLOW_UP, started_at=since, days=days,
        due_on=local(since).date() + timedelta(days=days))
    duty.department_id = department_id
    work.store(duty)


def pass_on(work: Work, duty: Duty, department_id: int) -> None:
    """Another department owes it, which does not read the draft of this one."""
    if duty.draft is not None and duty.department_id != department_id:
        work.session.delete(duty.draft)
    duty.department_id = department_id


def owe_no_more(work: Work, about: Ref, how: DutyEnd) -> None:
    """Nothing is owed about it any more, if something was."""
    duty = queries.duty_about(about)
    if duty is not None and duty.ended_at is None:
        end_duties(work.session, [duty], how, at=work.at)


def owe_again(work: Work, about: Ref, how: DutyEnd) -> None:
    """Owed as before, with the same last day, if it had ended like this."""
    duty = queries.duty_about(about)
    if duty is not None and duty.ended_how is how:
        duty.ended_at = duty.ended_how = None


def end_duties(session, duties: Sequence[Duty], how: DutyEnd, *, at: datetime) -> None:
    for duty in duties:
        duty.ended_at, duty.ended_how = at, how
    session.flush()


def resume_duties(session, proposal_id: int, how: DutyEnd) -> list[Duty]:
    """As they were before they ended like this together: the same last days."""
    running = {duty.step for duty in queries.open_duties(proposal_id)}
    duties = [duty for duty in queries.ended_duties(proposal_id, how) if duty.step not in running]
    for duty in duties:
        duty.ended_at = duty.ended_how = None
    session.flush()
    return duties


def end_assignments(session, case: queries.AnswerCase, *, at: datetime, but_lead: bool = False) -> None:
    """Departments that were at work are done, all or those that were asked beside the lead."""
    for assignment in case.at_work:
        if not (but_lead and assignment.is_lead):
            assignment.state, assignment.ended_at = AssignmentState.ENDED, at
    session.flush()


def assign(session, proposal_id: int, department_id: int, *, is_lead: bool, state: AssignmentState, note: str,
           at: datetime, by_id: int) -> Assignment:
    """Give it to a department, flushed. A second lead breaks a unique constraint: `use_case` makes it a Conflict."""
    return store(session, Assignment(proposal_id=proposal_id, department_id=department_id, is_lead=is_lead, state=state,
                                     note=note, at=at, by_id=by_id))


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
    """Tell everybody of an answer; a final one ends the first duty."""
    link = f"/proposals/{proposal.number}#answer-{answer.id}"
    evidence = " · ".join(part for part in (answer.document_number, answer.department.name_ko) if part)
    if answer.kind is AnswerKind.INTERIM:
        journeys.add(session, proposal.journey_id, "interim_answer", at=at, evidence=evidence, link=link)
        return
    owed = queries.open_duties(proposal.id)[:1]
    answer.by_mayor = any(duty.kind is DutyKind.MAYOR for duty in owed)
    end_duties(session, owed, DutyEnd.ANSWERED, at=at)
    answered(session, proposal, at=at, evidence=evidence, link=link, again=again)


def move_assignment(work: Work, assignment: Assignment, department_id: int) -> None:
    """It ends here and goes on there since when it lay here; where that department has the proposal already, it leads
    if this one did."""
    session, state = work.session, assignment.state
    assignment.state, assignment.ended_at = AssignmentState.ENDED, work.at
    session.flush()
    there = session.scalar(sa.select(Assignment).filter_by(proposal_id=assignment.proposal_id,
                                                           department_id=department_id, ended_at=None))
    if there is None:
        assign(session, assignment.proposal_id, department_id, is_lead=assignment.is_lead, state=state,
               note=assignment.note, at=assignment.at, by_id=assignment.by_id)
    elif assignment.is_lead:
        there.is_lead, there.state = True, state


def restate(_work: Work, answer: Answer, key: str) -> None:
    """Put an unpublished answer under the successor of its outcome; whoever approves it reads it again, and its writer
    adds what that one asks for."""
    answer.outcome, answer.version = key, answer.version + 1
    lacks = rules.missing(AnswerText(**{column.name: getattr(answer, column.name) for column in fields(AnswerText)}))
    if answer.state is AnswerState.AWAITING_APPROVAL and lacks is not None:
        answer.state, answer.submitted_at, answer.sent_back_why = AnswerState.DRAFT, None, str(labels.MISSING[lacks])
