"""Printings of letters, and what everybody may know of their numbers."""

import sqlalchemy as sa

from civic_forum.platform.base import db

from ..models import Letter, LetterRun

STEP = 5
"""Letters taken up are told in steps: nobody follows a single one."""


def run(consultation_id: int, number: int) -> LetterRun | None:
    """A printing, held until the transaction ends."""
    return db.session.get(LetterRun, (consultation_id, number), with_for_update=True, populate_existing=True)


def runs(consultation_id: int, limit: int = 50) -> list[LetterRun]:
    """Printings, the newest first."""
    return list(db.session.scalars(sa.select(LetterRun).filter_by(consultation_id=consultation_id)
                                   .order_by(LetterRun.run.desc()).limit(limit)))


def letters(consultation_id: int, number: int) -> int:
    """Letters of a printing that were not taken out of it."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Letter).filter_by(
        consultation_id=consultation_id, run=number, is_withdrawn=False)) or 0


def numbers(consultation_id: int) -> sa.Row:
    """Letters printed, posted, taken up (in steps), returned, claimed, set apart and withdrawn, for everybody."""
    columns = {name: getattr(LetterRun, name) for name in (
        "printed", "posted", "taken_up", "returned", "claimed", "set_apart")}
    columns["withdrawn"] = sa.case((LetterRun.is_withdrawn, LetterRun.printed), else_=0)
    sums = {name: sa.cast(sa.func.coalesce(sa.func.sum(column), 0), sa.BigInteger) for name, column in columns.items()}
    sums["taken_up"] -= sums["taken_up"] % STEP
    return db.session.execute(sa.select(*(total.label(name) for name, total in sums.items())).where(
        LetterRun.consultation_id == consultation_id)).one()
