"""Seats at tables: given, taken, changed and left."""

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.platform.errors import Conflict, Denied, Refusal, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.work import Work, use_case

from .. import labels, operations
from ..models import Forum
from ..policy import ForumContext
from ..registration.models import Registration
from ..rules import ForumEventKind, Place, Seating
from . import policy, queries, rules
from .models import ForumTable, Seat


def stand_up(work: Work, forum: Forum, user_id: int) -> None:
    """Free somebody's seat, if they have one, and tell the hall."""
    seat = queries.seat_of(forum.id, user_id)
    if seat is None:
        return
    table = work.session.get_one(ForumTable, seat.table_id)
    work.session.delete(seat)
    operations.add_event(work, forum, ForumEventKind.TABLE_MOVED, table.id, was=table.number, to=None,
                          by_oneself=user_id == getattr(work.actor, "id", None))


def seat(forum_id: int, how: Seating, seed: int, key: str | None = None, *, who_came: bool = True, by: User) -> int:
    """Seat everybody anew, or let everybody choose (nobody is seated then). Returns how many sit.

    The seed stands in the event, so that whoever doubts it can draw again. Raises Refusal when places are missing.
    """
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, policy.may_seat)
        if operations.known_event(work, at.forum, key):
            return 0
        seated = sa.select(Seat.id).filter_by(forum_id=at.forum.id).limit(1)
        if at.forum.tables_opened_at and work.session.scalar(seated):
            raise Denied(policy.too_late_to_seat())
        work.session.execute(sa.delete(Seat).filter_by(forum_id=at.forum.id))
        rooms = [queries.room(card) for card in queries.cards(at.forum.id)]
        if not rooms:
            raise Refusal(_("먼저 테이블을 만들어 주세요."), field="how")
        seats = {} if how is Seating.CHOSEN else _seated(at, rooms, how, seed, who_came)
        ids = {table.number: table.id for table in queries.of(at.forum.id)}
        work.session.add_all(Seat(forum_id=at.forum.id, table_id=ids[number], user_id=user_id, at=work.at)
                             for user_id, number in sorted(seats.items()))
        at.forum.seating, at.forum.seated_at = how, work.at
        operations.add_event(work, at.forum, ForumEventKind.TABLES_SEATED, key=key, how=how.value, seed=seed,
                             people=len(seats))
        work.record("forums.seated", at.forum, how=how.value, seed=seed, people=len(seats))
        return len(seats)


def _seated(at: ForumContext, rooms: list[rules.Table], how: Seating, seed: int, who_came: bool) -> dict[int, int]:
    try:
        return rules.seated(queries.to_be_seated(at.forum.id, who_came=who_came), rooms, how, seed)
    except rules.TooFewPlaces as full:
        raise Refusal(_("%(way)s 참여자 자리가 %(missing)s개 모자라요. 테이블이나 자리를 늘려 주세요.",
                        way=labels.WAY[full.way], missing=full.missing), field="how") from None


def take_seat(forum_id: int, number: int | None = None, key: str | None = None, *, by: User) -> ForumTable:
    """Sit down at the table of this number; without one, where there is most room.

    Raises Denied, NotFound, and Conflict when the last place was taken just before.
    """
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, policy.may_take_seat)
        if seen := operations.known_event(work, at.forum, key, ForumEventKind.TABLE_MOVED):
            return work.session.get_one(ForumTable, seen.subject_id)
        if by.id in {table.host_id for table in queries.of(at.forum.id)}:
            raise Conflict(_("맡은 테이블이 있어요. 그 테이블의 이끔이예요."))
        card = _free(at, number)
        _sit(work, at, by.id, card.table, by_oneself=True, key=key)
        return card.table


def _free(at: ForumContext, number: int | None) -> queries.TableCard:
    """The chosen table if it has a place; for whoever comes late the one with most room."""
    cards = {card.table.number: card for card in queries.cards(at.forum.id)}
    if number is None or at.forum.seating is not Seating.CHOSEN:
        room = existing(rules.roomiest([queries.room(card) for card in cards.values()], at.standing.way),
                        lambda: Conflict(_("남은 자리가 없어요. 진행자에게 말해 주세요.")))
        return cards[room.id]
    if number not in cards:
        raise queries.missing()
    room = queries.room(cards[number])
    if not room.takes(at.standing.way):
        raise Refusal(_("%(way)s 참여자가 앉는 테이블이에요. 다른 테이블을 골라 주세요.",
                        way=labels.WAY[cards[number].table.way]))
    if not room.room and at.standing.table_id != cards[number].table.id:
        raise Conflict(_("자리가 찼어요. 다른 테이블을 골라 주세요."))
    return cards[number]


def move(forum_id: int, user_id: int, number: int, *, by: User) -> None:
    """Let somebody sit at another table; everybody sees from where to where. Raises NotFound and Conflict."""
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, policy.may_move, lambda forum: queries.numbered(forum.id, number))
        if work.session.scalar(sa.select(Registration.id).filter_by(forum_id=at.forum.id, user_id=user_id,
                                                                    place=Place.HELD)) is None:
            raise Refusal(_("참여 신청을 한 분만 앉을 수 있어요."))
        card = queries.cards(at.forum.id, [at.thing.id])[0]
        if user_id in card.members or user_id == at.thing.host_id:
            return
        if not queries.room(card).room:
            raise Conflict(_("자리가 찼어요. 다른 테이블을 골라 주세요."))
        _sit(work, at, user_id, at.thing, by_oneself=False)
        work.record("forums.person_moved", at.thing, user=user_id)


def _sit(work: Work, at: ForumContext, user_id: int, table: ForumTable, *, by_oneself: bool,
         key: str | None = None) -> None:
    seat = queries.seat_of(at.forum.id, user_id)
    before = seat and work.session.get_one(ForumTable, seat.table_id)
    if seat is None:
        seat = Seat(forum_id=at.forum.id, user_id=user_id)
        work.session.add(seat)
    seat.table_id, seat.at = table.id, work.at
    work.session.flush()
    operations.add_event(work, at.forum, ForumEventKind.TABLE_MOVED, table.id, key=key, to=table.number,
                         by_oneself=by_oneself, was=before.number if before else None)


def leave_table(forum_id: int, *, by: User) -> None:
    """Stand up; notes stay."""
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, policy.may_leave_table)
        stand_up(work, at.forum, by.id)


def unseat(forum_id: int, user_id: int, *, by: User) -> None:
    """Take somebody from their table, openly."""
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, policy.may_move)
        if queries.seat_of(at.forum.id, user_id) is None:
            return
        stand_up(work, at.forum, user_id)
        work.record("forums.person_unseated", at.forum, user=user_id)
