"""Signed results of a vote that was set back to before its count."""

import sqlalchemy as sa

from civic_forum.kernel.base import db

from ..models import EarlierResult


def of_box(box_id: bytes) -> list[EarlierResult]:
    """In the order in which they were set back."""
    return list(db.session.scalars(sa.select(EarlierResult).filter_by(box_id=box_id).order_by(EarlierResult.number)))
