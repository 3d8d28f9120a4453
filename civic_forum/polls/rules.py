"""Questions put to the vote: kinds, stages, what is missing before an opening. Pure decisions."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from civic_forum.ballots.rules.boxes import RollSource
from civic_forum.ballots.rules.choices import BoxRule, Kind
from civic_forum.blocks import slugs

from .times import Times, why_not_times

RESERVED = frozenset(("new",))
"""Addresses of the desk that no poll may take."""
MOST_OPTIONS = 100
YEARS = range(2000, 2101)
"""In which a vote can be: what is typed wrong is not reckoned with."""
MOST_WON = 10**13


class PollKind(StrEnum):
    """Form of the answers."""

    CHOOSE_ONE = "choose_one"
    UP_TO_K = "up_to_k"
    EXACTLY_K = "exactly_k"
    YES_NO_EACH = "yes_no_each"


COUNTED_KINDS = frozenset((PollKind.UP_TO_K, PollKind.EXACTLY_K))
"""Kinds that need to know how many may be chosen."""


class Quorum(StrEnum):
    """Quorum that a result needs in order to count."""

    MIN_VOTERS = "min_voters"
    MIN_TURNOUT = "min_turnout"
    """In percent of the electoral roll."""


class Publishes(StrEnum):
    """Edition of the record that everybody gets."""

    TOTALS = "totals"
    BALLOTS = "ballots"


def box_rule(kind: PollKind, options: int, max_choices: int) -> BoxRule:
    """Rule by which the ballot box counts this kind; ValueError where the numbers do not go together."""
    if kind is PollKind.YES_NO_EACH:
        return BoxRule(Kind.YES_NO, options)
    if kind is PollKind.CHOOSE_ONE:
        return BoxRule(Kind.APPROVAL, options, 1)
    return BoxRule(Kind.APPROVAL, options, max_choices, kind is PollKind.EXACTLY_K)


def slug_fits(slug: str) -> bool:
    """True if a poll may have this address: no page of the site has it."""
    return slugs.fits(slug, reserved=RESERVED)


@dataclass(frozen=True)
class Wording:
    """Question and texts of a poll. The field names are the poll's columns, as in every part."""

    title: str
    question: str
    description: str = ""
    programme: str | None = None
    sign_language_video: str | None = None
    texts: dict[str, object] = field(default_factory=dict)
    about: tuple[str, str] | None = None
    """The kind of the thing that it is about, and its name (`blocks.about`)."""


@dataclass(frozen=True)
class Electorate:
    """Electorate of a poll."""

    eligibility: str = ""
    admits_residents: bool = True
    admits_members: bool = False
    roll_source: RollSource = RollSource.VERIFIED
    neighbourhood_ids: tuple[int, ...] = ()
    """Only these; empty: the whole district."""
    min_age: int | None = None


@dataclass(frozen=True)
class Terms:
    """Counting of a poll, and its effect."""

    kind: PollKind
    max_choices: int = 1
    quorum: Quorum | None = None
    quorum_value: int | None = None
    quorum_text: str | None = None
    binding: str = ""
    publishes: Publishes = Publishes.TOTALS


@dataclass(frozen=True)
class OptionText:
    """One thing to choose, or one question to answer."""

    title: str
    text: str = ""
    kind: str | None = None
    cost: int | None = None
    """In won."""
    cost_note: str | None = None
    neighbourhood_id: int | None = None
    proposal_number: str | None = None
    agenda_slug: str | None = None
    category: str | None = None
    department: str | None = None
    division: str | None = None
    sign_language_video: str | None = None
    texts: dict[str, object] = field(default_factory=dict)


LONGEST = {"title": 200, "question": 500, "description": 10_000, "programme": 100, "sign_language_video": 500,
           "eligibility": 300, "quorum_text": 300, "binding": 3_000, "text": 3_000, "kind": 60, "cost_note": 300,
           "category": 60, "department": 100, "division": 100}


class Missing(StrEnum):
    """Parts that a poll needs before it can be announced."""

    OPTIONS = "options"
    TOO_FEW_OPTIONS = "too_few_options"
    ELIGIBILITY = "eligibility"
    BINDING = "binding"
    TIMES = "times"
    ROLL_DAY = "roll_day"
    QUORUM = "quorum"


def missing(times: Times, electorate: Electorate, terms: Terms, options: int, roll_day_ends: datetime) -> list[Missing]:
    """In the order in which the page lists them. `roll_day_ends`: the first moment after the day of the roll."""
    found = []
    least = 1 if terms.kind is PollKind.YES_NO_EACH else 2
    if options < least:
        found.append(Missing.OPTIONS)
    elif terms.kind in COUNTED_KINDS and terms.max_choices > options:
        found.append(Missing.TOO_FEW_OPTIONS)
    if not electorate.eligibility or not (electorate.admits_residents or electorate.admits_members):
        found.append(Missing.ELIGIBILITY)
    if not terms.binding:
        found.append(Missing.BINDING)
    if why_not_times(times):
        found.append(Missing.TIMES)
    if roll_day_ends > times.opens_at:
        found.append(Missing.ROLL_DAY)
    if terms.quorum and not quorum_value_fits(terms.quorum, terms.quorum_value):
        found.append(Missing.QUORUM)
    return found


def quorum_value_fits(quorum: Quorum, value: int | None) -> bool:
    """A share in per cent or a number of voters."""
    if value is None:
        return False
    return 1 <= value <= (100 if quorum is Quorum.MIN_TURNOUT else 10_000_000)
