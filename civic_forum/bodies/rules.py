"""Kinds of bodies, what everybody sees of one, and shares that make a quorum. Pure."""

from datetime import timedelta
from enum import StrEnum

from civic_forum.blocks.seats import QuorumRule

ENDS_SOON_DAYS = 90
"""So long before its end a term stands on the secretary's page."""
HISTORY_SHOWN = 10
CHANGE_LASTS = timedelta(days=14)
"""Time in which a second person approves a change of members."""
MOST_SEATS = 200
"""Of one kind in a body."""
RESERVED = frozenset({"new"})


class BodyKind(StrEnum):
    COUNCIL = "council"
    DIVISION = "division"
    STEERING = "steering"
    RESIDENTS = "residents"
    EVALUATION = "evaluation"
    JURY = "jury"
    COMMITTEE = "committee"


class BodyAccess(StrEnum):
    """Share of its meetings that everybody sees."""

    OPEN = "open"
    MINUTES = "minutes"
    RESULTS = "results"
    CLOSED = "closed"


class QuorumShare(StrEnum):
    MORE_THAN_HALF = "more_than_half"
    MORE_THAN_A_THIRD = "more_than_a_third"
    MORE_THAN_TWO_THIRDS = "more_than_two_thirds"
    A_THIRD = "a_third"
    HALF = "half"
    TWO_THIRDS = "two_thirds"


_SHARES = {QuorumShare.MORE_THAN_HALF: (1, 2, True), QuorumShare.MORE_THAN_A_THIRD: (1, 3, True),
           QuorumShare.MORE_THAN_TWO_THIRDS: (2, 3, True), QuorumShare.A_THIRD: (1, 3, False),
           QuorumShare.HALF: (1, 2, False), QuorumShare.TWO_THIRDS: (2, 3, False)}


def quorum(share: QuorumShare, of: str) -> QuorumRule:
    part, whole, more = _SHARES[share]
    return QuorumRule(part=part, whole=whole, more=more, of=of)
