"""Days, months, quarters and years by which something is promised: `2027-03-31`, `2027-03`, `2027-Q1`, `2027`. Pure."""

import re
from calendar import monthrange
from datetime import date
from enum import StrEnum

_PERIOD = re.compile(r"(20[0-9]{2})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])(?:-([0-9]{2}))?))?")


class Within(StrEnum):
    """Part of time by whose end it is promised."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


def period(on: date, within: Within) -> str:
    """The period of this kind in which a day lies."""
    return {Within.DAY: on.isoformat(), Within.MONTH: f"{on:%Y-%m}", Within.YEAR: str(on.year),
            Within.QUARTER: f"{on.year}-Q{(on.month + 2) // 3}"}[within]


def end(on: date, within: Within) -> date:
    """The last day of the period of this kind in which a day lies."""
    if within is Within.DAY:
        return on
    month = {Within.MONTH: on.month, Within.QUARTER: (on.month + 2) // 3 * 3, Within.YEAR: 12}[within]
    return date(on.year, month, monthrange(on.year, month)[1])


def read(text: str | None) -> tuple[date, Within] | None:
    """The last day of a period, and its kind; None for other words."""
    parts = _PERIOD.fullmatch(text or "")
    if parts is None:
        return None
    year, quarter, month, number = (int(part) if part else 0 for part in parts.groups())
    within = next(kind for kind, part in ((Within.DAY, parts[4]), (Within.MONTH, month), (Within.QUARTER, quarter),
                                          (Within.YEAR, year)) if part)
    try:
        return end(date(year, month or quarter * 3 or 1, number or 1), within), within
    except ValueError:
        return None


def last_day(text: str | None) -> date | None:
    known = read(text)
    return known and known[0]
