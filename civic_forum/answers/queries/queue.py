"""The queue of moderators and officials, the earliest deadline first."""

from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from civic_forum.accounts.models import User
from civic_forum.accounts.rules import Role
from civic_forum.blocks import listing
from civic_forum.blocks.listing import ISO_DAY, NUMBER, Chosen, Filter, Listing, Order, words
from civic_forum.district.models import Department
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _l
from civic_forum.platform.paging import Page
from civic_forum.platform.waiting import DUE, SOON_DAYS, Due
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import State

from .. import labels
from ..models import Answer, Assignment, Duty
from ..policy import CLOSED, STILL_OPEN
from ..rules import AnswerState, DutyKind, Job

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


def _for(everything: bool) -> sa.ColumnElement[bool]:
    """Everything for moderators; for officials what is on the table of their `departments`, or on none."""
    if everything:
        return sa.true()
    own = sa.exists().where(Assignment.proposal_id == Duty.proposal_id, Assignment.ended_at.is_(None),
                            Assignment.department_id.in_(sa.bindparam("departments", expanding=True)))
    return sa.or_(LEAD.id.is_(None), own)


def _whose(user: User) -> tuple[bool, dict[str, object]]:
    return user.has(Role.MODERATOR), {"departments": sorted(user.department_ids())}


def _waiting(everything: bool) -> sa.Select:
    return (_joined(sa.select(
                Duty.id, Duty.kind, Duty.due_on, Duty.paused_on, JOB.label("job"), Proposal.number, Proposal.title,
                Proposal.hidden_at, Proposal.support_count, Department.name.label("department")))
            .join(Proposal, Proposal.id == Duty.proposal_id)
            .outerjoin(Department, Department.id == LEAD.department_id).where(_for(everything)))


TODAY, SOON = (sa.bindparam(name, type_=sa.Date()) for name in ("today", "soon"))
_RUNS = Duty.paused_on.is_(None)
IS_DUE = {Due.LATE: sa.and_(_RUNS, Duty.due_on < TODAY), Due.TODAY: sa.and_(_RUNS, Duty.due_on == TODAY),
          Due.WEEK: sa.and_(_RUNS, Duty.due_on.between(TODAY, SOON)), Due.ALL: sa.true()}
QUEUE = listing.declare(Listing(
    "answers queue", _waiting, endpoint="answer_desk.queue", size=30, check_scope=(False,),
    filters=(Filter("due", _l("기한"), None, DUE, cases=IS_DUE),
             Filter("job", _l("일"), None, labels.JOB,
                    cases={job: sa.true() if job is Job.ALL else JOB == job.value for job in Job}),
             words("q", _l("제목이나 접수번호"), Proposal.title, Proposal.number, most=50,
                   also=Proposal.hidden_at.is_(None))),
    orders=(Order("due_on", _l("기한이 이른 것부터"), (Duty.due_on, Duty.id), (ISO_DAY, NUMBER)),
            Order("supported", _l("공감이 많은 것부터"), (Proposal.support_count.desc(), Duty.id.desc())))))
"""Proposals that wait for an answer, for moderators all of them."""


def _days(today: date) -> dict[str, object]:
    return {"today": today, "soon": today + timedelta(days=SOON_DAYS)}


def waiting(wanted: Chosen, user: User, today: date, after: str | None = None) -> Page[Item]:
    everything, whose = _whose(user)
    page = wanted.page(after, scope=(everything,), **whose, **_days(today))
    return Page([Item(row.number, row.title, row.hidden_at is not None, row.support_count, row.department, Job(row.job),
                      row.kind, row.due_on, row.paused_on, row.id) for row in page.items], page.after)


def counts(wanted: Chosen, user: User, today: date) -> tuple[dict[Due, int], dict[Job, int]]:
    """Numbers of waiting things below the search, by deadline for this job, and by job for this deadline: each thing
    is looked at once."""
    due, job = wanted["due"] or Due.ALL, wanted["job"] or Job.ALL
    everything, whose = _whose(user)
    when = sa.case(*((IS_DUE[one], one.value) for one in (Due.LATE, Due.TODAY, Due.WEEK)), else_=Due.ALL.value)
    found = _joined(sa.select(when.label("deadline"), JOB.label("job"), sa.func.count())).where(_for(everything))
    if others := wanted.conditions(but=("due", "job")):
        found = found.join(Proposal, Proposal.id == Duty.proposal_id).where(*others)
    rows = db.session.execute(found.group_by("deadline", "job"), whose | _days(today))
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
