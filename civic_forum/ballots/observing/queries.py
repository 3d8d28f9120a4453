"""A counted vote as observers see it, and objections to it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.accounts.models import User
from civic_forum.district import queries as district
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import language

from ..counting.rules import Cell
from ..models import BallotBox, EarlierResult, Head
from .models import Objection, ObserverAsk
from ..published import records
from ..published import heads as published_heads
from ..queries import asked
from .rules import Observer, Said, Statement, observers_of, said


@dataclass(frozen=True)
class Signed:
    """By what the record of a vote is checked."""

    heads: list[Head]
    """Signed heads of the log so far, oldest first."""
    record_kb: int | None
    """Thousands of bytes, rounded up; None where the file is missing."""
    observers: int
    """Named before the vote."""
    needed: int
    """The number of them who have to agree."""
    said: Said

    @property
    def key_fingerprint(self) -> str:
        """SHA-256 of the public key that signed it, in hex."""
        return sha256(self.heads[-1].public_key).hexdigest()

    @property
    def entries(self) -> int:
        """Lines of the public log."""
        return self.heads[-1].size


def observers(box: BallotBox) -> list[Observer]:
    """Observers named before the vote."""
    return observers_of(asked(box))


def ask_of(box_id: bytes, user_id: int) -> ObserverAsk | None:
    """The wish of this account to observe this vote."""
    return db.session.scalar(sa.select(ObserverAsk).filter_by(box_id=box_id, user_id=user_id))


def asks(box_id: bytes) -> list[ObserverAsk]:
    """Everybody who asked to observe a vote, the first one first."""
    return list(db.session.scalars(
        sa.select(ObserverAsk).filter_by(box_id=box_id).order_by(ObserverAsk.id).options(joinedload(ObserverAsk.user))))


def kept_about(user: User) -> list[dict[str, str]]:
    """Votes that somebody asked to observe, for their export."""
    asked = db.session.scalars(sa.select(ObserverAsk).filter_by(user_id=user.id).order_by(ObserverAsk.id))
    return [{"box": ask.box_id.hex(), "name": ask.name, "public_key": ask.public_key.hex(), "at": ask.at.isoformat()}
            for ask in asked]


def accounts(box: BallotBox) -> dict[bytes, set[int]]:
    """Accounts that asked under the very name and key of an observer, by key."""
    named, users = set(observers(box)), {}
    for ask in asks(box.id):
        if Observer(ask.name, ask.public_key) in named:
            users.setdefault(ask.public_key, set()).add(ask.user_id)
    return users


def of_account(box: BallotBox, user: User) -> list[Observer]:
    """Observers of a vote under whose name and key this account asked."""
    known = accounts(box)
    return [observer for observer in observers(box) if user.id in known.get(observer.key, ())]


def to_watch() -> list[BallotBox]:
    """Votes that are not published and still can be watched, the one that closes first on top. Rehearsals apart."""
    return list(db.session.scalars(sa.select(BallotBox).order_by(BallotBox.closes_at, BallotBox.id).where(
        BallotBox.rehearsal.is_(False), BallotBox.published_at.is_(None),
        BallotBox.opened_at.is_not(None) | (BallotBox.closes_at > clock.now()))))


def needed(box: BallotBox) -> int:
    """The number of observers who have to agree."""
    return asked(box)["signatures"]


def statements(box: BallotBox) -> list[Statement]:
    """Everything that was uploaded, in that order."""
    try:
        return [Statement.from_json(statement) for statement in json.loads(records.observed(box).read_bytes())]
    except FileNotFoundError:
        return []


def refusals(box: BallotBox) -> list[Statement]:
    """Statements that something is wrong, in the order of their upload."""
    return [statement for statement in statements(box) if not statement.agrees]


def counted(box: BallotBox) -> Said:
    """The number of them who agreed, and who refused, so far."""
    return said(statements(box))


def result_sha256(box: BallotBox) -> bytes:
    """SHA-256 of the result as it is signed."""
    return sha256(box.result.encode()).digest()


def earlier(box_id: bytes) -> list[EarlierResult]:
    """Signed results that were set back to before the count, in that order."""
    return list(db.session.scalars(sa.select(EarlierResult).filter_by(box_id=box_id).order_by(EarlierResult.number)))


def signed(box: BallotBox) -> Signed:
    """Of a box with at least one head; the file of its record is only measured."""
    file = records.public(box)
    return Signed(published_heads.of_box(box.id), -(-file.stat().st_size // 1000) if file.exists() else None,
                  len(observers(box)), needed(box), counted(box))


def cells(figures: Mapping[str, Any]) -> list[Cell]:
    """The turnout by neighbourhood as it was signed, in the language of the page; `figures`: result.json."""
    breakdown = figures.get("breakdown")
    if breakdown is None:
        return []
    names = {}
    for place in district.neighbourhoods(closed=True) if not language().is_korean else ():
        names |= place.names
    return [Cell(names.get(cell["name"], cell["name"]), cell["roll"], cell.get("voted")) for cell in breakdown["cells"]]


MOST_SHOWN = 200


def by_id(box_id: bytes, objection_id: int, *, lock: bool = False) -> Objection | None:
    query = sa.select(Objection).filter_by(box_id=box_id, id=objection_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(query)


def of_box(box_id: bytes) -> list[Objection]:
    """In the order in which they were lodged; for those who answer them."""
    return list(db.session.scalars(sa.select(Objection).filter_by(box_id=box_id).options(joinedload(Objection.by))
                                   .order_by(Objection.id).limit(MOST_SHOWN)))


def public(box: BallotBox) -> list[Objection]:
    """Objections that everybody sees: none before the close. A withheld one shows its reason instead of its words."""
    return of_box(box.id) if box.closed_at is not None else []


def own(box_id: bytes, user_id: int) -> list[Objection]:
    return list(db.session.scalars(sa.select(Objection).filter_by(box_id=box_id, by_id=user_id)
                                   .order_by(Objection.id).limit(MOST_SHOWN)))


def number_of(box_id: bytes, user_id: int) -> int:
    """The number that somebody has lodged."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Objection)
                             .filter_by(box_id=box_id, by_id=user_id)) or 0


def objections_kept_about(user) -> list[dict]:
    """For the download of one's own data."""
    rows = db.session.scalars(sa.select(Objection).filter_by(by_id=user.id).order_by(Objection.id))
    return [{"lodged_at": objection.lodged_at.isoformat(), "title": objection.title, "text": objection.text,
             "answer": objection.answer, "leaf": objection.leaf_number} for objection in rows]
