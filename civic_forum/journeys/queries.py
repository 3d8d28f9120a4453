"""Steps of a journey, oldest first."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from civic_forum.platform.base import db
from civic_forum.platform.statements import made_once

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


MOST = 200


def entries(journey_id: int | None) -> list[Entry]:
    return [Entry(*row) for row in db.session.execute(_entries(), {"journey": journey_id})]


@made_once
def _entries() -> sa.Select:
    """The columns of `Entry` in their order; it is given the id of the `journey`."""
    return (sa.select(JourneyEntry.step, JourneyEntry.at, JourneyEntry.evidence, JourneyEntry.link)
            .where(JourneyEntry.journey_id == sa.bindparam("journey", type_=JourneyEntry.journey_id.type))
            .order_by(JourneyEntry.at, JourneyEntry.id).limit(MOST))
