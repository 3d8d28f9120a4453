"""The phases of a round as rows of the statement that reads the round."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from civic_forum.platform.json_rows import gathered, instant, rows_of

from ..models import BudgetPhase, BudgetRound
from ..rules.phases import Phase, in_order


@dataclass(frozen=True, slots=True)
class PhaseRow:
    """From when to when a phase lasts, as `rules.phases` asks for it."""

    phase: Phase
    starts_at: datetime
    ends_at: datetime | None
    note: str | None = None


def rows() -> sa.ScalarSelect:
    """The column that `stretches` reads, of a statement about rounds."""
    return gathered(sa.select(BudgetPhase.phase, BudgetPhase.starts_at, BudgetPhase.ends_at, BudgetPhase.note)
                    .where(BudgetPhase.round_id == BudgetRound.id), BudgetRound)


def stretches(column: str | list | None) -> list[PhaseRow]:
    """In the order in which the round goes through them."""
    return in_order(PhaseRow(Phase(phase), instant(starts), ends and instant(ends), note)
                    for phase, starts, ends, note in rows_of(column))


def moments(spans: Iterable[PhaseRow]) -> list[datetime]:
    """Moments at which a page about them becomes another one by the clock."""
    return [at for span in spans for at in (span.starts_at, span.ends_at) if at is not None]
