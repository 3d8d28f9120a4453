"""Days that were promised in words, and quarters. Pure."""

import re
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable
from datetime import date

QUARTER = re.compile(r"(20[0-9]{2})-([1-4])")
_DAY = re.compile(r"(20[0-9]{2})\s*(?:년\s*(?:([0-9]{1,2})\s*[월.]\s*(?:([0-9]{1,2})\s*[일.])?)?"
                  r"|[.\-/]\s*(?:([0-9]{1,2})(?![0-9]|\s*분기)(?:\s*[.\-/]\s*([0-9]{1,2}))?)?)")
_MONTH = re.compile(r"([0-9]{1,2})\s*월\s*(?:([0-9]{1,2})\s*일)?")
_SINCE = re.compile(r"[\s.]*(?:(?:상반기|하반기|[1-4]분기|초|말)\s*)?(?:부터|[~∼～])")
_HALVES = (("상반기", 6), ("하반기", 12), ("1분기", 3), ("2분기", 6), ("3분기", 9), ("4분기", 12))
"""Words for the last month of a part of a year; of a year without one it is December."""


def day_meant(text: str | None) -> date | None:
    """The last day of a time that was promised in words: 2027년 6월, 2027. 6. 30., 2027년 상반기, 2027년 1월부터 6월까지;
    None for other words."""
    begins = _DAY.search(text or "")
    if begins is None:
        return None
    rest = (text or "")[begins.end():]
    year, month, number = int(begins[1]), begins[2] or begins[4], begins[3] or begins[5]
    if (since := _SINCE.match(rest)) is not None:
        rest = rest[since.end():]
        if _DAY.search(rest):
            return day_meant(rest)
        if (ends := _MONTH.search(rest)) is not None:
            month, number = ends[1], ends[2]
        elif any(word in rest for word, _month in _HALVES):
            month = number = None
    return _last_day(year, int(month) if month else _month_of(rest), int(number or 0))


def _month_of(words: str) -> int:
    return next((number for word, number in _HALVES if word in words), 12)


def _last_day(year: int, month: int, number: int) -> date | None:
    """This day, or the last of the month where it has none such."""
    if not 1 <= month <= 12:
        return None
    last = monthrange(year, month)[1]
    return date(year, month, min(number, last) if number else last)


def quarter_of(on: date) -> str:
    return f"{on.year}-{(on.month - 1) // 3 + 1}"


def counted(events: Iterable[tuple[date, Iterable[str]]], quarter: str) -> Counter[str]:
    """Number of events of each kind in this quarter."""
    return Counter(kind for on, kinds in events if quarter_of(on) == quarter for kind in kinds)


def shown(on: date, when: str | None) -> str:
    """'18. 11. 5. ~ 11. 12., as sheets of offices have it. `when`: days or months, where it was no single day."""
    ends = [[int(part) for part in end.split("-")] for end in (when or on.isoformat()).split("/")]
    year, words = None, []
    for end in ends:
        words.append(" ".join(f"{part}." for part in end[1:]) if end[0] == year else
                     " ".join([f"'{end[0] % 100:02}.", *(f"{part}." for part in end[1:])]))
        year = end[0]
    return " ~ ".join(words)


def quarter_before(on: date) -> str:
    """The last quarter that is over on this day."""
    year, number = on.year, (on.month - 1) // 3
    return f"{year}-{number}" if number else f"{year - 1}-4"


def quarter_end(quarter: str) -> date:
    year, number = map(int, quarter.split("-"))
    return date(year, number * 3, monthrange(year, number * 3)[1])


def four_quarters_before(on: date) -> date:
    """The first day of the four quarters that were over last on this day."""
    return date(on.year - 1, (on.month - 1) // 3 * 3 + 1, 1)
