"""Working days of the office: Monday to Friday without the public holidays of Korea, substitute holidays included."""

from datetime import date
from functools import cache
from importlib import import_module

from civic_forum.platform import settings


def is_working(day: date) -> bool:
    """True if the office is open on this day. The setting `HOLIDAYS` adds days that were declared at short notice."""
    return day.weekday() < 5 and day not in _of_korea() and day not in settings.value("HOLIDAYS")


@cache
def _of_korea():
    """Years are filled in as they are asked for. Loaded at first use: most processes never need it."""
    return import_module("holidays").country_holidays("KR")
