"""Letters and seats by which somebody without an account may answer: which hold, and in which browser.

A letter is bound to the browser that took it up first: kept of that is a keyed hash of its code and of the browser's
secret, which is kept nowhere else. Of this hash the mark of the answers is made, so that whoever has the code alone
opens nothing.
"""

import sqlalchemy as sa

from civic_forum.ballots.kiosk.models import KioskDevice
from civic_forum.platform import clock, keys
from civic_forum.platform.base import db

from . import queries
from .identities import Guest, made
from .models import Letter, Seat
from .rules import Basis

HEX = 64
"""Signs of the name of a letter's reader; that of one who began before letters were bound is the code."""


def holds(consultation_id: int, guest: Guest) -> bool:
    """True for a letter that was not withdrawn before it was used, and for a seat at a kiosk that goes on.
    Under the lock of the consultation this stays so until the transaction ends."""
    if guest.basis is Basis.KIOSK:
        seat = seated(guest.name)
        return seat is not None and seat.consultation_id == consultation_id
    if len(guest.name) == HEX:
        by_name = Letter.holder == bytes.fromhex(guest.name)
    else:
        by_name = sa.and_(Letter.hash.in_(hashes(consultation_id, guest.name)), Letter.holder.is_(None))
    withdrawn = db.session.scalar(sa.select(Letter.is_withdrawn).where(
        Letter.consultation_id == consultation_id, by_name,
        sa.or_(Letter.apart_by_id.is_(None), Letter.is_withdrawn.is_(False))))
    needs_answers = withdrawn or len(guest.name) != HEX
    return withdrawn is not None and (not needs_answers or has_answers(consultation_id, guest))


def seated(secret: str) -> Seat | None:
    """The turn of somebody that goes on, at a kiosk that was not revoked."""
    return db.session.scalar(sa.select(Seat).join(KioskDevice, KioskDevice.id == Seat.device_id).where(
        Seat.secret_hash.in_(seat_hashes(secret)), Seat.until > clock.now(), KioskDevice.revoked_at.is_(None)))


def seat_hashes(secret: str) -> list[bytes]:
    return keys.hashes("opinions.seat", secret.encode())


def letter(consultation_id: int, code: str) -> Letter | None:
    """The letter with this code, held until the transaction ends."""
    return db.session.scalar(sa.select(Letter).where(
        Letter.consultation_id == consultation_id, Letter.hash.in_(hashes(consultation_id, code))).with_for_update())


def hashes(consultation_id: int, code: str) -> list[bytes]:
    """Hashes by which a letter may be known, the newest key's first."""
    return keys.hashes("opinions.letter", b"%d/%s" % (consultation_id, code.encode()))


def holders(consultation_id: int, code: str, secret: str = "") -> list[bytes]:
    """Hashes that may be kept of the browser with this secret that took a letter up; without one, while none has."""
    return keys.hashes("opinions.letter_holder", b"%d/%s/%s" % (consultation_id, code.encode(), secret.encode()))


def reader(letter: Letter, code: str) -> Guest | None:
    """Whoever took a letter up; None while nobody has."""
    if letter.holder is None:
        begun = Guest(Basis.LINK, code)
        return begun if has_answers(letter.consultation_id, begun) else None
    if keys.is_one_of(letter.holder, holders(letter.consultation_id, code)):
        return None
    return Guest(Basis.LINK, letter.holder.hex())


def has_answers(consultation_id: int, guest: Guest) -> bool:
    return bool(queries.participant(consultation_id, [made(consultation_id, *guest).value]))
