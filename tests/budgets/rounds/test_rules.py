"""Phases in order, what is missing, ballots that can be cast, and what is left of a round that moves, without a
database."""

from datetime import UTC, datetime, timedelta
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic_forum.budgets import rules as budgets
from civic_forum.budgets.rules import (BadCalendar, Calendar, Change, Missing, ORDER, Outline, Phase, PhaseParts,
                                       current, is_on, is_over, next_change, why_not_calendar)
from civic_forum.budgets.voting import rules as sheets
from civic_forum.budgets.voting.rules import BallotFault, Group, Sheet
from tests.running.turns import share

MAY = datetime(2030, 5, 1, 9, tzinfo=UTC)
WEEK = timedelta(days=7)
DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)


def span(phase, week, length=None):
    return PhaseParts(phase, MAY + WEEK * week, None if length is None else MAY + WEEK * week + length)


@pytest.mark.parametrize(("spans", "wrong"), [
    ([], None),
    ([span(Phase.COLLECTING, 0), span(Phase.REVIEW, 1)], None),
    ([span(Phase.COLLECTING, 0, WEEK), span(Phase.REVIEW, 1)], None),
    ([span(Phase.VOTING, 0, WEEK)], None),
    ([span(Phase.VOTING, 0), span(Phase.COUNCIL, 1)], None),
    ([span(Phase.REVIEW, 0), span(Phase.REVIEW, 1)], (BadCalendar.TWICE, Phase.REVIEW)),
    ([span(Phase.REVIEW, 0, -DAY)], (BadCalendar.BACKWARDS, Phase.REVIEW)),
    ([span(Phase.REVIEW, 0, timedelta(0))], (BadCalendar.BACKWARDS, Phase.REVIEW)),
    ([span(Phase.REVIEW, 1), span(Phase.VOTING, 0, WEEK)], (BadCalendar.OUT_OF_ORDER, Phase.VOTING)),
    ([span(Phase.REVIEW, 1), span(Phase.VOTING, 1, WEEK)], (BadCalendar.OUT_OF_ORDER, Phase.VOTING)),
    ([span(Phase.REVIEW, 0, 2 * WEEK), span(Phase.VOTING, 1, WEEK)], (BadCalendar.OVERLAP, Phase.VOTING)),
    ([span(Phase.VOTING, 0)], (BadCalendar.VOTING_HAS_NO_END, Phase.VOTING)),
    ([span(Phase.VOTING, 0, timedelta(hours=1))], None),
    ([span(Phase.VOTING, 0, timedelta(hours=1) - TICK)], (BadCalendar.VOTING_TOO_SHORT, Phase.VOTING)),
    ([span(Phase.VOTING, 0, timedelta(days=60))], None),
    ([span(Phase.VOTING, 0, timedelta(days=60) + TICK)], (BadCalendar.VOTING_TOO_LONG, Phase.VOTING)),
    ([span(Phase.VOTING, 0), span(Phase.COUNCIL, 20)], (BadCalendar.VOTING_TOO_LONG, Phase.VOTING)),
])
def test_phases_follow_one_another(spans, wrong):
    assert why_not_calendar(Calendar(tuple(spans))) == wrong


def test_paper_comes_back_after_the_close():
    voting = (span(Phase.VOTING, 0, WEEK),)
    assert why_not_calendar(Calendar(voting, MAY + WEEK)) is None
    assert why_not_calendar(Calendar(voting, MAY + WEEK - DAY)) == (BadCalendar.PAPER_BEFORE_CLOSE, None)


@given(st.sets(st.sampled_from(ORDER), min_size=1), st.randoms())
def test_a_calendar_in_order_is_read_whatever_order_it_comes_in(phases, random):
    """Every phase a week: in each exactly one is on, and it is the current one."""
    ordered = [one for one in ORDER if one in phases]
    spans = [span(one, week, WEEK if one is Phase.VOTING else None) for week, one in enumerate(ordered)]
    mixed = random.sample(spans, len(spans))
    assert why_not_calendar(Calendar(tuple(mixed))) is None
    for week, one in enumerate(ordered):
        at = MAY + WEEK * week + DAY
        assert current(mixed, at) is one and [each for each in ORDER if is_on(mixed, each, at)] == [one]


