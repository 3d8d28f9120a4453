"""What somebody with a receipt looks up: the box it is of, and the votes whose log is still to come."""

import sqlalchemy as sa

from civic_forum.kernel.base import db

from ..models import BallotBox


def box_of(fingerprint: bytes) -> BallotBox | None:
    """The box with this fingerprint, if it was ever opened."""
    return db.session.scalar(sa.select(BallotBox).where(
        BallotBox.fingerprint == fingerprint, BallotBox.opened_at.is_not(None)))


def boxes(ids: list[bytes]) -> dict[bytes, BallotBox]:
    """Several at once."""
    return {box.id: box for box in db.session.scalars(sa.select(BallotBox).where(BallotBox.id.in_(ids)))}


def waiting() -> list[BallotBox]:
    """Opened votes that are not closed: their receipts can be looked up after the close. Rehearsals apart."""
    return list(db.session.scalars(sa.select(BallotBox).order_by(BallotBox.closes_at, BallotBox.id).where(
        BallotBox.opened_at.is_not(None), BallotBox.closed_at.is_(None), BallotBox.rehearsal.is_(False))))
