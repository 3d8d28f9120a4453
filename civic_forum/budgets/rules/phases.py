"""The phases of a round and which of them it is in. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Phase(StrEnum):
    """In the order in which a round goes through them; it may leave some out."""

    COLLECTING = "collecting"
    REVIEW = "review"
    ADJUSTING = "adjusting"
    COMMITTEE = "committee"
    VOTING = "voting"
    CHOSEN = "chosen"
    COUNCIL = "council"
    IN_BUDGET = "in_budget"
    CARRIED_OUT = "carried_out"


ORDER = tuple(Phase)
BEFORE_VOTING = ORDER[:ORDER.index(Phase.VOTING)]


class Span(Protocol):
    """From when to when a phase lasts; without an end until the next begins."""

    @property
    def phase(self) -> Phase: ...

    @property
    def starts_at(self) -> datetime: ...

    @property
    def ends_at(self) -> datetime | None: ...


def in_order(spans: Iterable[Span]) -> list[Span]:
    """As phases follow each other, whatever their instants say."""
    return sorted(spans, key=lambda span: ORDER.index(span.phase))


def current(spans: Iterable[Span], now: datetime) -> Phase | None:
    """The phase that began last; None before the first. A pause between two belongs to the earlier one."""
    begun = [span for span in in_order(spans) if span.starts_at <= now]
    return begun[-1].phase if begun else None


def is_over(spans: Iterable[Span], now: datetime) -> bool:
    """True if all phases have come to an end."""
    ordered = in_order(spans)
    return bool(ordered) and ordered[-1].ends_at is not None and ordered[-1].ends_at <= now


def is_on(spans: Iterable[Span], phase: Phase, now: datetime) -> bool:
    """True if something that belongs to this phase may be done now: begun, and neither ended nor followed."""
    ordered = in_order(spans)
    for position, span in enumerate(ordered):
        if span.phase is phase:
            ends = span.ends_at or (ordered[position + 1].starts_at if position + 1 < len(ordered) else None)
            return span.starts_at <= now and (ends is None or now < ends)
    return False


@dataclass(frozen=True)
class Change:
    """The next thing that the calendar of a round brings."""

    phase: Phase
    at: datetime
    ends: bool
    """The phase ends then; else it begins."""


def next_change(spans: Iterable[Span], now: datetime) -> Change | None:
    """Next change by the clock; where one phase ends as the next begins, its end. None: nothing more."""
    changes = [Change(span.phase, at, ends) for span in in_order(spans)
               for at, ends in ((span.starts_at, False), (span.ends_at, True)) if at is not None and at > now]
    return min(changes, key=lambda change: (change.at, not change.ends), default=None)


def span_of(spans: Iterable[Span], phase: Phase) -> Span | None:
    """None where the round leaves this phase out."""
    return next((span for span in spans if span.phase is phase), None)
