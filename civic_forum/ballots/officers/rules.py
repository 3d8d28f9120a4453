"""Rules of officers: how many run a vote, when a grant and a replacement take effect. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

LEAST, MOST = 3, 6
REPLACED_AFTER = timedelta(hours=72)
"""Between the public notice of a replacement and its effect."""
PROPOSAL_LASTS = timedelta(hours=24)
POSITION_LEAST, POSITION_MOST = 2, 80


@dataclass(frozen=True)
class NamedOfficer:
    """An officer of one vote: the number of their grant, and the position that everybody reads."""

    grant: int
    position: str

    def to_json(self) -> dict[str, Any]:
        return {"grant": self.grant, "position": self.position}


@dataclass(frozen=True)
class Change:
    """A replacement as it is signed and kept beside the keys, with the numbers of both grants."""

    leaves: NamedOfficer
    comes: NamedOfficer
    at: datetime
    """Instant from which it holds, in whole seconds."""
    number: int
    signature: bytes


@dataclass(frozen=True)
class Office:
    """The place of somebody in one vote: its officers, if it has any, and whether they are one of them."""

    named: bool
    """Officers are named in the box; otherwise any two officials act."""
    held: NamedOfficer | None
    granted_by: frozenset[int] = frozenset()
    """Administrators by whom the officer's position was granted."""

    @property
    def may_act(self) -> bool:
        return not self.named or self.held is not None


def officers_of(parts: Mapping[str, Any]) -> list[NamedOfficer]:
    """Officers of a definition that this site wrote."""
    return [NamedOfficer(officer["grant"], officer["position"]) for officer in parts.get("officers", ())]


def now_in_office(named: Iterable[NamedOfficer], changes: Iterable[Change], now: datetime) -> list[NamedOfficer]:
    """Officers after the replacements that hold by now, in the order in which they were named."""
    officers = list(named)
    for change in changes:
        if change.at <= now and change.leaves in officers:
            officers[officers.index(change.leaves)] = change.comes
    return officers


def why_not_named(count: int, least: int) -> str | None:
    """`few` or `many` where so many officers do not run a vote."""
    if count < least:
        return "few"
    return "many" if count > MOST else None


def granted_one_another(first: Office, first_id: int, second: Office, second_id: int) -> bool:
    """True where one of two officers granted the position of the other."""
    return first_id in second.granted_by or second_id in first.granted_by
