"""Entries of JSON files, read by keys: each value of its kind, or Unreadable with the key of what is wrong."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from civic_forum.platform import plain_text
from civic_forum.platform.fields import YEARS
from civic_forum.platform.i18n import SEOUL


class Unreadable(ValueError):
    """The file does not describe a record; `name` is the key of what is wrong in it."""

    def __init__(self, name: str):
        super().__init__(name)
        self.name = name


@dataclass(frozen=True)
class Entry:
    """One object of a file. Keys may have points: `roll_check.from`. An instant is ISO 8601 with its zone,
    `{"days": 14, "time": "09:00"}` from `now` in Seoul, or `{"minutes": 5}`; a day is ISO 8601 or `{"days": 14}`."""

    data: Mapping[str, Any]
    now: datetime
    name: str = ""
    """Its place in the file, for sentences about it."""

    def _found(self, key: str) -> Any:
        value: Any = self.data
        for level in key.split("."):
            if value is None:
                return None
            if not isinstance(value, Mapping):
                raise Unreadable(self._where(key.rpartition(".")[0]))
            value = value.get(level)
        return value

    def _where(self, key: str) -> str:
        return f"{self.name}.{key}" if self.name else key

    def has(self, key: str) -> bool:
        return bool(self._found(key))

    def text(self, key: str) -> str:
        value = self._found(key)
        if not isinstance(value, str) or not plain_text.clean(value):
            raise Unreadable(self._where(key))
        return value

    def text_or_none(self, key: str) -> str | None:
        value = self._found(key)
        if value is not None and not isinstance(value, str):
            raise Unreadable(self._where(key))
        return value or None

    def texts(self, key: str) -> list[str]:
        texts = self.entries(key)
        if not all(isinstance(text, str) for text in texts):
            raise Unreadable(self._where(key))
        return texts

    def number(self, key: str) -> int | None:
        value = self._found(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**40:
            raise Unreadable(self._where(key))
        return value

    def one_of(self, kind: Any, key: str) -> Any:
        try:
            return kind(self._found(key))
        except ValueError as wrong:
            raise Unreadable(self._where(key)) from wrong

    def entries(self, key: str) -> list[Any]:
        """A list; empty where there is none."""
        value = self._found(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise Unreadable(self._where(key))
        return value

    def entry(self, value: object, name: str) -> "Entry":
        """An object within this one."""
        if not isinstance(value, Mapping):
            raise Unreadable(name)
        return Entry(value, self.now, name)

    def only(self, known: Iterable[str]) -> None:
        """Raises Unreadable for the first key that nobody reads."""
        for name in self.data:
            if name not in known:
                raise Unreadable(self._where(name))

    def instant(self, key: str) -> datetime:
        value = self._found(key)
        try:
            at = self._instant(value)
        except (TypeError, ValueError, OverflowError) as wrong:
            raise Unreadable(self._where(key)) from wrong
        if at is None or at.year not in YEARS:
            raise Unreadable(self._where(key))
        return at

    def _instant(self, value: Any) -> datetime | None:
        if isinstance(value, str):
            at = datetime.fromisoformat(value)
            return at.astimezone(UTC) if at.tzinfo is not None else None
        if isinstance(value, Mapping) and set(value) == {"minutes"}:
            return (self.now + timedelta(minutes=int(value["minutes"]))).replace(microsecond=0)
        if isinstance(value, Mapping) and set(value) <= {"days", "time"} and "days" in value:
            clock = time.fromisoformat(str(value.get("time", "00:00")))
            return datetime.combine(self._day_from(value), clock, SEOUL).astimezone(UTC)
        return None

    def day(self, key: str) -> date:
        value = self._found(key)
        day = None
        try:
            if isinstance(value, str):
                day = date.fromisoformat(value)
            elif isinstance(value, Mapping) and set(value) == {"days"}:
                day = self._day_from(value)
        except (TypeError, ValueError, OverflowError) as wrong:
            raise Unreadable(self._where(key)) from wrong
        if day is None or day.year not in YEARS:
            raise Unreadable(self._where(key))
        return day

    def _day_from(self, value: Mapping[str, Any]) -> date:
        return self.now.astimezone(SEOUL).date() + timedelta(days=int(value["days"]))
