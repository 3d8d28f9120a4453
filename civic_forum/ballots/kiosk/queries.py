"""Kiosks: which browser is one, and the list of them."""

from typing import NamedTuple

import sqlalchemy as sa

from civic_forum.district.queries import place_at
from civic_forum.platform import keys
from civic_forum.platform.base import db

from .models import KioskDevice

SECRET = "ballots.kiosk_device.secret"


class Kiosk(NamedTuple):
    """A registered kiosk, as far as a page or a ballot needs it."""

    id: int
    name: str
    neighbourhood_id: int | None

    def serves(self, desk: int | None) -> bool:
        """True where it takes the codes of this desk: its own, at the whole district's those of every desk."""
        return self.neighbourhood_id is None or place_at(self.neighbourhood_id) == place_at(desk)


def registered(secret: str) -> Kiosk | None:
    """The kiosk whose browser has this cookie, as of this moment; None for any other browser and once it is revoked.
    Plain columns without a lock: kiosks never wait for one another."""
    if not secret:
        return None
    row = db.session.execute(sa.select(KioskDevice.id, KioskDevice.name, KioskDevice.neighbourhood_id).where(
        KioskDevice.secret_hash.in_(keys.hashes(SECRET, secret.encode())), KioskDevice.code_until.is_(None),
        KioskDevice.revoked_at.is_(None))).one_or_none()
    return Kiosk(*row) if row is not None else None


def are_there() -> bool:
    """True where a browser is a kiosk now; the same for everybody (`blocks.sections`)."""
    return db.session.scalar(sa.select(sa.exists().where(KioskDevice.code_until.is_(None),
                                                         KioskDevice.revoked_at.is_(None))))


def devices() -> list[KioskDevice]:
    """All that were ever registered, those in use first, the newest on top."""
    return list(db.session.scalars(sa.select(KioskDevice).order_by(
        KioskDevice.revoked_at.is_not(None), KioskDevice.registered_at.desc(), KioskDevice.id.desc())))
