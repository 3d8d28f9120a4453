"""Absences of the office, with who stands in."""

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from civic_forum.platform.errors import Conflict, NotFound, Refusal
from civic_forum.platform.i18n import _, local
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case

from ..events import DeputyBegins
from ..models import Absence, User
from ..policy import may_note_absence
from ..queries import absences as queries
from ..queries import people
from ..rules import Away, Chain, chain_fault

AHEAD = timedelta(days=3 * 366)


def note(user_id: int, from_day: date | None, until_day: date | None, deputy_id: int | None, *, by: User) -> Absence:
    """Say that somebody is not there from one day to another, and who stands in: somebody of the same post, so that it
    gives no right. Raises Denied, Refusal at the field, Conflict for days that are noted already."""
    with use_case(by) as work:
        held = people.held(*{by.id, user_id, deputy_id or by.id})
        if (subject := held.get(user_id)) is None:
            raise NotFound(_("그런 회원이 없어요."))
        require(held[by.id], may_note_absence, subject)
        today = local(work.at).date()
        if from_day is None or until_day is None or not today <= from_day <= until_day <= today + AHEAD:
            raise Refusal(_("오늘부터 3년 안에서 첫날과 마지막 날을 골라 주세요."), field="from_day")
        known = queries.overlapping(from_day, until_day)
        if any(absence.user_id == user_id for absence in known):
            raise Conflict(_("그 사이에 이미 적은 날이 있어요. 먼저 지우거나 다른 날을 골라 주세요."), field="from_day")
        if deputy_id is not None and deputy_id not in {user.id for user in people.colleagues(subject)}:
            raise Refusal(_("같은 일을 맡은 사람 가운데에서 골라 주세요."), field="deputy")
        spans = [Away(absence.user_id, absence.deputy_id, absence.from_day, absence.until_day) for absence in known]
        if fault := chain_fault([*spans, Away(user_id, deputy_id, from_day, until_day)]):
            raise Refusal(_("서로 대신하게 돼요. 다른 사람을 골라 주세요.") if fault is Chain.CIRCLE else _(
                "대신하는 사람이 세 번 넘게 이어져요. 다른 사람을 골라 주세요."), field="deputy")
        absence = work.store(Absence(user_id=user_id, deputy_id=deputy_id, from_day=from_day, until_day=until_day))
        work.record("accounts.absence_noted", subject, deputy=deputy_id)
        return absence


def remove(absence_id: int, *, by: User) -> None:
    """Take one back, or end it: who was away is there again. Raises Denied, NotFound."""
    with use_case(by) as work:
        user_id = queries.absence(absence_id).user_id
        held = people.held(by.id, user_id)
        absence = queries.absence(absence_id)
        require(held[by.id], may_note_absence, held[user_id])
        work.session.delete(absence)
        work.record("accounts.absence_removed", held[user_id])


def end_deputyships(work: Work, user: User) -> None:
    """Nobody stands in by the calendar any more where somebody did whose role ends: the head of the department does."""
    for absence in work.session.scalars(sa.select(Absence).where(
            Absence.deputy_id == user.id, Absence.until_day >= local(work.at).date()).order_by(Absence.id)
            .with_for_update(of=Absence)).all():
        if user.id not in {colleague.id for colleague in people.colleagues(absence.user)}:
            absence.deputy_id = absence.told_at = None
            work.record("accounts.deputy_left", absence.user)


def erase(user: User, session: Any) -> None:
    """Forget the days of somebody who has left; nobody stands in where they did."""
    session.execute(sa.delete(Absence).where(Absence.user_id == user.id))
    session.execute(sa.update(Absence).where(Absence.deputy_id == user.id).values(deputy_id=None))


def tell_deputies() -> int:
    """Tell those who stand in from today on, once; returns how many."""
    with use_case(None) as work:
        today = local(work.at).date()
        absences = list(work.session.scalars(sa.select(Absence).where(
            Absence.from_day <= today, Absence.until_day >= today, Absence.deputy_id.is_not(None),
            Absence.told_at.is_(None)).order_by(Absence.id).with_for_update(of=Absence)))
        for absence in absences:
            absence.told_at = work.at
            work.emit(DeputyBegins(absence.deputy_id, absence.id, absence.until_day))
        return len(absences)
