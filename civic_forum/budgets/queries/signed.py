"""By what the record of a published envelope is checked."""

from dataclasses import dataclass
from hashlib import sha256

from civic_forum.ballots import heads as box_heads
from civic_forum.ballots import records as record_files
from civic_forum.ballots.models import BallotBox, Head


@dataclass(frozen=True)
class Signed:
    """By what the record of an envelope is checked."""

    heads: list[Head]
    record_kb: int | None
    """Thousands of bytes, rounded up; None where the file is missing."""

    @property
    def key_fingerprint(self) -> str:
        """SHA-256 of the public key that signed it, in hex."""
        return sha256(self.heads[-1].public_key).hexdigest()

    @property
    def entries(self) -> int:
        return self.heads[-1].size


def signed(box: BallotBox) -> Signed:
    file = record_files.public(box)
    return Signed(box_heads.of_box(box.id), -(-file.stat().st_size // 1000) if file.exists() else None)
