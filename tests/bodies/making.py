"""Bodies, ready-made."""

from dataclasses import replace
from datetime import date, timedelta

import sqlalchemy as sa

from civic_forum.accounts.models import RoleGrant, User
from civic_forum.accounts.rules import Role
from civic_forum.blocks.seats import SeatSide, SeatWay
from civic_forum.bodies import services
from civic_forum.bodies.parts import Appointment, BodyFacts, SeatFacts
from civic_forum.bodies.queries import today
from civic_forum.bodies.rules import BodyAccess, BodyKind, QuorumShare
from civic_forum.platform.base import db
from tests.factories import Town

COUNCIL = BodyFacts(
    name="협치회의", kind=BodyKind.COUNCIL, mandate="공론장에서 나온 의제를 할지 말지 정해요.", basis="협치 조례 제5조",
    access=BodyAccess.OPEN, quorum_share=QuorumShare.MORE_THAN_HALF, begins=date(2020, 1, 1), term_months=24,
    notice_days=7, minutes_days=5)
CLOSED = replace(COUNCIL, name="청소년안전망 위원회", kind=BodyKind.COMMITTEE, access=BodyAccess.CLOSED,
                 mandate="어려움에 놓인 청소년을 도와요.", access_reason="정보공개법 제9조 1항 6호")
CIVIL = SeatFacts(name="민간 위원", number=2, side=SeatSide.CIVIL, way=SeatWay.CALL, votes=True)


def council(by, facts=COUNCIL, slug="council", seats=CIVIL, **more):
    """A body with one kind of seats, `civil`."""
    body = services.make(replace(facts, **more), slug, by=by)
    services.add_seats(body.id, "civil", seats, by=by)
    return body


def another(by):
    """An administrator who is somebody else."""
    known = sa.select(User).join(User.grants).where(RoleGrant.role == Role.ADMINISTRATOR, User.id != by.id).limit(1)
    return db.session.scalar(known) or Town().administrator()


def appointed(body_id, facts, *, by):
    """A membership that one proposed and another administrator approved."""
    return services.approve(services.appoint(body_id, facts, by=by).id, by=another(by))


def left(membership_id, last, reason, *, by):
    """The end of one, by the same two."""
    return services.approve(services.end(membership_id, last, reason, by=by).id, by=another(by))


def taking(user=None, **facts):
    """Somebody who takes a civil seat from today for a year."""
    return Appointment(**{"seat": "civil", "sign_in_name": user.sign_in_name if user else "", "way": SeatWay.CALL,
                          "begins": today(), "until": today() + timedelta(days=365)} | facts)
