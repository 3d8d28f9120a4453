"""Stages, what is missing, quorum and election season, without a database."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from civic_forum.ballots.rules.choices import BoxRule, Kind
from civic_forum.ballots.rules.boxes import Stage, vote_stage
from civic_forum.ballots.rules.boxes import season_on
from civic_forum.polls import rules
from civic_forum.polls.parts import Electorate, Terms
from civic_forum.polls.rules import Missing, PollKind, Quorum
from civic_forum.polls.parts import Times
from civic_forum.polls.rules import BadTimes

MAY = datetime(2030, 5, 1, 9, tzinfo=UTC)
WEEK = timedelta(days=7)


@dataclass
class Box:
    opens_at: datetime = MAY
    closes_at: datetime = MAY + WEEK
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    counted_at: datetime | None = None
    recorded_at: datetime | None = None
    erased_at: datetime | None = None
    key_destroyed_at: datetime | None = None
    published_at: datetime | None = None


OPENED = Box(opened_at=MAY - WEEK)


@pytest.mark.parametrize(("announced", "box", "now", "stage"), [
    (None, None, MAY, Stage.PREPARING),
    (None, OPENED, MAY, Stage.PREPARING),
    (MAY, None, MAY + WEEK, Stage.ANNOUNCED),
    (MAY, Box(), MAY + WEEK, Stage.ANNOUNCED),
    (MAY, OPENED, MAY - timedelta(seconds=1), Stage.ANNOUNCED),
    (MAY, OPENED, MAY, Stage.OPEN),
    (MAY, OPENED, MAY + WEEK - timedelta(seconds=1), Stage.OPEN),
    (MAY, OPENED, MAY + WEEK, Stage.COUNTING),
    (MAY, Box(opened_at=MAY, closed_at=MAY), MAY, Stage.COUNTING),
    (MAY, Box(opened_at=MAY, closed_at=MAY, key_destroyed_at=MAY), MAY, Stage.COUNTING),
    (MAY, Box(opened_at=MAY, closed_at=MAY, published_at=MAY), MAY, Stage.PUBLISHED),
])
def test_a_poll_opens_and_closes_by_the_clock_alone(announced, box, now, stage):
    assert vote_stage(announced, box, now) is stage


@pytest.mark.parametrize(("kind", "most", "rule"), [
    (PollKind.CHOOSE_ONE, 5, BoxRule(Kind.APPROVAL, 4, 1)),
    (PollKind.UP_TO_K, 3, BoxRule(Kind.APPROVAL, 4, 3)),
    (PollKind.EXACTLY_K, 3, BoxRule(Kind.APPROVAL, 4, 3, True)),
    (PollKind.YES_NO_EACH, 1, BoxRule(Kind.YES_NO, 4)),
])
def test_every_kind_is_a_rule_of_the_box(kind, most, rule):
    assert rules.box_rule(kind, 4, most) == rule


def test_more_choices_than_options_make_no_rule():
    with pytest.raises(ValueError):
        rules.box_rule(PollKind.UP_TO_K, 2, 3)


TIMES = Times(MAY, MAY + WEEK, date(2030, 4, 20))
WHO = Electorate()
TERMS = Terms(PollKind.UP_TO_K, 3, binding="그대로 따라요.")
ROLL = MAY - timedelta(days=10)


def poll_of(*parts):
    return SimpleNamespace(**{name: value for part in parts for name, value in vars(part).items()})


def test_a_poll_with_everything_misses_nothing():
    assert rules.missing(poll_of(TIMES, WHO, TERMS), 3, ROLL) == []


@pytest.mark.parametrize(("times", "who", "terms", "options", "roll", "found"), [
    (TIMES, WHO, TERMS, 1, ROLL, Missing.OPTIONS),
    (TIMES, WHO, TERMS, 2, ROLL, Missing.TOO_FEW_OPTIONS),
    (TIMES, WHO, Terms(PollKind.CHOOSE_ONE), 3, ROLL, Missing.BINDING),
    (Times(MAY, MAY, date(2030, 4, 20)), WHO, TERMS, 3, ROLL, Missing.TIMES),
    (TIMES, WHO, TERMS, 3, MAY + timedelta(seconds=1), Missing.ROLL_DAY),
    (TIMES, WHO, Terms(PollKind.CHOOSE_ONE, binding="네", quorum=Quorum.MIN_TURNOUT), 3, ROLL, Missing.QUORUM),
])
def test_gaps_are_named(times, who, terms, options, roll, found):
    assert rules.missing(poll_of(times, who, terms), options, roll) == [found]


def test_one_question_is_enough_for_yes_and_no():
    assert rules.missing(poll_of(TIMES, WHO, Terms(PollKind.YES_NO_EACH, binding="네")), 1, ROLL) == []


@pytest.mark.parametrize(("given", "why"), [
    (Times(MAY, MAY + timedelta(minutes=59), date(2030, 4, 1)), BadTimes.TOO_SHORT),
    (Times(MAY, MAY + timedelta(days=61), date(2030, 4, 1)), BadTimes.TOO_LONG),
    (Times(MAY, MAY + WEEK, date(2030, 4, 1), MAY, MAY - WEEK), BadTimes.CHECK_BACKWARDS),
    (Times(MAY, MAY + WEEK, date(2030, 4, 1), MAY, MAY + WEEK), BadTimes.CHECK_AFTER_OPENING),
    (Times(MAY, MAY + WEEK, date(2030, 4, 1), paper_until=MAY + WEEK - timedelta(hours=1)),
     BadTimes.PAPER_BEFORE_CLOSE),
    (Times(MAY, MAY + timedelta(hours=1), date(2030, 4, 1)), None),
    (Times(MAY, MAY + timedelta(days=60), date(2030, 4, 1), MAY - WEEK, MAY, MAY + timedelta(days=61)), None),
])
def test_times_that_make_no_vote_are_named(given, why):
    assert rules.why_not_times(given) is why


@dataclass
class Season:
    name: str
    first_day: date
    last_day: date


@pytest.mark.parametrize(("first", "last", "found"), [
    (date(2030, 3, 1), date(2030, 3, 31), None),
    (date(2030, 3, 1), date(2030, 4, 1), "봄"),
    (date(2030, 6, 3), date(2030, 6, 9), "봄"),
    (date(2030, 6, 4), date(2030, 6, 9), None),
    (date(2030, 1, 1), date(2030, 12, 31), "봄"),
])
def test_a_vote_is_in_season_when_it_shares_a_day(first, last, found):
    seasons = [Season("겨울", date(2030, 11, 1), date(2030, 12, 18)), Season("봄", date(2030, 4, 1), date(2030, 6, 3))]
    season = season_on(seasons, first, last)
    assert (season and season.name) == found


@pytest.mark.parametrize("slug", ["", "new", "-a", "a-", "A", "한글", "a" * 61, "a b", "a/b"])
def test_some_addresses_no_poll_may_have(slug):
    assert not rules.slug_fits(slug)


@pytest.mark.parametrize("slug", ["a", "napulnapul-2020", "a" * 60, "1"])
def test_other_addresses_fit(slug):
    assert rules.slug_fits(slug)
