"""Kiosks: a clerk lets a device be one for a consultation, for a day at most, and ends it."""

import secrets
from datetime import timedelta

from civic_forum.accounts import operations as sessions
from civic_forum.accounts.models import User
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _
from civic_forum.platform.work import use_case

from .. import guests, operations, queries
from ..models import Kiosk
from ..policy import may_open_kiosk

LASTS = timedelta(hours=12)


def start(consultation_id: int, *, by: User) -> str:
    """Let the browser of whoever asks be a kiosk; they are signed out of it. Returns the secret for its cookie."""
    secret = secrets.token_urlsafe(32)
    with use_case(by) as work:
        consultation = operations.held(consultation_id, by, may_open_kiosk)
        work.session.add(Kiosk(consultation_id=consultation.id, secret_hash=guests.hashes(secret)[0],
                               until=min(work.at + LASTS, consultation.closes_at), started_by_id=by.id))
        work.record("opinions.kiosk_started", consultation)
        if by.session_key:
            sessions.end_one(work.session, by.id, by.session_key)
    return secret


def revoke(consultation_id: int, number: int, *, by: User) -> None:
    """End a kiosk: whoever answers there answers no more. Raises NotFound."""
    with use_case(by) as work:
        consultation = operations.held(consultation_id, by, may_open_kiosk)
        kiosk = next((one for one in queries.kiosks(consultation_id) if one.id == number), None)
        if kiosk is None:
            raise NotFound(_("이 키오스크는 이미 끝났어요."))
        kiosk.revoked_at = work.at
        work.record("opinions.kiosk_revoked", consultation)
