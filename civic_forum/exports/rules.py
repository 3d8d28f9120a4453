"""Formats of a table, and how long one with personal data may be kept. Pure."""

from datetime import date, timedelta
from enum import StrEnum

KEPT_DAYS = 30
"""After so many days a file with personal data has to be deleted."""


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"


def delete_on(taken: date) -> date:
    """The last day on which who took a table may keep it."""
    return taken + timedelta(days=KEPT_DAYS)


def file_name(table: str, taken: date, kind: Format, *, personal: bool) -> str:
    """A file with personal data says in its name when it has to go."""
    until = f"-delete-by-{delete_on(taken):%Y%m%d}" if personal else ""
    return f"{table}-{taken:%Y%m%d}{until}.{kind}"
