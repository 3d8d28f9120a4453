"""Seats of those who meet and decide: kinds of seats, memberships in time, and the numbers that must come together.

Pure: days come from the caller. A body of any feature has the seats that its rules give and memberships that fill them;
rights follow from a seat by `Roster.holds`, never from a role.

    council = Roster([Seats(key="civil", number=5), Seats(key="extended", number=3, votes=False)], memberships)
    council.holds(user.id, "civil", day)
    council.quorum(QuorumRule(part=1, whole=2, more=True, of="civil"), day, present)
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor
from typing import Generic, Protocol, TypeVar

VOTING, ALL = "voting", "all"
"""Members that a quorum counts, other than those of one kind of seat."""


class SeatSide(StrEnum):
    """On whose side of the table somebody sits."""

    CIVIL = "civil"
    RESIDENT = "resident"
    EXTENDED = "extended"
    OFFICE = "office"
    COUNCIL = "council"
    EXPERT = "expert"


class SeatWay(StrEnum):
    """By which way a seat is filled, or somebody came to it."""

    CALL = "call"
    DRAW = "draw"
    OFFICE = "office"
    VOTE = "vote"
    RECOMMENDATION = "recommendation"
    APPOINTMENT = "appointment"


class MemberFunction(StrEnum):
    """Duty of somebody beside sitting there."""

    CHAIR = "chair"
    CO_CHAIR = "co_chair"
    VICE_CHAIR = "vice_chair"
    PRESIDENT = "president"
    VICE_PRESIDENT = "vice_president"
    HEAD = "head"
    VICE_HEAD = "vice_head"
    SECRETARY = "secretary"
    AUDITOR = "auditor"


class SeatFault(StrEnum):
    """Reason against a membership."""

    UNKNOWN_SEAT = "unknown_seat"
    BACKWARDS = "backwards"
    TWICE = "twice"
    FULL = "full"


class KindOfSeat(Protocol):
    """Seats that the rules give: so many of a kind, exactly or at most."""

    @property
    def key(self) -> str: ...
    @property
    def number(self) -> int: ...
    @property
    def votes(self) -> bool: ...


@dataclass(frozen=True, kw_only=True)
class Seats:
    """A kind of seats of which code says how many there are."""

    key: str
    number: int
    votes: bool = True


class TermOfOffice(Protocol):
    """Somebody on a seat from the first day to the last, which is their day as well."""

    @property
    def seat_key(self) -> str: ...
    @property
    def member(self) -> object: ...
    @property
    def begins(self) -> date: ...
    @property
    def until(self) -> date | None: ...


M = TypeVar("M", bound=TermOfOffice)


@dataclass(frozen=True, kw_only=True)
class QuorumRule:
    """A share of the members who are in office: more than it or at least it must be there."""

    part: int
    whole: int
    more: bool
    of: str = VOTING
    """`VOTING`, `ALL`, or the key of a kind of seat."""

    def __post_init__(self) -> None:
        if not 0 < self.part <= self.whole or self.more and self.part == self.whole:
            raise ValueError("a quorum that nobody can reach, or that everybody reaches")

    def needed(self, members: int) -> int:
        """Least number of these members, exactly."""
        share = Fraction(self.part, self.whole) * members
        return floor(share) + 1 if self.more else ceil(share)

    def is_met(self, present: int, members: int) -> bool:
        """Never without a member."""
        return 0 < members and self.needed(members) <= present


@dataclass(frozen=True)
class QuorumCount:
    """A quorum on a day, among those who were there."""

    members: int
    needed: int
    present: int
    is_met: bool


def in_office(membership: TermOfOffice, day: date) -> bool:
    return membership.begins <= day and (membership.until is None or day <= membership.until)


def shown_name(name: str | None, seat_name: str, consent: bool) -> str:
    """The name, with consent; the seat's name alone without it."""
    return name if consent and name else seat_name


def _overlap(membership: TermOfOffice, begins: date, until: date | None) -> bool:
    return (until is None or membership.begins <= until) and (membership.until is None or begins <= membership.until)


@dataclass(frozen=True)
class Roster(Generic[M]):
    """Kinds of seats and everybody who ever sat on one."""

    seats: Sequence[KindOfSeat]
    memberships: Sequence[M]

    def sitting(self, day: date, keys: Collection[str] | None = None) -> list[M]:
        """Those in office on this day, of these kinds of seats or of all."""
        return [membership for membership in self.memberships
                if in_office(membership, day) and (keys is None or membership.seat_key in keys)]

    def number(self, keys: Collection[str] | None = None) -> int:
        return sum(seat.number for seat in self.seats if keys is None or seat.key in keys)

    def empty(self, day: date, keys: Collection[str] | None = None) -> int:
        return self.number(keys) - len(self.sitting(day, keys))

    def holds(self, member: object, key: str, day: date) -> bool:
        """True if this member sits on a seat of this kind on this day."""
        return any(membership.member == member for membership in self.sitting(day, (key,)))

    def why_not_take(self, key: str, member: object, begins: date, until: date | None) -> SeatFault | None:
        """SeatFault of a new membership. `member` None is somebody of whom nothing is known: never twice."""
        seat = next((seat for seat in self.seats if seat.key == key), None)
        if seat is None:
            return SeatFault.UNKNOWN_SEAT
        if until is not None and until < begins:
            return SeatFault.BACKWARDS
        beside = [membership for membership in self.memberships
                  if membership.seat_key == key and _overlap(membership, begins, until)]
        if member is not None and any(membership.member == member for membership in beside):
            return SeatFault.TWICE
        return SeatFault.FULL if most_at_once(beside, begins) >= seat.number else None

    def counted(self, quorum: QuorumRule, day: date) -> list[M]:
        """The members of whom this quorum is a share."""
        kinds = {VOTING: [seat.key for seat in self.seats if seat.votes], ALL: None}
        return self.sitting(day, kinds.get(quorum.of, (quorum.of,)))

    def quorum(self, quorum: QuorumRule, day: date, present: Collection[M]) -> QuorumCount:
        """`present`: of whom those who are not counted, or not in office, make no difference."""
        members = self.counted(quorum, day)
        there = sum(membership in present for membership in members)
        return QuorumCount(len(members), quorum.needed(len(members)), there, quorum.is_met(there, len(members)))


def most_at_once(memberships: Iterable[TermOfOffice], begins: date) -> int:
    """The most of these that are in office on one day from `begins` on: it is that day, or one on which somebody
    comes."""
    memberships = list(memberships)
    days = {begins, *(membership.begins for membership in memberships if membership.begins > begins)}
    return max(sum(in_office(membership, day) for membership in memberships) for day in days)
