"""Commitments of which sheets are made, several at once."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from civic_forum.platform.base import db

from ..models import Commitment

MOST = 200
"""Commitments of a file."""


def of_department(department_id: int, until: date) -> Sequence[Commitment]:
    """Commitments of a department that were promised until a day, the oldest first; of more than MOST the newest."""
    return _several(sa.and_(Commitment.department_id == department_id, Commitment.promised_on <= until),
                    Commitment.id.desc())[::-1]


def pledges() -> Sequence[Commitment]:
    """Promises made before an election."""
    return _several(Commitment.origin == "election_pledge", Commitment.id)


def _several(condition: sa.ColumnElement[bool], order: Any) -> Sequence[Commitment]:
    return db.session.scalars(
        sa.select(Commitment).where(condition).order_by(order).limit(MOST).options(
            joinedload(Commitment.department), selectinload(Commitment.cooperating),
            selectinload(Commitment.neighbourhoods))).all()
