"""Days on which things are due, as somebody asks for them. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

SOON_DAYS = 7


class Due(StrEnum):
    """Filter by deadline."""

    LATE = "late"
    TODAY = "today"
    WEEK = "week"
    ALL = "all"


@dataclass(frozen=True)
class Tally:
    """Number of things of a kind that wait."""

    late: int = 0
    today: int = 0
    week: int = 0
    """From today, within a week."""
    all: int = 0

    def of(self, due: Due) -> int:
        return getattr(self, due)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.late + other.late, self.today + other.today, self.week + other.week, self.all + other.all)


def fits(day: date, due: Due, today: date) -> bool:
    """True if what is due on this day belongs to what is asked for."""
    return {Due.LATE: day < today, Due.TODAY: day == today,
            Due.WEEK: today <= day <= today + timedelta(days=SOON_DAYS), Due.ALL: True}[due]
