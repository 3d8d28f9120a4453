"""Guests of a consultation, as the cookies of their browser name them: at a kiosk, by a letter, or by the browser."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import NamedTuple

from civic_forum.platform import cookies, keys
from civic_forum.platform.errors import Unavailable

from . import queries
from .identities import Device, Guest
from .models import Consultation, Kiosk
from .rules import Basis

COOKIE, KIOSK, SEAT = "answerer", "answerer_kiosk", "answerer_seat"
DEVICE = re.compile(r"[A-Za-z0-9_-]{22}")
PEOPLE_AN_HOUR = 60
"""At one kiosk."""
_SEALED, _SECRET = "opinions.letter_cookie", "opinions.kiosk"


class Here(NamedTuple):
    """A browser in a consultation."""

    kiosk: Kiosk | None
    device: Device | None


def here(consultation: Consultation) -> Here:
    """At a kiosk only the seat of its person counts; elsewhere a letter comes before the browser."""
    if (kiosk := kiosk_here(consultation.id)) is not None:
        seat = cookies.value(SEAT)
        return Here(kiosk, Guest(Basis.KIOSK, f"{kiosk.id}.{seat}") if DEVICE.fullmatch(seat) else None)
    device = cookies.value(COOKIE)
    return Here(None, _letter(consultation) or (device if DEVICE.fullmatch(device) else None))


def kiosk_here(consultation_id: int) -> Kiosk | None:
    """The kiosk that this browser is, while it goes on."""
    secret = cookies.value(KIOSK)[:100]
    if not secret:
        return None
    known = hashes(secret)
    return next((one for one in queries.kiosks(consultation_id) if keys.is_one_of(one.secret_hash, known)), None)


def hashes(secret: str) -> list[bytes]:
    """Hashes that may be kept of a kiosk, the newest key's first."""
    return keys.hashes(_SECRET, secret.encode())


def letter_cookie(consultation: Consultation) -> str:
    return f"answerer_letter_{consultation.id}"


def sealed(guest: Guest) -> str:
    return urlsafe_b64encode(keys.seal(_SEALED, guest.name)).decode()


def _letter(consultation: Consultation) -> Guest | None:
    sent = cookies.value(letter_cookie(consultation))[:400]
    try:
        guest = Guest(Basis.LINK, keys.unseal(_SEALED, urlsafe_b64decode(sent))) if sent else None
    except (Unavailable, ValueError):
        return None
    return guest if guest and queries.holds(consultation.id, guest) else None
