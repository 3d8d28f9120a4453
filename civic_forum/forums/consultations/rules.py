"""Consultations in a hall: when the hall hears of answers, and when its host may ask for the result. Pure."""

from datetime import datetime, timedelta

TOLD_EVERY = 10
"""After so many answers the list of events holds their number: it never tells that one person answered."""
RESULT_EVERY = timedelta(minutes=5)
RESULT_PEOPLE = 10
"""People who answered anew, from whom on the result is computed at the host's wish."""
BROWSERS = 3
"""Browsers without an account that count as one person there."""


def told(answers: int) -> int:
    """The number of answers of which a hall hears."""
    return answers - answers % TOLD_EVERY


def answered_anew(new: int, answers_now: int, answers_then: int, statements: int) -> int:
    """People who at least answered since the last result: those who are new, and of the others as few as can have given
    the answers that came since, each to all statements."""
    more = max(0, answers_now - answers_then)
    return new + -(-more // max(1, statements))


def worth(new: int, known: int) -> int:
    """People for whom the new ones count: of those known by a browser or a seat alone, which one hand can make, a
    third."""
    return known + (new - known) // BROWSERS


def result_from(last_at: datetime | None, now: datetime) -> datetime | None:
    """The moment from which on another result may be asked for; None: now."""
    if last_at is None or now - last_at >= RESULT_EVERY:
        return None
    return last_at + RESULT_EVERY
