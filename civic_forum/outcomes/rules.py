"""Decisions, promises, and whether they were kept. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

TITLE_LEAST, TITLE_MOST = 5, 200
REASONS_LEAST, REASONS_MOST = 10, 10_000
FOLLOWS_LEAST, FOLLOWS_MOST = 10, 10_000
NOTE_MOST = 300
WHY_LEAST, WHY_MOST = 5, 300
MOST_COST = 10**13
MOST_DOCUMENTS, DOCUMENT_TITLE_MOST, DOCUMENT_MOST = 5, 100, 10_000
MOST_LINKS, LINK_TITLE_MOST = 10, 100
FARTHEST_YEAR = 2100
"""Promises and decisions are dated before this year."""


class Decision(StrEnum):
    DECIDED = "decided"
    PARTLY = "partly"
    DIFFERENTLY = "differently"
    """Not as it was asked for; something else is done by a day."""
    DECLINED = "declined"
    POSTPONED = "postponed"


class OutcomeState(StrEnum):
    DRAFT = "draft"
    AWAITING_APPROVAL = "awaiting_approval"
    PUBLISHED = "published"


class Progress(StrEnum):
    """Progress of a promise."""

    PROMISED = "promised"
    IN_PROGRESS = "in_progress"
    DONE = "done"


class Side(StrEnum):
    """A picture of an outcome shows the place before, or after."""

    BEFORE = "before"
    AFTER = "after"


class WayStep(StrEnum):
    """Step of the way behind an outcome."""

    PROPOSED = "proposed"
    SUPPORTED = "supported"
    GROUPED = "grouped"
    VOTED = "voted"
    ANSWERED = "answered"
    DECIDED = "decided"
    IN_PROGRESS = "in_progress"
    DONE = "done"


class Promise(StrEnum):
    """State of a promise on a given day."""

    NONE = "none"
    """Nothing was promised for a day."""
    RUNNING = "running"
    SILENT = "silent"
    """The day has passed, and nothing was reported since."""
    LATE = "late"
    """The day has passed, and what was reported since is not the end of it."""
    KEPT = "kept"
    KEPT_LATE = "kept_late"


class Missing(StrEnum):
    """Texts that an outcome lacks before anybody else may read it."""

    TITLE = "title"
    DECISION = "decision"
    REASONS = "reasons"
    WHAT_FOLLOWS = "what_follows"
    PROMISED_ON = "promised_on"
    NOTHING_ELSE = "nothing_else"
    """It says by when and for how much something is done that is not."""

    @property
    def field(self) -> str:
        """Field of the form at which it is said."""
        return "decision" if self is Missing.NOTHING_ELSE else self.value


MOVES = (Decision.DECIDED, Decision.PARTLY, Decision.DIFFERENTLY, Decision.DECLINED)
"""Decisions by which agenda and proposals are decided; what is put off stays where it is."""
PROMISES = (Decision.DECIDED, Decision.PARTLY)
"""Decisions that promise what was asked for, which is then carried out."""
OWES = (*PROMISES, Decision.DIFFERENTLY)
"""Decisions after which something is done by a day."""


@dataclass(frozen=True)
class OutcomeText:
    """Fields that an official types."""

    decision: Decision | None
    title: str
    reasons: str
    what_follows: str
    decided_on: date
    promised_on: date | None
    cost: int | None
    """In won."""
    cost_note: str | None
    documents: tuple[tuple[str, str], ...] = ()
    """Title and text of each."""
    links: tuple[tuple[str, str], ...] = ()
    """Title and root-relative address of each."""


def missing(text: OutcomeText) -> Missing | None:
    """The first thing that a reader would look for in vain."""
    if len(text.title) < TITLE_LEAST:
        return Missing.TITLE
    if text.decision is None:
        return Missing.DECISION
    if len(text.reasons) < REASONS_LEAST:
        return Missing.REASONS
    if text.decision is Decision.DECLINED and (text.promised_on is not None or text.cost):
        return Missing.NOTHING_ELSE
    if text.decision in OWES:
        if len(text.what_follows) < FOLLOWS_LEAST:
            return Missing.WHAT_FOLLOWS
        if text.promised_on is None:
            return Missing.PROMISED_ON
    return None


def promises(decision: Decision | None, promised_on: date | None) -> bool:
    """True if something is to be carried out: it was decided for, or promised for a day."""
    return decision in OWES or promised_on is not None


def cost_shown(decision: Decision | None, cost: int | None) -> int | None:
    """The cost where something is done for it: what was declined costs nothing."""
    return None if decision is Decision.DECLINED else cost


def promise(promised_on: date | None, progress: Progress, reported_on: date | None, today: date) -> Promise:
    """Of a promise for a day; `reported_on`: when something was told of it last, or when it was done."""
    if promised_on is None:
        return Promise.NONE
    if progress is Progress.DONE:
        return Promise.KEPT if reported_on is not None and reported_on <= promised_on else Promise.KEPT_LATE
    if today <= promised_on:
        return Promise.RUNNING
    return Promise.LATE if reported_on is not None and reported_on > promised_on else Promise.SILENT
