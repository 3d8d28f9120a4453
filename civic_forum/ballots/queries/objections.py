"""Objections to a vote (투표 이의 제기): one's own, those that everybody sees, those that wait for an answer."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.platform.base import db

from ..models import BallotBox, Objection

MOST_SHOWN = 200


def by_id(box_id: bytes, objection_id: int, *, lock: bool = False) -> Objection | None:
    found = sa.select(Objection).filter_by(box_id=box_id, id=objection_id)
    if lock:
        found = found.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(found)


def of_box(box_id: bytes) -> list[Objection]:
    """In the order in which they were lodged; for those who answer them."""
    return list(db.session.scalars(sa.select(Objection).filter_by(box_id=box_id).options(joinedload(Objection.by))
                                   .order_by(Objection.id).limit(MOST_SHOWN)))


def public(box: BallotBox) -> list[Objection]:
    """Objections that everybody sees: none before the close. A withheld one shows its reason instead of its words."""
    return of_box(box.id) if box.closed_at is not None else []


def own(box_id: bytes, user_id: int) -> list[Objection]:
    return list(db.session.scalars(sa.select(Objection).filter_by(box_id=box_id, by_id=user_id)
                                   .order_by(Objection.id).limit(MOST_SHOWN)))


def number_of(box_id: bytes, user_id: int) -> int:
    """The number that somebody has lodged."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Objection)
                             .filter_by(box_id=box_id, by_id=user_id)) or 0


def kept_about(user) -> list[dict]:
    """For the download of one's own data."""
    rows = db.session.scalars(sa.select(Objection).filter_by(by_id=user.id).order_by(Objection.id))
    return [{"lodged_at": one.lodged_at.isoformat(), "title": one.title, "text": one.text, "answer": one.answer,
             "leaf": one.leaf_number} for one in rows]
