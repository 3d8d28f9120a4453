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
