"""Questions put to the vote: kinds, stages, what is missing before an opening. Pure decisions."""

import re
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from civic_forum.ballots.rules import quorums
from civic_forum.ballots.rules.choices import BoxRule, Kind
from civic_forum.ballots.rules.quorums import Quorum
from civic_forum.blocks import slugs

RESERVED = frozenset(("new",))
"""Addresses of the desk that no poll may take."""
MOST_OPTIONS = 100
MOST_WON = 10**13
SHORTEST, LONGEST_OPEN = timedelta(hours=1), timedelta(days=60)


class PollKind(StrEnum):
    """Form of the answers."""

    CHOOSE_ONE = "choose_one"
    UP_TO_K = "up_to_k"
    EXACTLY_K = "exactly_k"
    YES_NO_EACH = "yes_no_each"


COUNTED_KINDS = frozenset((PollKind.UP_TO_K, PollKind.EXACTLY_K))
"""Kinds that need to know how many may be chosen."""


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


class Missing(StrEnum):
    """Parts that a poll needs before it can be announced."""

    OPTIONS = "options"
    TOO_FEW_OPTIONS = "too_few_options"
    BINDING = "binding"
    TIMES = "times"
    ROLL_DAY = "roll_day"
    QUORUM = "quorum"


class Timed(Protocol):
    """Instants and days of a poll."""

    opens_at: datetime
    closes_at: datetime
    roll_fixed_on: date
    roll_check_from: datetime | None
    roll_check_to: datetime | None
    paper_until: datetime | None


class Asked(Timed, Protocol):
    """A poll as far as its gaps go."""

    kind: PollKind
    max_choices: int
    quorum: Quorum | None
    quorum_value: int | None
    binding: str


def missing(poll: Asked, options: int, roll_day_ends: datetime) -> list[Missing]:
    """In the order in which the page lists them. `roll_day_ends`: the first moment after the day of the roll."""
    gaps = []
    least = 1 if poll.kind is PollKind.YES_NO_EACH else 2
    if options < least:
        gaps.append(Missing.OPTIONS)
    elif poll.kind in COUNTED_KINDS and poll.max_choices > options:
        gaps.append(Missing.TOO_FEW_OPTIONS)
    if not poll.binding:
        gaps.append(Missing.BINDING)
    if why_not_times(poll):
        gaps.append(Missing.TIMES)
    if roll_day_ends > poll.opens_at:
        gaps.append(Missing.ROLL_DAY)
    if poll.quorum and not quorums.fits(poll.quorum, poll.quorum_value):
        gaps.append(Missing.QUORUM)
    return gaps


DAYS_NAMED = re.compile(r"(?<!\d)(\d+)\s*일\s*(?:안|이내)")


class BadTimes(StrEnum):
    """Reasons for which the times of a poll do not fit together."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    CHECK_BACKWARDS = "check_backwards"
    CHECK_AFTER_OPENING = "check_after_opening"
    PAPER_BEFORE_CLOSE = "paper_before_close"


def why_not_times(times: Timed) -> BadTimes | None:
    """The first thing that does not fit, or None."""
    if times.closes_at - times.opens_at < SHORTEST:
        return BadTimes.TOO_SHORT
    if times.closes_at - times.opens_at > LONGEST_OPEN:
        return BadTimes.TOO_LONG
    if times.roll_check_from and times.roll_check_to and times.roll_check_from >= times.roll_check_to:
        return BadTimes.CHECK_BACKWARDS
    if times.roll_check_to and times.roll_check_to > times.opens_at:
        return BadTimes.CHECK_AFTER_OPENING
    if times.paper_until and times.paper_until < times.closes_at:
        return BadTimes.PAPER_BEFORE_CLOSE
    return None


def roll_is_checked(times: Timed, now: datetime) -> bool:
    """True if `now` is in the days for checking the roll; a day that is not set is no limit."""
    begun = times.roll_check_from is None or now >= times.roll_check_from
    return begun and (times.roll_check_to is None or now < times.roll_check_to)
