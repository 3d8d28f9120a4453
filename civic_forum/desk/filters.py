"""Filters of the desk's logs; anything else is refused."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from civic_forum.accounts.queries.users import by_name
from civic_forum.blocks.filters import Filter
from civic_forum.platform import policy
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import Instant
from civic_forum.platform.errors import Invalid
from civic_forum.platform.i18n import SEOUL, _, _l

_SUBJECT = re.compile(r"[a-z_]{1,40}:[0-9]{1,18}")
NOBODY = -1


@dataclass(frozen=True)
class Named:
    """A user by the sign-in name that was typed; the id is `NOBODY` where there is none."""

    name: str
    id: int


def areas() -> Mapping[str, str]:
    """The areas of actions: those that have permissions, and the district itself."""
    return {name: name for name in sorted({name.split(".")[0] for name in policy.names()} | {"district"})}


def _area(text: str) -> str:
    if text not in areas():
        raise Invalid(_("모르는 분야예요. 목록에서 골라 주세요."))
    return text


def _subject(text: str) -> str | None:
    if (text := text.strip()) and not _SUBJECT.fullmatch(text):
        raise Invalid(_("대상은 user:12처럼 적어 주세요."))
    return text or None


def _named(text: str) -> Named | None:
    if not text.strip():
        return None
    user = by_name(text)
    return Named(text, user.id if user else NOBODY)


def _number(text: str) -> int | None:
    if (text := text.strip()) and not re.fullmatch(r"[0-9]{1,18}", text):
        raise Invalid(_("회원 번호는 숫자로 적어 주세요."))
    return int(text) if text else None


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as wrong:
        raise Invalid(_("날짜를 2026-11-20처럼 적어 주세요.")) from wrong
    if not 2000 <= day.year <= 2999:
        raise Invalid(_("날짜를 2026-11-20처럼 적어 주세요."))
    return day


def _start(day: date) -> datetime:
    """As days are counted in the district."""
    return datetime.combine(day, time(), SEOUL)


_FROM, _BEFORE = (sa.bindparam(name, type_=sa.String()) for name in ("area_from", "area_before"))
AREA = Filter("area", _l("분야"), lambda _area: sa.and_(AuditEntry.action >= _FROM, AuditEntry.action < _BEFORE), areas,
              _l("모두"), read=_area, bound=lambda area: {"area_from": f"{area}.", "area_before": f"{area}/"})
SUBJECT = Filter("subject", _l("대상"), AuditEntry.subject, read=_subject)


def named(key: str, label: object, column: Any) -> Filter:
    return Filter(key, label, column, read=_named, bound=lambda user: {key: user.id}, said=lambda user: user.name)


def numbered(key: str, label: object, column: Any) -> Filter:
    return Filter(key, label, column, read=_number)


def days(column: Any) -> tuple[Filter, Filter]:
    """From the start of one day, and to the end of another."""
    def day(key: str, label: object, where: Callable[[Any], Any], later: int) -> Filter:
        return Filter(key, label, where, read=_day, said=date.isoformat, type=Instant(),
                      bound=lambda chosen: {key: _start(chosen + timedelta(days=later))})

    return (day("since", _l("이날부터"), lambda start: column >= start, 0),
            day("until", _l("이날까지"), lambda end: column < end, 1))
