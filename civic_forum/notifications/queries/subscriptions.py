"""What a link out of a mail is about: a kind, or every kind that comes in one digest."""

import sqlalchemy as sa

from civic_forum.kernel.base import db

from ..links import Subscription
from ..models import NoticePreference
from ..rules import Frequency, NoticeKind, default


def kinds_of(wanted: Subscription) -> list[NoticeKind]:
    """Which kinds end: those that do not leave by this channel anyway are left as they are."""
    chosen = dict(db.session.execute(sa.select(NoticePreference.kind, NoticePreference.frequency).where(
        NoticePreference.user_id == wanted.user_id, NoticePreference.channel == wanted.channel)).all())
    now = {kind: chosen.get(kind, default(kind, wanted.channel)) for kind in NoticeKind}
    if isinstance(wanted.what, NoticeKind):
        return [wanted.what] if now[wanted.what] is not Frequency.NEVER else []
    return [kind for kind, frequency in now.items() if frequency is wanted.what]
