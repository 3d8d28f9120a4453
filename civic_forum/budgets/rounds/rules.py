"""A round that was decided elsewhere, as somebody enters it afterwards: what was chosen, and what became of it.
Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


from ..projects.rules import ProjectText
from ..rules import Calendar, ProjectState, WON

KEEPS_ITS_MONEY = WON - {ProjectState.CHOSEN, ProjectState.DROPPED}


@dataclass(frozen=True)
class PastProject:
    """One that was chosen then."""

    code: str
    envelope: str
    """Address of its envelope."""
    text: ProjectText
    state: ProjectState
    at: datetime
    """When it came to this state."""
    note: str = ""
    """What is told of that, for everybody to read."""
    neighbourhood_id: int | None = None
    category: str | None = None
    department_id: int | None = None

    @property
    def decided_amount(self) -> int | None:
        """Won that were left of its cost; None where nobody has decided yet."""
        if self.state is ProjectState.CHOSEN:
            return None
        return self.text.cost if self.state in KEEPS_ITS_MONEY else 0


@dataclass(frozen=True)
class PastRound:
    """A round without boxes: no votes, no count."""

    slug: str
    wording: Any
    """Part of the round."""
    decided_in: str
    """Where the choice was made."""
    calendar: Calendar
    envelopes: Sequence[tuple[str, Any]]
    """Address and envelope, in their order."""
    projects: Sequence[PastProject]
    invented: str | None = None
    """In a sample: what of it is made up."""


def first_over(past: PastRound) -> str | None:
    """The first envelope whose chosen projects cost more than its money, None where all fit."""
    for slug, purse in past.envelopes:
        if sum(project.text.cost for project in past.projects if project.envelope == slug) > purse.amount:
            return str(purse.name)
    return None


def first_astray(past: PastRound) -> str | None:
    """The code of the first project that was not chosen, stands twice, or in no envelope; None where all are right."""
    known, seen = {slug for slug, _purse in past.envelopes}, set()
    for project in past.projects:
        if project.state not in WON or project.envelope not in known or project.code in seen:
            return project.code
        seen.add(project.code)
    return None
