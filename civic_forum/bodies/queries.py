"""Every SELECT of bodies, seats and memberships."""

from collections import Counter, namedtuple
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, load_only

from civic_forum.accounts.models import User
from civic_forum.accounts.rules import Role
from civic_forum.blocks.seats import MemberFunction, QuorumCount, Roster, SeatSide, shown_name
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _, today
from civic_forum.platform.statements import made_once
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
    memberships: list[Any]
    """Records of `Membership`, or `Sitting` as pages read them."""
    day: date

    @cached_property
    def roster(self) -> Roster[Any]:
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
        return [membership for membership in (self.memberships if actor.is_authenticated else ())
                if membership.user_id == actor.id and not self._is_past(membership)]

    def dots(self) -> list[tuple[SeatSide, bool]]:
        """Side of each seat, and whether it is filled, in the order of the seats."""
        filled = Counter(membership.seat_key for membership in self.sitting)
        return [(seat.side, place < filled[seat.key]) for seat in self.seats for place in range(seat.number)]

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

    @cached_property
    def divisions(self) -> list[BodyCase]:
        """Without closed ones, of which nothing is counted or named here."""
        return [case for case in self.below if case.body.kind is BodyKind.DIVISION and not case.is_closed]

    @property
    def seated(self) -> list[BodyCase]:
        """Those whose seats are counted together: in others sit members of these."""
        return [self.top, *self.divisions]

    @cached_property
    def roster(self) -> Roster[Any]:
        return Roster([seat for case in self.seated for seat in case.seats],
                      [membership for case in self.seated for membership in case.memberships])

    @property
    def number(self) -> int:
        return self.roster.number()

    @property
    def filled(self) -> int:
        return sum(len(case.sitting) for case in self.seated)

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


class Sitting(namedtuple("Sitting", (
        "id", "user_id", "nickname", "name", "function", "begins", "until", "way", "end_reason", "consent", "seat"))):
    """A membership as pages read it: lighter than its record."""

    @property
    def seat_key(self) -> str:
        return self.seat.key

    @property
    def member(self) -> int | None:
        return self.user_id

    @property
    def called(self) -> str:
        """As it is in `Seated`."""
        return self.name or self.seat.title if self.user_id is None else self.nickname or _("탈퇴한 회원")

    @property
    def shown(self) -> str:
        return shown_name(self.called, self.seat.title, bool(self.consent))


_ORDER = (BodySeat.id, Membership.begins, Membership.serial)


def _cases(bodies: Iterable[Body], *, lock: bool = False) -> list[BodyCase]:
    """In the order of the bodies, in two statements; under a lock with records."""
    bodies = list(bodies)
    ids, options = [body.id for body in bodies], {"populate_existing": lock}
    seats = {seat.id: seat for seat in db.session.scalars(sa.select(BodySeat).where(
        BodySeat.body_id.in_(ids)).order_by(BodySeat.id).execution_options(**options))}
    if lock:
        return _put_together(bodies, seats.values(), db.session.scalars(_members(ids).options(
            joinedload(Membership.user)).execution_options(**options)))
    rows = db.session.execute(_rows().where(Membership.seat_id.in_(seats)).limit(MOST_MEMBERSHIPS))
    return _put_together(bodies, seats.values(), [Sitting(*facts, seats[seat_id]) for seat_id, *facts in rows])


@made_once
def _rows() -> sa.Select[Any]:
    return sa.select(
        Membership.seat_id, Membership.id, Membership.user_id, User.nickname, Membership.name, Membership.function,
        Membership.begins, Membership.until, Membership.way, Membership.end_reason, Membership.consent).outerjoin(
        Membership.user).join(Membership.seat).order_by(*_ORDER)


def _members(ids: Sequence[int]) -> sa.Select[tuple[Membership]]:
    return sa.select(Membership).join(Membership.seat).where(BodySeat.body_id.in_(ids)).options(
        contains_eager(Membership.seat)).order_by(*_ORDER).limit(MOST_MEMBERSHIPS)


def _put_together(bodies: list[Body], seats: Iterable[BodySeat], memberships: Iterable[Any]) -> list[BodyCase]:
    here: dict[int, tuple[list[BodySeat], list[Any]]] = {body.id: ([], []) for body in bodies}
    for seat in seats:
        here[seat.body_id][0].append(seat)
    for membership in memberships:
        here[membership.seat.body_id][1].append(membership)
    day = today()
    return [BodyCase(body, *here[body.id], day) for body in bodies]


