"""Forgetting whose answers are whose, some time after the close."""

import secrets
from datetime import timedelta

import sqlalchemy as sa

from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.work import Work, use_case

from . import identities, queries
from .models import Consultation, OpinionMap, Participant

WRITTEN_AT_ONCE = 5_000


def forget_marks(days: int) -> int:
    """Replace marks in consultations that closed so many days ago by random bytes, and delete what was kept for those
    who ask about themselves; returns of how many people. The answers stay, nobody's."""
    gone = 0
    for consultation_id in db.session.scalars(sa.select(Consultation.id).where(
            Consultation.closes_at <= clock.now() - timedelta(days=days), Consultation.marks_forgotten_at.is_(None),
            sa.exists().where(OpinionMap.consultation_id == Consultation.id, OpinionMap.is_last))).all():
        with use_case(None) as work:
            consultation = queries.locked(consultation_id)
            if consultation.marks_forgotten_at is None:
                gone += _forget(work, consultation)
    return gone


def _forget(work: Work, consultation: Consultation) -> int:
    ids = work.session.scalars(sa.select(Participant.id).filter_by(consultation_id=consultation.id)).all()
    for begin in range(0, len(ids), WRITTEN_AT_ONCE):
        work.session.execute(sa.update(Participant), [
            {"id": one, "mark": secrets.token_bytes(identities.BYTES), "neighbourhood_id": None, "age_band": None,
             "group_name": None, "x": None, "y": None} for one in ids[begin:begin + WRITTEN_AT_ONCE]])
    consultation.marks_forgotten_at = work.at
    work.record("opinions.marks_forgotten", consultation)
    return len(ids)
