"""Answers that wait at the desk, and its queue."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from civic_forum.accounts.models import User
from civic_forum.accounts.rules import Role
from civic_forum.blocks import approval_models, kinds, listing
from civic_forum.blocks.filters import Filter, words
from civic_forum.blocks.listing import Chosen, Listing
from civic_forum.blocks.orders import ISO_DAY, NUMBER, Order
from civic_forum.district.models import Department
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _, _l, local
from civic_forum.platform.paging import Page
from civic_forum.platform.waiting import DUE, DeskLine, Due, SOON_DAYS, Waiting
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import State

from .. import labels
from ..models import Answer, Assignment, Duty, LaterAnswer
from ..policy import CLOSED, STILL_OPEN
from ..rules import AnswerState, AssignmentState, DutyKind, Job
from .records import SUPPORTS, TITLE, TODAY, TOPIC, is_first, topics, with_topics

REPLIED_WITHIN = timedelta(days=7)
"""Time that another department has to say what it was asked."""
LEADING = aliased(Assignment)
RUNS = sa.and_(Duty.ended_at.is_(None), Duty.paused_on.is_(None))


def _of_proposal(column, proposal_id) -> sa.ScalarSelect:
    return sa.select(column).where(Proposal.id == proposal_id).correlate_except(Proposal).scalar_subquery()


def _shown(proposal_id) -> tuple[sa.ScalarSelect, sa.ScalarSelect]:
    """Number and title; a hidden one has no title here."""
    return (_of_proposal(Proposal.number, proposal_id),
            _of_proposal(sa.case((Proposal.hidden_at.is_(None), Proposal.title)), proposal_id))


def _duties(note: sa.ColumnElement) -> sa.Select:
    return sa.select(Duty.id, Duty.due_on, *_shown(Duty.proposal_id), note).where(RUNS)


def to_sort(user: User) -> sa.Select | None:
    """Proposals that no department has taken yet; for moderators, who give it to one."""
    if not user.has(Role.MODERATOR):
        return None
    taken = sa.exists().where(LEADING.proposal_id == Duty.proposal_id, LEADING.is_lead, LEADING.ended_at.is_(None))
    return _duties(sa.cast(_of_proposal(Proposal.support_count, Duty.proposal_id), sa.Text)).where(
        Duty.proposal_id.is_not(None), ~taken, is_first(Duty))


def to_write(user: User) -> sa.Select | None:
    return _on_own_table(user, Duty.kind.not_in((DutyKind.SECOND_REVIEW, DutyKind.MAYOR)))


def to_write_for_mayor(user: User) -> sa.Select | None:
    return _on_own_table(user, Duty.kind == DutyKind.MAYOR)


def to_review(user: User) -> sa.Select | None:
    """A declined author asked for another look."""
    return _on_own_table(user, Duty.kind == DutyKind.SECOND_REVIEW)


def _on_own_table(user: User, condition: sa.ColumnElement[bool]) -> sa.Select | None:
    """Owed by a department of the user, and not written yet."""
    if not user.department_ids():
        return None
    written = sa.select(Answer.proposal_id).where(Answer.state == AnswerState.AWAITING_APPROVAL)
    own = sa.exists().where(LEADING.proposal_id == Duty.proposal_id, LEADING.is_lead, LEADING.ended_at.is_(None),
                            LEADING.department_id.in_(user.department_ids()))
    return _duties(sa.cast(_of_proposal(Proposal.support_count, Duty.proposal_id), sa.Text)).where(
        condition, own, Duty.proposal_id.not_in(written), is_first(Duty))


def to_answer_later(user: User) -> sa.Select | None:
    """Owed by a department of the user about something other than a proposal, and not written yet, or written by
    somebody else; and corrections of such answers."""
    if not user.department_ids():
        return None
    own = sa.select(Department.id).where(sa.or_(*(
        column.in_(user.department_ids()) for column in (Department.id, Department.successor_id))))
    there = topics(ended=True).subquery()
    title = sa.select(there.c.title).where(there.c.kind == Duty.about_kind, there.c.id == Duty.about_id)
    waits = sa.and_(approval_models.awaiting(LaterAnswer), LaterAnswer.written_by_id != user.id)
    unwritten = sa.or_(LaterAnswer.id.is_(None), LaterAnswer.state == AnswerState.DRAFT)
    return (sa.select(Duty.id, Duty.due_on, sa.literal("duties/") + sa.cast(Duty.id, sa.Text), title.scalar_subquery(),
                      Duty.about_kind).outerjoin(LaterAnswer, LaterAnswer.duty_id == Duty.id)
            .where(Duty.kind == DutyKind.LATER, Duty.department_id.in_(own),
                   sa.or_(sa.and_(Duty.ended_at.is_(None), unwritten), waits)))


def to_reply(user: User) -> sa.Select | None:
    """Questions of another department to one of the user's."""
    if not user.department_ids():
        return None
    return sa.select(Assignment.id, Assignment.at, *_shown(Assignment.proposal_id), sa.null()).where(
        Assignment.department_id.in_(user.department_ids()), Assignment.state == AssignmentState.ASKED,
        Assignment.ended_at.is_(None), ~Assignment.is_lead)


