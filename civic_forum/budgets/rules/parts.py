"""Bounds of a round and its envelopes, and their parts that have rules of their own. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from civic_forum.ballots.box.draws import DrawKind
from civic_forum.blocks import slugs

from ..counting.settings import CountingRules
from .phases import Phase

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