def test_a_phase_lasts_from_its_first_moment_until_its_end():
    spans, end = [span(Phase.VOTING, 0, WEEK)], MAY + WEEK
    begins, ends = Change(Phase.VOTING, MAY, ends=False), Change(Phase.VOTING, end, ends=True)
    for at, on, over, following in ((MAY - TICK, False, False, begins), (MAY, True, False, ends),
                                    (end - TICK, True, False, ends), (end, False, True, None)):
        assert (is_on(spans, Phase.VOTING, at), is_over(spans, at), next_change(spans, at)) == (on, over, following)


BEFORE = [span(Phase.REVIEW, 0), span(Phase.VOTING, 1, WEEK), span(Phase.COUNCIL, 4)]


@pytest.mark.parametrize(("after", "allowed"), [
    (BEFORE, True),
    ([*BEFORE[:2], span(Phase.COUNCIL, 9), span(Phase.CARRIED_OUT, 12)], True),
    (BEFORE[:2], True),
    ([span(Phase.REVIEW, 0, DAY), *BEFORE[1:]], False),
    (BEFORE[1:], False),
    ([BEFORE[0], span(Phase.VOTING, 1, 2 * WEEK), BEFORE[2]], False),
    ([BEFORE[0], span(Phase.VOTING, 1, WEEK - DAY), BEFORE[2]], False),
    ([BEFORE[0], PhaseParts(Phase.VOTING, MAY, MAY + 2 * WEEK), BEFORE[2]], False),
    ([*BEFORE, span(Phase.COMMITTEE, 0, DAY)], False),
    ([BEFORE[0], BEFORE[2]], False),
])
def test_once_the_vote_is_open_only_what_follows_it_moves(after, allowed):
    assert budgets.only_later_days(BEFORE, None, Calendar(tuple(after))) is allowed
    assert not budgets.only_later_days(BEFORE, None, Calendar(tuple(after), MAY + 2 * WEEK))


def test_a_vote_that_ended_with_the_next_phase_may_end_by_itself_at_that_moment():
    before = [span(Phase.VOTING, 1), span(Phase.COUNCIL, 2)]
    after = Calendar((span(Phase.VOTING, 1, WEEK), span(Phase.COUNCIL, 4)))
    assert budgets.only_later_days(before, None, after)


GOOD = {"amounts": [1], "phases": BEFORE, "paper_until": None, "has_rules": True,
        "binding": "반영해요", "roll_day_ends": MAY, "needs_committee": False, "on_ballots": 2}


@pytest.mark.parametrize(("facts", "missing"), [
    ({}, []), ({"amounts": []}, [Missing.ENVELOPES]), ({"phases": []}, [Missing.PHASES, Missing.VOTING]),
    ({"phases": [span(Phase.REVIEW, 0)]}, [Missing.VOTING]), ({"has_rules": False}, [Missing.COUNTING]),
    ({"binding": ""}, [Missing.BINDING]),
    ({"roll_day_ends": None}, [Missing.ROLL_DAY]), ({"roll_day_ends": MAY + 2 * WEEK}, [Missing.ROLL_DAY]),
    ({"roll_day_ends": MAY + WEEK}, []), ({"needs_committee": True}, [Missing.COMMITTEE]),
    ({"committee_is_too_small": True}, [Missing.COMMITTEE_TOO_SMALL]),
    ({"on_ballots": 0}, [Missing.PROJECTS]), ({"paper_until": MAY}, [Missing.PHASES]),
])
def test_gaps_of_a_round_are_listed(facts, missing):
    outline = Outline(**GOOD | facts)
    assert budgets.missing(outline) == missing
    assert budgets.missing_to_announce(outline) == [one for one in missing
                                                    if one in (Missing.ENVELOPES, Missing.PHASES)]


def test_a_round_is_announced_once_its_money_and_its_days_are_known():
    assert budgets.FOR_ANNOUNCING == (Missing.ENVELOPES, Missing.PHASES)


SHEET = {"amount": 100, "max_choices": 2, "exactly": False, "within_money": False, "costs": (10, 20, 30)}


