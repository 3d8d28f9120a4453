"""The dates of the sample texts: fixed history, and what is open relative to the day of loading."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from civic_forum.platform.i18n import SEOUL

_HOURS = {"h": "hours", "m": "minutes", "s": "seconds"}
_RELATIVE = re.compile(r"-(\d+)d(?: (\d{2}):(\d{2}))?")
_AFTER = re.compile(r"\+(?:(\d+)d)? ?(?:(\d+)h)? ?(?:(\d+)m)?")


@dataclass(order=True)
class TimelineEvent:
    """Something that somebody did at a moment."""

    at: datetime
    order: int
    what: Callable[[], object] = field(compare=False)


def instant(text: str, loaded: datetime) -> datetime:
    """The moment that a sample text names.

    `2020-03-14T11:26:00+09:00` and `2020-11-20` are fixed; `-12d 09:30` is twelve days before
    the day of loading in Seoul, `-12d` the same at noon; `+3d 18h` is so long after that day began; `-20h`, `-5m` and
    `-90s` are so long before the loading. Raises ValueError for anything else.
    """
    if text.startswith("+"):
        return after(text, instant("-0d 00:00", loaded))
    if re.fullmatch(r"-\d+[hms]", text):
        return loaded - timedelta(**{_HOURS[text[-1]]: int(text[1:-1])})
    if match := _RELATIVE.fullmatch(text):
        days, hours, minutes = match.groups()
        day = loaded.astimezone(SEOUL).date() - timedelta(days=int(days))
        return datetime.combine(day, time(int(hours or 12), int(minutes or 0)), SEOUL)
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else datetime.combine(moment.date(), time(12), SEOUL)


def after(text: str, start: datetime) -> datetime:
    """`+3d 2h` or `+40m` after the start. Raises ValueError for anything else."""
    match = _AFTER.fullmatch(text)
    if not match or not any(match.groups()):
        raise ValueError(f"not a distance in time: {text!r}")
    days, hours, minutes = (int(part or 0) for part in match.groups())
    return start + timedelta(days=days, hours=hours, minutes=minutes)


def resolved(value: object, loaded: datetime):
    """An entry with every `{"minutes"}` from the loading and `{"days", "time"}` from its day as a moment or a day, and
    every `{"years"}` and `{"in_quarters"}` from its year and quarter as a year and a quarter (`2021-3`).
    """
    if isinstance(value, dict):
        if set(value) == {"minutes"}:
            return (loaded + timedelta(minutes=value["minutes"])).isoformat()
        if "days" in value and set(value) <= {"days", "time"}:
            day = loaded.astimezone(SEOUL).date() + timedelta(days=value["days"])
            if "time" not in value:
                return day.isoformat()
            return datetime.combine(day, time.fromisoformat(value["time"]), SEOUL).isoformat()
        if set(value) == {"years"}:
            return loaded.astimezone(SEOUL).year + value["years"]
        if set(value) == {"in_quarters"}:
            return _quarter(loaded.astimezone(SEOUL).date(), value["in_quarters"])
        return {name: resolved(part, loaded) for name, part in value.items()}
    return [resolved(part, loaded) for part in value] if isinstance(value, list) else value


def _quarter(today: date, away: int) -> str:
    year, number = divmod(today.year * 4 + (today.month - 1) // 3 + away, 4)
    return f"{year}-{number + 1}"


def spread(start: datetime, end: datetime, count: int) -> list[datetime]:
    """`count` moments after the start, denser at the beginning as supports are, the last at the end."""
    span = (end - start).total_seconds()
    return [start + timedelta(seconds=span * ((number / count) ** 1.6)) for number in range(1, count + 1)]


def lately(start: datetime, loaded: datetime) -> datetime:
    """The last that happens to what goes on: a day before the loading, or half-way to it for what is younger."""
    return max(loaded - timedelta(days=1), start + (loaded - start) / 2)
