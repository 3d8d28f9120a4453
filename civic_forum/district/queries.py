"""The district's lists. Short, and read on many pages."""

import sqlalchemy as sa

from civic_forum.kernel.base import db

from .models import Audience, Department, Neighbourhood


def neighbourhoods() -> list[Neighbourhood]:
    return list(db.session.scalars(sa.select(Neighbourhood).order_by(Neighbourhood.position)))


def departments() -> list[Department]:
    return list(db.session.scalars(sa.select(Department).order_by(Department.position)))


def audiences() -> list[Audience]:
    return list(db.session.scalars(sa.select(Audience).order_by(Audience.position)))
