"""Codes that desks handed out for a consultation, for everybody."""

import sqlalchemy as sa

from civic_forum.platform.base import db

from ..models import KioskCount


def codes(consultation_id: int, limit: int = 500) -> list[sa.Row]:
    """Day, desk and codes, the newest day first."""
    return list(db.session.execute(sa.select(KioskCount.day, KioskCount.desk, KioskCount.codes).where(
        KioskCount.consultation_id == consultation_id).order_by(KioskCount.day.desc(), KioskCount.desk).limit(limit)))


def last_number(consultation_id: int, desk: int | None, day) -> int:
    """Of the register of this desk on this day; 0 where no code was given out."""
    return db.session.scalar(sa.select(KioskCount.codes).filter_by(
        consultation_id=consultation_id, desk=desk or 0, day=day)) or 0
