"""The queue of moderators and officials, the earliest deadline first."""

from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from civic_forum.accounts.models import User
from civic_forum.accounts.rules import Role
from civic_forum.district.models import Department
from civic_forum.kernel import paging
from civic_forum.kernel.base import db
from civic_forum.kernel.errors import Invalid
from civic_forum.kernel.i18n import _
from civic_forum.kernel.paging import Page
from civic_forum.kernel.waiting import SOON_DAYS, Due
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import State

from ..models import Answer, Assignment, Duty
from ..policy.case import CLOSED, STILL_OPEN
from ..rules import AnswerState, DutyKind, Job

PAGE = 30
MOST_WITHOUT_CLOCK = 50


@dataclass(frozen=True)
class Item:
    number: str
    title: str
    is_hidden: bool
    supports: int
    department: str | None
    job: Job
    kind: DutyKind | None = None
    due_on: date | None = None
    paused_on: date | None = None
    """Since when the author is asked to complete it."""
    id: int = 0


LEAD = aliased(Assignment)
DRAFT = aliased(Answer)
JOB = sa.case((Duty.paused_on.is_not(None), Job.WAIT.value), (LEAD.id.is_(None), Job.TRIAGE.value),
              (DRAFT.state == AnswerState.AWAITING_APPROVAL, Job.APPROVE.value), else_=Job.WRITE.value)


def _joined(statement: sa.Select) -> sa.Select:
    return (statement.select_from(Duty)
            .outerjoin(LEAD, sa.and_(LEAD.proposal_id == Duty.proposal_id, LEAD.is_lead, LEAD.ended_at.is_(None)))
            .outerjoin(DRAFT, sa.and_(DRAFT.proposal_id == Duty.proposal_id, DRAFT.state != AnswerState.PUBLISHED))
            .where(Duty.ended_at.is_(None)))


def _for(user: User) -> sa.ColumnElement[bool]:
    """Everything for moderators; for officials what is on the table of their departments, or on none."""
    if user.has(Role.MODERATOR):
        return sa.true()
    own = sa.exists().where(Assignment.proposal_id == Duty.proposal_id, Assignment.ended_at.is_(None),
                            Assignment.department_id.in_(user.department_ids()))
    return sa.or_(LEAD.id.is_(None), own)


def _is_due(due: Due, today: date) -> sa.ColumnElement[bool]:
    runs = Duty.paused_on.is_(None)
    return {
        Due.LATE: sa.and_(runs, Duty.due_on < today),
        Due.TODAY: sa.and_(runs, Duty.due_on == today),
        Due.WEEK: sa.and_(runs, Duty.due_on.between(today, today + timedelta(days=SOON_DAYS))),
        Due.ALL: sa.true(),
    }[due]


def _is_job(job: Job) -> sa.ColumnElement[bool]:
    return sa.true() if job is Job.ALL else JOB == job.value


def waiting(user: User, *, due: Due, job: Job, today: date, after: str | None = None) -> Page[Item]:
    statement = (_joined(sa.select(
                     Duty.id, Duty.kind, Duty.due_on, Duty.paused_on, JOB, Proposal.number, Proposal.title,
                     Proposal.hidden_at, Proposal.support_count, Department.name))
                 .join(Proposal, Proposal.id == Duty.proposal_id)
                 .outerjoin(Department, Department.id == LEAD.department_id)
                 .where(_for(user), _is_due(due, today), _is_job(job))
                 .order_by(Duty.due_on, Duty.id).limit(PAGE + 1))
    if (start := paging.parts(after, str, int)) is not None:
        statement = statement.where(sa.tuple_(Duty.due_on, Duty.id) > sa.tuple_(day_in(start[0]), start[1]))
    items = [Item(number, title, hidden is not None, supports, department, Job(todo), kind, due_on,
                  paused, answer_id)
             for answer_id, kind, due_on, paused, todo, number, title, hidden, supports, department
             in db.session.execute(statement)]
    return paging.page_of(items, PAGE, lambda item: (item.due_on.isoformat(), item.id))


def day_in(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise Invalid(_("주소의 쪽 번호가 맞지 않아요. 목록의 처음부터 다시 봐 주세요.")) from wrong


def counts(user: User, *, due: Due, job: Job, today: date) -> tuple[dict[Due, int], dict[Job, int]]:
    """Numbers of waiting things, by deadline for this job, and by job for this deadline: each thing is looked at
    once."""
    when = sa.case(*((_is_due(one, today), one.value) for one in (Due.LATE, Due.TODAY, Due.WEEK)), else_=Due.ALL.value)
    rows = db.session.execute(_joined(sa.select(when.label("deadline"), JOB.label("job"), sa.func.count()))
                              .where(_for(user)).group_by("deadline", "job"))
    by_due, by_job = dict.fromkeys(Due, 0), dict.fromkeys(Job, 0)
    for found, todo, number in rows:
        fits = {Due.ALL, Due(found), *((Due.WEEK,) if found == Due.TODAY else ())}
        if job in (Job.ALL, todo):
            for one in fits:
                by_due[one] += number
        if due in fits:
            for one in (Job.ALL, Job(todo)):
                by_job[one] += number
    return by_due, by_job


def without_clock(user: User) -> list[Item]:
    """Proposals that a department has taken though nobody had to answer: to be written, approved or carried out."""
    owed = sa.exists().where(Duty.proposal_id == Proposal.id, Duty.ended_at.is_(None))
    answered = sa.exists().where(Answer.proposal_id == Proposal.id, Answer.state == AnswerState.PUBLISHED)
    unfinished = sa.exists().where(Answer.proposal_id == Proposal.id, sa.or_(
        Answer.state != AnswerState.PUBLISHED, Answer.correction.is_not(None)))
    goes_on = sa.or_(unfinished, Proposal.state.in_((State.DECIDED, State.IN_PROGRESS)),
                     sa.and_(Proposal.state.in_(STILL_OPEN), ~answered))
    rows = db.session.execute(
        sa.select(Proposal.number, Proposal.title, Proposal.hidden_at, Proposal.support_count, Department.name)
        .select_from(Assignment).join(Proposal, Proposal.id == Assignment.proposal_id)
        .join(Department, Department.id == Assignment.department_id)
        .where(Assignment.department_id.in_(user.department_ids()), Assignment.ended_at.is_(None), ~owed, goes_on,
               Proposal.state.not_in(CLOSED))
        .order_by(Assignment.id).limit(MOST_WITHOUT_CLOCK))
    return [Item(number, title, hidden is not None, supports, department, Job.WRITE)
            for number, title, hidden, supports, department in rows]
