"""The office's duty to answer. Pure decisions."""

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

TEXT_LEAST, TEXT_MOST = 10, 10_000
REASON_LEAST, REASON_MOST = 10, 2_000
NOTE_MOST = 500
WHY_LEAST, WHY_MOST = 5, 300
ASKED_LEAST, ASKED_MOST = 10, 1_000
REPLY_MOST = 2_000
TO_LEAST, TO_MOST = 2, 100
EVIDENCE_LEAST, EVIDENCE_MOST = 5, 300
NAME_LEAST, NAME_MOST = 2, 60
CONTACT_LEAST, CONTACT_MOST = 5, 100
MOST_COST = 10**13
DOCUMENT_NUMBER = re.compile(r"[^\s-]{2,40}-[0-9]{1,10}")
"""`민원과-1234`: the department that made the document, and its number there."""
LATER_DAYS = (7, 14, 30)
"""Days of which somebody chooses one where it is said aloud that an answer follows."""
REVIEW_DAYS = 15
"""How long a declined author may ask for a second review."""
REMINDED_AFTER_DAYS = 7
"""When an author who was asked to complete a proposal and says nothing is asked once more; the clock stands still."""

ONE_DAY = timedelta(days=1)
Pause = tuple[date, date | None]
"""From the day on which the author was asked to the day of the reply; None while the office waits."""


class DutyKind(StrEnum):
    THRESHOLD = "threshold"
    FORMAL = "formal"
    SECOND_REVIEW = "second_review"
    STEP = "step"
    """The department answers once more: a step above the threshold was reached."""
    MAYOR = "mayor"
    """The head of the office answers."""
    LATER = "later"
    """It was said aloud that an answer follows; about something other than a proposal."""
    FOLLOW_UP = "follow_up"
    """Before a vote it was promised how soon after its result it is said what follows. It is written elsewhere than
    answers are; the page at the desk is that of the thing, behind /desk."""


class DutyEnd(StrEnum):
    ANSWERED = "answered"
    REFERRED = "referred"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    UNDONE = "undone"
    """The merge that had led over the threshold was undone."""
    HIDDEN = "hidden"


class AnswerKind(StrEnum):
    INTERIM = "interim"
    FINAL = "final"


class AnswerOutcome(StrEnum):
    """Reasons of the district by which rules go; by its own ones it declines."""

    ACCEPTED = "accepted"
    PARTLY_ACCEPTED = "partly_accepted"
    ALREADY_DONE = "already_done"
    LONG_TERM = "long_term"
    REFERRED = "referred"
    DIFFERENTLY = "differently"
    """Not as it was asked for; something else is done by a day."""
    DECLINED = "declined"


class AnswerState(StrEnum):
    DRAFT = "draft"
    AWAITING_APPROVAL = "awaiting_approval"
    PUBLISHED = "published"


class Disclosure(StrEnum):
    """Openness of the document behind an answer."""

    OPEN = "open"
    PARTLY_OPEN = "partly_open"
    CLOSED = "closed"


ACCEPTED = (AnswerOutcome.ACCEPTED, AnswerOutcome.PARTLY_ACCEPTED)
PROMISES = (*ACCEPTED, AnswerOutcome.DIFFERENTLY)
"""Outcomes after which something is done by a day."""
AS_ASKED = (*ACCEPTED, AnswerOutcome.ALREADY_DONE, AnswerOutcome.LONG_TERM, AnswerOutcome.REFERRED)
"""All others say why, and after them the author may ask for a second review."""


class AssignmentState(StrEnum):
    ASKED = "asked"
    TAKEN = "taken"
    RETURNED = "returned"
    ENDED = "ended"


class Missing(StrEnum):
    """Texts that an answer lacks before anybody else may read it."""

    TEXT = "text"
    OUTCOME = "outcome"
    REASON = "reason"
    BY_WHEN = "by_when"
    DOCUMENT_NUMBER = "document_number"
    NOTHING_ELSE = "nothing_else"
    """It says by when and for how much something is done that is not."""

    @property
    def field(self) -> str:
        """Field of the form at which it is said."""
        return "outcome" if self is Missing.NOTHING_ELSE else self.value


class Job(StrEnum):
    """Next thing to do."""

    ALL = "all"
    TRIAGE = "triage"
    WRITE = "write"
    APPROVE = "approve"
    WAIT = "wait"
    """The clock stands still until the author replies."""


