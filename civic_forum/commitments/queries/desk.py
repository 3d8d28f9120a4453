"""Commitments on the desks of the office."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import people
from civic_forum.accounts.rules import Role
from civic_forum.blocks import listing
from civic_forum.blocks.filters import Filter
from civic_forum.blocks.listing import Chosen, Listing
from civic_forum.blocks.orders import Order
from civic_forum.district.models import Department
from civic_forum.forums.models import Forum
from civic_forum.forums.record.models import Decision
from civic_forum.platform import plain_text
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _, _l, day
from civic_forum.platform.paging import Page
from civic_forum.platform.waiting import DeskLine, Staff, Waiting

from .. import days, labels, rules
from ..models import Commitment, CommitmentEntry, CommitmentOrigin
from ..rules import EntryKind, EntryState, Status
from .board import TERM_IS_OVER, TODAY, today

ALL = "all"
MOST_FILLED_IN, MOST_SHEET = 500, 1_000
SOON = timedelta(days=30)
"""So long before its day a step comes to the desk."""
UNFINISHED = sa.or_(Commitment.status.is_(None), Commitment.status.not_in(rules.OVER))
_OPEN = sa.and_(UNFINISHED, Commitment.status.is_distinct_from(Status.ON_HOLD),
                sa.func.coalesce(TERM_IS_OVER, sa.false()).is_(False))


def _is_untold(quarter: Any, end: Any) -> sa.ColumnElement[bool]:
    """Condition of commitments of which nothing was told for a quarter, though they were promised by its `end`."""
    return sa.and_(_OPEN, Commitment.promised_on <= end, sa.or_(
        Commitment.last_quarter.is_(None), Commitment.last_quarter < quarter))


_SOON = sa.bindparam("soon", type_=sa.Date(), callable_=lambda: today() + SOON)
_QUARTER = sa.bindparam("quarter", type_=sa.String(), callable_=lambda: days.quarter_before(today()))
_QUARTER_END = sa.bindparam("quarter_end", type_=sa.Date(),
                            callable_=lambda: days.quarter_end(days.quarter_before(today())))
WORK = {
    "late": sa.and_(_OPEN, Commitment.next_due_on < TODAY),
    "soon": sa.and_(_OPEN, Commitment.next_due_on >= TODAY, Commitment.next_due_on <= _SOON),
    "waiting": Commitment.waiting > 0,
    "untold": _is_untold(_QUARTER, _QUARTER_END),
}
"""Kind of work, by its name in addresses → its condition."""
NOBODY = 0
"""Stands for none in the filters of the desk."""


def _at_desk(departments: tuple[int, ...]) -> tuple[sa.ColumnElement[bool], ...]:
    """Conditions of what is on the desks of these departments: theirs and those of none that are not over. As an OR
    of two departments it would be sorted whole before the first page of it is read."""
    return (sa.func.coalesce(Commitment.department_id, departments[0]).in_(departments),
            sa.or_(UNFINISHED, Commitment.waiting > 0))


def _of_departments(departments: tuple[int, ...]) -> sa.Select[Any]:
    return sa.select(Commitment).options(joinedload(Commitment.department), joinedload(Commitment.person)).where(
        *_at_desk(departments))


AT_DESK = listing.declare(Listing(
    "commitments at the desk", _of_departments, endpoint="commitment_desk.overview", check_scope=((1,),),
    filters=(
        Filter("work", _l("할 일"), Commitment.status, labels.WORK, cases=WORK),
        Filter("person", _l("담당자"), Commitment.person_id, read=plain_text.number,
               cases={NOBODY: Commitment.person_id.is_(None)}),
        Filter("department", _l("부서"), Commitment.department_id, read=plain_text.number,
               cases={NOBODY: Commitment.department_id.is_(None)})),
    orders=(Order("due", None, (Commitment.sort_on, Commitment.id)),)))


@dataclass(frozen=True)
class Load:
    """Commitments of a department, or of one person there, by what is to be done."""

    department: Department | None
    person: User | None
    works: dict[str, int]


def loads(user: User) -> list[Load]:
    """Numbers of things to be done on the desks of this official, by department and person, in one statement."""
    counted = [sa.func.sum(sa.case((condition, 1), else_=0)) for condition in WORK.values()]
    rows = db.session.execute(
        sa.select(Department, User, *counted, sa.func.count()).select_from(Commitment)
        .outerjoin(Department, Department.id == Commitment.department_id)
        .outerjoin(User, User.id == Commitment.person_id)
        .where(*_at_desk(tuple(sorted(user.department_ids()))))
        .group_by(Department.id, User.id).order_by(Department.position, User.id.is_not(None), User.id))
    return [Load(department, person, dict(zip((*WORK, ALL), map(int, numbers), strict=True)))
            for department, person, *numbers in rows]


def of_departments(user: User, wanted: Chosen | None = None, after: str | None = None) -> Page[Commitment]:
    """Commitments of the departments of this official that are not over, by the day that is next. Raises Invalid for an
    `after` that is no token."""
    page = (wanted or AT_DESK.of()).page(after, scope=(tuple(sorted(user.department_ids())),))
    return Page([row[0] for row in page.items], page.after)


def named(names: Iterable[str]) -> list[Commitment]:
    """Commitments by their numbers, with or without #, or codes."""
    numbers = [number for name in names if (number := plain_text.number(name.removeprefix("#"), digits=9))]
    return list(db.session.scalars(sa.select(Commitment).where(
        sa.or_(Commitment.id.in_(numbers), Commitment.code.in_(list(names)))).order_by(Commitment.id)))