@pytest.mark.parametrize(("facts", "wrong"), [
    ({}, []), ({"costs": (10,), "max_choices": 1}, [BallotFault.TOO_FEW]), ({"costs": ()}, [BallotFault.TOO_FEW]),
    ({"max_choices": 4}, [BallotFault.LIMIT]), ({"costs": (1,) * 300}, []),
    ({"costs": (1,) * 301}, [BallotFault.TOO_MANY]),
    ({"amount": 29}, [BallotFault.COSTS]),
    ({"within_money": True, "amount": 30}, []),
    ({"within_money": True, "exactly": True, "max_choices": 3, "amount": 59}, [BallotFault.MONEY]),
    ({"within_money": True, "exactly": True, "max_choices": 3, "amount": 60}, []),
    ({"exclusions": (2,)}, []), ({"exclusions": (2, 1)}, [BallotFault.EXCLUSION]),
    ({"lacks_committee": True}, [BallotFault.COMMITTEE]),
    ({"groups": (Group(0, 1, (10,)), Group(1, 1, (20, 30)))}, []),
    ({"groups": (Group(1, 1, (10,)), Group(1, 1, (20, 30)))}, []),
    ({"groups": (Group(0, 1, (10,)), Group(1, 1, (20,))), "ungrouped": 1}, [BallotFault.UNGROUPED]),
    ({"groups": (Group(0, 2, (10,)), Group(0, 1, (20, 30)))}, [BallotFault.GROUP_TOO_SMALL]),
    ({"groups": (Group(0, 1, ()), Group(0, 2, (10, 20, 30)))}, [BallotFault.GROUP_TOO_SMALL]),
    ({"groups": (Group(0, 1, (10, 20, 30)),)}, [BallotFault.GROUPS_AND_LIMIT]),
    ({"groups": (Group(1, 1, (10,)), Group(2, 2, (20, 30)))}, [BallotFault.GROUPS_AND_LIMIT]),
])
def test_a_ballot_that_cannot_be_cast_is_told_why(facts, wrong):
    assert sheets.unfit(Sheet(**SHEET | facts)) == wrong


groups_of = st.lists(st.lists(st.integers(1, 9), min_size=1, max_size=3), min_size=1, max_size=3)


@settings(max_examples=share(200))
@given(groups_of, st.data())
def test_the_cheapest_ballot_is_the_cheapest_of_all_that_are_allowed(groups, data):
    limits = [(data.draw(st.integers(0, len(costs))), len(costs)) for costs in groups]
    limits = [(least, data.draw(st.integers(max(1, least), most))) for least, most in limits]
    least, most = sum(low for low, _high in limits), sum(high for _low, high in limits)
    sheet = Sheet(amount=10**6, max_choices=data.draw(st.integers(max(1, least), most)),
                  exactly=data.draw(st.booleans()),
                  within_money=True, costs=tuple(cost for costs in groups for cost in costs),
                  groups=tuple(Group(low, high, tuple(costs)) for (low, high),
                               costs in zip(limits, groups, strict=True)))
    allowed = []
    for chosen in product(*(
            [one for size in range(low, high + 1) for one in combinations(costs, size)]
            for (low, high), costs in zip(limits, groups, strict=True))):
        many = sum(map(len, chosen))
        if 1 <= many <= sheet.max_choices and (not sheet.exactly or many == sheet.max_choices):
            allowed.append(sum(map(sum, chosen)))
    assert sheets.cheapest(sheet) == min(allowed)


@pytest.mark.parametrize("slug", ["", "new", "trials", "-a", "a-", "A", "한글", "a" * 61, "a b", "a/b"])
def test_some_addresses_no_round_may_have(slug):
    assert not budgets.slug_fits(slug)


@pytest.mark.parametrize("slug", ["", "all", "results", "projects", "ballot", "-a", "A", "a" * 41, "a/b"])
def test_some_addresses_no_envelope_may_have(slug):
    assert not budgets.envelope_slug_fits(slug)


def test_no_envelope_has_the_address_of_a_page_of_its_round(sqlite_app):
    """Any page that a round gets later: its name must be kept from envelopes."""
    taken = {rule.rule.split("/")[3].split(".")[0] for rule in sqlite_app.url_map.iter_rules()
             if rule.rule.startswith("/budgets/<slug>/") and not rule.rule.split("/")[3].startswith("<")}
    assert {one for one in taken if budgets.envelope_slug_fits(one)} == set()


def test_no_round_has_the_address_of_a_page_beside_it(sqlite_app):
    taken = {rule.rule.split("/")[at] for rule in sqlite_app.url_map.iter_rules()
             for start, at in (("/budgets/", 2), ("/desk/budgets/", 3)) if rule.rule.startswith(start)}
    assert {one for one in taken if not one.startswith("<") and budgets.slug_fits(one)} == set()
