"""Destroying the key of a consultation and its rows, some time after the last result."""

from datetime import timedelta

import sqlalchemy as sa

from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.start_checks import before_serving
from civic_forum.platform.work import Work, use_case

from . import keyring, queries
from .models import Consultation, OpinionMap, PaperTyping, Participant

PUBLISHED_FOR = timedelta(days=30)
"""So long answers can be taken out and counted again once everybody can read the table of all of them."""
_ROWS = sa.exists().where(Participant.consultation_id == Consultation.id)


def destroy_due(days: int) -> int:
    """Destroy the keys of consultations that closed so many days ago, or whose last result with the table of answers is
    thirty days old, and their rows; returns of how many."""
    now = clock.now()
    is_old = sa.exists().where(OpinionMap.consultation_id == Consultation.id, OpinionMap.is_last,
                               OpinionMap.at <= now - PUBLISHED_FOR)
    return _destroy_all(sa.or_(Consultation.closes_at <= now - timedelta(days=days),
                               sa.and_(Consultation.publishes_matrix, is_old)),
                        sa.or_(Consultation.key_destroyed_at.is_(None), _ROWS))


@before_serving
def destroy_restored() -> None:
    """Delete rows that a restore brought back after their key was destroyed."""
    if ids := list(keyring.destroyed()):
        _destroy_all(Consultation.id.in_(ids), _ROWS)


def _destroy_all(*conditions: sa.ColumnElement[bool]) -> int:
    ids = db.session.scalars(sa.select(Consultation.id).where(
        Consultation.announced_at.is_not(None), *conditions).order_by(Consultation.id)).all()
    for consultation_id in ids:
        with use_case(None) as work:
            _destroy(work, queries.locked(consultation_id))
    return len(ids)


def _destroy(work: Work, consultation: Consultation) -> None:
    """The key first: cut off, it is done again."""
    keyring.destroy(consultation.id, work.at)
    for kind in (Participant, PaperTyping):
        work.session.execute(sa.delete(kind).where(kind.consultation_id == consultation.id))
    work.session.execute(sa.update(OpinionMap).where(OpinionMap.consultation_id == consultation.id).values(kept=b""))
    consultation.key_destroyed_at = consultation.key_destroyed_at or work.at
    work.record("opinions.key_destroyed", consultation)