UNAPPROVED = sa.select(
    Answer.id, Answer.written_by_id, Answer.submitted_at, Answer.correction,
    sa.select(sa.func.min(Duty.due_on)).where(RUNS, Duty.proposal_id == Answer.proposal_id).correlate_except(
        Duty).scalar_subquery(),
    *_shown(Answer.proposal_id)).where(
    sa.select(Department.id).where(Department.id == Answer.department_id, sa.or_(*(
        column.in_(sa.bindparam("departments", expanding=True)) for column in (Department.id, Department.successor_id)
    ))).exists(), approval_models.awaiting(Answer))


def to_approve(user: User) -> list[Waiting] | None:
    """Answers, and corrections of answers, that somebody else of the same department wrote."""
    if not user.department_ids():
        return None
    rows = db.session.execute(UNAPPROVED, {"departments": sorted(user.department_ids())})
    return [Waiting(answer_id, _approved_by(submitted_at, correction, due), number, title,
                    "correction" if correction else None)
            for answer_id, written_by, submitted_at, correction, due, number, title in rows
            if (correction["by_id"] if correction else written_by) != user.id]


def _approved_by(submitted_at: datetime, correction: dict | None, due_on: date | None) -> date:
    at = datetime.fromisoformat(correction["at"]) if correction else submitted_at
    latest = local(at + approval_models.APPROVED_WITHIN).date()
    return latest if correction or due_on is None else min(due_on, latest)


def _line(case: Waiting, why: str | None) -> DeskLine:
    return DeskLine(f"/desk/answers/{case.ref}", case.title or _("가린 제안"), (case.ref,), why)


def sorted_lines(cases: list[Waiting]) -> list[DeskLine]:
    return [_line(case, _("공감 %(count)s명 · 맡을 부서를 정해 주세요.", count=f"{int(case.note):,}")) for case in cases]


def written_lines(cases: list[Waiting]) -> list[DeskLine]:
    return [_line(case, _("공감 %(count)s명이 답변을 기다려요.", count=f"{int(case.note):,}")) for case in cases]


def later_lines(cases: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/desk/answers/{case.ref}", case.title or _("가린 글"), (str(kinds.of(case.note or "").label),),
                     _("답하기로 했어요. 답변을 쓰거나 승인해 주세요.")) for case in cases]


def reviewed_lines(cases: list[Waiting]) -> list[DeskLine]:
    return [_line(case, _("안 하기로 한 답변을 다시 검토해 달라고 했어요.")) for case in cases]


def asked_lines(cases: list[Waiting]) -> list[DeskLine]:
    return [_line(case, _("다른 부서가 의견을 물었어요.")) for case in cases]


def approved_lines(cases: list[Waiting]) -> list[DeskLine]:
    return [_line(case, _("바로잡은 답변이 승인을 기다려요.") if case.note else _("우리 부서가 쓴 답변이 승인을 기다려요.")) for case in cases]



# The queue of moderators and officials, the earliest deadline first


MOST_WITHOUT_CLOCK = 50


@dataclass(frozen=True)
class Item:
    number: str | None
    """None for what is no proposal."""
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
    about: object = ""
    """Label of the kind of what is no proposal."""
    page: str | None = None
    """Its page for everybody."""

    @property
    def url(self) -> str:
        if self.kind is DutyKind.FOLLOW_UP:
            return f"/desk{self.page}"
        return f"/desk/answers/{self.number or f'duties/{self.id}'}"


LEAD = aliased(Assignment)
DRAFT = aliased(Answer)
AT = sa.func.coalesce(LEAD.department_id, Duty.department_id)
"""The department that owes it."""
JOB = sa.case((Duty.paused_on.is_not(None), Job.WAIT.value),
              (sa.and_(AT.is_(None), Duty.kind != DutyKind.FOLLOW_UP), Job.TRIAGE.value),
              (sa.func.coalesce(DRAFT.state, LaterAnswer.state) == AnswerState.AWAITING_APPROVAL, Job.APPROVE.value),
              else_=Job.WRITE.value)
DEPARTMENTS = sa.bindparam("departments", expanding=True)


def _joined(statement: sa.Select) -> sa.Select:
    return (statement.select_from(Duty)
            .outerjoin(LEAD, sa.and_(LEAD.proposal_id == Duty.proposal_id, LEAD.is_lead, LEAD.ended_at.is_(None)))
            .outerjoin(DRAFT, sa.and_(DRAFT.proposal_id == Duty.proposal_id, DRAFT.state != AnswerState.PUBLISHED))
            .outerjoin(LaterAnswer, LaterAnswer.duty_id == Duty.id)
            .where(Duty.ended_at.is_(None), _is_due_next()))


