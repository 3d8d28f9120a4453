"""The figures as a job counted them."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from civic_forum.platform.base import db


class FigureCount(db.Model):
    """All figures of the time before a day; no page counts them itself."""

    __tablename__ = "figure_count"

    day: Mapped[date] = mapped_column(sa.Date, primary_key=True)
    counts: Mapped[dict] = mapped_column(sa.JSON)
    """As `services.as_json` writes them: a number of people that is hidden stands nowhere in it."""
