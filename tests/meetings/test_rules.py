"""Notice, quorum, contradictions and minutes of a meeting, as pure functions."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as any_of

from civic_forum.meetings.rules import (
    BOX_LEAST, DECIDED, PASSED, Answer, Doubt, ElectionFault, ItemFacts, ItemKind, ItemResult, Resolution, Votes,
    days_short, doubts, lost_at, minutes_late, tally, why_not_elect, why_not_undo)

COUNT = any_of.integers(0, 60)
DAY = date(2026, 12, 1)


def item(number=1, result=ItemResult.CARRIED, votes=None, present=None):
    return ItemFacts(number=number, result=result, votes=votes, present=present)


@given(COUNT, COUNT, COUNT, COUNT, COUNT, any_of.sampled_from(ItemResult))
def test_only_what_contradicts_itself_is_in_doubt(yes, no, abstained, present, needed, result):
    found = doubts(item(result=result, votes=Votes(yes, no, abstained), present=present), needed)
    assert (Doubt.MORE_VOTES in found) == (yes + no + abstained > present)
    assert (Doubt.FEWER_VOTES in found) == (yes + no + abstained < present)
    carried = yes > no + abstained
    assert (Doubt.TOO_FEW_IN_FAVOUR in found) == (result is ItemResult.CARRIED and not carried)
    assert (Doubt.ENOUGH_IN_FAVOUR in found) == (result is ItemResult.REJECTED and carried)
    assert not (result in (ItemResult.NOTED, ItemResult.DEFERRED) and Doubt.NO_QUORUM in found)


def test_numbers_that_nobody_wrote_down_contradict_nothing():
    assert doubts(item(), 6) == doubts(item(result=None, present=2), 6) == []
    assert doubts(item(present=5), 6) == [Doubt.NO_QUORUM]


@given(any_of.lists(any_of.none() | COUNT, max_size=8), COUNT)
def test_the_quorum_is_lost_where_there_had_been_enough(present, needed):
    lost = lost_at([item(number, present=there) for number, there in enumerate(present, 1)], needed)
    counted = [(number, there) for number, there in enumerate(present, 1) if there is not None]
    after = [number for place, (number, there) in enumerate(counted)
             if there < needed and any(before >= needed for _number, before in counted[:place])]
    assert lost == (after[0] if after else None)


@given(any_of.lists(any_of.sampled_from(Answer)))
def test_every_answer_in_writing_is_counted_once(answers):
    votes = tally(answers)
    assert votes.cast == len(answers)
    assert [votes.yes, votes.no, votes.abstained] == [sum(each is answer for each in answers) for answer in Answer]


@given(COUNT, any_of.booleans(), any_of.booleans())
def test_a_post_is_filled_by_the_box_or_by_paper_and_never_by_both(voters, by_box, counted):
    fault = why_not_elect(voters, by_box=by_box, counted=counted)
    assert (fault is None) == (by_box == (voters >= BOX_LEAST) and not (by_box and counted))
    assert (fault is ElectionFault.NO_BOX) == (not by_box and voters >= BOX_LEAST)


@given(any_of.lists(COUNT, min_size=1, max_size=9).map(tuple), COUNT)
def test_more_votes_than_members_and_a_tie_are_in_doubt(counts, present):
    facts = ItemFacts(number=1, result=ItemResult.CARRIED, present=present, counts=counts)
    contradictions = doubts(facts, 0)
    assert (Doubt.MORE_VOTES in contradictions) == (sum(counts) > present)
    assert (Doubt.TIE in contradictions) == (sorted(counts)[-1:] == sorted(counts)[-2:-1])
    assert Doubt.FEWER_VOTES not in contradictions


RESOLUTION = any_of.builds(
    Resolution, kind=any_of.sampled_from(ItemKind), result=any_of.none() | any_of.sampled_from(ItemResult),
    held=any_of.tuples(any_of.dates(DAY, DAY + timedelta(2)), any_of.sampled_from(("09:00", "14:00"))))


@given(RESOLUTION, RESOLUTION)
def test_only_a_later_decision_that_passed_undoes_one(later, earlier):
    both = later.kind is earlier.kind is ItemKind.DECISION
    can = both and later.result in PASSED and earlier.result in DECIDED and earlier.held < later.held
    assert (why_not_undo(later, earlier) is None) == can
    assert why_not_undo(later, earlier) is not None or why_not_undo(earlier, later) is not None


@given(any_of.integers(0, 30), any_of.integers(0, 30))
def test_a_notice_is_short_by_the_days_that_are_missing(before, days):
    short = days_short(DAY - timedelta(before), DAY, days)
    assert short == max(0, days - before)


@given(any_of.integers(0, 30), any_of.none() | any_of.integers(0, 60), any_of.integers(0, 60))
def test_minutes_are_late_by_the_day_they_came_or_by_today(days, published, today):
    late = minutes_late(DAY, days, None if published is None else DAY + timedelta(published), DAY + timedelta(today))
    assert late == max(0, (today if published is None else published) - days)
