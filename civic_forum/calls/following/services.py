"""Seats and places of those who were chosen, without typing again: a second person approves each seat at its body.

The call is locked first, then the body or the forum."""

from dataclasses import dataclass
from datetime import date

from civic_forum.accounts.models import User
from civic_forum.blocks.seats import Roster, SeatWay
from civic_forum.bodies import labels as seat_labels
from civic_forum.bodies import operations as seats
from civic_forum.bodies import queries as bodies
from civic_forum.bodies.models import MemberChange
from civic_forum.bodies.policy import may_see_changes
from civic_forum.forums import queries as forums
from civic_forum.forums.policy import may_prepare
from civic_forum.forums.registration import queries as registered
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require

from ..judging.operations import holding
from .operations import give_places
from .policy import may_follow
from .queries import chosen


@dataclass(frozen=True)
class Term:
    """A kind of seats by its key, and the days of a term."""

    seat: str
    begins: date
    until: date | None


def propose_seats(slug: str, term: Term, *, by: User) -> int:
    """Propose that all who were chosen take seats of the body of the call; how many. A second person approves each
    there, by which they are told. Raises Refusal, Conflict where there are not so many empty seats."""
    with holding(slug, may_follow, by) as (work, call):
        if call.filled_id is None:
            raise Conflict(_("어느 위원회의 자리인지 정하지 않은 모집이에요."))
        case = bodies.case(call.filled_id)
        require(by, may_see_changes, case)
        seat = next((seat for seat in case.seats if seat.key == term.seat), None)
        if seat is None or case.is_over:
            raise Refusal(_("목록에 있는 것을 골라 주세요."), field="seat")
        fresh = [application for application in chosen(call) if application.followed_at is None]
        waiting = (change for change in bodies.changes(case.body.id) if change.membership_id is None)
        taken = [*case.memberships, *waiting]
        for application in fresh:
            owner = application.submission.owner_id
            change = MemberChange(
                seat=seat, seat_id=seat.id, user_id=owner, begins=term.begins, until=term.until,
                consent=None if owner else False, way=SeatWay.DRAW if call.has_lot else SeatWay.CALL)
            if fault := Roster(case.seats, taken).why_not_take(seat.key, owner, term.begins, term.until):
                raise Conflict(seat_labels.FAULT[fault], field="seat")
            taken.append(seats.propose(work, case, change))
            application.followed_at = work.at
        if not fresh:
            raise Conflict(_("뽑힌 사람을 이미 모두 제안했어요."))
        work.record("calls.seats_proposed", call, body=case.body.id, count=len(fresh))
        return len(fresh)


def register(slug: str, forum_slug: str, *, by: User) -> int:
    """Give all who were chosen a place in a forum, and tell those who have an account; how many. Who registered before,
    or withdrew, stays as they are. Raises Refusal, Conflict where there are not so many places."""
    with holding(slug, may_follow, by) as (work, call):
        if (picked := forums.slugged(forum_slug)) is None:
            raise Refusal(_("목록에 있는 것을 골라 주세요."), field="forum")
        forum = forums.locked(picked.id)
        require(by, may_prepare, forum)
        applied = {each.submission_id: each.submission.owner_id for each in chosen(call)}
        known = {place.applied_id for place, of in registered.of_applied(applied) if of.id == forum.id}
        fresh = [(user_id, None) for user_id in sorted({*applied.values()} - {None})
                 if registered.of(forum.id, user_id) is None]
        fresh += [(None, number) for number, user_id in applied.items() if user_id is None and number not in known]
        give_places(work, forum, fresh)
        if not fresh:
            raise Conflict(_("뽑힌 사람이 이미 모두 신청되어 있어요."), field="forum")
        work.record("calls.chosen_registered", call, forum=forum.id, count=len(fresh))
        return len(fresh)
