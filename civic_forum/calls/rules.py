"""모집·공모: times in which people or groups may apply, and rules by which it is decided. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

KIND = "call"
RESERVED = frozenset({"new", "mine", "check"})
"""Ends of addresses that are pages of their own."""
APPLICATION = "call_application"
TITLE_MOST, TEXT_MOST, REASON_LEAST, REASON_MOST = 100, 2_000, 5, 500
MOST_THEMES, THEME_MOST, MOST_CRITERIA, CRITERION_MOST = 12, 60, 10, 100
ELSEWHERE_MOST = 300
MOST_LOTS, LOT_MOST = 10, 300
MOST_HOURS = 200
MOST_PRIZES, PRIZE_MOST = 10, 40
MOST_JURY, LEAST_SHOWN, LEAST_OF_FEW = 60, 5, 2
"""Of fewer jurors the mean alone is shown; the last where the call said so before."""
UNDECIDED_DAYS = 365
"""A call that has no decision so long after its close counts as over: its answers are erased on their days."""
NOTICE = timedelta(hours=24)
"""A close is never moved nearer than this."""


class CallKind(StrEnum):
    GRANT = "grant"
    LAB = "lab"
    SEATS = "seats"
    PARTICIPANTS = "participants"
    COURSE = "course"
    PRIZE = "prize"


class Applicants(StrEnum):
    PERSON = "person"
    GROUP = "group"
    BOTH = "both"


class ScoresShown(StrEnum):
    """Said before the first application, kept by the results page."""

    NAMES = "names"
    JURORS = "jurors"
    """By juror, without names."""
    FEW = "few"
    """The same, also of fewer than five jurors."""
    MEAN = "mean"


class CallStage(StrEnum):
    PREPARING = "preparing"
    ANNOUNCED = "announced"
    OPEN = "open"
    REVIEW = "review"
    """Closed by the clock: completeness, departments, scores."""
    DECIDED = "decided"


class ApplicationState(StrEnum):
    DRAFT = "draft"
    RECEIVED = "received"
    WITHDRAWN = "withdrawn"
    OUT = "out"
    """Not complete, or not eligible."""
    CHOSEN = "chosen"
    RESERVE = "reserve"
    NOT_CHOSEN = "not_chosen"


class Channel(StrEnum):
    ONLINE = "online"
    DESK = "desk"
    PAPER = "paper"


class Step(StrEnum):
    """Steps between the close and the decision, in this order; scores and lots have rows of their own."""

    COMPLETE = "complete"
    REVIEW = "review"


class WhyNot(StrEnum):
    """Reasons by which those who were not chosen are counted in public."""

    INCOMPLETE = "incomplete"
    NOT_ELIGIBLE = "not_eligible"
    TOO_FEW_POINTS = "too_few_points"
    NO_PLACE = "no_place"
    NO_MONEY = "no_money"
    OTHER = "other"


def stage_of(*, announced: bool, opens_at: datetime | None, closes_at: datetime | None, decided: bool,
             now: datetime) -> CallStage:
    if decided:
        return CallStage.DECIDED
    if not announced or opens_at is None or closes_at is None:
        return CallStage.PREPARING
    return CallStage.ANNOUNCED if now < opens_at else CallStage.OPEN if now < closes_at else CallStage.REVIEW


def is_too_near(after: datetime, *, opens_at: datetime, now: datetime) -> bool:
    """True for a new close of which those who write would hear too late, or that comes before the opening."""
    return after < now + NOTICE or after <= opens_at


def why_not_points(points: Sequence[int | None], criteria: Sequence[Mapping[str, object]]) -> bool:
    """True for points that do not fit: one for each criterion, from 0 to its points."""
    return len(points) != len(criteria) or any(
        number is None or not 0 <= number <= int(str(criterion["points"]))
        for number, criterion in zip(points, criteria, strict=False))


def ranked(means: Mapping[int, Any]) -> list[list[int]]:
    """Applications with equal means together, the highest first: who comes first of equals is for a lot to say."""
    groups: dict[Any, list[int]] = {}
    for application, value in sorted(means.items()):
        groups.setdefault(value, []).append(application)
    return [groups[value] for value in sorted(groups, reverse=True)]


def is_of_age(born: int | None, year: int, least: int | None, most: int | None) -> bool | None:
    """True, False, or None where the year of birth is not known. Ages count by the year."""
    if least is None and most is None:
        return True
    if born is None:
        return None
    age = year - born
    return (least is None or age >= least) and (most is None or age <= most)


def last_day_to_score(today: date, scores_until: date | None) -> bool:
    """True once scores may be released: the last day of scoring has passed."""
    return scores_until is not None and today > scores_until


def named_options(lots: Sequence[Mapping[str, Any]]) -> set[str]:
    """Options by which somebody is in a lot, or in a group of one."""
    return {word for lot in lots for part in (lot, *lot["groups"]) for word in part["who"]}
