"""A body with seats and members, and meetings to write down."""

from datetime import date, timedelta

from civic_forum.accounts.models import User
from civic_forum.blocks.seats import MemberFunction, SeatSide, SeatWay
from civic_forum.bodies import services as bodies
from civic_forum.bodies.models import Membership
from civic_forum.bodies.parts import Appointment, BodyFacts, SeatFacts
from civic_forum.bodies.rules import BodyAccess, BodyKind, QuorumShare
from civic_forum.meetings import services
from civic_forum.meetings.records import ItemRecord, MeetingRecord
from civic_forum.meetings.rules import ItemKind
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.bodies.making import another, appointed

REASON = "공공기관의 정보공개에 관한 법률 제9조 제1항 제5호"


def body(town, *, access=BodyAccess.OPEN, members=5, secretary=None, **facts):
    """A council with so many members who vote; the secretary sits on a seat without a vote."""
    by = town.administrator()
    facts = {"name": "교육·문화분과", "kind": BodyKind.COUNCIL, "mandate": "교육과 문화의 일을 정해요.",
             "basis": "조례 제5조", "access": access, "access_reason": None if access is BodyAccess.OPEN else REASON,
             "notice_days": 7, "minutes_days": 5, "quorum_share": QuorumShare.MORE_THAN_HALF,
             "begins": date(2020, 1, 1)} | facts
    made = bodies.make(BodyFacts(**facts), by=by)
    seats = SeatFacts(name="민간 위원", number=max(members, 1), side=SeatSide.CIVIL, way=SeatWay.CALL, votes=True)
    bodies.add_seats(made.id, "civil", seats, by=by)
    for number in range(members):
        appointed(made.id, Appointment(seat="civil", name=f"위원 {number}", way=SeatWay.CALL,
                                       begins=date(2020, 1, 1)), by=by)
    if secretary is not None:
        seats = SeatFacts(name="간사", number=1, side=SeatSide.OFFICE, way=SeatWay.OFFICE)
        bodies.add_seats(made.id, "desk", seats, by=by)
        appointed(made.id, Appointment(seat="desk", sign_in_name=secretary.sign_in_name, way=SeatWay.OFFICE,
                                       function=MemberFunction.SECRETARY, begins=date(2020, 1, 1)), by=by)
    return made


def members_of(body_id):
    return [membership for membership in db.session.query(Membership).order_by(Membership.id)
            if membership.seat.body_id == body_id and membership.seat_key == "civil"]


def item(title="2027년 계획 마지막 안", kind=ItemKind.DECISION, **facts):
    return ItemRecord(title=title, kind=kind, **facts)


def record(*items, days=-3, **facts):
    """A meeting of one hour that was so many days from now."""
    starts_at = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=days)
    facts = {"title": "2026년 3차 교육·문화분과회의", "place": "구청 소회의실", "starts_at": starts_at,
             "ends_at": starts_at + timedelta(hours=1)} | facts
    return MeetingRecord(items=items or (item(),), **facts)


def signed(meeting, *, by=None):
    """The same, its minutes let out by a second person."""
    wrote = services.MINUTES.pending(services.signed_as(meeting.id)).by_id
    services.MINUTES.confirm(services.signed_as(meeting.id), by=by or another(db.session.get(User, wrote)))
    return meeting
