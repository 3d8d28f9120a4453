"""Cases of answering as records, answers on public pages, and late ones."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, joinedload

from civic_forum.blocks import kinds, listing
from civic_forum.blocks.filters import Filter, words
from civic_forum.blocks.kinds import Answerable, Ref
from civic_forum.blocks.listing import Chosen, Listing
from civic_forum.blocks.orders import ISO_DAY, NUMBER, Order
from civic_forum.district import queries as district
from civic_forum.district.models import Department, Neighbourhood
from civic_forum.platform.base import Number, db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _, _l, local
from civic_forum.platform.paging import Page
from civic_forum.proposals.models import Proposal

from .. import rules
from ..models import (Answer, AnswerVersion, Assignment, Duty, DutyPause, FormalFiling, LaterAnswer, Referral,
                       SecondReview, Understanding)
from ..rules import AnswerKind, AnswerState, DutyKind, Pause


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
        return [assignment for assignment in self.assignments if assignment.ended_at is None]

    @property
    def lead(self) -> Assignment | None:
        return next((assignment for assignment in self.at_work if assignment.is_lead), None)

    @property
    def passed_on(self) -> Referral | None:
        """The referral by which nobody here answers it now."""
        return self.referral if self.referral is not None and self.referral.undone_at is None else None

    @property
    def passed_on_by(self) -> Assignment | None:
        """The department that had it to answer when it was passed on."""
        at = self.passed_on and self.passed_on.at
        return next((assignment for assignment in reversed(self.assignments)
                     if assignment.is_lead and at and assignment.ended_at == at), None)

    @property
    def published(self) -> list[Answer]:
        return [answer for answer in self.answers if answer.state is AnswerState.PUBLISHED]

    @property
    def draft(self) -> Answer | None:
        """There is one at most that is not published yet."""
        return next((answer for answer in self.answers if answer.state is not AnswerState.PUBLISHED), None)

    @property
    def final(self) -> Answer | None:
        """The last final answer that everybody can read."""
        return next((answer for answer in reversed(self.published) if answer.kind is AnswerKind.FINAL), None)


def case(proposal: Proposal) -> AnswerCase:
    own = Proposal.id
    *facts, _place = db.session.execute(
        sa.select(Duty, Referral, FormalFiling, SecondReview, Neighbourhood).select_from(Proposal)
        .outerjoin(Duty, sa.and_(Duty.proposal_id == own, Duty.ended_at.is_(None)))
        .outerjoin(Referral, Referral.proposal_id == own)
        .outerjoin(FormalFiling, FormalFiling.proposal_id == own)
        .outerjoin(SecondReview, SecondReview.proposal_id == own)
        .outerjoin(Neighbourhood, Neighbourhood.id == Proposal.neighbourhood_id)
        .where(own == proposal.id).order_by(Referral.id.desc(), FIRST).limit(1)).one()
    duty, referral, filing, review = facts
    assignments = list(db.session.scalars(
        sa.select(Assignment).filter_by(proposal_id=proposal.id).options(joinedload(Assignment.department))
        .order_by(Assignment.id)))
    return AnswerCase(proposal, duty, assignments, answers_of(proposal.id), referral, filing, review)


FIRST = sa.func.coalesce(Duty.step, 0)
"""Order in which what is owed about a proposal is answered."""


def open_duties(proposal_id: int) -> list[Duty]:
    return list(db.session.scalars(sa.select(Duty).where(
        Duty.proposal_id == proposal_id, Duty.ended_at.is_(None)).order_by(FIRST)))


def is_first(duty: type[Duty]) -> sa.ColumnElement[bool]:
    """True for the duty of a proposal that is answered next."""
    earlier = aliased(Duty)
    return ~sa.exists().where(earlier.proposal_id == duty.proposal_id, earlier.ended_at.is_(None),
                              sa.func.coalesce(earlier.step, 0) < sa.func.coalesce(duty.step, 0))


def ended_duties(proposal_id: int, how: str) -> list[Duty]:
    """Those that ended like this together, the last time."""
    last = sa.select(sa.func.max(Duty.ended_at)).filter_by(proposal_id=proposal_id, ended_how=how).scalar_subquery()
    return list(db.session.scalars(sa.select(Duty).filter_by(proposal_id=proposal_id, ended_how=how).where(
        Duty.ended_at == last).order_by(FIRST)))


def duty_about(about: Ref) -> Duty | None:
    """Something owed, now or once, about another kind than a proposal."""
    return db.session.scalar(sa.select(Duty).filter_by(about_kind=about.kind, about_id=about.id)
                             .execution_options(populate_existing=True))


def duty(duty_id: int) -> Duty:
    """About something other than a proposal, answered here. Raises NotFound."""
    return existing(db.session.scalar(sa.select(Duty).where(
        Duty.id == duty_id, Duty.kind == DutyKind.LATER)), missing)


def locked_duty(duty_id: int) -> Duty:
    """With its thing, which is locked first. Raises NotFound."""
    about = duty(duty_id).about
    kinds.with_capability(about.kind, Answerable).locked(about.id)
    return existing(db.session.scalar(sa.select(Duty).filter_by(id=duty_id).with_for_update()
                                      .execution_options(populate_existing=True)), missing)


def has_outcome(duty: Duty) -> bool:
    """True where the answer says what becomes of the thing."""
    return kinds.with_capability(duty.about.kind, Answerable).has_outcome


def later_answer(later_id: int) -> LaterAnswer:
    """A published one. Raises NotFound."""
    answer = db.session.get(LaterAnswer, later_id)
    if answer is None or answer.state is not AnswerState.PUBLISHED:
        raise missing()
    return answer


TOPIC = sa.table("topic", sa.column("kind", sa.String()), sa.column("id", Number), sa.column("title", sa.String()),
                 sa.column("support_count", Number), sa.column("url", sa.String()))
"""Things other than proposals about which something is owed, for a statement with `topics`."""
TITLE = sa.func.coalesce(Proposal.title, TOPIC.c.title).label("title")
SUPPORTS = sa.func.coalesce(Proposal.support_count, TOPIC.c.support_count).label("support_count")
IS_TOPIC = sa.and_(TOPIC.c.kind == Duty.about_kind, TOPIC.c.id == Duty.about_id)


def topics(*, ended: bool = False) -> sa.CompoundSelect:
    """Of all kinds that are `Answerable`, those about which something runs, or ran."""
    owed, parts = aliased(Duty), []
    for kind, answerable in kinds.having(Answerable):
        ids = sa.select(owed.about_id).where(owed.about_kind == kind.name,
                                             sa.or_(owed.ended_at.is_(None), sa.literal(ended)))
        parts.append(sa.select(sa.literal(kind.name).label("kind"), answerable.topics(ids).subquery()))
    return sa.union_all(*parts)


def with_topics(statement: sa.Select) -> sa.Select:
    """A statement of duties, joined with the proposals or other things that they are about."""
    return (statement.outerjoin(Proposal, Proposal.id == Duty.proposal_id).outerjoin(TOPIC, IS_TOPIC)
            .add_cte(topics().cte("topic")))


def pauses_of(duty_id: int) -> list[DutyPause]:
    return list(db.session.scalars(sa.select(DutyPause).filter_by(duty_id=duty_id).order_by(DutyPause.id)))


def days_of(pauses: list[DutyPause]) -> list[Pause]:
    return [(pause.from_day, pause.to_day) for pause in pauses]


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
    answer = db.session.get(Answer, answer_id)
    if answer is None or answer.state is not AnswerState.PUBLISHED:
        raise missing()
    return answer


def locked_answer(answer_id: int) -> Answer:
    answer = db.session.scalar(sa.select(Answer).filter_by(id=answer_id).with_for_update(key_share=True, of=Answer)
                               .execution_options(populate_existing=True))
    if answer is None or answer.state is not AnswerState.PUBLISHED:
        raise missing()
    return answer


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
    duties = open_duties(merged_id)
    if not duties or not others:
        return {}
    promised = [(duty.kind, rules.awaited(duty.due_on, duty.paused_on)) for duty in duties]
    is_answered = sa.exists().where(Answer.proposal_id == Proposal.id, Answer.state == AnswerState.PUBLISHED,
                                    Answer.kind == AnswerKind.FINAL)
    rows = db.session.execute(
        sa.select(Proposal.id, Duty.due_on, Duty.paused_on, is_answered).select_from(Proposal)
        .outerjoin(Duty, sa.and_(Duty.proposal_id == Proposal.id, Duty.ended_at.is_(None)))
        .where(Proposal.id.in_(others), sa.or_(Duty.id.is_(None), is_first(Duty))))
    return {proposal_id: _("먼저 답변하기로 약속한 제안이에요. 이 제안이 남도록 반대로 합쳐 주세요.")
            for proposal_id, due_on, paused_on, answered in rows
            if not all(rules.may_pass_on(each, due_on and rules.awaited(due_on, paused_on), answered)
                       for each in promised)}


# Answers on the public page of a proposal, in one statement


@dataclass(frozen=True)
class PublicAnswer:
    proposal: Proposal
    duties: list[Duty]
    """All that run or stand still, in their order."""
    department: str | None
    referral: Referral | None
    filing: FormalFiling | None
    review: SecondReview | None
    asked: str | None
    """Request to the author to complete the text."""
    answers: list[Answer]
    judged: dict[int, bool]
    """Of the reader: answer id → understood."""

    @property
    def duty(self) -> Duty | None:
        return next(iter(self.duties), None)

    @property
    def final(self) -> Answer | None:
        return next((answer for answer in reversed(self.answers) if answer.kind is AnswerKind.FINAL), None)


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
        .order_by(FIRST, Answer.published_at, Answer.id)).all()
    duties, answers = ([*dict.fromkeys(row[place] for row in rows if row[place] is not None)] for place in (0, 6))
    judged = {row[6].id: row[7] for row in rows if row[7] is not None}
    return PublicAnswer(proposal, duties, *rows[0][1:6], answers, judged)


def answered_proposals() -> sa.Select[Any]:
    """Number of proposals that a department has answered for good."""
    return sa.select(sa.func.count(sa.distinct(Answer.proposal_id))).where(
        Answer.state == AnswerState.PUBLISHED, Answer.kind == AnswerKind.FINAL)


# Late answers, on a page for everybody


TODAY = sa.bindparam("today", type_=sa.Date())
NOBODY = 0
"""Stands for a department where none has it yet."""
UNDECIDED = _l("부서를 정하고 있어요")


def _of_late(statement: sa.Select) -> sa.Select:
    lead = sa.and_(Assignment.proposal_id == Duty.proposal_id, Assignment.is_lead, Assignment.ended_at.is_(None))
    return (with_topics(statement.select_from(Duty)).outerjoin(Assignment, lead)
            .outerjoin(Department, Department.id == sa.func.coalesce(Assignment.department_id, Duty.department_id))
            .where(Duty.ended_at.is_(None), Duty.paused_on.is_(None), Duty.due_on < TODAY,
                   Proposal.hidden_at.is_(None), TITLE.is_not(None)))


def _late() -> sa.Select:
    return _of_late(sa.select(Duty.id, Duty.due_on, Proposal.number, TITLE, SUPPORTS, Duty.kind, Duty.about_kind,
                              TOPIC.c.url, Department.name.label("department")))


def _departments() -> Mapping[int, object]:
    return {NOBODY: UNDECIDED, **district.department_names()}


LATE = listing.declare(Listing(
    "late answers", _late, endpoint="answers.late", size=30,
    filters=(Filter("department", _l("부서"), Department.id, _departments, cases={NOBODY: Department.id.is_(None)}),
             words("q", _l("제목이나 접수번호"), TITLE.element, Proposal.number, most=50)),
    orders=(Order("due_on", _l("기한이 이른 것부터"), (Duty.due_on, Duty.id), (ISO_DAY, NUMBER)),
            Order("newest", _l("기한이 늦은 것부터"), (Duty.due_on.desc(), Duty.id.desc()), (ISO_DAY, NUMBER)),
            Order("supported", _l("공감이 많은 것부터"), (SUPPORTS.element.desc(), Duty.id.desc()), (NUMBER, NUMBER),
                  lambda row: (row.support_count, row.id)))))


def late(wanted: Chosen, today: date, after: str | None = None) -> Page[Any]:
    """Rows with number, title, department, day and supports. Raises Invalid for an `after` that is no token."""
    return wanted.page(after, today=today)


def by_department(wanted: Chosen, today: date) -> list[tuple[int, str | None, int]]:
    """Department id (or `NOBODY`), name and how many below the search; the most first."""
    many = sa.func.count()
    statement = _of_late(sa.select(sa.func.coalesce(Department.id, NOBODY), Department.name, many)).where(
        *wanted.conditions(but=("department",)))
    return [tuple(row) for row in db.session.execute(
        statement.group_by(Department.id, Department.name).order_by(many.desc(), Department.id), {"today": today})]
