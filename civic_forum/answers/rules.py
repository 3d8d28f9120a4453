"""The office's duty to answer. Pure decisions."""

from enum import StrEnum


class DutyKind(StrEnum):
    THRESHOLD = "threshold"
    FORMAL = "formal"
    SECOND_REVIEW = "second_review"
    VOLUNTARY = "voluntary"
    """Nobody had to: an answer without a clock."""


class AnswerKind(StrEnum):
    INTERIM = "interim"
    FINAL = "final"


class AnswerOutcome(StrEnum):
    ACCEPTED = "accepted"
    PARTLY_ACCEPTED = "partly_accepted"
    ALREADY_DONE = "already_done"
    LONG_TERM = "long_term"
    REFERRED = "referred"
    DECLINED = "declined"


class AnswerState(StrEnum):
    DRAFT = "draft"
    AWAITING_APPROVAL = "awaiting_approval"
    PUBLISHED = "published"


class Disclosure(StrEnum):
    """How much of the document behind an answer is open."""

    OPEN = "open"
    PARTLY_OPEN = "partly_open"
    CLOSED = "closed"


class AssignmentState(StrEnum):
    ASKED = "asked"
    TAKEN = "taken"
    RETURNED = "returned"
    ENDED = "ended"


class AwardState(StrEnum):
    NOMINATED = "nominated"
    PUBLISHED = "published"
    NOT_CHOSEN = "not_chosen"
