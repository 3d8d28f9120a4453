"""Counting what a desk hands out, inside the caller's transaction: numbers by day, joined to nobody."""

from datetime import datetime

from civic_forum.platform.base import db, upsert
from civic_forum.platform.i18n import local

from ..models import DeskCount

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
