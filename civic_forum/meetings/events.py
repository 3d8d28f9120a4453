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
class MinutesSentBack:
    """A second person asks whoever wrote them to mend them."""

    meeting_id: int
    forum_id: int
    to_id: int


@dataclass(frozen=True)
class ResultCorrected:
    """The result of an item reads differently, as two people agreed."""

    item_id: int
    undid_id: int | None
    """Decision that it undid, and that stands again."""


@dataclass(frozen=True)
class MeetingNoticed:
    """Notice was given."""

    meeting_id: int
    forum_id: int
    body_id: int
    written: bool
