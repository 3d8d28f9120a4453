"""Seats, terms and quorums, by their rules and by examples that are tried out day by day."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_forum.blocks.seats import ALL, SeatFault, QuorumRule, Roster, Seats, VOTING, in_office, shown_name

FIRST = date(2030, 5, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(14)]


@dataclass(frozen=True)
class Term:
    seat_key: str
    member: object
    begins: date
    until: date | None


SEATS = [Seats(key="civil", number=3), Seats(key="extended", number=2, votes=False)]
terms = st.builds(lambda key, member, start, length: (key, member, DAYS[start],
                                                      length and DAYS[start] + timedelta(length)),
                  st.sampled_from(["civil", "extended"]), st.sampled_from(["a", "b", "c", "d", None]),
                  st.integers(0, 9), st.none() | st.integers(1, 6))


def taken(wishes):
    """A roster into which these came one after another, as far as nothing was against it."""
    there = []
    for wish in wishes:
        if Roster(SEATS, there).why_not_take(*wish) is None:
            there.append(Term(*wish))
    return Roster(SEATS, there)


@given(st.lists(terms, max_size=20))
def test_no_seat_is_filled_twice_and_nobody_sits_twice_on_any_day(wishes):
    roster = taken(wishes)
    for day in DAYS:
        for seat in SEATS:
            sitting = roster.sitting(day, (seat.key,))
            known = [term.member for term in sitting if term.member]
            assert len(sitting) <= seat.number and len(known) == len(set(known))
            assert roster.empty(day, (seat.key,)) == seat.number - len(sitting)
            assert {member for member in "abcd" if roster.holds(member, seat.key, day)} == set(known)
        assert roster.empty(day) == roster.number() - len(roster.sitting(day)) >= 0


@given(st.lists(terms, max_size=20), terms)
def test_somebody_refused_would_have_been_one_too_many(wishes, wish):
    roster = taken(wishes)
    fault = roster.why_not_take(*wish)
    key, member, begins, until = wish
    span = [begins + timedelta(n) for n in range(40) if until is None or begins + timedelta(n) <= until]
    full = any(len(roster.sitting(day, (key,))) >= roster.number((key,)) for day in span)
    twice = member is not None and any(roster.holds(member, key, day) for day in span)
    assert fault == (SeatFault.TWICE if twice else SeatFault.FULL if full else None)


def test_the_last_day_is_a_day_in_office_and_the_next_is_for_another():
    roster = Roster([Seats(key="chair", number=1)], [Term("chair", 1, FIRST, DAYS[3])])
    assert in_office(roster.memberships[0], DAYS[3]) and not in_office(roster.memberships[0], DAYS[4])
    assert roster.why_not_take("chair", 2, DAYS[3], None) is SeatFault.FULL
    assert roster.why_not_take("chair", 2, DAYS[4], None) is None
    assert roster.why_not_take("chair", 2, FIRST - timedelta(9), FIRST - timedelta(1)) is None
    assert roster.why_not_take("chair", 2, FIRST - timedelta(9), None) is SeatFault.FULL


def test_an_unknown_seat_and_an_end_before_the_beginning_are_refused():
    assert Roster(SEATS, []).why_not_take("heads", 1, FIRST, None) is SeatFault.UNKNOWN_SEAT
    assert Roster(SEATS, []).why_not_take("civil", 1, DAYS[1], FIRST) is SeatFault.BACKWARDS


@given(st.integers(1, 5), st.integers(1, 5), st.booleans(), st.integers(0, 200), st.integers(0, 200))
def test_a_quorum_is_the_least_number_that_is_as_much_or_more(part, whole, more, present, members):
    if part > whole or more and part == whole:
        with pytest.raises(ValueError):
            QuorumRule(part=part, whole=whole, more=more)
        return
    quorum, share = QuorumRule(part=part, whole=whole, more=more), Fraction(part, whole) * members
    enough = [n for n in range(members + 2) if (n > share if more else n >= share)]
    assert quorum.needed(members) == enough[0]
    assert quorum.is_met(present, members) == (members > 0 and (present > share if more else present >= share))


def test_a_quorum_of_nobody_is_never_met():
    assert not QuorumRule(part=1, whole=3, more=False).is_met(0, 0)
    assert not QuorumRule(part=1, whole=2, more=True).is_met(5, 0)


@pytest.mark.parametrize("of, members, needed, met", [
    (VOTING, 3, 2, True), (ALL, 5, 3, True), ("extended", 2, 2, False), ("nobody", 0, 1, False)])
def test_a_quorum_counts_the_seats_that_it_names_and_only_those_in_office(of, members, needed, met):
    inside = [Term("civil", n, FIRST, None) for n in range(3)] + [Term("extended", n, FIRST, None) for n in range(2)]
    gone = Term("civil", 9, FIRST - timedelta(9), FIRST - timedelta(1))
    roster = Roster(SEATS, [*inside, gone])
    seen = roster.quorum(QuorumRule(part=1, whole=2, more=True, of=of), FIRST, [inside[0], inside[1], inside[3], gone])
    assert (seen.members, seen.needed, seen.is_met) == (members, needed, met)


def test_no_seat_votes_where_none_has_a_vote():
    roster = Roster([SEATS[1]], [Term("extended", 1, FIRST, None)])
    assert roster.counted(QuorumRule(part=1, whole=2, more=True), FIRST) == []


@pytest.mark.parametrize("name, consent, shown", [
    ("느티나무", True, "느티나무"), ("느티나무", False, "민간 위원"), (None, True, "민간 위원"), ("", True, "민간 위원")])
def test_nobody_is_named_without_consent(name, consent, shown):
    assert shown_name(name, "민간 위원", consent) == shown
