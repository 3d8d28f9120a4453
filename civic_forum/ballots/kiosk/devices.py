"""Kiosks of desks: an administrator registers a browser by a code, and revokes it at once."""

from secrets import token_urlsafe
from typing import NamedTuple

import sqlalchemy as sa

from civic_forum.district.models import Neighbourhood
from civic_forum.platform import keys
from civic_forum.platform.base import database_now, db
from civic_forum.platform.errors import Conflict, NotFound, Refusal, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.work import use_case

from ..box.locking import acting
from .models import KioskDevice
from ..policy import may_register_kiosks
from . import services
from .codes import LASTS, Handed, digits_of, new_code
from .queries import SECRET

_CODE = "ballots.kiosk_device.code"


class Registration(NamedTuple):
    """A kiosk to be, and the code that makes a browser this kiosk."""

    device_id: int
    handed: Handed


def register(name: str, neighbourhood_id: int | None, *, by) -> Registration:
    """Make a code with which one browser becomes a kiosk of this desk, or of the whole district. Raises Denied, and
    Refusal for a desk that is none."""
    with use_case(by) as work:
        acting(by, may_register_kiosks)
        if neighbourhood_id is not None and db.session.get(Neighbourhood, neighbourhood_id) is None:
            raise Refusal(_("목록에 있는 것 가운데 골라 주세요."), field="desk")
        code, until = new_code(), database_now() + LASTS
        device = KioskDevice(name=name, neighbourhood_id=neighbourhood_id, code_until=until, registered_at=work.at,
                             secret_hash=keys.keyed_hash(_CODE, code.encode()), registered_by_id=by.id)
        work.session.add(device)
        work.record("ballots.kiosk_registered", device)
        return Registration(device.id, Handed(code, until))


def join(code: str) -> str:
    """Make this browser the kiosk of a code, which works once. Returns the secret for its cookie. Raises NotFound."""
    digits = digits_of(code) or ""
    secret = token_urlsafe(32)
    with use_case(None) as work:
        device = db.session.scalar(sa.select(KioskDevice).with_for_update().where(
            KioskDevice.secret_hash.in_(keys.hashes(_CODE, digits.encode()))))
        if device is None or device.revoked_at is not None or device.code_until <= database_now():
            raise NotFound(_("등록 번호가 맞지 않거나 시간이 지났어요. 관리자에게 새 번호를 받아 주세요."), field="code")
        device.secret_hash, device.code_until = keys.keyed_hash(SECRET, secret.encode()), None
        work.record("ballots.kiosk_joined", device)
    return secret


def revoke(device_id: int, *, by) -> KioskDevice:
    """End a kiosk: its next request is refused, and whoever was voting there needs a new code. Raises Denied, NotFound
    and Conflict."""
    with use_case(by) as work:
        acting(by, may_register_kiosks)
        device = existing(db.session.get(KioskDevice, device_id, with_for_update=True, populate_existing=True),
                          lambda: NotFound(_("그런 기기는 없어요. 목록을 새로 열어 확인해 주세요.")))
        if device.revoked_at is not None:
            raise Conflict(_("이미 등록을 끝낸 기기예요."))
        device.revoked_at, device.revoked_by_id = work.at, by.id
        services.end_passes_at(device_id)
        work.record("ballots.kiosk_revoked", device)
        return device
