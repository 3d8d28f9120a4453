"""The budget rounds of the sample district: one voted on, one of 2021 that is carried out, one in review, one in which
one can vote, and a trial."""

from collections.abc import Iterator
from datetime import datetime

from . import budget_trial
from .budget_files import rounds
from .budget_history import CarriedOutRound
from .budget_open import OpenRound
from .budget_review import Reviewed
from .budget_voted import Voted
from .crowd import Crowd
from .people import read
from .timeline import TimelineEvent
from .votes import resolved

KINDS = {"in_budget": Voted, "carried_out": CarriedOutRound, "review": Reviewed, "voting": OpenRound}


def happenings(ids: dict[str, int], loaded: datetime, there: Crowd) -> Iterator[TimelineEvent]:
    """Everything that happens in the rounds, each at its moment."""
    for entry in rounds():
        yield from KINDS[entry["state"]](resolved(entry, loaded), loaded, there, ids).happenings()
    yield from budget_trial.happenings(read("budgets")["trial"], loaded, there)
