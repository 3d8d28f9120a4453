"""SELECTs of passes."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.platform import keys
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _, today

from .models import IntakePass

CODE, SECRET = "intake.pass.code", "intake.pass.secret"
"""Purposes of the keys."""


def over() -> NotFound:
    return NotFound(_("코드가 맞지 않거나 끝났어요. 코드를 준 담당자에게 새 코드를 받아 주세요."), field="code")


def pass_of(purpose: str, secret: str, *, lock: bool = False) -> IntakePass | None:
    """The pass with this code, or of the device with this secret; `lock`: read again and locked."""
    found_by = sa.select(IntakePass).where(IntakePass.secret_hash.in_(keys.hashes(purpose, secret.encode())))
    return db.session.scalar(found_by.with_for_update(of=IntakePass).execution_options(
        populate_existing=True) if lock else found_by)


def coming(limit: int = 50) -> Sequence[IntakePass]:
    """Passes of today and later days that nobody ended, the newest first."""
    return db.session.scalars(sa.select(IntakePass).where(IntakePass.day >= today(), IntakePass.ended_at.is_(None))
                              .order_by(IntakePass.id.desc()).limit(limit).options(joinedload(IntakePass.forum))).all()