def to_fill_in(user: User) -> list[Commitment]:
    """Commitments of the departments of this official that are not over, in the order of their numbers."""
    return list(db.session.scalars(sa.select(Commitment).where(
        Commitment.department_id.in_(user.department_ids()), UNFINISHED)
        .order_by(Commitment.id).limit(MOST_FILLED_IN)))


def awaiting(commitment_ids: Sequence[int], kind: EntryKind) -> set[int]:
    """Those of these commitments that have an entry of this kind which waits for a second official."""
    return set(db.session.scalars(sa.select(CommitmentEntry.commitment_id).where(
        CommitmentEntry.commitment_id.in_(commitment_ids), CommitmentEntry.state == EntryState.WAITING,
        CommitmentEntry.kind == kind).distinct().limit(len(commitment_ids))))


def kept_by(user: User) -> list[Commitment]:
    """All commitments of the departments of this official, also those that are over, the newest first."""
    return list(db.session.scalars(sa.select(Commitment).where(
        Commitment.department_id.in_(user.department_ids())).order_by(Commitment.id.desc()).limit(MOST_SHEET)))


def officials_of(department_id: int | None) -> list[User]:
    """Those who can be in charge."""
    return [] if department_id is None else people.holders((Role.OFFICIAL,), department_id)


def names_of(user_ids: Iterable[int]) -> dict[int, str]:
    return {user.id: user.name for user in db.session.scalars(sa.select(User).where(User.id.in_(user_ids)))}


def _own(staff: Staff) -> sa.ColumnElement[bool]:
    """Work on the desk of this one: of the department, but for what lies with one of its other people."""
    own = sa.or_(Commitment.department_id.in_(staff.department_ids()), Commitment.department_id.is_(None))
    carried = sa.tuple_(Commitment.department_id, Commitment.person_id).in_(sorted(staff.elsewhere))
    return sa.and_(own, sa.or_(Commitment.person_id.is_(None), ~carried)) if staff.elsewhere else own


def _place(staff: Staff) -> sa.ColumnElement[str]:
    """Department, and the colleague for whom this one stands in."""
    name = _department()
    return sa.case(*((Commitment.person_id == person, name + sa.literal(" · " + _("%(name)s 대신", name=called)))
                     for person, called in staff.stands_in), else_=name) if staff.stands_in else name


def _department() -> sa.ScalarSelect[str]:
    return sa.select(Department.name).where(Department.id == Commitment.department_id).correlate(
        Commitment).scalar_subquery()


def _key() -> sa.ColumnElement[str]:
    return sa.cast(Commitment.id, sa.String).label("ref")


_RECEIVER = sa.case((sa.and_(CommitmentEntry.kind == EntryKind.FACTS, CommitmentEntry.corrects.is_(None)),
                     sa.func.coalesce(CommitmentEntry.content["department"].as_integer(), Commitment.department_id)),
                    else_=Commitment.department_id)
"""`handing.receiver` of an entry."""
_WAITING = CommitmentEntry.state == EntryState.WAITING


