"""The district's lists. Short, and read on many pages."""

import sqlalchemy as sa

from civic_forum.platform.base import db
from civic_forum.platform.i18n import Language, language

from .models import Audience, Department, Neighbourhood


def neighbourhoods() -> list[Neighbourhood]:
    return list(db.session.scalars(sa.select(Neighbourhood).order_by(Neighbourhood.position)))


_names = {spoken: sa.select(Neighbourhood.id, column).order_by(Neighbourhood.position)
          for spoken, column in ((Language.KO, Neighbourhood.name_ko), (Language.EN, Neighbourhood.name_en))}


def neighbourhood_names() -> dict[int, str]:
    """Id → name in the language of the page, in the district's order; lighter than the records."""
    return dict(db.session.connection().execute(_names[language()]).all())


def english_names() -> dict[str, str]:
    """Korean name of each neighbourhood → English name, in the district's order."""
    return dict(db.session.execute(sa.select(Neighbourhood.name_ko, Neighbourhood.name_en).order_by(
        Neighbourhood.position)).all())


def departments() -> list[Department]:
    return list(db.session.scalars(sa.select(Department).order_by(Department.position)))


def department_names() -> dict[int, str]:
    return {department.id: department.name for department in departments()}


def audiences() -> list[Audience]:
    return list(db.session.scalars(sa.select(Audience).order_by(Audience.position)))
