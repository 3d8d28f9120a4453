"""Outcomes as lists and the first page show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from types import ModuleType
from typing import ClassVar

from civic_forum.platform import rich_text

from .. import labels
from ..models import Outcome
from ..rules import Decision, Progress, Promise
from . import way
from .detail import promise_of


@dataclass(frozen=True)
class OutcomeCard:
    """All that a list says of an outcome on one day."""

    id: int
    title: str
    decision: Decision
    progress: Progress
    promise: Promise
    subject: str
    department_name: str
    reasons_html: str
    kept_way: tuple[tuple, ...]
    """Of `Outcome.way`."""
    decided_on: date
    promised_on: date | None
    reported_on: date | None
    cost: int | None
    spent: int | None
    labels: ClassVar[ModuleType] = labels

    @property
    def summary(self) -> str:
        return rich_text.excerpt(self.reasons_html, 160)

    @property
    def steps(self) -> list[way.Step]:
        return way.steps_of(self.kept_way)


def of(outcomes: Iterable[Outcome], today: date) -> list[OutcomeCard]:
    return [OutcomeCard(
        one.id, one.title, one.decision, one.progress, promise_of(one, today), one.subject, one.department.name,
        one.reasons_html, tuple(map(tuple, one.way)), one.decided_on, one.promised_on, one.reported_on, one.cost,
        one.spent) for one in outcomes]
