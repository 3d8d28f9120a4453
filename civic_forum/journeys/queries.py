"""Steps of a journey, oldest first."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from civic_forum.platform.base import db

from . import labels
from .models import JourneyEntry


@dataclass(frozen=True, slots=True)
class Entry:
    """One step as `templates/parts/proposal.html` shows it in a timeline."""

    step: str
    at: datetime
    text: str | None
    url: str | None
    status: str = "done"

    @property
    def title(self) -> str:
        return labels.title(self.step)


def entries(journey_id: int) -> list[Entry]:
    return [Entry(*row) for row in db.session.execute(steps_of(journey_id))]


def steps_of(journey_id: int | sa.ColumnElement[int]) -> sa.Select:
    """The columns of `Entry` in their order, for a query of its own or inside another."""
    return (sa.select(JourneyEntry.step, JourneyEntry.at, JourneyEntry.evidence, JourneyEntry.link)
            .where(JourneyEntry.journey_id == journey_id).order_by(JourneyEntry.at, JourneyEntry.id))
