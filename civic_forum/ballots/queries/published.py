"""What everybody sees of a published vote, whatever it is about: by what its record is checked, who took part where."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from civic_forum.district.models import Neighbourhood
from civic_forum.kernel.base import db
from civic_forum.kernel.i18n import Language, language

from .. import heads, records
from ..models import BallotBox, Head


@dataclass(frozen=True)
class Signed:
    """By what the record of a vote is checked."""

    heads: list[Head]
    """What was signed of the log so far, oldest first."""
    record_kb: int | None
    """Thousands of bytes, rounded up; None where the file is missing."""

    @property
    def key_fingerprint(self) -> str:
        """SHA-256 of the public key that signed it, in hex."""
        return sha256(self.heads[-1].public_key).hexdigest()

    @property
    def entries(self) -> int:
        """Lines of the public log."""
        return self.heads[-1].size


@dataclass(frozen=True)
class Cell:
    """The turnout of one neighbourhood; `voted` is None where it is hidden."""

    name: str
    roll: int
    voted: int | None


def signed(box: BallotBox) -> Signed:
    """Of a box with at least one head; the file of its record is only measured."""
    file = records.public(box)
    return Signed(heads.of_box(box.id), -(-file.stat().st_size // 1000) if file.exists() else None)


def cells(figures: Mapping[str, Any]) -> list[Cell]:
    """The turnout by neighbourhood as it was signed, in the language of the page; `figures`: result.json of the record."""
    breakdown = figures.get("breakdown")
    if breakdown is None:
        return []
    names = {}
    if language() is Language.EN:
        names = dict(db.session.execute(sa.select(Neighbourhood.name_ko, Neighbourhood.name_en)).all())
    return [Cell(names.get(cell["name"], cell["name"]), cell["roll"], cell.get("voted")) for cell in breakdown["cells"]]
