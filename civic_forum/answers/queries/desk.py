"""Answers that wait at the desk, and the late ones."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from civic_forum.accounts.models import User
from civic_forum.accounts.rules import Role
from civic_forum.blocks import approval, listing
from civic_forum.blocks.listing import Chosen, Filter, ISO_DAY, Listing, NUMBER, Order, words
from civic_forum.district import queries as district
from civic_forum.district.models import Department
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _, _l, local
from civic_forum.platform.paging import Page
from civic_forum.platform.waiting import DeskLine, Waiting
from civic_forum.proposals.models import Proposal

from ..models import Answer, Assignment, Duty
from ..rules import AnswerState, AssignmentState, DutyKind
from .records import TODAY

REPLIED_WITHIN = timedelta(days=7)
"""How long another department may take to say what it was asked."""
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
    return _duties(sa.cast(_of_proposal(Proposal.support_count, Duty.proposal_id), sa.Text)).where(~taken)


def to_write(user: User) -> sa.Select | None:
    return _on_own_table(user, Duty.kind != DutyKind.SECOND_REVIEW)


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
        condition, own, Duty.proposal_id.not_in(written))


def to_reply(user: User) -> sa.Select | None:
    """Questions of another department to one of the user's."""
    if not user.department_ids():
        return None
    return sa.select(Assignment.id, Assignment.at, *_shown(Assignment.proposal_id), sa.null()).where(
        Assignment.department_id.in_(user.department_ids()), Assignment.state == AssignmentState.ASKED,
        Assignment.ended_at.is_(None), ~Assignment.is_lead)


UNAPPROVED = sa.select(
    Answer.id, Answer.written_by_id, Answer.submitted_at, Answer.correction,
    sa.select(Duty.due_on).where(RUNS, Duty.proposal_id == Answer.proposal_id).correlate_except(Duty).scalar_subquery(),
    *_shown(Answer.proposal_id)).where(
    Answer.department_id.in_(sa.bindparam("departments", expanding=True)), approval.awaiting(Answer))


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
    latest = local(at + approval.APPROVED_WITHIN).date()
    return latest if correction or due_on is None else min(due_on, latest)


def _line(one: Waiting, why: str | None) -> DeskLine:
    return DeskLine(f"/desk/answers/{one.ref}", one.title or _("가린 제안"), (one.ref,), why)


def sorted_lines(found: list[Waiting]) -> list[DeskLine]:
    return [_line(one, _("공감 %(count)s명 · 맡을 부서를 정해 주세요.", count=f"{int(one.note):,}")) for one in found]


def written_lines(found: list[Waiting]) -> list[DeskLine]:
    return [_line(one, _("공감 %(count)s명이 답변을 기다려요.", count=f"{int(one.note):,}")) for one in found]


def reviewed_lines(found: list[Waiting]) -> list[DeskLine]:
    return [_line(one, _("안 하기로 한 답변을 다시 검토해 달라고 했어요.")) for one in found]


def asked_lines(found: list[Waiting]) -> list[DeskLine]:
    return [_line(one, _("다른 부서가 의견을 물었어요.")) for one in found]


def approved_lines(found: list[Waiting]) -> list[DeskLine]:
    return [_line(one, _("바로잡은 답변이 승인을 기다려요.") if one.note else
                  _("우리 부서가 쓴 답변이 승인을 기다려요.")) for one in found]


NOBODY = 0
"""Stands for a department where none has it yet."""
UNDECIDED = _l("부서를 정하고 있어요")


def _of_late(statement: sa.Select) -> sa.Select:
    lead = sa.and_(Assignment.proposal_id == Duty.proposal_id, Assignment.is_lead, Assignment.ended_at.is_(None))
    return (statement.select_from(Duty).join(Proposal, Proposal.id == Duty.proposal_id)
            .outerjoin(Assignment, lead).outerjoin(Department, Department.id == Assignment.department_id)
            .where(Duty.ended_at.is_(None), Duty.paused_on.is_(None), Duty.due_on < TODAY,
                   Proposal.hidden_at.is_(None)))


def _late() -> sa.Select:
    return _of_late(sa.select(Duty.id, Duty.due_on, Proposal.number, Proposal.title, Proposal.support_count,
                              Department.name.label("department")))


def _departments() -> Mapping[int, object]:
    return {NOBODY: UNDECIDED, **district.department_names()}


LATE = listing.declare(Listing(
    "late answers", _late, endpoint="answers.late", size=30,
    filters=(Filter("department", _l("부서"), Department.id, _departments, cases={NOBODY: Department.id.is_(None)}),
             words("q", _l("제목이나 접수번호"), Proposal.title, Proposal.number, most=50)),
    orders=(Order("due_on", _l("기한이 이른 것부터"), (Duty.due_on, Duty.id), (ISO_DAY, NUMBER)),
            Order("newest", _l("기한이 늦은 것부터"), (Duty.due_on.desc(), Duty.id.desc()), (ISO_DAY, NUMBER)),
            Order("supported", _l("공감이 많은 것부터"), (Proposal.support_count.desc(), Duty.id.desc())))))


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


def held_by(user_id: int) -> str | None:
    """Answers that somebody writes, or that wait for another official."""
    count = db.session.scalar(sa.select(sa.func.count()).select_from(Answer).where(
        Answer.written_by_id == user_id, Answer.state != AnswerState.PUBLISHED))
    return _("공개하지 않은 답변 %(count)s개", count=count) if count else None
