"""Limits of the rules of votes on both sides: seasons, ages, options, numbers."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from civic_forum.accounts.rules import AffiliationKind, Verification
from civic_forum.ballots.rolls import rules as imports
from civic_forum.ballots.rolls.rules import Belonging, EntryState, RollRule, place_of
from civic_forum.ballots.rules.boxes import season_on
from civic_forum.ballots.rules.log import LARGEST, canonical_json
from civic_forum.ballots.rules.boxes import RollSource
from civic_forum.ballots.rules.choices import MOST_OPTIONS, MOST_POINTS, BoxRule, Kind, Money

DAY = timedelta(days=1)
LAST = date(2030, 5, 8)


def test_a_season_and_a_vote_share_a_day():
    season = SimpleNamespace(name="선거", first_day=LAST, last_day=LAST + 2 * DAY)
    for first, last, shared in ((LAST - DAY, LAST, True), (LAST - 2 * DAY, LAST - DAY, False),
                                (LAST + 2 * DAY, LAST + 3 * DAY, True), (LAST + 3 * DAY, LAST + 4 * DAY, False)):
        assert season_on([season], first, last) is (season if shared else None)


def test_an_age_counts_on_its_day():
    rule = RollRule(RollSource.VERIFIED, LAST, min_age=18, age_on=LAST)
    born = date(2012, 5, 8)
    assert [rule.old_enough(at) for at in (born, born + DAY, None)] == [True, False, None]
    assert RollRule(RollSource.VERIFIED, LAST).old_enough(None) is True
    young = RollRule(RollSource.VERIFIED, LAST, min_age=14, age_on=LAST)
    assert young.old_enough(None) is True
    assert [young.old_enough(date(2016, 5, day)) for day in (8, 9)] == [True, False]
    for facts in ({"kinds": frozenset()}, {"min_age": 14}, {"age_on": LAST}):
        with pytest.raises(ValueError):
            RollRule(RollSource.VERIFIED, LAST, **facts)


def test_a_roll_names_neighbourhoods_or_none():
    rule = RollRule(RollSource.VERIFIED, LAST)
    home = [Belonging(AffiliationKind.LIVE, next(one for one in Verification if one is not Verification.DECLARED), 3)]
    for named, state in ((frozenset(), EntryState.IN), (frozenset({3, 4}), EntryState.IN),
                         (frozenset({4}), EntryState.OTHER_NEIGHBOURHOOD)):
        assert place_of(rule, home, None, named).state is state


def test_options_points_and_money_reach_their_limits():
    for options in (1, MOST_OPTIONS):
        assert BoxRule(Kind.APPROVAL, options, 1).options == options
    for options in (0, MOST_OPTIONS + 1):
        with pytest.raises(ValueError):
            BoxRule(Kind.APPROVAL, options, 1)
    points = BoxRule(Kind.POINTS, 2, MOST_POINTS)
    assert points.chosen(points.encode({1: 0, 2: MOST_POINTS})) == (2,)
    assert BoxRule(Kind.APPROVAL, 2, 1, money=Money(5, (5, 6))).cheapest() == 5


def test_numbers_reach_their_limits():
    assert canonical_json(LARGEST) == b"9007199254740991"
    with pytest.raises(ValueError):
        canonical_json(LARGEST + 1)


def test_a_list_of_voters_is_read_up_to_its_largest_size(monkeypatch):
    header = ",".join(imports.COLUMNS).encode()
    monkeypatch.setattr(imports, "MOST_BYTES", len(header))
    assert list(imports.rows(header)) == []
    assert list(imports.rows(header + b"\n")) == [imports.Problem(0, imports.Wrong.TOO_LARGE)]
