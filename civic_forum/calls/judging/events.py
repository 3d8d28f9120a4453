"""Events of the decision of a call."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CallDecided:
    """Everybody can read the results; those who applied hear of their own."""

    call_id: int


@dataclass(frozen=True)
class ScoringBegun:
    """The jury reads and scores from now on."""

    call_id: int


@dataclass(frozen=True)
class ReserveMovedUp:
    """An application of the reserve is chosen in the place of one that was withdrawn."""

    call_id: int
    application_id: int
