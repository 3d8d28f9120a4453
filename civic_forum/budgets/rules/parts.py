"""The parts of a round and of an envelope as somebody fills them in, and their bounds. Pure."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from civic_forum.ballots.box.draws import DrawKind
from civic_forum.ballots.rules.boxes import RollSource
from civic_forum.blocks import slugs

from .counting.settings import CountingRules
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
LEAST_AGE, MOST_AGE = 14, 99
LONGEST = {"title": 200, "description": 10_000, "programme": 100, "eligibility": 300, "binding": 3_000,
           "counting_note": 1_000, "name": 100, "theme": 100, "why": 300, "note": 300, "text": 500}


def slug_fits(slug: str) -> bool:
    """True if a round may have this address."""
    return slugs.fits(slug, reserved=RESERVED)


def envelope_slug_fits(slug: str) -> bool:
    """True if an envelope may have this part of an address."""
    return slugs.fits(slug, most=LONGEST_SLUG_OF_ENVELOPES, reserved=RESERVED_OF_ENVELOPES)


@dataclass(frozen=True)
class Wording:
    """Texts of a round. The field names of every part are the round's columns."""

    title: str
    year: int
    description: str = ""
    programme: str | None = None
    texts: dict[str, object] = field(default_factory=dict)


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
class ProjectLimits:
    """Limits of projects: costs, reasons of exclusion, and days of reviews."""

    project_cap: int | None = None
    kinds: tuple[ListEntry, ...] = ()
    reasons: tuple[ListEntry, ...] = ()
    review_due_days: int = 20
    second_look_days: int = 7


@dataclass(frozen=True)
class Electorate:
    """Electorate of a round."""

    eligibility: str = ""
    admits_residents: bool = True
    admits_members: bool = False
    roll_source: RollSource = RollSource.VERIFIED
    min_age: int | None = None
    roll_fixed_on: date | None = None
    roll_check_from: datetime | None = None
    roll_check_to: datetime | None = None


@dataclass(frozen=True)
class Counting:
    """Counting of a round; the least votes are said for each envelope."""

    rules: CountingRules
    draw: DrawKind = DrawKind.LOTTERY
    """The tie-break after cost and votes."""
    counting_note: str = ""


@dataclass(frozen=True)
class Terms:
    """Effect of the result, and edition of the record."""

    binding: str = ""
    publishes: str = "totals"


@dataclass(frozen=True)
class EnvelopeParts:
    """An envelope as somebody fills it in."""

    name: str
    amount: int
    """Won."""
    max_choices: int = 1
    exactly: bool = False
    within_money: bool = False
    min_votes: int = 0
    theme: str | None = None
    neighbourhood_id: int | None = None
    voters_of: tuple[int, ...] = ()
    """Ids of the neighbourhoods whose people vote in it; empty: the whole district."""
    texts: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Grouping:
    """A choice group: which projects, and how many of them are chosen."""

    name: str
    min_choices: int
    max_choices: int
    codes: tuple[str, ...] = ()
