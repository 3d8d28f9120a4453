"""Events of what follows the decision of a call."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ChosenRegistered:
    """Somebody who was chosen has a place in a forum."""

    registration_id: int
