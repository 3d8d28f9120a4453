"""Cases of answering as records, answers on public pages, and the queue of the desk."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, joinedload

from civic_forum.accounts.models import User
from civic_forum.accounts.rules import Role
from civic_forum.blocks import listing
from civic_forum.blocks.listing import Chosen, Filter, ISO_DAY, Listing, NUMBER, Order, words
from civic_forum.district.models import Department, Neighbourhood
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _, _l, local
from civic_forum.platform.paging import Page
from civic_forum.platform.waiting import DUE, Due, SOON_DAYS
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import State

from .. import labels, rules
from ..models import (Answer, AnswerVersion, Assignment, Duty, DutyPause, FormalFiling, Referral, SecondReview,
                      Understanding)
from ..policy import CLOSED, STILL_OPEN
from ..rules import AnswerKind, AnswerState, DutyKind, Job, Pause


@dataclass(frozen=True)
class AnswerCase:
    proposal: Proposal
    duty: Duty | None
    """The one that runs or stands still; None when nothing is owed."""
    assignments: list[Assignment]
    answers: list[Answer]
    referral: Referral | None
    filing: FormalFiling | None
    review: SecondReview | None

    @property
    def at_work(self) -> list[Assignment]:
        return [one for one in self.assignments if one.ended_at is None]

    @property
    def lead(self) -> Assignment | None:
        return next((one for one in self.at_work if one.is_lead), None)

    @property
    def passed_on(self) -> Referral | None:
        """The referral by which nobody here answers it now."""
        return self.referral if self.referral is not None and self.referral.undone_at is None else None

    @property
    def passed_on_by(self) -> Assignment | None:
        """The department that had it to answer when it was passed on."""
        at = self.passed_on and self.passed_on.at
        return next((one for one in reversed(self.assignments) if one.is_lead and at and one.ended_at == at), None)

    @property
    def published(self) -> list[Answer]:
        return [one for one in self.answers if one.state is AnswerState.PUBLISHED]

    @property
    def draft(self) -> Answer | None:
        """There is one at most that is not published yet."""
        return next((one for one in self.answers if one.state is not AnswerState.PUBLISHED), None)

    @property
    def final(self) -> Answer | None:
        """The last final answer that everybody can read."""
        return next((one for one in reversed(self.published) if one.kind is AnswerKind.FINAL), None)


def case(proposal: Proposal) -> AnswerCase:
    own = Proposal.id
    *facts, _place = db.session.execute(
        sa.select(Duty, Referral, FormalFiling, SecondReview, Neighbourhood).select_from(Proposal)
        .outerjoin(Duty, sa.and_(Duty.proposal_id == own, Duty.ended_at.is_(None)))
        .outerjoin(Referral, Referral.proposal_id == own)
        .outerjoin(FormalFiling, FormalFiling.proposal_id == own)
        .outerjoin(SecondReview, SecondReview.proposal_id == own)
        .outerjoin(Neighbourhood, Neighbourhood.id == Proposal.neighbourhood_id)
        .where(own == proposal.id).order_by(Referral.id.desc()).limit(1)).one()
    duty, referral, filing, review = facts
    assignments = list(db.session.scalars(
        sa.select(Assignment).filter_by(proposal_id=proposal.id).options(joinedload(Assignment.department))
        .order_by(Assignment.id)))
    return AnswerCase(proposal, duty, assignments, answers_of(proposal.id), referral, filing, review)


def open_duty(proposal_id: int) -> Duty | None:
    return db.session.scalar(sa.select(Duty).where(Duty.proposal_id == proposal_id, Duty.ended_at.is_(None)))


def ended_duty(proposal_id: int, how: str) -> Duty | None:
    """The last one that ended like this."""
    return db.session.scalar(sa.select(Duty).filter_by(proposal_id=proposal_id, ended_how=how)
                             .order_by(Duty.id.desc()).limit(1))


def pauses_of(duty_id: int) -> list[DutyPause]:
    return list(db.session.scalars(sa.select(DutyPause).filter_by(duty_id=duty_id).order_by(DutyPause.id)))


def days_of(pauses: list[DutyPause]) -> list[Pause]:
    return [(one.from_day, one.to_day) for one in pauses]


def time_away(proposal_id: int) -> list[Pause]:
    """From the days on which it was passed on to those on which that was undone."""
    rows = db.session.execute(sa.select(Referral.at, Referral.undone_at).where(
        Referral.proposal_id == proposal_id, Referral.undone_at.is_not(None)).order_by(Referral.id))
    return [(local(at).date(), local(undone_at).date()) for at, undone_at in rows]


def answers_of(proposal_id: int) -> list[Answer]:
    return list(db.session.scalars(
        sa.select(Answer).filter_by(proposal_id=proposal_id)
        .options(joinedload(Answer.department), joinedload(Answer.written_by))
        .order_by(Answer.published_at.is_(None), Answer.published_at, Answer.id)))


def answer(answer_id: int) -> Answer:
    """A published answer. Raises NotFound also for one that is not public yet."""
    found = db.session.get(Answer, answer_id)
    if found is None or found.state is not AnswerState.PUBLISHED:
        raise missing()
    return found


def locked_answer(answer_id: int) -> Answer:
    found = db.session.scalar(sa.select(Answer).filter_by(id=answer_id).with_for_update(key_share=True, of=Answer)
                              .execution_options(populate_existing=True))
    if found is None or found.state is not AnswerState.PUBLISHED:
        raise missing()
    return found


def versions(answer_id: int) -> list[AnswerVersion]:
    return list(db.session.scalars(sa.select(AnswerVersion).filter_by(answer_id=answer_id)
                                   .order_by(AnswerVersion.version)))


def missing() -> NotFound:
    return NotFound(_("이런 답변은 없어요. 제안 화면에서 다시 찾아보세요."))


def in_hand(proposal_id: int) -> int | None:
    """The department that has the proposal, else the one that answered it."""
    has = sa.select(Assignment.department_id).where(
        Assignment.proposal_id == proposal_id, Assignment.is_lead, Assignment.ended_at.is_(None)).limit(1)
    answered = sa.select(Answer.department_id).where(
        Answer.proposal_id == proposal_id, Answer.state == AnswerState.PUBLISHED,
        Answer.kind == AnswerKind.FINAL).order_by(Answer.id.desc()).limit(1)
    return db.session.scalar(sa.select(sa.func.coalesce(has.scalar_subquery(), answered.scalar_subquery())))


def refused(merged_id: int, others: Collection[int]) -> dict[int, str]:
    """Of these, which cannot carry it on, and why: it would be answered later than was promised, or not at all."""
    owed = open_duty(merged_id)
    if owed is None or not others:
        return {}
    promised = owed.kind, rules.awaited(owed.due_on, owed.paused_on)
    is_answered = sa.exists().where(Answer.proposal_id == Proposal.id, Answer.state == AnswerState.PUBLISHED,
                                    Answer.kind == AnswerKind.FINAL)
    rows = db.session.execute(
        sa.select(Proposal.id, Duty.due_on, Duty.paused_on, is_answered).select_from(Proposal)
        .outerjoin(Duty, sa.and_(Duty.proposal_id == Proposal.id, Duty.ended_at.is_(None)))
        .where(Proposal.id.in_(others)))
    return {one: _("먼저 답변하기로 약속한 제안이에요. 이 제안이 남도록 반대로 합쳐 주세요.")
            for one, due_on, paused_on, answered in rows
            if not rules.may_pass_on(promised, due_on and rules.awaited(due_on, paused_on), answered)}


# Answers on the public page of a proposal, in one statement


@dataclass(frozen=True)
class PublicAnswer:
    proposal: Proposal
    duty: Duty | None
    department: str | None
    referral: Referral | None
    filing: FormalFiling | None
    review: SecondReview | None
    asked: str | None
    """What the author is asked to complete."""
    answers: list[Answer]
    judged: dict[int, bool]
    """Of the reader: answer id → understood."""

    @property
    def final(self) -> Answer | None:
        return next((one for one in reversed(self.answers) if one.kind is AnswerKind.FINAL), None)


def shown(proposal: Proposal, viewer_id: int | None) -> PublicAnswer:
    own, answering, lead = Proposal.id, aliased(Department), aliased(Department)
    each = aliased(Referral)
    last_referral = sa.select(sa.func.max(each.id)).where(each.proposal_id == own).scalar_subquery()
    rows = db.session.execute(
        sa.select(Duty, lead.name, Referral, FormalFiling, SecondReview, DutyPause.asked, Answer,
                  Understanding.understood)
        .select_from(Proposal)
        .outerjoin(Duty, sa.and_(Duty.proposal_id == own, Duty.ended_at.is_(None)))
        .outerjoin(DutyPause, sa.and_(DutyPause.duty_id == Duty.id, DutyPause.to_day.is_(None)))
        .outerjoin(Assignment, sa.and_(
            Assignment.proposal_id == own, Assignment.is_lead, Assignment.ended_at.is_(None)))
        .outerjoin(lead, lead.id == Assignment.department_id)
        .outerjoin(Referral, Referral.id == last_referral)
        .outerjoin(FormalFiling, FormalFiling.proposal_id == own)
        .outerjoin(SecondReview, SecondReview.proposal_id == own)
        .outerjoin(Answer, sa.and_(Answer.proposal_id == own, Answer.state == AnswerState.PUBLISHED))
        .outerjoin(answering, answering.id == Answer.department_id)
        .outerjoin(Understanding, sa.and_(Understanding.answer_id == Answer.id,
                                          Understanding.user_id == (viewer_id or 0)))
        .where(own == proposal.id).options(contains_eager(Answer.department.of_type(answering)))
        .order_by(Answer.published_at, Answer.id)).all()
    answers = [row[6] for row in rows if row[6] is not None]
    judged = {row[6].id: row[7] for row in rows if row[7] is not None}
    return PublicAnswer(proposal, *rows[0][:6], answers, judged)


# The queue of moderators and officials, the earliest deadline first


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


def answered_proposals() -> sa.Select[Any]:
    """Number of proposals that a department has answered for good."""
    return sa.select(sa.func.count(sa.distinct(Answer.proposal_id))).where(
        Answer.state == AnswerState.PUBLISHED, Answer.kind == AnswerKind.FINAL)


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
