"""SELECTs of what was heard at visits."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from civic_forum.answers.models import Duty
from civic_forum.answers.rules import DutyEnd
from civic_forum.district.models import Department
from civic_forum.forums.models import Forum
from civic_forum.platform.base import db

from ..models import IntakeItem
from ..queries import READ, STANDS, today
from ..rules import Became

MOST = 200
OWED = sa.and_(Duty.about_kind == IntakeItem.__tablename__, Duty.about_id == IntakeItem.id,
               sa.or_(Duty.ended_at.is_(None), Duty.ended_how == DutyEnd.ANSWERED))
"""Owed still, or answered."""
IS_ANSWERED = sa.func.coalesce(Duty.ended_how == DutyEnd.ANSWERED, sa.false())
SETTLED = sa.or_(sa.and_(IntakeItem.became.is_not(None), IntakeItem.became != Became.DUTY), IS_ANSWERED)


@dataclass(frozen=True)
class Heard:
    """An item, what a department owes about it, and today."""

    item: IntakeItem
    due_on: date | None
    is_answered: bool
    department: str | None
    today: date

    @property
    def is_open(self) -> bool:
        return self.due_on is not None and not self.is_answered

    @property
    def days_late(self) -> int:
        return max(0, (self.today - self.due_on).days) if self.due_on is not None and self.is_open else 0

    @property
    def group(self) -> str:
        if self.is_open:
            return "late" if self.days_late else "dated"
        if self.is_answered or self.item.became is Became.ANSWERED:
            return "answered"
        return "waiting" if self.item.became is None else "settled"


def in_order(heard: Sequence[Heard]) -> list[Heard]:
    """Late ones first, then by the day on which it is due, then what nobody sorted yet, then the rest."""
    return sorted(heard, key=lambda entry: (not entry.is_open, entry.due_on or date.max, entry.group != "waiting",
                                            entry.item.id))


def _heard(*conditions: Any, order: Any = IntakeItem.id, limit: int = MOST) -> list[Heard]:
    """Items whose text everybody reads, with what is owed about them."""
    rows = db.session.execute(
        sa.select(IntakeItem, Duty.due_on, IS_ANSWERED, Department.name).join(IntakeItem.submission)
        .outerjoin(Duty, OWED).outerjoin(Department, Department.id == Duty.department_id)
        .where(READ, *conditions).order_by(order).limit(limit).options(contains_eager(IntakeItem.submission)))
    return [Heard(item, due_on, bool(answered), name, today()) for item, due_on, answered, name in rows]


def of_ids(item_ids: Collection[int]) -> dict[int, Heard]:
    return {heard.item.id: heard for heard in _heard(IntakeItem.id.in_(item_ids))}


def of_visit(forum_id: int) -> list[Heard]:
    return _heard(IntakeItem.forum_id == forum_id)


def newest(forum_id: int, limit: int = 4) -> list[Heard]:
    """The last of a visit."""
    return _heard(IntakeItem.forum_id == forum_id, order=IntakeItem.id.desc(), limit=limit)


def settled(forum: Forum, limit: int = 4) -> list[Heard]:
    """The last in this neighbourhood of which it is decided what becomes of them, but those of this visit."""
    here = IntakeItem.neighbourhood_id == forum.neighbourhood_id
    elsewhere = sa.or_(IntakeItem.forum_id.is_(None), IntakeItem.forum_id != forum.id)
    return _heard(here, elsewhere, SETTLED, order=IntakeItem.day.desc(), limit=limit)


def counts(neighbourhood_id: int, since: datetime, until: datetime) -> tuple[int, int]:
    """Numbers of what was heard at visits to a neighbourhood, and of what was settled of it."""
    every, done = db.session.execute(
        sa.select(sa.func.count(), sa.func.count(sa.case((SETTLED, 1)))).select_from(IntakeItem)
        .join(IntakeItem.submission).join(Forum, Forum.id == IntakeItem.forum_id).outerjoin(Duty, OWED).where(
            STANDS, Forum.announced_at.is_not(None), Forum.neighbourhood_id == neighbourhood_id,
            Forum.starts_at >= since, Forum.starts_at < until)).one()
    return every, done
