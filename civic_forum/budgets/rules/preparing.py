"""A round before its vote: whether its phases follow one another, and what it still misses. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from .parts import LONGEST_VOTING, SHORTEST_VOTING, Calendar
from .phases import ORDER, Phase, Span, in_order, span_of


class BadCalendar(StrEnum):
    """Reason why the phases do not fit together."""

    TWICE = "twice"
    BACKWARDS = "backwards"
    """One ends before it begins."""
    OUT_OF_ORDER = "out_of_order"
    """One begins before the one before it."""
    OVERLAP = "overlap"
    """One has not ended when the next begins."""
    VOTING_HAS_NO_END = "voting_has_no_end"
    VOTING_TOO_SHORT = "voting_too_short"
    VOTING_TOO_LONG = "voting_too_long"
    PAPER_BEFORE_CLOSE = "paper_before_close"


def voting_ends(spans: Iterable[Any]) -> datetime | None:
    """Moment from which ballots are no longer taken: the end of the vote, or else the beginning of what follows it."""
    ordered = in_order(spans)
    for position, span in enumerate(ordered):
        if span.phase is Phase.VOTING:
            return span.ends_at or (ordered[position + 1].starts_at if position + 1 < len(ordered) else None)
    return None


def why_not_calendar(calendar: Calendar) -> tuple[BadCalendar, Phase | None] | None:
    """The first thing that does not fit and the phase where it shows, or None."""
    ordered = in_order(calendar.phases)
    for before, span in zip([None, *ordered], ordered, strict=False):
        if before is not None and before.phase is span.phase:
            return BadCalendar.TWICE, span.phase
        if span.ends_at is not None and span.ends_at <= span.starts_at:
            return BadCalendar.BACKWARDS, span.phase
        if before is not None and span.starts_at <= before.starts_at:
            return BadCalendar.OUT_OF_ORDER, span.phase
        if before is not None and before.ends_at is not None and span.starts_at < before.ends_at:
            return BadCalendar.OVERLAP, span.phase
    voting = span_of(ordered, Phase.VOTING)
    return _why_not_voting(voting, voting_ends(ordered), calendar.paper_until) if voting else None


def _why_not_voting(voting: Span, ends: datetime | None,
                    paper: datetime | None) -> tuple[BadCalendar, Phase | None] | None:
    if ends is None:
        return BadCalendar.VOTING_HAS_NO_END, Phase.VOTING
    if ends - voting.starts_at < SHORTEST_VOTING:
        return BadCalendar.VOTING_TOO_SHORT, Phase.VOTING
    if ends - voting.starts_at > LONGEST_VOTING:
        return BadCalendar.VOTING_TOO_LONG, Phase.VOTING
    return (BadCalendar.PAPER_BEFORE_CLOSE, None) if paper and paper < ends else None


def only_later_days(before: Iterable[Any], paper_until: datetime | None, after: Calendar) -> bool:
    """True if two calendars differ in nothing but what follows the vote, so that the vote ends when it ended."""
    then, now = in_order(before), in_order(after.phases)
    until = ORDER.index(Phase.VOTING)

    def fixed(spans: Sequence[Any]) -> list[tuple[Phase, datetime]]:
        return [(span.phase, span.starts_at) for span in spans if ORDER.index(span.phase) <= until]

    def ends(spans: Sequence[Any]) -> list[datetime | None]:
        return [span.ends_at for span in spans if ORDER.index(span.phase) < until]

    return (fixed(then) == fixed(now) and ends(then) == ends(now) and voting_ends(then) == voting_ends(now)
            and paper_until == after.paper_until)


class Missing(StrEnum):
    """Parts that a round needs. The first ones before everybody sees it, the others before its vote is opened."""

    ENVELOPES = "envelopes"
    PHASES = "phases"
    VOTING = "voting"
    COUNTING = "counting"
    ELIGIBILITY = "eligibility"
    BINDING = "binding"
    ROLL_DAY = "roll_day"
    COMMITTEE = "committee"
    COMMITTEE_TOO_SMALL = "committee_too_small"
    """So few gave their votes that the sums say what each of them recommends."""
    PROJECTS = "projects"


@dataclass(frozen=True)
class Outline:
    """Facts by which a round can be announced or its vote opened."""

    amounts: Sequence[int]
    phases: Sequence[Any]
    paper_until: datetime | None
    has_rules: bool
    eligibility: str
    binding: str
    roll_day_ends: datetime | None
    """The first moment after the day of the roll; None: no day is set."""
    needs_committee: bool
    """The rule is weighted and the committee's votes are not fixed."""
    on_ballots: int
    """Projects that would stand on a ballot."""
    committee_is_too_small: bool = False
    """The committee's votes are fixed, from fewer members than `rules.committee.LEAST_BALLOTS`."""


FOR_ANNOUNCING = (Missing.ENVELOPES, Missing.PHASES)


def missing(outline: Outline) -> list[Missing]:
    """In the order in which the page lists them."""
    found = []
    if not outline.amounts:
        found.append(Missing.ENVELOPES)
    calendar = Calendar(tuple(outline.phases), outline.paper_until)
    if not outline.phases or why_not_calendar(calendar):
        found.append(Missing.PHASES)
    voting = span_of(outline.phases, Phase.VOTING)
    if voting is None:
        found.append(Missing.VOTING)
    if not outline.has_rules:
        found.append(Missing.COUNTING)
    if not outline.eligibility:
        found.append(Missing.ELIGIBILITY)
    if not outline.binding:
        found.append(Missing.BINDING)
    if outline.roll_day_ends is None or voting is not None and outline.roll_day_ends > voting.starts_at:
        found.append(Missing.ROLL_DAY)
    if outline.needs_committee:
        found.append(Missing.COMMITTEE)
    if outline.committee_is_too_small:
        found.append(Missing.COMMITTEE_TOO_SMALL)
    if not outline.on_ballots:
        found.append(Missing.PROJECTS)
    return found


def missing_to_announce(outline: Outline) -> list[Missing]:
    """A round is announced when people know its money and its days."""
    return [one for one in missing(outline) if one in FOR_ANNOUNCING]
