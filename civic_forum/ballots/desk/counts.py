"""Numbers that a desk hands out by day: counted in the caller's transaction, read for the register."""

from datetime import date, datetime

import sqlalchemy as sa

from civic_forum.platform.base import db, upsert
from civic_forum.platform.i18n import local

from ..models import DeskCount


def of_box(box_id: bytes) -> list[DeskCount]:
    """Day by day, each desk in the order of its number."""
    return list(db.session.scalars(sa.select(DeskCount).filter_by(box_id=box_id)
                                   .order_by(DeskCount.day, DeskCount.desk)))


def codes(box_id: bytes, desk: int | None, day: date) -> int:
    """The last number of the register of this desk on this day; 0 where none was given out."""
    return db.session.scalar(sa.select(DeskCount.codes).filter_by(box_id=box_id, desk=desk or 0, day=day)) or 0


NONE = {"codes": 0, "used": 0, "papers": 0, "withdrawn": 0}


def add(box_id: bytes, desk: int | None, at: datetime, **more: int) -> DeskCount:
    """Add to the numbers of a desk (None: the whole district's) on the day of this moment; returns them as they are
    now. Whoever adds to the same ones waits until this transaction ends."""
    table = DeskCount.__table__
    key = {"box_id": box_id, "day": local(at).date(), "desk": desk or 0}
    counted = upsert(table).values(**key, **NONE | more).on_conflict_do_update(
        index_elements=list(key), set_={name: table.c[name] + number for name, number in more.items()})
    db.session.execute(counted)
    return db.session.get(DeskCount, tuple(key.values()), populate_existing=True)
