"""Facts of calls. Ids only."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CallEdited:
    call_id: int


@dataclass(frozen=True)
class CallAnnounced:
    call_id: int


@dataclass(frozen=True)
class CloseMoved:
    """The close of an announced call is another one now."""

    call_id: int
    time_id: int


@dataclass(frozen=True)
class ApplicationReceived:
    """Handed in, also anew under the same number."""

    call_application_id: int


@dataclass(frozen=True)
class ApplicationWithdrawn:
    """Taken back; `was` is the state until then: a chosen one gives way to the reserve."""

    call_application_id: int
    was: str
