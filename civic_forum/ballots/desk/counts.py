"""Numbers that a desk hands out by day: counted in the caller's transaction, read for the register."""

from datetime import date, datetime
from typing import TypeVar

import sqlalchemy as sa

from civic_forum.platform.base import db, upsert
from civic_forum.platform.i18n import local

from ..models import DeskCount

M = TypeVar("M")


def of_box(box_id: bytes) -> list[DeskCount]:
    """Day by day, each desk in the order of its number."""
    return list(db.session.scalars(sa.select(DeskCount).filter_by(box_id=box_id)
                                   .order_by(DeskCount.day, DeskCount.desk)))


def codes(box_id: bytes, desk: int | None, day: date) -> int:
    """The last number of the register of this desk on this day; 0 where none was given out."""
    return db.session.scalar(sa.select(DeskCount.codes).filter_by(box_id=box_id, desk=desk or 0, day=day)) or 0


def add(box_id: bytes, desk: int | None, at: datetime, **more: int) -> DeskCount:
    """Add to the numbers of a desk (None: the whole district's) on the day of this moment; returns them as they are
    now. Whoever adds to the same ones waits until this transaction ends."""
    return add_to(DeskCount, {"box_id": box_id}, desk, at, **more)


def add_to(model: type[M], of: dict, desk: int | None, at: datetime, **more: int) -> M:
    """The same in another table, of which `of`, `day` and `desk` are the key and everything else is numbers."""
    table, key = model.__table__, of | {"day": local(at).date(), "desk": desk or 0}
    none = {column.name: 0 for column in table.c if not column.primary_key}
    counted = upsert(table).values(**key, **none | more).on_conflict_do_update(
        index_elements=list(key), set_={name: table.c[name] + number for name, number in more.items()})
    db.session.execute(counted)
    return db.session.get(model, tuple(key.values()), populate_existing=True)
