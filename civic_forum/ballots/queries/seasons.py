"""Election seasons (선거 기간), which opening a vote warns of."""

import sqlalchemy as sa

from civic_forum.platform.base import db

from ..models import ElectionSeason


def seasons() -> list[ElectionSeason]:
    """In the order of their days."""
    return list(db.session.scalars(sa.select(ElectionSeason).order_by(ElectionSeason.first_day, ElectionSeason.id)))
