"""Conditions of registering for a forum: days, and places."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from ..rules import AgeGroup, Place, Stage, Way

LONGEST_NEEDS = 300
LONGEST_REASON = 300


class Days(Protocol):
    """A `Forum`, as far as its days of registration are read."""

    stage: Stage
    registration_from: datetime | None
    registration_to: datetime | None


class Places(Protocol):
    """A `Forum`, as far as its places are read."""

    on_site_places: int
    online_places: int


class NotNow(StrEnum):
    """Reason why nobody can register right now."""

    PREPARING = "preparing"
    NOT_YET = "not_yet"
    OVER = "over"
    FINISHED = "finished"


def why_not_now(forum: Days, now: datetime) -> NotNow | None:
    """Between the days of registration while it is announced; while it is live as long as there are places."""
    if forum.stage is Stage.PREPARING:
        return NotNow.PREPARING
    if forum.stage is Stage.FINISHED:
        return NotNow.FINISHED
    if forum.stage is Stage.LIVE:
        return None
    if forum.registration_from is not None and now < forum.registration_from:
        return NotNow.NOT_YET
    if forum.registration_to is not None and now >= forum.registration_to:
        return NotNow.OVER
    return None


def places_of(forum: Places, way: Way) -> int:
    return forum.on_site_places if way is Way.ON_SITE else forum.online_places


def ways_of(forum: Places) -> tuple[Way, ...]:
    """Ways of taking part in it at all."""
    return tuple(way for way in Way if places_of(forum, way))


@dataclass(frozen=True)
class RegistrationRequest:
    """Fields of somebody who registers."""

    way: Way
    needs: tuple[str, ...] = ()
    """Chosen out of what is offered."""
    words: str = ""
    """More, in their own words; sealed."""
    age_group: AgeGroup | None = None
    neighbourhood_id: int | None = None


def place_for(taken: int, places: int) -> Place:
    """Place of somebody who asks now."""
    return Place.HELD if taken < places else Place.WAITING
