"""Phases of a round, states of its projects, bounds of its parts, and what it still misses. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from civic_forum.ballots.box.closing import DrawKind
from civic_forum.blocks import slugs

from .counting.settings import CountingRules


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
    there = list(spans)
    return [span for phase in ORDER for span in there if span.phase is phase]


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


class ProjectState(StrEnum):
    """State of a project; the phases of its round say when what may happen."""

    HANDED_IN = "handed_in"
    """접수: waits for a review to be assigned."""
    IN_REVIEW = "in_review"
    """적격성 검토 중"""
    ELIGIBLE = "eligible"
    ELIGIBLE_IF = "eligible_if"
    NOT_ELIGIBLE = "not_eligible"
    MERGED = "merged"
    """Goes on as part of another project (`merged_into`)."""
    WITHDRAWN = "withdrawn"
    ON_BALLOT = "on_ballot"
    """The vote on it has been opened: nothing of it changes any more."""
    CHOSEN = "chosen"
    NOT_CHOSEN = "not_chosen"
    IN_BUDGET = "in_budget"
    """The council confirmed it, whole or with less money."""
    DROPPED = "dropped"
    """The council took it out."""
    IN_PROGRESS = "in_progress"
    DONE = "done"


NO_MORE = frozenset((ProjectState.NOT_ELIGIBLE, ProjectState.MERGED, ProjectState.WITHDRAWN, ProjectState.NOT_CHOSEN,
                     ProjectState.DROPPED, ProjectState.DONE))
"""States in which nothing more is done for a project."""


MOVES: dict[ProjectState, frozenset[ProjectState]] = {
    ProjectState.HANDED_IN: frozenset((ProjectState.IN_REVIEW, ProjectState.WITHDRAWN, ProjectState.MERGED)),
    ProjectState.IN_REVIEW: frozenset((ProjectState.ELIGIBLE, ProjectState.ELIGIBLE_IF, ProjectState.NOT_ELIGIBLE,
                                       ProjectState.WITHDRAWN, ProjectState.MERGED)),
    ProjectState.ELIGIBLE: frozenset((ProjectState.IN_REVIEW, ProjectState.ON_BALLOT, ProjectState.WITHDRAWN,
                                      ProjectState.MERGED)),
    ProjectState.ELIGIBLE_IF: frozenset((ProjectState.IN_REVIEW, ProjectState.ELIGIBLE, ProjectState.ON_BALLOT,
                                         ProjectState.WITHDRAWN, ProjectState.MERGED)),
    ProjectState.NOT_ELIGIBLE: frozenset((ProjectState.IN_REVIEW,)), ProjectState.MERGED: frozenset(),
    ProjectState.WITHDRAWN: frozenset(),
    ProjectState.ON_BALLOT: frozenset((ProjectState.CHOSEN, ProjectState.NOT_CHOSEN)),
    ProjectState.CHOSEN: frozenset((ProjectState.IN_BUDGET, ProjectState.DROPPED)),
    ProjectState.NOT_CHOSEN: frozenset(),
    ProjectState.IN_BUDGET: frozenset((ProjectState.IN_PROGRESS, ProjectState.DROPPED)),
    ProjectState.DROPPED: frozenset((ProjectState.IN_BUDGET,)),
    ProjectState.IN_PROGRESS: frozenset((ProjectState.DONE,)), ProjectState.DONE: frozenset(),
}
"""The one table of moves; everything else is refused."""

EDITABLE = frozenset((ProjectState.HANDED_IN, ProjectState.IN_REVIEW, ProjectState.ELIGIBLE, ProjectState.ELIGIBLE_IF))
"""Its text, cost and place may still change."""
FIT_FOR_BALLOT = frozenset((ProjectState.ELIGIBLE, ProjectState.ELIGIBLE_IF))
WON = frozenset((ProjectState.CHOSEN, ProjectState.IN_BUDGET, ProjectState.DROPPED, ProjectState.IN_PROGRESS,
                 ProjectState.DONE))
"""Chosen by the vote, whatever became of it afterwards."""


def may_move(before: ProjectState, after: ProjectState) -> bool:
    """True if MOVES leads from one to the other."""
    return after in MOVES[before]


class Verdict(StrEnum):
    """Verdict of a review."""

    ELIGIBLE = "eligible"
    ELIGIBLE_IF = "eligible_if"
    NOT_ELIGIBLE = "not_eligible"


class Finding(StrEnum):
    """Verdict of a review on one of its parts."""

    FINE = "fine"
    WITH_CONDITIONS = "with_conditions"
    NOT_POSSIBLE = "not_possible"


class CouncilDecision(StrEnum):
    """Decision of the district council (구의회) on a chosen project."""

    CONFIRMED = "confirmed"
    CUT = "cut"
    DROPPED = "dropped"


LONGEST_SLUG_OF_ENVELOPES = 40
RESERVED = frozenset(("new", "trials", "reviews"))
"""Addresses of the site and the desk that no round may take."""
RESERVED_OF_ENVELOPES = frozenset((
    "new", "all", "ballot", "casts", "committee", "council", "counting", "history", "notices", "projects", "results",
    "review", "reviews", "roll", "rules", "trials"))
"""Parts of a round's address that no envelope may take."""
YEARS = range(2000, 2101)
MOST_WON = 10**13
MOST_ENVELOPES, MOST_GROUPS, MOST_EXCLUSIONS, MOST_LINES = 40, 20, 40, 40
MOST_ON_A_BALLOT = 300
LEAST_ON_A_BALLOT = 2
SHORTEST_VOTING, LONGEST_VOTING = timedelta(hours=1), timedelta(days=60)
DAYS_OF_A_TASK = range(1, 366)
LONGEST = {"counting_note": 1_000, "name": 100, "why": 300, "note": 300, "text": 500}


