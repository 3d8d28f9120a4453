"""The time left until an instant, in words and in figures. By the server's clock; the page only counts on from it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from . import clock
from .i18n import _, end_time, last_day, local

A_DAY, AN_HOUR, A_MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@dataclass(frozen=True)
class Remaining:
    days: int
    hours: int
    minutes: int
    until: datetime
    now: datetime
    """When it was reckoned."""


def remaining(until: datetime, now: datetime) -> Remaining:
    """Whole days, hours and minutes; nothing once it is over."""
    left = max(until - now, timedelta())
    hours, rest = divmod(left.seconds, 3600)
    return Remaining(left.days, hours, rest // 60, until, now)


def left(until: datetime, now: datetime) -> str | None:
    """`4일 5시간 남음`; None once it is over."""
    if until <= now:
        return None
    now = clock.plain(now)
    rest, step = remaining(until, now), AN_HOUR if until - now >= A_DAY else A_MINUTE
    clock.until(until - (until - now) // step * step)
    if rest.days:
        return _("%(days)s일 %(hours)s시간 남음", days=rest.days, hours=rest.hours)
    if rest.hours:
        return _("%(hours)s시간 %(minutes)s분 남음", hours=rest.hours, minutes=rest.minutes)
    return _("%(minutes)s분 남음", minutes=max(rest.minutes, 1))


def days_left(until: datetime, now: datetime) -> str:
    """`4일 남음` by the calendar; on the last day the time, and nothing once it is over."""
    if until <= now:
        return ""
    days = (last_day(until) - local(now).date()).days
    return _("%(days)s일 남음", days=days) if days else _("오늘 %(time)s까지", time=end_time(until))
