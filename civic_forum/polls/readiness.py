"""Gaps between a poll and its opening, read from the record."""

from collections.abc import Sequence
from datetime import date

from civic_forum.ballots.models import ElectionSeason
from civic_forum.ballots.rules.seasons import season_on
from civic_forum.kernel.i18n import end_of, local

from . import rules
from .models import Poll
from .rules import Electorate, Missing, Publishes, Terms
from .times import Times


def missing(poll: Poll) -> list[Missing]:
    return rules.missing(times_of(poll), electorate_of(poll), terms_of(poll), len(poll.options),
                         end_of(poll.roll_fixed_on))


def times_of(poll: Poll) -> Times:
    return Times(poll.opens_at, poll.closes_at, poll.roll_fixed_on, poll.roll_check_from, poll.roll_check_to,
                 poll.paper_until)


def electorate_of(poll: Poll) -> Electorate:
    return Electorate(poll.eligibility, poll.admits_residents, poll.admits_members, poll.roll_source,
                      tuple(one.id for one in poll.neighbourhoods), poll.min_age)


def terms_of(poll: Poll) -> Terms:
    return Terms(poll.kind, poll.max_choices, poll.quorum, poll.quorum_value, poll.quorum_text, poll.binding,
                 Publishes(poll.publishes))


def days_of(poll: Poll) -> tuple[date, date]:
    """First and last day of the vote as the district counts days."""
    return local(poll.opens_at).date(), local(poll.closes_at).date()


def season_of(poll: Poll, seasons: Sequence[ElectionSeason]) -> ElectionSeason | None:
    """The election season in which it would be held."""
    return season_on(seasons, *days_of(poll))
