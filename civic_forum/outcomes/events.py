"""Events of outcomes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class OutcomeSubmitted:
    """Waits for a second official of the department."""

    outcome_id: int


@dataclass(frozen=True)
class OutcomeSentBack:
    """An outcome goes back to its writer, with a reason."""

    outcome_id: int


@dataclass(frozen=True)
class OutcomePublished:
    """Everybody can read it from now on; `version` above 1 is a correction."""

    outcome_id: int
    version: int
