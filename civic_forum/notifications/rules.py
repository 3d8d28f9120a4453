"""Kinds, channels and frequency of notices. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum


class Channel(StrEnum):
    SITE = "site"
    MAIL = "mail"
    SMS = "sms"


class Frequency(StrEnum):
    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


class NoticeKind(StrEnum):
    MY_PROPOSAL = "my_proposal"
    """Answered, grouped, merged, put to the vote, decided."""
    SUPPORTED = "supported"
    """What I support or follow moved a step."""
    REPLY = "reply"
    MODERATION = "moderation"
    """An act on my text, and how to appeal."""
    VOTE = "vote"
    OUTCOME = "outcome"
    FORUM = "forum"
    """My place at a forum."""
    DUTY = "duty"
    """For staff: what is due."""
    ACCOUNT = "account"
    """About the account itself: its address takes no mail."""


LEAVING = (Channel.MAIL, Channel.SMS)
"""Channels that leave the site; the site itself needs no delivery."""
MAIL_BY_DEFAULT = {
    NoticeKind.MY_PROPOSAL: Frequency.AT_ONCE, NoticeKind.SUPPORTED: Frequency.DAILY,
    NoticeKind.REPLY: Frequency.DAILY, NoticeKind.MODERATION: Frequency.AT_ONCE, NoticeKind.VOTE: Frequency.DAILY,
    NoticeKind.OUTCOME: Frequency.DAILY, NoticeKind.FORUM: Frequency.AT_ONCE, NoticeKind.DUTY: Frequency.DAILY,
    NoticeKind.ACCOUNT: Frequency.NEVER,
}
ALWAYS_ON_SITE = frozenset((NoticeKind.MODERATION, NoticeKind.DUTY, NoticeKind.ACCOUNT))
"""Whoever is acted upon must be able to appeal, and work does not go away: these stay on the site."""
OF_ONES_OWN = frozenset((NoticeKind.MY_PROPOSAL, NoticeKind.MODERATION))
"""What letters name also where nobody else may see it any more: their reader wrote it."""
EVEN_WHEN_BLOCKED = frozenset((NoticeKind.MODERATION,))
"""What leaves the site for somebody who cannot sign in."""


def default(kind: NoticeKind, channel: Channel) -> Frequency:
    """Frequency of a kind by a channel for somebody who has said nothing about it."""
    if channel is Channel.SITE:
        return Frequency.AT_ONCE
    return MAIL_BY_DEFAULT[kind] if channel is Channel.MAIL else Frequency.NEVER


def choices(kind: NoticeKind, channel: Channel) -> tuple[Frequency, ...]:
    """Choices of somebody: on the site a notice is there at once or not at all. One choice is none."""
    if kind is NoticeKind.ACCOUNT:
        return (default(kind, channel),)
    if channel in LEAVING:
        return tuple(Frequency)
    if channel is Channel.SITE and kind in ALWAYS_ON_SITE:
        return (Frequency.AT_ONCE,)
    return Frequency.AT_ONCE, Frequency.NEVER


LINK_DAYS = 365
"""How long the way out of a kind of mail stands open after the mail was written."""
MOST_SUBJECTS, MOST_SENTENCES = 20, 5
"""Of one digest; the rest is on the site."""
SHORT_MESSAGE_BYTES = 90
"""In the encoding that carriers in Korea count in: a syllable is two."""
DIGEST_FROM, DIGEST_UNTIL = 7, 21
"""Hours of the day between which digests leave; what a worker missed in the morning leaves when it is back."""
QUIET_FROM, QUIET_UNTIL = 21, 8
"""Hours of the evening and of the next morning between which no short message wakes anybody: those of article 50 of the
Network Act (정보통신망법), which is about advertising."""
REFUSALS = 3
REFUSED_FOR = timedelta(days=2)
"""An address is dead after so many letters that were refused, on as many days and over so long a time."""


def digest_window(frequency: Frequency, local_now: datetime) -> datetime | None:
    """The moment up to which news belong to the digest that is due now; None while none may leave.

    A daily one is due from seven on, a weekly one from Monday at seven.
    """
    if not DIGEST_FROM <= local_now.hour < DIGEST_UNTIL:
        return None
    morning = local_now.replace(hour=DIGEST_FROM, minute=0, second=0, microsecond=0)
    return morning - timedelta(days=morning.weekday()) if frequency is Frequency.WEEKLY else morning


def is_quiet(local_now: datetime) -> bool:
    """True if short messages wait until the morning."""
    return local_now.hour >= QUIET_FROM or local_now.hour < QUIET_UNTIL


def in_bytes(text: str) -> int:
    """Length of a text in CP949; what it cannot say counts one."""
    return len(text.encode("cp949", "replace"))


def fitting(text: str, room: int) -> str:
    """As much of a text as fits into so many bytes, with a sign where it was cut; nothing where that is too little."""
    if in_bytes(text) <= room:
        return text
    while text and in_bytes(text) + in_bytes("…") > room:
        text = text[:-1]
    return f"{text.rstrip()}…" if len(text) >= LEAST_CUT else ""


LEAST_CUT = 8
"""Letters: less of a sentence says nothing."""


def is_dead(refused: list[datetime]) -> bool:
    """True if these refusals, in local time and in their order, are enough to give an address up."""
    days = {moment.date() for moment in refused}
    return len(days) >= REFUSALS and refused[-1] - refused[0] >= REFUSED_FOR
