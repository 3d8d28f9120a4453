"""Bodies and seats are made and closed; memberships begin and end, by two people."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import people, users
from civic_forum.blocks import slugs
from civic_forum.blocks.seats import SeatFault
from civic_forum.platform import plain_text
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _, local
from civic_forum.platform.policy import Predicate, require
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.work import Work, use_case

from . import labels, operations, policy, queries, rules
from .events import BodyEdited, BodyMade, MemberChangeRefused, MembershipBegun, MembershipEnded
from .models import Body, BodySeat, MemberChange, Membership
from .operations import CHANGES, ChangeCase, columns, propose, refuse_needless, subject_of
from .parts import Appointment, BodyFacts, SeatFacts
from .queries import BodyCase

KEY = re.compile(r"[a-z][a-z0-9-]{0,39}")


def make(facts: BodyFacts, slug: str | None = None, *, by: User) -> Body:
    """A body without seats. Raises Refusal, and Conflict for an address that another one has."""
    with use_case(by) as work:
        require(by, policy.may_manage)
        end = slug or slugs.proposed(facts.name, lambda end: queries.slugged(end) is not None,
                                     on=local(work.at).date(), reserved=rules.RESERVED)
        if not slugs.SLUG.fullmatch(end) or end in rules.RESERVED:
            raise Refusal(_("주소는 영어 소문자와 숫자, 붙임표로 적어 주세요."), field="slug")
        if queries.slugged(end) is not None:
            raise Conflict(_("이 주소는 이미 있어요. 다른 주소를 적어 주세요."), field="slug")
        body = Body(slug=end, created_at=work.at, version=1)
        facts.write(body)
        _refuse_circle(body)
        work.session.add(body)
        work.record("bodies.made", body)
        work.emit(BodyMade(body.id))
        return body


def edit(body_id: int, facts: BodyFacts, *, version: int, by: User) -> Body:
    """Say anew what a body is. Raises Conflict where somebody else did since."""
    with _of(body_id, policy.may_manage, by) as (work, case):
        if case.body.version != version:
            raise Conflict(_("그 사이에 다른 사람이 고쳤어요. 지금 내용을 확인한 뒤 다시 저장해 주세요."))
        facts.write(case.body)
        _refuse_circle(case.body)
        case.body.version += 1
        work.record("bodies.edited", case.body)
        work.emit(BodyEdited(body_id))
        return case.body


def add_seats(body_id: int, key: str, facts: SeatFacts, *, by: User) -> BodySeat:
    """A kind of seats, known by a word that stays."""
    with _of(body_id, policy.may_manage, by) as (work, case):
        if not KEY.fullmatch(key):
            raise Refusal(_("영어 소문자로 시작하고 소문자와 숫자, 붙임표만 적어 주세요."), field="key")
        if key in {seat.key for seat in case.seats} | set(labels.COUNTED):
            raise Conflict(_("이미 있는 자리예요."), field="key")
        seat = BodySeat(body_id=body_id, key=key)
        facts.write(seat)
        work.session.add(seat)
        work.record("bodies.seats_added", case.body, key=key, number=seat.number)
        return seat


def edit_seats(body_id: int, key: str, facts: SeatFacts, *, by: User) -> BodySeat:
    """Say anew what a kind of seats is; with 0 there is none any more. Raises Conflict for fewer than are taken."""
    with _of(body_id, policy.may_manage, by) as (work, case):
        seat = _seat(case, key)
        taken = sum(membership.seat_id == seat.id for membership in case.open())
        if facts.number < taken:
            raise Conflict(_("위원이 %(count)s명 있어요. 먼저 임기를 끝내 주세요.", count=taken), field="number")
        work.record("bodies.seats_edited", case.body, key=key, before=seat.number, number=facts.number)
        facts.write(seat)
        return seat


def close(body_id: int, *, seen: int, by: User) -> int:
    """The body ends today, and every membership in it: how many these were, of whom the page had `seen` so many."""
    with _of(body_id, policy.may_manage, by) as (work, case):
        memberships = case.open()
        if case.body.ends == case.day:
            raise Conflict(_("끝난 위원회예요."))
        if len(memberships) != seen:
            raise Conflict(_("그 사이에 위원이 바뀌었어요. 다시 확인해 주세요."))
        for membership in memberships:
            _end(work, case, membership, case.day, _("위원회가 끝났어요."))
        for change in queries.changes(body_id):
            _drop(work, change)
        case.body.ends = max(case.day, case.body.begins)
        case.body.version += 1
        work.record("bodies.closed", case.body, ended=len(memberships))
        work.emit(BodyEdited(body_id))
        return len(memberships)


def appoint(body_id: int, facts: Appointment, *, by: User) -> MemberChange:
    """Propose that somebody takes a seat. Raises Refusal, and Conflict where no seat is empty in that time or they sit
    there."""
    facts.check()
    with _of(body_id, policy.may_note, by) as (work, case):
        seat, user_id = _seat(case, facts.seat), _account(facts.sign_in_name)
        name = plain_text.clean(facts.name) if user_id is None else ""
        change = MemberChange(
            seat=seat, seat_id=seat.id, user_id=user_id, name=name or None, function=facts.function,
            begins=facts.begins, until=facts.until, way=facts.way,
            consent=facts.consent and bool(name) if user_id is None else None)
        return propose(work, case, change)


def end(membership_id: int, last: date, reason: str, *, by: User) -> MemberChange:
    """Propose that somebody leaves before the term is over, for a reason that the body itself reads."""
    reason = words_given(reason, 2, 200, "reason")
    with _of(queries.body_of(membership_id), policy.may_note, by) as (work, case):
        membership = _membership(case, membership_id)
        if not membership.begins <= last or membership.until is not None and membership.until < last:
            raise Refusal(_("마지막 날은 임기 안에 있어야 해요."), field="last")
        facts = columns(membership) | {"until": last, "end_reason": reason}
        return propose(work, case, MemberChange(**facts, membership=membership, membership_id=membership_id))


def approve(change_id: int, *, seen: bytes | None = None, by: User) -> Membership:
    """Let a change that somebody else proposed take effect. Raises Denied and Conflict as `TwoPeople.confirm`, and
    Conflict where there is no seat for it any more."""
    with use_case(by) as work:
        case = _held(change_id, by)
        if case.body.is_over:
            raise Conflict(_("끝난 위원회예요."))
        CHANGES.confirm_in(work, subject_of(change_id), case, seen=seen)
        change, membership = case.change, case.change.membership
        refuse_needless(case.body, change)
        if membership is None:
            membership = _begin(work, case.body, change)
        else:
            _end(work, case.body, membership, change.until, change.end_reason or "")
        work.session.delete(change)
        return membership


def withdraw(change_id: int, reason: str = "", *, by: User) -> None:
    """Take back what waits, or turn down what somebody else proposed, with a reason that they hear. Raises Refusal."""
    with use_case(by) as work:
        case = _held(change_id, by)
        require(by, policy.may_see_changes, case.body)
        if by.id != case.change.by_id:
            reason = words_given(reason, 2, 200, "reason")
            work.emit(MemberChangeRefused(change_id, case.body.body.id, case.change.by_id, reason))
        _drop(work, case.change)


def _held(change_id: int, by: User) -> ChangeCase:
    """A change under the lock of its body, with the accounts of those who sign."""
    case = queries.case(queries.change(change_id).body_id)
    change = queries.change(change_id)
    people.held(*{by.id, change.by_id, change.user_id} - {None})
    return ChangeCase(change, case)


def _drop(work: Work, change: MemberChange) -> None:
    act = CHANGES.pending(subject_of(change.id), lock=True)
    if act is not None:
        act.ended_at = work.at
    work.record("bodies.member_change_withdrawn", change)
    work.session.delete(change)


def _begin(work: Work, case: BodyCase, change: MemberChange) -> Membership:
    membership = Membership(seat=change.seat, **columns(change))
    if fault := operations.take(work, case.roster, membership):
        raise Conflict(labels.FAULT[fault], field=labels.FAULT_FIELD[fault])
    work.record("bodies.appointed", membership, body=case.body.id, seat=change.seat.key)
    work.emit(MembershipBegun(membership.id, case.body.id))
    return membership


def consent(membership_id: int, named: bool, *, by: User) -> Membership:
    """A member is named to everybody, or not any more: the member alone says so."""
    with use_case(by) as work:
        case = queries.case(queries.body_of(membership_id))
        membership = _membership(case, membership_id)
        require(by, policy.may_consent, membership)
        membership.consent = named
        work.record("bodies.consented" if named else "bodies.consent_withdrawn", membership)
        return membership


@contextmanager
def _of(body_id: int, may: Predicate, by: User) -> Iterator[tuple[Work, BodyCase]]:
    """A change of a body that goes on, read again under the lock."""
    with use_case(by) as work:
        case = queries.case(body_id)
        require(people.held(by.id)[by.id], may, case)
        if case.is_over:
            raise Conflict(_("끝난 위원회예요."))
        yield work, case


def _end(work: Work, case: BodyCase, membership: Membership, last: date | None, reason: str) -> None:
    """One that has not begun yet ends on its first day."""
    membership.until = max(last or case.day, membership.begins)
    membership.end_reason = reason
    work.record("bodies.membership_ended", membership, body=case.body.id, last=membership.until.isoformat())
    work.emit(MembershipEnded(membership.id, case.body.id))


def _seat(case: BodyCase, key: str) -> BodySeat:
    if seat := next((seat for seat in case.seats if seat.key == key), None):
        return seat
    raise Refusal(labels.FAULT[SeatFault.UNKNOWN_SEAT], field="seat")


def _membership(case: BodyCase, membership_id: int) -> Membership:
    return next(membership for membership in case.memberships if membership.id == membership_id)


def _account(sign_in_name: str | None) -> int | None:
    """Id of the account with this name. Raises Refusal where there is none."""
    if not sign_in_name:
        return None
    user = users.by_name(sign_in_name)
    if user is None or not user.is_active:
        raise Refusal(_("이런 로그인 이름을 쓰는 사람이 없어요. 다시 확인해 주세요."), field="sign_in_name")
    return user.id


def _refuse_circle(body: Body) -> None:
    """Bodies lie at most two deep: a council and what belongs to it."""
    parent = body.parent_id and queries.of_ids([body.parent_id]).get(body.parent_id)
    if parent and (parent.parent_id is not None or parent.id == body.id):
        raise Refusal(_("다른 곳에 속한 위원회 아래에는 둘 수 없어요."), field="parent_id")
