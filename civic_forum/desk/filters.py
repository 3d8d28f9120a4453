"""Filters of the desk's logs; anything else is refused."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from civic_forum.accounts.queries.users import by_name
from civic_forum.kernel import policy
from civic_forum.kernel.errors import Invalid
from civic_forum.kernel.i18n import SEOUL, _

_SUBJECT = re.compile(r"[a-z_]{1,40}:[0-9]{1,18}")
NOBODY = -1


@dataclass(frozen=True)
class AuditFilter:
    area: str | None = None
    subject: str | None = None
    actor: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class AccessFilter:
    by: int | None = None
    user: int | None = None
    since: datetime | None = None
    until: datetime | None = None


def areas() -> list[str]:
    """The areas of actions: those that have permissions, and the district itself."""
    return sorted({name.split(".")[0] for name in policy.names()} | {"district"})


def audit_filter(given: Mapping[str, str]) -> AuditFilter:
    """From the address of the page. Raises Invalid for what is not known."""
    area, subject = given.get("area") or None, (given.get("subject") or "").strip() or None
    if area is not None and area not in areas():
        raise Invalid(_("모르는 분야예요. 목록에서 골라 주세요."))
    if subject is not None and not _SUBJECT.fullmatch(subject):
        raise Invalid(_("대상은 user:12처럼 적어 주세요."))
    return AuditFilter(area, subject, _user(given.get("actor")), *_days(given))


def access_filter(given: Mapping[str, str]) -> AccessFilter:
    return AccessFilter(_user(given.get("by")), _number(given.get("user")), *_days(given))


def _user(name: str | None) -> int | None:
    if not (name or "").strip():
        return None
    user = by_name(name)
    return user.id if user else NOBODY


def _number(text: str | None) -> int | None:
    text = (text or "").strip()
    if text and not re.fullmatch(r"[0-9]{1,18}", text):
        raise Invalid(_("회원 번호는 숫자로 적어 주세요."))
    return int(text) if text else None


def _days(given: Mapping[str, str]) -> tuple[datetime | None, datetime | None]:
    """From the start of one day to the end of another, as days are counted in the district."""
    since, until = _day(given.get("since")), _day(given.get("until"))
    return (_start(since) if since else None, _start(until + timedelta(days=1)) if until else None)


def _day(text: str | None) -> date | None:
    if not (text or "").strip():
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as wrong:
        raise Invalid(_("날짜를 2026-11-20처럼 적어 주세요.")) from wrong
    if not 2000 <= day.year <= 2999:
        raise Invalid(_("날짜를 2026-11-20처럼 적어 주세요."))
    return day


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), SEOUL)
