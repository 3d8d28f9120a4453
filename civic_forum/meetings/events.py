"""Facts of meetings. Ids only."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MeetingKept:
    """Results of its items are written down."""

    meeting_id: int
    forum_id: int
    body_id: int


@dataclass(frozen=True)
class MeetingCancelled:
    """It is not held, of which notice was given."""

    meeting_id: int
    forum_id: int
    body_id: int


@dataclass(frozen=True)
class MeetingNoticed:
    """Notice was given."""

    meeting_id: int
    forum_id: int
    body_id: int
    written: bool