def _every() -> sa.Select[Any]:
    place = sa.case({access: place for place, access in enumerate(_ACCESS)}, value=Body.access)
    return sa.select(Body).order_by(place, Body.id).limit(MOST_BODIES)


def everything() -> list[Family]:
    """Bodies with those below them, open ones first, with those that ended."""
    cases = _cases(db.session.scalars(_every()))
    ids = {case.body.id for case in cases}
    return [Family(case, [below for below in cases if below.body.parent_id == case.body.id]) for case in cases
            if case.body.parent_id not in ids]


@dataclass(frozen=True)
class Listed:
    """A body of the list, and those below it."""

    body: Body
    number: int
    """Of its seats."""
    filled: int
    """Of these, today."""
    below: list["Listed"]

    @property
    def is_closed(self) -> bool:
        return self.body.access is BodyAccess.CLOSED

    @property
    def together(self) -> tuple[int, int]:
        """Numbers of seats and of filled ones, with those of its divisions (`Family.divisions`)."""
        seated = [self, *(case for case in self.below if case.body.kind is BodyKind.DIVISION and not case.is_closed)]
        return sum(case.number for case in seated), sum(case.filled for case in seated)


def listed() -> list[Listed]:
    """Bodies that go on, with those below them, open ones first, in one statement."""
    cases: dict[int, Listed] = {}
    for body, number, filled in db.session.execute(_listed(), {"day": today()}):
        cases[body.id] = Listed(body, number, filled, [])
    for case in cases.values():
        if case.body.parent_id in cases:
            cases[case.body.parent_id].below.append(case)
    return [case for case in cases.values() if case.body.parent_id not in cases]


@made_once
def _listed() -> sa.Select[Any]:
    day, here = sa.bindparam("day", type_=sa.Date()), BodySeat.body_id == Body.id
    number = sa.select(sa.func.coalesce(sa.func.sum(BodySeat.number), 0)).where(here).correlate(Body)
    filled = sa.select(sa.func.count()).select_from(Membership).join(BodySeat, Membership.seat_id == BodySeat.id).where(
        here, Membership.begins <= day, sa.or_(Membership.until.is_(None), Membership.until >= day)).correlate(Body)
    return _every().add_columns(number.scalar_subquery(), filled.scalar_subquery()).where(
        sa.or_(Body.ends.is_(None), Body.ends >= day)).options(load_only(
            Body.slug, Body.name, Body.texts, Body.mandate, Body.kind, Body.access, Body.parent_id))


def family(slug: str) -> Family:
    """Raises NotFound."""
    top, *rest = _cases(_together(slug))
    return Family(top, rest)


def _together(slug: str) -> list[Body]:
    together = list(db.session.scalars(_at(), {"slug": slug, "day": today()}))
    if not together or together[0].slug != slug:
        raise missing()
    return together


@made_once
def _at() -> sa.Select[tuple[Body]]:
    here, day = Body.slug == sa.bindparam("slug"), sa.bindparam("day")
    top = sa.select(Body.id).where(here).scalar_subquery()
    return sa.select(Body).where(sa.or_(here, sa.and_(
        Body.parent_id == top, sa.or_(Body.ends.is_(None), Body.ends >= day)))).options(
        joinedload(Body.department), joinedload(Body.neighbourhood), joinedload(Body.parent)).order_by(
        sa.case((here, 0), else_=1), Body.id).limit(MOST_BODIES)


def read_by(actor: Any, bodies: str | list[Body]) -> list[BodyCase]:
    """Bodies, or one at an address and those below it, with memberships of the actor alone: enough for what they may.
    Raises NotFound."""
    bodies = _together(bodies) if isinstance(bodies, str) else bodies
    own = db.session.scalars(_members([body.id for body in bodies]).where(
        Membership.user_id == actor.id)) if actor.is_authenticated else ()
    return _put_together(bodies, (), own)


def case(body_id: int) -> BodyCase:
    """Read again, the body locked until the transaction ends. Raises NotFound."""
    body = db.session.scalar(sa.select(Body).filter_by(id=body_id).with_for_update(of=Body).execution_options(
        populate_existing=True))
    if body is None:
        raise missing()
    return _cases([body], lock=True)[0]


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
