"""What became of what people did."""

from dataclasses import dataclass


@dataclass(frozen=True)
class OutcomePublished:
    """Everybody can read it from now on; `version` above 1 is a correction."""

    outcome_id: int
    version: int
