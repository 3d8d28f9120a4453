"""Absences of the office, and on whose desk what somebody carries is meanwhile."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _

from ..models import Absence, RoleGrant, User
from ..rules import Role, desk_of
from .people import MOST_HOLDERS, not_blocked

MOST_ABSENCES = 2_000


@dataclass(frozen=True)
class Desk:
    """Work on the desk of an official beside the own, on one day."""

    elsewhere: frozenset[tuple[int, int]] = frozenset()
    """(department, person) whose work is on the desk of another person."""
    stands_in: tuple[tuple[int, str], ...] = ()
    """Id and name of those for whom this one stands in."""


def desk(user: User, today: date) -> Desk:
    """Of all colleagues in the departments of this official."""
    if not (departments := user.department_ids()):
        return Desk()
    rows = db.session.execute(sa.select(RoleGrant.department_id, RoleGrant.is_head, User.id, User.nickname).join(
        User, User.id == RoleGrant.user_id).where(
        RoleGrant.role == Role.OFFICIAL, RoleGrant.withdrawn_at.is_(None), RoleGrant.department_id.in_(departments),
        User.left_at.is_(None), not_blocked(clock.now())).order_by(User.id).limit(MOST_ABSENCES)).all()
    away = _away({row.id for row in rows}, today)
    elsewhere, stands_in = set(), {}
    for department in departments:
        staff = {row.id: row.nickname or "" for row in rows if row.department_id == department}
        head = next((row.id for row in rows if row.department_id == department and row.is_head), None)
        for person in staff.keys() - {user.id}:
            holder = desk_of(person, away, staff.keys(), head)
            if holder == user.id:
                stands_in[person] = staff[person]
            elif holder is not None:
                elsewhere.add((department, person))
        if desk_of(user.id, away, staff.keys(), head) not in (user.id, None):
            elsewhere.add((department, user.id))
    return Desk(elsewhere=frozenset(elsewhere), stands_in=tuple(sorted(stands_in.items())))


def _away(user_ids: Collection[int], today: date) -> dict[int, int | None]:
    return dict(db.session.execute(sa.select(Absence.user_id, Absence.deputy_id).where(
        Absence.user_id.in_(user_ids), Absence.from_day <= today, Absence.until_day >= today)
        .limit(MOST_ABSENCES)).all())


def coming(today: date) -> list[Absence]:
    """Absences that are not over, the next ones first."""
    return list(db.session.scalars(sa.select(Absence).where(Absence.until_day >= today).options(
        joinedload(Absence.user), joinedload(Absence.deputy)).order_by(Absence.from_day, Absence.id)
        .limit(MOST_HOLDERS)))


def own(user: User) -> list[dict[str, str]]:
    """Days away as somebody takes them along."""
    return [{"from": absence.from_day.isoformat(), "until": absence.until_day.isoformat()} for absence in
            db.session.scalars(sa.select(Absence).filter_by(user_id=user.id).order_by(Absence.id).limit(MOST_ABSENCES))]


def overlapping(from_day: date, until_day: date) -> list[Absence]:
    return list(db.session.scalars(sa.select(Absence).where(
        Absence.from_day <= until_day, Absence.until_day >= from_day).limit(MOST_ABSENCES)))


def absence(absence_id: int) -> Absence:
    """Raises NotFound."""
    return existing(db.session.get(Absence, absence_id), lambda: NotFound(_("없는 기록이에요. 목록을 새로 열어 확인해 주세요.")))
