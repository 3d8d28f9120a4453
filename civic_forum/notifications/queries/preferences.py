"""Who wants which kind how often."""

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.kernel.base import db

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


def held(user_id: int) -> User | None:
    """The account, locked: two who save at once come one after the other."""
    return db.session.get(User, user_id, with_for_update={"key_share": True}, populate_existing=True)


def dead_address(user_id: int) -> DeadAddress | None:
    return db.session.get(DeadAddress, user_id)
