"""Every SELECT of bodies, seats and memberships."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, load_only

from civic_forum.accounts.rules import Role
from civic_forum.blocks.seats import MemberFunction, QuorumCount, Roster, SeatSide
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _, today
from civic_forum.platform.waiting import Staff

from . import labels, rules
from .models import Body, BodySeat, MemberChange, Membership
from .rules import BodyAccess, BodyKind

MOST_BODIES, MOST_MEMBERSHIPS = 300, 5_000
_ACCESS = list(BodyAccess)
M = TypeVar("M", bound=Membership)


@dataclass(frozen=True)
class BodyCase:
    """A body, its seats, and everybody who ever sat there."""

    body: Body
    seats: list[BodySeat]
    memberships: list[Membership]
    day: date

    @cached_property
    def roster(self) -> Roster[Membership]:
        return Roster(self.seats, self.memberships)

    @cached_property
    def sitting(self) -> list[Membership]:
        return self.roster.sitting(self.day)

    @property
    def number(self) -> int:
        return self.roster.number()

    @property
    def is_closed(self) -> bool:
        return self.body.access is BodyAccess.CLOSED

    @property
    def is_over(self) -> bool:
        return self.body.ends is not None and self.body.ends < self.day

    def sits(self, actor: Any, function: MemberFunction | None = None) -> bool:
        """True if the actor sits there today, in this function or any."""
        return actor.is_authenticated and any(
            membership.user_id == actor.id and function in (None, membership.function) for membership in self.sitting)

    def own(self, actor: Any) -> list[Membership]:
        """Memberships of the actor that are not over."""
        return [membership for membership in self.memberships if actor.is_authenticated
                and membership.user_id == actor.id and not self._is_past(membership)]

    def dots(self) -> list[tuple[SeatSide, bool]]:
        """Side of each seat, and whether it is filled, in the order of the seats."""
        return [(seat.side, place < filled) for seat in self.seats
                for filled in [len(self.roster.sitting(self.day, (seat.key,)))] for place in range(seat.number)]

    def ending(self) -> list[Membership]:
        """Those whose term ends soon, the earliest first."""
        last = self.day + timedelta(days=rules.ENDS_SOON_DAYS)
        return sorted((membership for membership in self.sitting if membership.until and membership.until <= last),
                      key=lambda membership: (membership.until, membership.id))

    def history(self) -> list[tuple[date, Membership, bool]]:
        """Days on which somebody came (True) or left, the latest first. A day that is still in office is no end."""
        came = [(membership.begins, membership, True) for membership in self.memberships
                if membership.begins <= self.day]
        left = [(membership.until, membership, False) for membership in self.memberships
                if membership.until and self._is_past(membership)]
        return sorted([*came, *left], key=lambda entry: (entry[0], entry[1].id), reverse=True)[:rules.HISTORY_SHOWN]

    def open(self) -> list[Membership]:
        """Those that are not over, and those that have not begun."""
        return [membership for membership in self.memberships if not self._is_past(membership)]

    def _is_past(self, membership: Membership) -> bool:
        return membership.until is not None and membership.until < self.day


@dataclass(frozen=True)
class Family:
    """A body and its divisions, with what there is of them together."""

    top: BodyCase
    below: list[BodyCase]

    @property
    def divisions(self) -> list[BodyCase]:
        """Without closed ones, of which nothing is counted or named here."""
        return [case for case in self.below if case.body.kind is BodyKind.DIVISION and not case.is_closed]

    @property
    def seated(self) -> list[BodyCase]:
        """Those whose seats are counted together: in others sit members of these."""
        return [self.top, *self.divisions]

    @cached_property
    def roster(self) -> Roster[Membership]:
        return Roster([seat for case in self.seated for seat in case.seats],
                      [membership for case in self.seated for membership in case.memberships])

    @property
    def number(self) -> int:
        return self.roster.number()

    @property
    def filled(self) -> int:
        return len(self.roster.sitting(self.top.day))

    @property
    def sides(self) -> dict[SeatSide, int]:
        """Side → number of seats."""
        return {side: count for side in SeatSide
                if (count := sum(seat.number for seat in self.roster.seats if seat.side is side))}

    def quorum(self, day: date) -> QuorumCount:
        """Members of the body and its divisions, and how many of them must come to a meeting on this day."""
        body = self.top.body
        return self.roster.quorum(rules.quorum(body.quorum_share, body.quorum_of), day, ())

    def voters(self, day: date) -> list[Membership]:
        """Members of the body and its divisions on this day whose seats vote."""
        return [membership for membership in self.roster.sitting(day) if membership.seat.votes]

    @property
    def counted(self) -> str:
        """Members among whom the quorum counts, in words."""
        of = self.top.body.quorum_of
        return next((seat.title for seat in self.top.seats if seat.key == of), str(labels.COUNTED.get(of, of)))


def _cases(bodies: Iterable[Body], *, lock: bool = False, brief: bool = False) -> list[BodyCase]:
    """In the order of the bodies, in two statements; `brief`: of members their terms alone, without those of before."""
    bodies = list(bodies)
    ids, options = [body.id for body in bodies], {"populate_existing": lock}
    seats = list(db.session.scalars(sa.select(BodySeat).where(BodySeat.body_id.in_(ids)).order_by(BodySeat.id)
                                    .execution_options(**options)))
    members = sa.select(Membership).join(Membership.seat).where(BodySeat.body_id.in_(ids)).options(
        contains_eager(Membership.seat)).order_by(BodySeat.id, Membership.begins, Membership.serial).limit(
        MOST_MEMBERSHIPS).execution_options(**options)
    memberships = list(db.session.scalars(
        members.options(load_only(Membership.seat_id, Membership.begins, Membership.until)).where(
            sa.or_(Membership.until.is_(None), Membership.until >= today()))
        if brief else members.options(joinedload(Membership.user))))
    return [BodyCase(body, [seat for seat in seats if seat.body_id == body.id],
                     [membership for membership in memberships if membership.seat.body_id == body.id], today())
            for body in bodies]


def everything(*, over: bool = False) -> list[Family]:
    """Bodies with those below them, open ones first; those that ended only where asked for."""
    place = sa.case({access: place for place, access in enumerate(_ACCESS)}, value=Body.access)
    statement = sa.select(Body).order_by(place, Body.id).limit(MOST_BODIES)
    if not over:
        statement = statement.where(sa.or_(Body.ends.is_(None), Body.ends >= today()))
    cases = _cases(db.session.scalars(statement), brief=True)
    ids = {case.body.id for case in cases}
    return [Family(case, [below for below in cases if below.body.parent_id == case.body.id]) for case in cases
            if case.body.parent_id not in ids]


def family(slug: str) -> Family:
    """Raises NotFound."""
    body = slugged(slug)
    if body is None:
        raise missing()
    below = db.session.scalars(sa.select(Body).filter_by(parent_id=body.id).where(
        sa.or_(Body.ends.is_(None), Body.ends >= today())).order_by(Body.id).limit(MOST_BODIES))
    top, *rest = _cases([body, *below])
    return Family(top, rest)


def case(body_id: int) -> BodyCase:
    """Read again, the body locked until the transaction ends. Raises NotFound."""
    body = db.session.scalar(sa.select(Body).filter_by(id=body_id).with_for_update(of=Body).execution_options(
        populate_existing=True))
    if body is None:
        raise missing()
    return _cases([body], lock=True)[0]


def of_body(body: Body) -> BodyCase:
    """As a page shows it, without a lock."""
    return _cases([body])[0]


def body_of(membership_id: int) -> int:
    """Id of the body in which somebody sits. Raises NotFound."""
    body_id = db.session.scalar(sa.select(BodySeat.body_id).join(
        Membership, Membership.seat_id == BodySeat.id).where(Membership.id == membership_id))
    if body_id is None:
        raise NotFound(_("이런 위원은 없어요. 목록에서 다시 골라 주세요."))
    return body_id


def memberships(ids: Iterable[int]) -> dict[int, Membership]:
    """With their seats and people."""
    return {membership.id: membership for membership in db.session.scalars(sa.select(Membership).where(
        Membership.id.in_(ids)).options(joinedload(Membership.seat), joinedload(Membership.user)))}


def changes(body_id: int) -> list[MemberChange]:
    """Changes of its members that wait for a second person, the longest first."""
    return list(db.session.scalars(sa.select(MemberChange).filter_by(body_id=body_id).options(
        joinedload(MemberChange.seat), joinedload(MemberChange.user)).order_by(MemberChange.id).limit(
        MOST_MEMBERSHIPS)))


def change(change_id: int) -> MemberChange:
    """Read again. Raises NotFound for one that was approved or taken back."""
    waits = db.session.scalar(sa.select(MemberChange).filter_by(id=change_id).options(
        joinedload(MemberChange.seat), joinedload(MemberChange.user), joinedload(MemberChange.membership))
        .execution_options(populate_existing=True))
    return existing(waits, lambda: NotFound(_("이미 승인했거나 거둔 변경이에요.")))


def to_approve(staff: Staff) -> sa.Select | None:
    """For the desk: changes of members that somebody else proposed, since then."""
    waits = sa.select(MemberChange.id, MemberChange.at, sa.cast(MemberChange.body_id, sa.Text), sa.null(),
                      sa.null()).join(Body, Body.id == MemberChange.body_id).where(MemberChange.by_id != staff.id)
    if staff.has(Role.ADMINISTRATOR):
        return waits
    return waits.where(Body.department_id.in_(staff.department_ids())) if staff.department_ids() else None


def slugged(slug: str) -> Body | None:
    return db.session.scalar(sa.select(Body).filter_by(slug=slug))


def of_ids(ids: list[int]) -> dict[int, Body]:
    return {body.id: body for body in db.session.scalars(sa.select(Body).where(Body.id.in_(ids)))}


def names() -> dict[int, str]:
    """Of those that go on."""
    return {body.id: body.title for body in db.session.scalars(sa.select(Body).where(
        sa.or_(Body.ends.is_(None), Body.ends >= today())).order_by(Body.id).limit(MOST_BODIES))}


def seated(kind: type[M], about_id: int) -> list[M]:
    """Those who sit on a thing that is no body, in the order in which they were named."""
    return list(db.session.scalars(sa.select(kind).filter_by(about_id=about_id).options(joinedload(kind.user))
                                   .order_by(kind.id)))


def of_user(user_id: int) -> list[Membership]:
    """Of bodies."""
    return list(db.session.scalars(sa.select(Membership).filter_by(user_id=user_id, about_kind="body").options(
        joinedload(Membership.seat).joinedload(BodySeat.body)).order_by(Membership.id)))


def missing() -> NotFound:
    return NotFound(_("이런 위원회는 없어요. 목록에서 다시 골라 주세요."))
