"""Outgoing letters, as rows written in the same transaction as their reason."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from .. import clock, plain_text
from ..base import Key, db, enum_of

MOST_SUBJECT = 200


class Carrier(StrEnum):
    MAIL = "mail"
    SMS = "sms"


@dataclass(frozen=True, slots=True)
class Letter:
    """An outgoing letter. `unsubscribe` is the address that ends this kind of mail by one click; `tells` is for whoever
    writes the same letter again as things stand later (`REWRITTEN`)."""

    to: str
    subject: str
    body: str
    kind: str
    user_id: int | None = None
    unsubscribe: str | None = None
    carrier: Carrier = Carrier.MAIL
    tells: tuple[int, ...] = ()


class OutgoingMail(db.Model):
    """One letter or short message; the text is emptied once it has left."""

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        sa.Index("ix_outgoing_mail_due", "due_at", sqlite_where=sa.text("sent_at IS NULL"),
                 postgresql_where=sa.text("sent_at IS NULL")),
        sa.Index("ix_outgoing_mail_refused", "user_id", "refused_at", sqlite_where=sa.text("refused_at IS NOT NULL"),
                 postgresql_where=sa.text("refused_at IS NOT NULL")),
    )

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(sa.String(60))
    carrier: Mapped[Carrier] = mapped_column(enum_of(Carrier, "carrier"), default=Carrier.MAIL)
    user_id: Mapped[int | None] = mapped_column(index=True)
    recipient: Mapped[str] = mapped_column(sa.String(254))
    """An address, or the number of a telephone."""
    subject: Mapped[str] = mapped_column(sa.String(MOST_SUBJECT))
    body: Mapped[str] = mapped_column(sa.Text)
    unsubscribe: Mapped[str | None] = mapped_column(sa.String(500))
    tells: Mapped[list | None] = mapped_column(sa.JSON(none_as_null=True))
    """Ids of what it tells, for whoever writes it again."""
    created_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(index=True)
    refused_at: Mapped[datetime | None]
    """Given up because the server does not take it for this address, while it takes others."""
    refusal: Mapped[str | None] = mapped_column(sa.String(40))
    """The server's code (`550 5.1.1`), never its words."""


def post(*, to: str, subject: str, body: str, kind: str, user_id: int | None = None) -> None:
    """Write a letter into the caller's transaction; a job delivers it. A subject is one line, whatever it quotes."""
    db.session.add(OutgoingMail(**_row(Letter(to, subject, body, kind, user_id), clock.now())))


def post_all(session, letters: Iterable[Letter]) -> int:
    """Many at once, into the caller's transaction; returns how many."""
    now = clock.now()
    rows = [_row(letter, now) for letter in letters]
    if rows:
        session.execute(sa.insert(OutgoingMail.__table__), rows)
    return len(rows)


def one_line(subject: str) -> str:
    return plain_text.beginning(plain_text.clean(subject), MOST_SUBJECT)


def _row(letter: Letter, now: datetime) -> dict[str, object]:
    return {"kind": letter.kind, "carrier": letter.carrier, "user_id": letter.user_id, "recipient": letter.to,
            "subject": one_line(letter.subject), "body": letter.body,
            "unsubscribe": letter.unsubscribe, "tells": list(letter.tells) or None, "created_at": now,
            "due_at": now, "tries": 0}


HELD: dict[str, Callable[[datetime], "sa.ColumnElement[bool] | None"]] = {}
"""Name → function(now) → the condition of letters that wait though they are due, or None."""
REWRITTEN: dict[str, Callable[[list[int]], Letter | None]] = {}
"""Beginning of kinds of letters → function(ids of what one tells) → the letter as things stand now, or None where
nothing of it may leave any more."""