def slug_fits(slug: str) -> bool:
    """True if a round may have this address."""
    return slugs.fits(slug, reserved=RESERVED)


def envelope_slug_fits(slug: str) -> bool:
    """True if an envelope may have this part of an address."""
    return slugs.fits(slug, most=LONGEST_SLUG_OF_ENVELOPES, reserved=RESERVED_OF_ENVELOPES)


@dataclass(frozen=True)
class PhaseParts:
    """From when to when a phase lasts."""

    phase: Phase
    starts_at: datetime
    ends_at: datetime | None = None
    note: str | None = None


@dataclass(frozen=True)
class Calendar:
    """Phases of a round; a phase that is not there is left out."""

    phases: tuple[PhaseParts, ...]
    paper_until: datetime | None = None


@dataclass(frozen=True)
class ListEntry:
    """A kind of project with its cap, or a reason of exclusion with its text."""

    name: str
    cap: int | None = None
    """Won."""
    text: str = ""


@dataclass(frozen=True)
class Counting:
    """Counting of a round; the least votes are said for each envelope."""

    rules: CountingRules
    draw: DrawKind = DrawKind.LOTTERY
    """The tie-break after cost and votes."""
    counting_note: str = ""


@dataclass(frozen=True)
class Grouping:
    """A choice group: which projects, and how many of them are chosen."""

    name: str
    min_choices: int
    max_choices: int
    codes: tuple[str, ...] = ()


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


def voting_began(spans: Iterable[Any], now: datetime) -> bool:
    """True from the beginning of the vote on."""
    return any(span.phase is Phase.VOTING and span.starts_at <= now for span in spans)


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
    BINDING = "binding"
    ROLL_DAY = "roll_day"
    RESIDENTS = "residents"
    """Of which the quorum is so many ‰."""
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
    binding: str
    roll_day_ends: datetime | None
    """The first moment after the day of the roll; None: no day is set."""
    needs_committee: bool
    """The rule is weighted and the committee's votes are not fixed."""
    on_ballots: int
    """Projects that would stand on a ballot."""
    lacks_residents: bool = False
    """An envelope does not say of how many its quorum is so many ‰."""
    committee_is_too_small: bool = False
    """The committee's votes are fixed, from fewer members than `rules.committee.LEAST_BALLOTS`."""


FOR_ANNOUNCING = (Missing.ENVELOPES, Missing.PHASES)


def missing(outline: Outline) -> list[Missing]:
    """In the order in which the page lists them."""
    calendar, voting = Calendar(tuple(outline.phases), outline.paper_until), span_of(outline.phases, Phase.VOTING)
    return [gap for gap, is_there in (
        (Missing.ENVELOPES, not outline.amounts),
        (Missing.PHASES, not outline.phases or why_not_calendar(calendar)),
        (Missing.VOTING, voting is None),
        (Missing.COUNTING, not outline.has_rules),
        (Missing.ROLL_DAY, outline.roll_day_ends is None
         or voting is not None and outline.roll_day_ends > voting.starts_at),
        (Missing.BINDING, not outline.binding),
        (Missing.RESIDENTS, outline.lacks_residents),
        (Missing.COMMITTEE, outline.needs_committee),
        (Missing.COMMITTEE_TOO_SMALL, outline.committee_is_too_small),
        (Missing.PROJECTS, not outline.on_ballots)) if is_there]


def missing_to_announce(outline: Outline) -> list[Missing]:
    """A round is announced when people know its money and its days."""
    return [gap for gap in missing(outline) if gap in FOR_ANNOUNCING]
