"""Facts of plans. Ids only."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PlanShown:
    """A version was asked, decided or came into force."""

    plan_id: int
