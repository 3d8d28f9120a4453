"""Draws, who stands in their lists, values that officials typed, who left, and statements of observers.

No row joins an application to its number without the keys: the number is sealed, and its salt is stored nowhere."""

from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_forum.accounts.models import User
from civic_forum.ballots.rules.log import parse_canonical
from civic_forum.calls.models import Call
from civic_forum.platform.base import Key, db, enum_of, partial_index, ref

from .rules.filling import Reason
from .rules.lots import lottery_from


@lru_cache(maxsize=8)
def cells_in(list_text: str) -> dict[int, str]:
    """Number → cell; nobody changes it."""
    return {int(number): cell for number, _mark, cell in map(str.split, list_text.splitlines())}


class Draw(db.Model):
    """A lot that anyone can draw again."""

    __tablename__ = "public_draw"
    __table_args__ = (sa.UniqueConstraint("call_id", "attempt"),)

    id: Mapped[Key]
    call_id: Mapped[int] = ref("call.id", index=False)
    attempt: Mapped[int]
    key_id: Mapped[int]
    """Master key from which the salts are derived."""
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = ref("user.id", index=False)
    cells: Mapped[list] = mapped_column(sa.JSON)
    lots: Mapped[list] = mapped_column(sa.JSON)
    """Both as the definition has them."""
    counts: Mapped[dict] = mapped_column(sa.JSON)
    list_text: Mapped[str] = mapped_column(sa.Text)
    """`list.txt`."""
    observers: Mapped[list] = mapped_column(sa.JSON, default=list)
    """Public name and key each."""
    definition: Mapped[str | None] = mapped_column(sa.Text)
    """Canonical JSON, from the commit on."""
    committed_at: Mapped[datetime | None]
    signatures: Mapped[dict] = mapped_column(sa.JSON, default=dict)
    """Of the site, in hex: `key`, `commit`, `result`."""
    chance: Mapped[dict | None] = mapped_column(sa.JSON(none_as_null=True))
    result: Mapped[str | None] = mapped_column(sa.Text)
    """Canonical JSON, from the first values that two agree on."""
    drawn_at: Mapped[datetime | None]
    late_at: Mapped[datetime | None]
    """Moment at which two stated that nobody has the round of the beacon."""
    ended_at: Mapped[datetime | None]
    """Withdrawn before the lottery, or void afterwards."""
    end_reason: Mapped[str | None] = mapped_column(sa.String(500))
    """Also while a second person is to confirm it; of a void one with the number of the decision from outside."""

    call: Mapped[Call] = relationship()

    @property
    def cell_of(self) -> dict[int, str]:
        """Number → cell."""
        return cells_in(self.list_text)

    @property
    def is_tie(self) -> bool:
        """True where the lot puts equal points in order."""
        return self.call.has_scores

    @property
    def lottery(self) -> int:
        """Number of the lottery that counts: the one of the definition, or after a beacon that failed the next."""
        return lottery_from(self.late_at) if self.late_at else int(self.known["lottery"])

    @property
    def known(self) -> Any:
        """The definition as it was committed."""
        return parse_canonical((self.definition or "").encode())

    @property
    def drawn(self) -> Any:
        """Places that stay empty and numbers, of each lot; nothing before the values are known."""
        return parse_canonical(self.result.encode()) if self.result else []

    @property
    def commit(self) -> bytes:
        return sha256((self.definition or "").encode()).digest()


class DrawPerson(db.Model):
    """An application in the list of a draw; under which number is sealed."""

    __tablename__ = "draw_person"

    draw_id: Mapped[int] = ref("public_draw.id", primary_key=True, index=False)
    application_id: Mapped[int] = ref("call_application.id", primary_key=True)
    number_sealed: Mapped[bytes]
    leaving: Mapped[Reason | None] = mapped_column(enum_of(Reason, "leaving"))
    """Reason for which it is to be passed over, as one official says."""
    leaves_at: Mapped[datetime | None]
    """The moment from which on it is, once a second person confirmed."""


class DrawEntry(db.Model):
    """Values that an official typed: of two who agree the last count."""

    __tablename__ = "draw_entry"

    id: Mapped[Key]
    draw_id: Mapped[int] = ref("public_draw.id")
    by_id: Mapped[int] = ref("user.id", index=False)
    at: Mapped[datetime]
    figures: Mapped[str] = mapped_column(sa.String(200))
    """Canonical JSON of the lottery."""
    signature: Mapped[str] = mapped_column(sa.String(96))
    """Of the beacon, in hex."""
    agrees: Mapped[bool] = mapped_column(default=False)
    """With what another official had typed before, unseen."""

    by: Mapped[User] = relationship()


class DrawPassed(db.Model):
    """An entry of `passed.json`."""

    __tablename__ = "draw_passed"
    __table_args__ = (partial_index("ix_draw_passed_once", "draw_id", "number", where="restored_at IS NULL",
                                    unique=True),)

    draw_id: Mapped[int] = ref("public_draw.id", primary_key=True, index=False)
    position: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    reason: Mapped[Reason] = mapped_column(enum_of(Reason, "reason"))
    at: Mapped[datetime]
    restored_at: Mapped[datetime | None]
    restored_signature: Mapped[str | None] = mapped_column(sa.String(128))
    signature: Mapped[str] = mapped_column(sa.String(128))


class DrawObserved(db.Model):
    """Statement of an observer on the list, signed before the lottery."""

    __tablename__ = "draw_observed"

    draw_id: Mapped[int] = ref("public_draw.id", primary_key=True, index=False)
    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    agrees: Mapped[bool]
    text: Mapped[str] = mapped_column(sa.String(1_000))
    signature: Mapped[str] = mapped_column(sa.String(128))
    at: Mapped[datetime]
