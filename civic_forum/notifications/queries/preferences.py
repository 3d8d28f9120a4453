"""Preferences of people by kind, and what ends with a link out of a mail."""

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.platform.base import db

from ..links import Subscription
from ..models import DeadAddress, NoticePreference
from ..rules import Channel, Frequency, NoticeKind, choices, default


def of_user(user_id: int) -> dict[tuple[NoticeKind, Channel], Frequency]:
    """Of every kind by every channel: what somebody chose, else what is usual."""
    chosen = {(one.kind, one.channel): one.frequency for one in db.session.scalars(
        sa.select(NoticePreference).filter_by(user_id=user_id))}
    return {(kind, channel): chosen.get((kind, channel)) or default(kind, channel)
            for kind in NoticeKind for channel in Channel}


def kinds_for(user: User) -> list[NoticeKind]:
    """Those of which somebody may choose how they are told: duties are for staff."""
    return [kind for kind in NoticeKind if any(len(choices(kind, channel)) > 1 for channel in Channel)
            and (kind is not NoticeKind.DUTY or user.roles)]


def ending(wanted: Subscription) -> list[NoticeKind]:
    """The kind, or every kind that comes in the digest; what does not leave by this channel anyway stays as it is."""
    now = {kind: frequency for (kind, channel), frequency in of_user(wanted.user_id).items()
           if channel is wanted.channel}
    if isinstance(wanted.what, NoticeKind):
        return [wanted.what] if now[wanted.what] is not Frequency.NEVER else []
    return [kind for kind, frequency in now.items() if frequency is wanted.what]


def dead_address(user_id: int) -> DeadAddress | None:
    return db.session.get(DeadAddress, user_id)
