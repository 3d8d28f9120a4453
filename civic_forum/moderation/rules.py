"""What a report has to say. Pure."""

from enum import StrEnum

SENTENCE_MOST = 300


class Rule(StrEnum):
    """The rules of the house that something can break; `words.py` says what pages call them."""

    ABUSE = "abuse"
    HATE = "hate"
    PRIVACY = "privacy"
    ADVERTISING = "advertising"
    FALSEHOOD = "falsehood"
    ELECTIONEERING = "electioneering"
    OTHER = "other"


def needs_sentence(rule: Rule) -> bool:
    """The other rules speak for themselves."""
    return rule is Rule.OTHER


class ActionKind(StrEnum):
    HIDE = "hide"
    WARN = "warn"
    MUTE = "mute"
    BLOCK = "block"
    TAKEDOWN = "takedown"
    """Hidden while a request of somebody concerned is looked at."""


HIDING = frozenset((ActionKind.HIDE, ActionKind.TAKEDOWN))
"""Acts on a text; the others are on an account."""
TIMED = frozenset((ActionKind.MUTE, ActionKind.BLOCK))
REASON_LEAST, REASON_MOST = 5, 500


def effect(kind: ActionKind) -> ActionKind:
    """What an act does to a thing: a takedown hides it."""
    return ActionKind.HIDE if kind in HIDING else kind


class Ended(StrEnum):
    """How an act came to stand no more."""

    TAKEN_BACK = "taken_back"
    APPEAL_UPHELD = "appeal_upheld"
    OVER = "over"


class Ground(StrEnum):
    """Why somebody asks for a text to be taken down."""

    PRIVACY = "privacy"
    DEFAMATION = "defamation"
    OTHER = "other"


class SignalKind(StrEnum):
    WATCHED_WORD = "watched_word"
    MANY_LINKS = "many_links"
    SAME_TEXT = "same_text"
    NEW_ACCOUNTS = "new_accounts"
    PERSONAL_DATA = "personal_data"
