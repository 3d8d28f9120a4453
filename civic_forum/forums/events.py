"""Events of forums. Ids only."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ForumAnnounced:
    """Everybody sees it now."""

    forum_id: int


@dataclass(frozen=True)
class ForumEdited:
    """Text, times, places or programme changed."""

    forum_id: int


@dataclass(frozen=True)
class ForumOpened:
    forum_id: int


@dataclass(frozen=True)
class ForumClosed:
    forum_id: int


@dataclass(frozen=True)
class ForumHappened:
    """Its list of events has become longer: whoever tells sockets wakes up."""

    forum_id: int


@dataclass(frozen=True)
class PlaceGiven:
    """Somebody on the waiting list has a place now."""

    registration_id: int


@dataclass(frozen=True)
class PlaceTaken:
    """Those who prepare a forum withdrew somebody's registration, for this reason."""

    registration_id: int
    reason: str


@dataclass(frozen=True)
class MinutesPublished:
    forum_id: int
    version: int
    signed_at: datetime | None = None
    """Set for the version that the host signed."""


@dataclass(frozen=True)
class DecisionWritten:
    """A decision was made, changed or taken away."""

    decision_id: int
