"""What people are told, how and how often. Pure."""

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
    DUTY = "duty"
    """For staff: what is due."""
    ACCOUNT = "account"
    """About the account itself: its address takes no mail."""


LEAVING = (Channel.MAIL, Channel.SMS)
"""Channels that leave the site; the site itself needs no delivery."""
MAIL_BY_DEFAULT = {
    NoticeKind.MY_PROPOSAL: Frequency.AT_ONCE,
    NoticeKind.SUPPORTED: Frequency.DAILY,
    NoticeKind.REPLY: Frequency.DAILY,
    NoticeKind.MODERATION: Frequency.AT_ONCE,
    NoticeKind.VOTE: Frequency.WEEKLY,
    NoticeKind.OUTCOME: Frequency.DAILY,
    NoticeKind.DUTY: Frequency.DAILY,
    NoticeKind.ACCOUNT: Frequency.NEVER,
}
ALWAYS_ON_SITE = frozenset((NoticeKind.MODERATION, NoticeKind.DUTY, NoticeKind.ACCOUNT))
"""Whoever is acted upon must be able to appeal, and work does not go away: these stay on the site."""
EVEN_WHEN_BLOCKED = frozenset((NoticeKind.MODERATION,))
"""What leaves the site for somebody who cannot sign in."""


def default(kind: NoticeKind, channel: Channel) -> Frequency:
    """How often somebody gets a kind by a channel who has said nothing about it."""
    if channel is Channel.SITE:
        return Frequency.AT_ONCE
    return MAIL_BY_DEFAULT[kind] if channel is Channel.MAIL else Frequency.NEVER


def choices(kind: NoticeKind, channel: Channel) -> tuple[Frequency, ...]:
    """What somebody may choose: on the site a notice is there at once or not at all, a short message is no digest."""
    if kind is NoticeKind.ACCOUNT:
        return (default(kind, channel),)
    if channel is Channel.MAIL:
        return tuple(Frequency)
    if channel is Channel.SITE and kind in ALWAYS_ON_SITE:
        return (Frequency.AT_ONCE,)
    return Frequency.AT_ONCE, Frequency.NEVER
