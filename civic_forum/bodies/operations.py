"""Seats are taken, and changes of members proposed, for whoever has the transaction and holds what they belong to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from civic_forum.accounts.queries import people
from civic_forum.accounts.rules import marks_of
from civic_forum.blocks.seats import Roster, SeatFault, SeatWay
from civic_forum.blocks.two_people import Signatory, Strength, TwoPeople
from civic_forum.platform import clock
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.work import Work

from . import labels, policy, queries, rules
from .models import MemberChange, Membership, Seated
from .queries import BodyCase

M = TypeVar("M", bound=Membership)
SEATED = ("seat_id", "user_id", "name", "function", "begins", "until", "way", "end_reason", "consent")
"""Columns that a membership and a change of one share."""


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


@dataclass(frozen=True)
class ChangeCase:
    """A change of members, with its body; both read again under the lock of the body."""

    change: MemberChange
    body: BodyCase


def subject_of(change_id: int) -> str:
    """Name of a change where it waits for a second person."""
    return f"member_change:{change_id}"


def _signatory(number: int, case: ChangeCase) -> Signatory:
    user = people.held(number)[number]
    may = policy.may_see_changes(user, case.body) is None
    return Signatory(id=number, marks=marks_of(user), is_verified_at_desk=False, granted_by=frozenset(),
                     held_since=clock.now() if may else None)


CHANGES: TwoPeople[ChangeCase] = TwoPeople(
    name="bodies.member_change", strength=Strength.PLAIN, lasts=rules.CHANGE_LASTS,
    may=lambda actor, case: policy.may_approve(actor, case.body), signatory=_signatory, held_for=people.held_for,
    shown=lambda case: [case.body.body.name, case.change.seat.name, case.change.called,
                        *map(columns, (case.change, case.change.membership))],
    about=lambda case: [marks_of(case.change.user)] if case.change.user else [])


def propose(work: Work, case: BodyCase, change: MemberChange) -> MemberChange:
    """Let a change wait. Raises Denied for who proposes it of themselves, Conflict for what cannot be or waits."""
    refuse_needless(case, change)
    change.body_id, change.at, change.by_id = case.body.id, work.at, work.actor.id
    change.user = people.by_id(change.user_id) if change.user_id else None
    policy.refuse_own(work.actor, change.user)
    if any(other.membership_id == change.membership_id if other.membership_id else other.user_id
           and (other.user_id, other.seat_id, other.begins) == (change.user_id, change.seat_id, change.begins)
           for other in queries.changes(case.body.id)):
        raise Conflict(_("이미 제안했어요. 다른 사람의 확인을 기다리고 있어요."))
    work.session.add(change)
    work.session.flush()
    CHANGES.begin(work, subject_of(change.id), ChangeCase(change, case))
    work.record("bodies.member_change_proposed", change, body=case.body.id)
    return change


def refuse_needless(case: BodyCase, change: MemberChange) -> None:
    """Raises Conflict for a seat that is taken, and for a term that is over; Refusal for one beyond the body's own."""
    last, is_new = case.body.ends, change.membership is None
    if is_new and (change.begins < case.body.begins or last and (change.until is None or last < change.until)):
        raise Refusal(_("임기는 이 위원회가 있는 동안이어야 해요."), field="begins")
    if change.membership is not None and change.membership not in case.open():
        raise Conflict(_("이미 끝난 임기예요."))
    if is_new and (fault := case.roster.why_not_take(
            change.seat.key, change.user_id, change.begins, change.until)):
        raise Conflict(labels.FAULT[fault], field=labels.FAULT_FIELD[fault])


def columns(seated: Seated | None) -> dict[str, Any]:
    """Seat, holder and term, by their columns."""
    return {name: getattr(seated, name) for name in SEATED} if seated else {}
