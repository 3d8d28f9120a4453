"""Rules of moderation: what can be reported, acts and their length, and how much has to be said. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SENTENCE_MOST = 300


class Rule(StrEnum):
    """The rules of the house that something can break; `labels.py` says what pages call them."""

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


WEIGHT = {Rule.PRIVACY: 5, Rule.HATE: 4, Rule.ABUSE: 3, Rule.ELECTIONEERING: 3, Rule.FALSEHOOD: 2,
          Rule.ADVERTISING: 2, Rule.OTHER: 1}
"""What a report counts in the order of the queue: what hurts somebody every hour comes before what is a nuisance."""
SIGNAL_WEIGHT = 2
"""What a signal adds that nobody has seen yet; it never decides."""


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
MOST_AT_ONCE = 1_000
"""Texts in one act on a wave."""


class Length(StrEnum):
    """For how long an account is muted or blocked."""

    DAY = "1"
    WEEK = "7"
    MONTH = "30"
    QUARTER = "90"
    OPEN = "open"
    """Not ended by itself: for a block alone."""


class Since(StrEnum):
    """Age of an account of a burst, in hours."""

    HOUR = "1"
    HALF_DAY = "6"
    DAY = "24"
    WEEK = "168"


@dataclass(frozen=True)
class Decision:
    """Decision of a moderator on a reported text: the text stays or is hidden, and its author may hear of it."""

    hide: bool
    account: ActionKind | None
    """Warned, muted or blocked."""
    length: Length | None = None
    rule: Rule | None = None
    reason: str = ""

    @property
    def keeps(self) -> bool:
        return not self.hide and self.account is None


def until(kind: ActionKind | None, length: Length | None, now: datetime) -> datetime | None:
    """Moment at which it ends by itself. Raises ValueError for a mute without an end."""
    if kind not in TIMED:
        return None
    if length is None or length is Length.OPEN:
        if kind is ActionKind.MUTE:
            raise ValueError("a mute ends by itself")
        return None
    return now + timedelta(days=int(length))


def effect(kind: ActionKind) -> ActionKind:
    """Effect of an act on a thing: a takedown hides it."""
    return ActionKind.HIDE if kind in HIDING else kind


APPEAL_DAYS = 7
"""Within which another moderator decides about an appeal."""
BLOCK_DAYS = 30
"""For which a text may be taken down until a second person has decided (정보통신망법 제44조의2 제4항)."""
OPEN_REQUESTS = 5
"""So many undecided requests about one text are enough to look at it."""
APPEAL_LEAST, APPEAL_MOST = 10, 1000
REQUEST_LEAST, REQUEST_MOST = 10, 2000
CONTACT_LEAST, CONTACT_MOST = 5, 200
DECISION_LEAST, DECISION_MOST = 10, 1000
WORD_LEAST, WORD_MOST = 2, 60


class Ended(StrEnum):
    """Way in which an act came to stand no more."""

    TAKEN_BACK = "taken_back"
    APPEAL_UPHELD = "appeal_upheld"
    OVER = "over"


class Ground(StrEnum):
    """Ground on which somebody asks for a text to be taken down."""

    PRIVACY = "privacy"
    DEFAMATION = "defamation"
    OTHER = "other"


class SignalKind(StrEnum):
    WATCHED_WORD = "watched_word"
    MANY_LINKS = "many_links"
    SAME_TEXT = "same_text"
    NEW_ACCOUNTS = "new_accounts"
    PERSONAL_DATA = "personal_data"
