"""Decisions of the district council (구의회) on a chosen project. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .states import CouncilDecision, ProjectState

MOST_REASON = 2_000
LEAST_REASON = 5
MOST_NOTE = 300

AFTER = {CouncilDecision.CONFIRMED: ProjectState.IN_BUDGET, CouncilDecision.CUT: ProjectState.IN_BUDGET,
         CouncilDecision.DROPPED: ProjectState.DROPPED}


@dataclass(frozen=True)
class Decided:
    """Decision of the council on one project. `amount`: won, needed where it was cut alone."""

    code: str
    decision: CouncilDecision
    amount: int | None = None
    reason: str = ""


class Wrong(StrEnum):
    """Parts of a decision that do not go together."""

    AMOUNT = "amount"
    """Cut, but not to something between nothing and what it costs."""
    REASON = "reason"
    """Something was taken away and nobody said why."""
    TOO_LONG = "too_long"


def why_not(decided: Decided, cost: int) -> Wrong | None:
    """`cost`: won, as it was voted on."""
    if decided.decision is CouncilDecision.CUT and not 0 < (decided.amount or 0) < cost:
        return Wrong.AMOUNT
    if decided.decision is not CouncilDecision.CONFIRMED and len(decided.reason) < LEAST_REASON:
        return Wrong.REASON
    return Wrong.TOO_LONG if len(decided.reason) > MOST_REASON else None


def amount_of(decided: Decided, cost: int) -> int:
    """Won that are in the budget by it."""
    if decided.decision is CouncilDecision.CONFIRMED:
        return cost
    return decided.amount or 0 if decided.decision is CouncilDecision.CUT else 0


def day_fits(on: date, *, published: date | None, today: date) -> bool:
    """The council decides after the result and has decided when it is entered."""
    return on <= today and (published is None or published <= on)
