"""What an attacker has who never sees the keys directory: dumps, logs and backups of each day, the observers'
record, and what somebody knows who watched the whole town vote."""

from dataclasses import dataclass, field
from functools import cached_property


@dataclass
class Voter:
    """What the attacker saw with their own eyes: who voted how often, on which days, in which order."""

    user_id: int
    position: int
    """Of the last ballot among all that were cast."""
    days: list[int]
    """On which day each of their ballots was cast."""

    @property
    def ballots(self) -> int:
        return len(self.days)


@dataclass
class Ballot:
    """A live ballot of the record, in the edition with choices."""

    leaf: int
    hash: bytes
    tag: bytes
    n1: bytes
    n2: bytes
    choice: bytes
    ballots: int
    """How many were cast under this tag: its last revision."""
    at: str = ""
    """The record tells no time; a leaking one would."""


@dataclass
class Day:
    """The backup of one evening, and what was logged that day."""

    backup: bytes
    """Every file of the backup, one after another, as it lies on the disk."""
    tables: dict[str, list[dict]]
    """Every table as it was dumped, in the order of the dump."""
    log: str


@dataclass
class Row:
    """What the tables of the box tell of one participation."""

    row_key: bytes
    channel: str
    casts: list[dict]
    """In order of revision."""
    offset: int
    """Where the last cast lies in the backup."""
    days: list[int]
    """On which day each cast first showed in a backup."""


@dataclass
class Material:
    days: list[Day]
    """Evenings before the close."""
    voters: list[Voter]
    """Those whose ballot counts and was cast online or at a kiosk."""
    ballots: list[Ballot]
    heads: list[int]
    """Sizes of the signed heads of the record."""
    files: dict[str, bytes] = field(default_factory=dict)
    """The members of the observers' record."""

    @cached_property
    def rows(self) -> list[Row]:
        """The live participations of the last evening, in the order of the dump."""
        last = self.days[-1]
        casts: dict[bytes, list[dict]] = {}
        for cast in last.tables["ballot_cast"]:
            casts.setdefault(cast["row_key"], []).append(cast)
        seen = self._first_seen()
        found = []
        for participation in last.tables["participation"]:
            if not participation["channel"].startswith("paper"):
                own = sorted(casts[participation["row_key"]], key=lambda cast: cast["revision"])
                found.append(Row(participation["row_key"], participation["channel"], own,
                                 self.offset(own[-1]["cast_id"]), [seen[cast["cast_id"]] for cast in own]))
        return found

    def offset(self, value: bytes) -> int:
        """Where a value lies in the last backup, raw or in hexadecimal as dumps write it."""
        backup = self.days[-1].backup
        raw = backup.find(value)
        return raw if raw >= 0 else backup.find(value.hex().encode())

    def _first_seen(self) -> dict[bytes, int]:
        seen: dict[bytes, int] = {}
        for number, day in enumerate(self.days):
            for cast in day.tables["ballot_cast"]:
                seen.setdefault(cast["cast_id"], number)
        return seen


Truth = dict[int, int]
"""user id → leaf number of the ballot that counts."""
