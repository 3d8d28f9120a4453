"""What became of what people did. Pure."""

from enum import StrEnum


class Decision(StrEnum):
    DECIDED = "decided"
    PARTLY = "partly"
    DECLINED = "declined"
    POSTPONED = "postponed"


class Subject(StrEnum):
    AGENDA = "agenda"
    POLL = "poll"
    PROPOSAL = "proposal"