@dataclass(frozen=True)
class AnswerText:
    """Fields that an official types."""

    kind: AnswerKind
    outcome: str | None
    """Key of a reason of the district."""
    text: str
    by_when: str | None
    cost: int | None
    """In won."""
    reason: str | None
    document_number: str | None
    dated_on: date
    team: str | None
    phone: str | None
    disclosure: Disclosure


class SignedAs(StrEnum):
    """Name under which an answer stands; a delegated official signs for all but their department."""

    DEPARTMENT = "department"
    NEIGHBOURHOOD_HEAD = "neighbourhood_head"
    MAYOR = "mayor"


class ReplyOutcome(StrEnum):
    """Fate of a recommendation."""

    ADOPTED = "adopted"
    PARTLY = "partly"
    DIFFICULT = "difficult"


@dataclass(frozen=True)
class LaterText:
    """Text of an official about another kind than a proposal; about a recommendation with what becomes of it."""

    text: str
    signed_as: SignedAs = SignedAs.DEPARTMENT
    outcome: ReplyOutcome | None = None
    document_number: str | None = None
    milestone: str | None = None
    """Promised with it, by a day."""
    milestone_on: date | None = None


def missing(answer: AnswerText) -> Missing | None:
    """The first thing that a reader would look for in vain."""
    if len(answer.text) < TEXT_LEAST:
        return Missing.TEXT
    if answer.kind is AnswerKind.INTERIM:
        return None
    if answer.outcome is None:
        return Missing.OUTCOME
    if answer.outcome not in AS_ASKED and len(answer.reason or "") < REASON_LEAST:
        return Missing.REASON
    if answer.outcome not in (*AS_ASKED, *PROMISES) and (answer.by_when or answer.cost):
        return Missing.NOTHING_ELSE
    if answer.outcome in PROMISES and not answer.by_when:
        return Missing.BY_WHEN
    if not DOCUMENT_NUMBER.fullmatch(answer.document_number or ""):
        return Missing.DOCUMENT_NUMBER
    return None


def month_later(day: date) -> date:
    """The same day of the next month, or its last day where there is no such day."""
    year, month = day.year + day.month // 12, day.month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def due_on(started_on: date, days: int | None, working: bool, pauses: Sequence[Pause],
           is_working: Callable[[date], bool]) -> date | None:
    """The last day on which the answer is in time; None while the clock stands still before it.

    The day of the beginning does not count, and neither does a day of a pause (its first day is one, its last is
    not). `days` None is one calendar month. A last day on which the office is closed moves to the next working day.
    """
    left = (month_later(started_on) - started_on).days if days is None else days
    day = started_on
    while left:
        day += ONE_DAY
        if (stopped := _pause_at(day, pauses)) is not None:
            if stopped[1] is None:
                return None
            continue
        if not working or is_working(day):
            left -= 1
    while (stopped := _pause_at(day, pauses)) is not None or not is_working(day):
        if stopped is not None and stopped[1] is None:
            return None
        day += ONE_DAY
    return day


def _pause_at(day: date, pauses: Sequence[Pause]) -> Pause | None:
    return next((pause for pause in pauses if pause[0] <= day and (pause[1] is None or day < pause[1])), None)


def awaited(due: date, paused_on: date | None) -> date:
    """The day until which an answer is owed: nobody knows while the clock stands still."""
    return due if paused_on is None else date.max


def may_pass_on(owed: tuple[DutyKind, date], due: date | None, is_answered: bool) -> bool:
    """True if the proposal that carries another one on keeps what was promised to that one.

    `due` is the last day of the one that carries it on, where something is owed to it. An answer that was given
    there is one to everybody who supports the same; who filed formally or asked for a review waits for an own one, and
    so do those who brought a proposal to a step.
    """
    kind, promised = owed
    if due is None or kind in (DutyKind.STEP, DutyKind.MAYOR):
        return is_answered and kind is DutyKind.THRESHOLD
    return due <= promised


def is_late(due: date, paused_on: date | None, today: date) -> bool:
    return paused_on is None and today > due


def days_left(due: date, today: date) -> int:
    """Negative when late."""
    return (due - today).days


def may_ask_review(outcome: str | None, published_on: date, today: date) -> bool:
    return outcome not in (None, *AS_ASKED) and today <= published_on + timedelta(days=REVIEW_DAYS)
