"""Material of an attacker without any key: files, write-ahead log, copy and log of each evening, the ledger, both
editions of the record, and what somebody knows who watched the whole town vote and knows whose row is whose."""

from dataclasses import dataclass, field
from functools import cached_property

FIRST = 4
"""Bytes at the beginning that PostgreSQL leaves out of its log where those before them were there, and these alike."""
Truth = dict[int, int]
"""user id → leaf number of the ballot that counts; of a paper -1 - its place in the batch."""


@dataclass
class Voter:
    """Somebody who took part, as the attacker knows them before looking at the record."""

    user_id: int
    row_key: bytes
    casts: list[int]
    """Places of their ballots among all that were cast online and at kiosks."""
    channel: int
    paper: int = 0
    """Number of their paper."""


@dataclass
class Ballot:
    """A live ballot of the observers' edition."""

    leaf: int
    hash: bytes
    mark: bytes
    commitment: bytes
    token: bytes
    mine: bytes
    n: bytes
    choice: bytes
    told: str = ""
    """The rest of the line of a ballot; the format knows nothing more."""
    at: str = ""
    """The record tells no time of a ballot; a leaking one would."""

    @property
    def values(self) -> tuple[bytes, ...]:
        return self.hash, self.mark, self.commitment, self.token, self.mine, self.n


@dataclass
class Day:
    """The remains of one evening."""

    tables: dict[str, list[dict]]
    """Of the copy, in its order."""
    files: bytes
    """The database as it lies on the disk."""
    wal: bytes
    """All that was written ahead since the evening before."""
    log: str
    size: int
    """Of the copy of SQLite's file; 0 elsewhere, where copies are compressed."""


@dataclass
class Sealed:
    """A row of a voter, or a promise: where it lies and what it holds."""

    sealed: bytes
    in_files: int
    in_wal: int
    channel: int = 0
    evening: int = 0
    """On which one it first was what it is."""


@dataclass
class Material:
    """Everything; `box` is the definition that all can read."""

    days: list[Day]
    voters: list[Voter]
    ballots: list[Ballot]
    papers: list[bytes]
    """Choices of the batch of papers, in the record's order."""
    ledger: list[tuple[bytes, int, bytes]]
    """Row key, revision and name of a promise of each line."""
    fingerprint: bytes
    public: dict[str, bytes] = field(default_factory=dict)
    """32 bytes each that everybody knows."""
    box_id: bytes = b""

    @cached_property
    def rows(self) -> dict[bytes, Sealed]:
        """Row key → row of the last evening."""
        return self._sealed("voter", "row_key")

    @cached_property
    def promises(self) -> dict[bytes, Sealed]:
        """Name → promise of the last evening."""
        return self._sealed("promise", "name")

    @cached_property
    def last_lines(self) -> dict[bytes, tuple[int, bytes]]:
        """Row key → number of its last line in the ledger and the promise named there."""
        return {row_key: (number, name) for number, (row_key, _revision, name) in enumerate(self.ledger)}

    def promise_of(self, voter: Voter) -> Sealed:
        return self.promises[self.last_lines[voter.row_key][1]]

    def choice_at(self, leaf: int) -> bytes | None:
        """The choice of the ballot at this leaf, or of the paper at this place."""
        if leaf < 0:
            return self.papers[-1 - leaf]
        return next((ballot.choice for ballot in self.ballots if ballot.leaf == leaf), None)

    def _sealed(self, table: str, name: str) -> dict[bytes, Sealed]:
        files, wal = self.days[-1].files, b"".join(day.wal for day in self.days)
        evenings: dict[bytes, int] = {}
        for number, day in enumerate(self.days):
            for row in day.tables[table]:
                evenings.setdefault(row["sealed"], number)
        return {row[name]: Sealed(row["sealed"], files.find(row["sealed"]), wal.find(row["sealed"][FIRST:]),
                                  row.get("channel", 0), evenings[row["sealed"]])
                for row in self.days[-1].tables[table]}