def _is_due_next() -> sa.ColumnElement[bool]:
    """True for one of several open duties of a proposal: that which is due first, of those that run where one does."""
    other, stands = aliased(Duty), Duty.paused_on.is_not(None)
    sooner = sa.or_(other.due_on < Duty.due_on, sa.and_(other.due_on == Duty.due_on, other.id < Duty.id))
    return ~sa.exists().where(
        other.proposal_id == Duty.proposal_id, other.ended_at.is_(None), other.id != Duty.id,
        sa.case((other.paused_on.is_(None) == stands, stands), else_=sooner))


def _for(everything: bool) -> sa.ColumnElement[bool]:
    """Everything for moderators; for officials what is on the table of their `departments`, or on none."""
    if everything:
        return sa.true()
    own = sa.exists().where(Assignment.proposal_id == Duty.proposal_id, Assignment.ended_at.is_(None),
                            Assignment.department_id.in_(DEPARTMENTS))
    return sa.or_(AT.is_(None), own, Duty.department_id.in_(DEPARTMENTS))


def _whose(user: User) -> tuple[bool, dict[str, object]]:
    return user.has(Role.MODERATOR), {"departments": sorted(user.department_ids())}


def _waiting(everything: bool) -> sa.Select:
    return (with_topics(_joined(sa.select(
                Duty.id, Duty.kind, Duty.due_on, Duty.paused_on, JOB.label("job"), Proposal.number, TITLE,
                Proposal.hidden_at, SUPPORTS, Duty.about_kind, TOPIC.c.url,
                Department.name.label("department"))))
            .outerjoin(Department, Department.id == AT).where(_for(everything)))


SOON = sa.bindparam("soon", type_=sa.Date())
_RUNS = Duty.paused_on.is_(None)
IS_DUE = {Due.LATE: sa.and_(_RUNS, Duty.due_on < TODAY), Due.TODAY: sa.and_(_RUNS, Duty.due_on == TODAY),
          Due.WEEK: sa.and_(_RUNS, Duty.due_on.between(TODAY, SOON)), Due.ALL: sa.true()}
QUEUE = listing.declare(Listing(
    "answers queue", _waiting, endpoint="answer_desk.queue", size=30, check_scope=(False,),
    filters=(Filter("due", _l("기한"), None, DUE, cases=IS_DUE),
             Filter("job", _l("일"), None, labels.JOB,
                    cases={job: sa.true() if job is Job.ALL else JOB == job.value for job in Job}),
             words("q", _l("제목이나 접수번호"), TITLE.element, Proposal.number, most=50,
                   also=Proposal.hidden_at.is_(None))),
    orders=(Order("due_on", _l("기한이 이른 것부터"), (Duty.due_on, Duty.id), (ISO_DAY, NUMBER)),
            Order("supported", _l("공감이 많은 것부터"), (SUPPORTS.element.desc(), Duty.id.desc()), (NUMBER, NUMBER),
                  lambda row: (row.support_count, row.id)))))
"""Proposals that wait for an answer, for moderators all of them."""


def _days(today: date) -> dict[str, object]:
    return {"today": today, "soon": today + timedelta(days=SOON_DAYS)}


def waiting(wanted: Chosen, user: User, today: date, after: str | None = None) -> Page[Item]:
    everything, whose = _whose(user)
    page = wanted.page(after, scope=(everything,), **whose, **_days(today))
    return Page([Item(row.number, row.title, row.hidden_at is not None, row.support_count, row.department, Job(row.job),
                      row.kind, row.due_on, row.paused_on, row.id, row.about_kind and kinds.of(row.about_kind).label,
                      row.url)
                 for row in page.items], page.after)


def counts(wanted: Chosen, user: User, today: date) -> tuple[dict[Due, int], dict[Job, int]]:
    """Numbers of waiting things below the search, by deadline for this job, and by job for this deadline: each thing
    is looked at once."""
    due, job = wanted["due"] or Due.ALL, wanted["job"] or Job.ALL
    everything, whose = _whose(user)
    when = sa.case(*((IS_DUE[term], term.value) for term in (Due.LATE, Due.TODAY, Due.WEEK)), else_=Due.ALL.value)
    statement = _joined(sa.select(when.label("deadline"), JOB.label("job"), sa.func.count())).where(_for(everything))
    if others := wanted.conditions(but=("due", "job")):
        statement = with_topics(statement).where(*others)
    rows = db.session.execute(statement.group_by("deadline", "job"), whose | _days(today))
    by_due, by_job = dict.fromkeys(Due, 0), dict.fromkeys(Job, 0)
    for deadline, todo, number in rows:
        fits = {Due.ALL, Due(deadline), *((Due.WEEK,) if deadline == Due.TODAY else ())}
        if job in (Job.ALL, todo):
            for choice in fits:
                by_due[choice] += number
        if due in fits:
            for choice in (Job.ALL, Job(todo)):
                by_job[choice] += number
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
