"""Kinds of notices, and somebody whom a case names."""

from datetime import datetime
from operator import attrgetter

from civic_forum.platform.i18n import local

from ..queries import recipients
from ..rules import NoticeKind
from ..told import To

MINE, SUPPORTED, REPLY, DUTY = NoticeKind.MY_PROPOSAL, NoticeKind.SUPPORTED, NoticeKind.REPLY, NoticeKind.DUTY
VOTE, OUTCOME, FORUM, MODERATION = NoticeKind.VOTE, NoticeKind.OUTCOME, NoticeKind.FORUM, NoticeKind.MODERATION


def one(kind: NoticeKind, name: str) -> To:
    """Somebody whose id a case has under this name."""
    return To(kind, lambda it: recipients.one(attrgetter(name)(it)))


def on_day(moment: datetime) -> str:
    return local(moment).date().isoformat()
