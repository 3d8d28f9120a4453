"""The district itself: its neighbourhoods, the departments of its office, and whom a proposal serves."""

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from civic_forum.platform.base import Key, db
from civic_forum.platform.i18n import Language, language


class Named:
    """Something with a Korean and an English name, listed in a fixed order."""

    id: Mapped[Key]
    position: Mapped[int]
    name_ko: Mapped[str] = mapped_column(sa.String(60))
    name_en: Mapped[str] = mapped_column(sa.String(80))

    @hybrid_property
    def name(self) -> str:
        """In the language of the page; the column of that language in a statement."""
        return self.name_en if language() is Language.EN else self.name_ko


class Neighbourhood(Named, db.Model):
    __tablename__ = "neighbourhood"
    __table_args__ = (sa.UniqueConstraint("name_ko"),)


class Department(Named, db.Model):
    __tablename__ = "department"
    __table_args__ = (sa.UniqueConstraint("name_ko"),)


class Audience(Named, db.Model):
    """A group that a proposal serves (청소년, 어르신 …)."""

    __tablename__ = "audience"
    __table_args__ = (sa.UniqueConstraint("name_ko"),)
