"""Seats at the kiosks of desks: a clerk hands out a code, and one person answers by it at a registered device."""

import secrets
from datetime import timedelta

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.ballots.desk import counts
from civic_forum.ballots.kiosk import codes
from civic_forum.ballots.kiosk.codes import Handed, Turn
from civic_forum.ballots.kiosk.queries import Kiosk
from civic_forum.platform import clock, keys
from civic_forum.platform.errors import NotFound, TooMany
from civic_forum.platform.i18n import _
from civic_forum.platform.work import unlogged_transaction, use_case

from .. import holding, operations
from ..guests import SEAT
from ..models import Consultation, KioskCount, Seat
from ..policy import may_open_kiosk

LASTS = timedelta(minutes=30)
"""Longest time of one person; without a touch it is over much sooner."""
CODES_A_DAY = 150
"""Of one desk."""
_CODE = "opinions.seat_code"


def issue(consultation_id: int, *, by: User) -> Handed:
    """Make a code for the person at the desk, who signs for it in the register. Raises Denied, and TooMany once the
    desk has handed out as many on one day as it may."""
    with use_case(by) as work:
        consultation, desk = operations.held(consultation_id, by, may_open_kiosk), codes.desk_of(by, None)
        number = counts.add_to(KioskCount, {"consultation_id": consultation.id}, desk, work.at, codes=1).codes
        if number > CODES_A_DAY:
            raise TooMany(_("이 창구에서 오늘 드릴 수 있는 번호를 다 드렸어요. 내일 다시 드릴 수 있어요."), retry_after=3_600)
        handed = Handed(codes.new_code(), work.at + codes.LASTS, number)
        work.session.execute(sa.delete(Seat).where(Seat.until <= work.at))
        work.session.add(Seat(secret_hash=keys.keyed_hash(_CODE, handed.code.encode()), until=handed.until,
                              consultation_id=consultation.id, desk_id=desk))
        work.record("opinions.kiosk_code_issued", consultation)
        return handed


def enter(typed: str, kiosk: Kiosk) -> Turn | None:
    """The turn that a code opens at this kiosk; it works once. None for a code that is of no consultation. Raises
    NotFound at a kiosk of another desk."""
    known = keys.hashes(_CODE, (codes.digits_of(typed) or "").encode())
    with unlogged_transaction() as session:
        seat = session.scalar(sa.select(Seat).where(
            Seat.secret_hash.in_(known), Seat.until > clock.now()).with_for_update())
        if seat is None:
            return None
        if not kiosk.serves(seat.desk_id):
            raise NotFound(_("다른 창구에서 드린 번호예요. 번호를 받은 창구의 기기에 넣어 주세요."), field="code")
        secret = secrets.token_urlsafe(32)
        seat.secret_hash, seat.device_id = holding.seat_hashes(secret)[0], kiosk.id
        seat.until = clock.now() + LASTS
        address = f"/consultations/{session.get_one(Consultation, seat.consultation_id).slug}/answer"
        return Turn(address, SEAT, secret, LASTS)


def leave(secret: str) -> None:
    """End a person's turn: their answers stay, and nobody answers by their code any more."""
    with unlogged_transaction() as session:
        session.execute(sa.delete(Seat).where(Seat.secret_hash.in_(holding.seat_hashes(secret))))
