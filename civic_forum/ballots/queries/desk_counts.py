"""Numbers of desks by day: for the register that people sign, and for observers."""

from datetime import date

import sqlalchemy as sa

from civic_forum.platform.base import db

from ..models import DeskCount


def of_box(box_id: bytes) -> list[DeskCount]:
    """Day by day, each desk in the order of its number."""
    return list(db.session.scalars(sa.select(DeskCount).filter_by(box_id=box_id)
                                   .order_by(DeskCount.day, DeskCount.desk)))


def codes(box_id: bytes, desk: int | None, day: date) -> int:
    """The last number of the register of this desk on this day; 0 where none was given out."""
    return db.session.scalar(sa.select(DeskCount.codes).filter_by(box_id=box_id, desk=desk or 0, day=day)) or 0
