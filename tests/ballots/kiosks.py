"""Browsers that are kiosks of desks."""

from hashlib import sha256
from urllib.parse import urlsplit

from civic_forum.ballots.kiosk.models import KioskDevice
from civic_forum.ballots.kiosk import queries as kiosks
from civic_forum.ballots.kiosk.views import DEVICE, PATH
from civic_forum.district import queries as district
from civic_forum.platform import clock, keys
from civic_forum.platform.base import db
from tests.factories import saved


def device(place: str | None = None) -> str:
    """The secret of a kiosk of this neighbourhood, or of the whole district; registered when it is first asked for."""
    secret = sha256(f"kiosk of {place}".encode()).hexdigest()
    db.session.rollback()
    if kiosks.registered(secret) is None:
        here = {one.name_ko: one.id for one in district.neighbourhoods()}
        saved(KioskDevice(name="1번 기기", neighbourhood_id=place and here[place], registered_at=clock.now(),
                          secret_hash=keys.keyed_hash(kiosks.SECRET, secret.encode())))
    db.session.rollback()
    return secret


def at_kiosk(client, place: str | None = None):
    """The same browser, as a kiosk."""
    client.set_cookie(DEVICE, device(place), path=PATH)
    return client


def as_kiosk(page, address: str) -> None:
    """A window of a browser becomes a kiosk."""
    page.context.add_cookies([{"name": DEVICE, "value": device(), "path": PATH, "domain": urlsplit(address).hostname}])
