"""Events of polls. Ids only."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PollAnnounced:
    """Everybody sees it now."""

    poll_id: int


@dataclass(frozen=True)
class PollEdited:
    """Its text, times or terms changed before the opening."""

    poll_id: int