def to_approve(staff: Staff) -> sa.Select[Any] | None:
    """Entries that a colleague wrote, and those that hand a commitment to one's department."""
    if not staff.department_ids():
        return None
    return sa.select(CommitmentEntry.id, CommitmentEntry.at, _key(), Commitment.title, _department()).join(
        Commitment, Commitment.id == CommitmentEntry.commitment_id).where(
        _WAITING, sa.or_(_RECEIVER.in_(staff.department_ids()), _RECEIVER.is_(None)), CommitmentEntry.by_id != staff.id)


def to_do(staff: Staff) -> sa.Select[Any] | None:
    """Commitments with a day that is near or has passed."""
    if not staff.department_ids():
        return None
    return sa.select(Commitment.id, Commitment.next_due_on, _key(), Commitment.title, _place(staff)).where(
        _own(staff), _OPEN, Commitment.next_due_on <= staff.today + SOON)


PLANNED_WITHIN = timedelta(days=14)


def _arose_at() -> sa.ScalarSelect[Any]:
    """Time since when somebody has to say what follows: it was promised, taken up again, or its origin was lost."""
    taken_up = sa.and_(CommitmentEntry.kind == EntryKind.STATUS,
                       CommitmentEntry.content["status"].as_string() == Status.ON_TRACK)
    return sa.select(sa.func.max(CommitmentEntry.decided_at)).where(
        CommitmentEntry.commitment_id == Commitment.id, CommitmentEntry.state == EntryState.APPROVED,
        sa.or_(CommitmentEntry.number == 1, CommitmentEntry.kind == EntryKind.ORIGIN, taken_up)).correlate(
        Commitment).scalar_subquery()


def to_plan(staff: Staff) -> sa.Select[Any] | None:
    """Commitments without a day, without milestones, or whose origin is gone: somebody has to say what follows."""
    if not staff.department_ids():
        return None
    return sa.select(Commitment.id, _arose_at(), _key(), Commitment.title, _place(staff)).where(
        _own(staff), sa.or_(Commitment.origin_lost, sa.and_(_OPEN, sa.or_(
            Commitment.next_due_on.is_(None), Commitment.steps == 0))))


NAMED_WITHIN = timedelta(days=7)


def to_assign(_staff: Staff) -> sa.Select[Any]:
    """Promises of decisions of forums that no department has, until one is named or takes it."""
    address = sa.select(Forum.slug + sa.literal("/decisions/") + sa.cast(Decision.id, sa.String)).join(
        Decision, Decision.forum_id == Forum.id).join(CommitmentOrigin, sa.and_(
            CommitmentOrigin.kind == "forum_decision", CommitmentOrigin.record_id == Decision.id)).where(
        CommitmentOrigin.commitment_id == Commitment.id).correlate(Commitment).limit(1).scalar_subquery()
    return sa.select(Commitment.id, _arose_at(), address, Commitment.title, sa.null()).where(
        Commitment.origin == "forum_decision", Commitment.department_id.is_(None), _OPEN, ~Commitment.origin_lost)


def assign_lines(rows: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/forums/{waiting.ref}", waiting.title or "") for waiting in rows]


def to_tell(staff: Staff) -> sa.Select[Any] | None:
    """Commitments of which nothing was told for the last quarter."""
    if not staff.department_ids():
        return None
    quarter = days.quarter_before(staff.today)
    end = days.quarter_end(quarter)
    due = sa.literal(end + timedelta(days=rules.QUARTER_DAYS), sa.Date())
    return sa.select(Commitment.id, due, _key(), Commitment.title, _place(staff)).where(
        _own(staff), _is_untold(quarter, end))


def untold(quarter: str) -> sa.Select[Any]:
    """Commitments of which nothing was told for this quarter, though they were promised by its end."""
    return sa.select(Commitment.id).where(_is_untold(quarter, days.quarter_end(quarter)))


def untold_departments(quarter: str) -> sa.Select[Any]:
    return untold(quarter).where(Commitment.department_id.is_not(None)).with_only_columns(
        Commitment.department_id).distinct().order_by(Commitment.department_id)


def lines(rows: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/desk/commitments/{waiting.ref}", waiting.title or "", (waiting.note,) if waiting.note else ())
            for waiting in rows]


def quarter_lines(rows: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/desk/commitments/{waiting.ref}/quarter", waiting.title or "",
                     (waiting.note,) if waiting.note else (),
                     _("%(day)s까지 지난 분기에 한 일을 알려요.", day=day(waiting.due_on))) for waiting in rows]
