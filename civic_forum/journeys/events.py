"""Events of journeys."""

from dataclasses import dataclass


@dataclass(frozen=True)
class StepTaken:
    """A public step was written. Told to hooks alone, inside the transaction of whoever wrote it."""

    journey_id: int
    entry_id: int
