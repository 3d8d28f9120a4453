"""Addresses that refuse what is sent there."""

from dataclasses import dataclass

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from civic_forum.platform.outbox import Carrier, OutgoingMail

from ..models import DeadAddress
from ..rules import is_dead


@dataclass(frozen=True)
class Dying:
    user_id: int
    refusal: str


def dying() -> list[Dying]:
    """People whose proven address refused long and often enough.

    Only refusals since anything last arrived count, and only where the server meanwhile took letters for others:
    one that refuses everybody is in trouble itself.
    """
    arrived = sa.select(sa.func.max(OutgoingMail.sent_at)).where(
        OutgoingMail.user_id == User.id, OutgoingMail.sent_at.is_not(None),
        OutgoingMail.carrier == Carrier.MAIL).correlate(User).scalar_subquery()
    rows = db.session.execute(
        sa.select(OutgoingMail.user_id, OutgoingMail.refused_at, OutgoingMail.refusal)
        .join(User, User.id == OutgoingMail.user_id)
        .outerjoin(DeadAddress, DeadAddress.user_id == User.id)
        .where(OutgoingMail.refused_at.is_not(None), DeadAddress.user_id.is_(None), User.left_at.is_(None),
               sa.func.lower(OutgoingMail.recipient) == User.confirmed_email,
               sa.or_(arrived.is_(None), OutgoingMail.refused_at > arrived))
        .order_by(OutgoingMail.user_id, OutgoingMail.refused_at)).all()
    refused: dict[int, list[sa.Row]] = {}
    for row in rows:
        refused.setdefault(row.user_id, []).append(row)
    return [Dying(user_id, those[-1].refusal or "") for user_id, those in refused.items()
            if is_dead([local(one.refused_at) for one in those]) and _others_arrived(those[0].refused_at)]


def _others_arrived(since) -> bool:
    return bool(db.session.scalar(sa.select(sa.exists().where(
        OutgoingMail.sent_at > since, OutgoingMail.carrier == Carrier.MAIL))))
