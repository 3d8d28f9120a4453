"""Seats are taken, for whoever has the transaction and holds what they belong to."""

from collections.abc import Mapping
from typing import TypeVar

from civic_forum.blocks.seats import Roster, SeatFault, SeatWay
from civic_forum.platform.errors import Conflict
from civic_forum.platform.work import Work

from . import queries
from .models import Membership

M = TypeVar("M", bound=Membership)


def take(work: Work, roster: Roster[M], membership: M) -> SeatFault | None:
    """Begin a membership, or say what is against it."""
    key = membership.seat_key
    if fault := roster.why_not_take(key, membership.user_id, membership.begins, membership.until):
        return fault
    membership.serial = 1 + max((other.serial for other in roster.memberships if other.seat_key == key), default=0)
    membership.noted_at, membership.noted_by_id = work.at, work.actor.id
    work.session.add(membership)
    return None


def appoint(work: Work, kind: type[M], about_id: int, user_id: int, faults: Mapping[SeatFault, str], field: str) -> M:
    """An account sits on a thing that is no body, from today on. Raises Conflict for who does already, and where every
    seat is taken."""
    membership = kind(about_id=about_id, user_id=user_id, begins=queries.today(), way=SeatWay.APPOINTMENT,
                      consent=False)
    if fault := take(work, Roster([kind.seats], queries.seated(kind, about_id)), membership):
        raise Conflict(faults[fault], field=field)
    return membership
