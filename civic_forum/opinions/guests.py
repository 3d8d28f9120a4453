"""Guests of a consultation, as the cookies of their browser name them: at a kiosk, by a letter, or by the browser."""

import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from typing import NamedTuple

from flask import Response, session

from civic_forum.ballots.kiosk import browser as kiosks
from civic_forum.ballots.kiosk.queries import Kiosk
from civic_forum.platform import cookies, keys
from civic_forum.platform.errors import Unavailable

from . import holding
from .identities import Device, Guest
from .models import Consultation
from .rules import Basis

COOKIE, SEAT = "answerer", "answerer_seat"
DEVICE = re.compile(r"[A-Za-z0-9_-]{22}")
LASTS = timedelta(days=365)
_SEALED = "opinions.letter_cookie"


class Here(NamedTuple):
    """A browser in a consultation."""

    kiosk: Kiosk | None
    device: Device | None


def here(consultation: Consultation) -> Here:
    """At a kiosk only the seat of its person counts; elsewhere a letter comes before the browser."""
    if (kiosk := kiosks.kiosk()) is not None:
        secret = cookies.value(SEAT)[:100]
        seat = holding.seated(secret) if secret else None
        is_theirs = seat is not None and (seat.consultation_id, seat.device_id) == (consultation.id, kiosk.id)
        return Here(kiosk, Guest(Basis.KIOSK, secret) if is_theirs else None)
    device = cookies.value(COOKIE)
    return Here(None, letter(consultation) or (device if DEVICE.fullmatch(device) else None))


def browser() -> str:
    """Name of this browser in its cookie; one that answers for the first time gets the same for each time that its form
    is sent."""
    if DEVICE.fullmatch(known := cookies.value(COOKIE)):
        return known
    if not (token := session.get("csrf_token")):
        return secrets.token_urlsafe(16)
    return urlsafe_b64encode(keys.keyed_hash("opinions.first", token.encode(), keys.FIRST)[:16]).decode().rstrip("=")


def keep(answer: Response, name: str) -> None:
    cookies.put(answer, COOKIE, name, LASTS)


def letter_cookie(consultation: Consultation) -> str:
    return f"answerer_letter_{consultation.id}"


def sealed(guest: Guest) -> str:
    return urlsafe_b64encode(keys.seal(_SEALED, guest.name)).decode()


def letter(consultation: Consultation) -> Guest | None:
    """Whoever took a letter up in this browser."""
    sent = cookies.value(letter_cookie(consultation))[:400]
    try:
        guest = Guest(Basis.LINK, keys.unseal(_SEALED, urlsafe_b64decode(sent))) if sent else None
    except (Unavailable, ValueError):
        return None
    return guest if guest and holding.holds(consultation.id, guest) else None
