"""Mail and short messages leave through a row written in the same transaction as its reason."""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from enum import StrEnum
from typing import NamedTuple

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Mapped, mapped_column

from . import clock, plain_text
from .base import Key, db, enum_of, is_sqlite, partial_index
from .carriers import AWAY, Carriers, TurnedAway, files, opened
from .mail_server import Policy
from .site_version import quiet
from .work import unlogged_transaction, use_case


# Outgoing letters, as rows written in the same transaction as their reason


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
        partial_index("ix_outgoing_mail_due", "due_at", where="sent_at IS NULL"),
        partial_index("ix_outgoing_mail_refused", "user_id", "refused_at", where="refused_at IS NOT NULL"))

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


quiet(OutgoingMail)


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
            "subject": one_line(letter.subject), "body": letter.body, "unsubscribe": letter.unsubscribe,
            "tells": list(letter.tells) or None, "created_at": now, "due_at": now, "tries": 0}


HELD: dict[str, Callable[[datetime], "sa.ColumnElement[bool] | None"]] = {}
"""Name → function(now) → the condition of letters that wait though they are due, or None."""
REWRITTEN: dict[str, Callable[[list[int]], Letter | None]] = {}
"""Beginning of kinds of letters → function(ids of what one tells) → the letter as things stand now, or None where
nothing of it may leave any more."""


# A row of the outbox as a letter or a short message that a carrier takes


def leaving(mail: OutgoingMail) -> Callable[[Carriers], None]:
    """Function that gives it to its carrier once the row is let go. Raises TurnedAway for an address that is none."""
    return (_letter if mail.carrier is Carrier.MAIL else _short_message)(mail)


def _letter(mail: OutgoingMail) -> Callable[[Carriers], None]:
    message, user_id = message_of(mail), mail.user_id
    return lambda carriers: carriers.mail(message, user_id)


def _short_message(mail: OutgoingMail) -> Callable[[Carriers], None]:
    number, text, message_id, user_id = mail.recipient, mail.body, _id(mail), mail.user_id
    return lambda carriers: carriers.short_message(number, text, message_id, user_id)


def _id(mail: OutgoingMail) -> str:
    """The same however often it leaves."""
    return f"{mail.created_at:%Y%m%d%H%M%S%f}.{mail.id}@civic-forum.invalid"


def message_of(mail: OutgoingMail) -> EmailMessage:
    """Raises TurnedAway, for good, for an address that is none."""
    message = EmailMessage(policy=Policy())
    try:
        message["From"] = current_app.config["MAIL_FROM"]
        message["To"] = Address(addr_spec=mail.recipient)
        message["Subject"] = mail.subject.replace("=?", "= ?")  # else words that somebody typed are decoded
        message["Date"] = format_datetime(mail.created_at)
        message["Message-ID"] = f"<{_id(mail)}>"
        message["Auto-Submitted"] = "auto-generated"
        if mail.unsubscribe:
            message["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(mail.body)
    except (MessageError, ValueError, IndexError) as wrong:  # how `email` refuses an address
        raise TurnedAway(type(wrong).__name__, for_good=True) from wrong
    return message


# What the outbox knows of its carriers


IN_FLIGHT = timedelta(minutes=1)
"""So long after its first try a letter may still be on its way."""

class Standing(NamedTuple):
    """Letters of a carrier; None for moments that the outbox does not know."""

    sent_at: datetime | None
    """At which the last one left."""
    failed_at: datetime | None
    """At which one that still waits was tried in vain, at the latest."""
    waiting: int
    refused_at: datetime | None
    """At which the last one was given up for its address."""


def standing(carrier: Carrier) -> Standing:
    mail, unsent = OutgoingMail, (OutgoingMail.carrier == carrier, OutgoingMail.sent_at.is_(None))
    waiting, refused_at = db.session.execute(sa.select(sa.func.count(mail.due_at), sa.func.max(mail.refused_at))
                                             .where(*unsent)).one()
    tried = db.session.execute(sa.select(mail.due_at, mail.tries).where(
        *unsent, mail.due_at.is_not(None), mail.tries > 0).order_by(mail.id.desc()).limit(BATCH))
    tried_at = [(due_at - LEASE * 2 ** (tries - 1), tries) for due_at, tries in tried]
    in_vain = (at for at, tries in tried_at if tries > 1 or at < clock.now() - IN_FLIGHT)
    sent_at = db.session.scalar(sa.select(sa.func.max(mail.sent_at)).where(mail.carrier == carrier))
    return Standing(sent_at, max(in_vain, default=None), waiting, refused_at)


# The job that sends what is due


log = logging.getLogger(__name__)
TRIES = 11
BATCH = 50
"""Letters that a worker takes at a time."""
LEASE = timedelta(minutes=5)
"""How long a letter belongs to the worker that took it; doubled with each try, so it is given up after three days."""
OWNED_S = LEASE.total_seconds() / 2
"""After so long a worker gives back what it has not sent yet: well before another one may take it."""
FRESH = LEASE
"""A letter that waited longer than this is written again before it leaves: what it quotes may be hidden since, and who
was to read it may not be the one to be told any more."""
RUN_S = 40
"""How long a job of each minute goes on sending."""


def deliver_due() -> int:
    """Send what is due, oldest first, until nothing is, the server is away, or the next run begins.

    Returns how many left. A failing letter waits longer each time. No page shows any of it, so the pages that are kept
    for visitors stay.
    """
    began, sent = time.monotonic(), 0
    with opened() as carriers:
        while time.monotonic() - began < RUN_S:
            left, goes_on = _deliver(carriers)
            sent += left
            if not goes_on:
                break
    return sent


def _deliver(carriers: Carriers) -> tuple[int, bool]:
    """A batch: how many left, and whether there may be more to do.

    Only a worker that dies between the server's word and noting it makes a letter leave twice, with the same
    Message-ID. A server that is away costs the letter at hand one try; the others wait as they were.
    """
    taken, began, sent = _taken(), time.monotonic(), 0
    for place, mail_id in enumerate(taken):
        if time.monotonic() - began > OWNED_S:
            _give_back(taken[place:])
            break
        try:
            sent += _sent(mail_id, carriers)
        except TurnedAway as refusal:
            log.warning("mail %s was turned away: %s", mail_id, refusal.code)
            _note_refusal(mail_id, refusal)
        except AWAY as trouble:
            log.warning("mail %s did not leave: %s", mail_id, type(trouble).__name__)
            _give_back(taken[place + 1:])
            return sent, False
    return sent, len(taken) == BATCH


def _sent(mail_id: int, carriers: Carriers) -> bool:
    mail = db.session.get(OutgoingMail, mail_id)
    if mail is not None and mail.tells and clock.now() - mail.created_at > FRESH:
        mail = _written_again(mail)
    if mail is None:
        return False  # its reader has left meanwhile, or is not to be told any more
    leaves = leaving(mail)
    db.session.rollback()
    leaves(carriers)
    with unlogged_transaction() as session:
        if mail := session.get(OutgoingMail, mail_id):
            mail.sent_at, mail.due_at, mail.recipient = clock.now(), None, ""
            _empty(mail)
    return True


def _written_again(mail: OutgoingMail) -> OutgoingMail | None:
    """The same row with what may be told now; gone where that is nothing."""
    mail_id, told = mail.id, list(mail.tells)
    write = next(rewrite for begins, rewrite in REWRITTEN.items() if mail.kind.startswith(begins))
    db.session.rollback()
    letter = write(told)
    db.session.rollback()
    with unlogged_transaction() as session:
        mail = session.get(OutgoingMail, mail_id)
        if mail is not None and letter is None:
            session.delete(mail)
        elif mail is not None:
            mail.recipient, mail.subject, mail.body = letter.to, one_line(letter.subject), letter.body
            mail.unsubscribe = letter.unsubscribe
    return db.session.get(OutgoingMail, mail_id)


def _empty(mail: OutgoingMail) -> None:
    mail.body, mail.unsubscribe, mail.tells = "", None, None


def _note_refusal(mail_id: int, refusal: TurnedAway) -> None:
    """A letter that is refused for good, or was refused as often as it is tried, is given up."""
    with unlogged_transaction() as session:
        mail = session.get(OutgoingMail, mail_id)
        if mail is not None and (refusal.for_good or mail.due_at is None):
            mail.due_at = None
            _empty(mail)
            if refusal.by_address:
                mail.refused_at, mail.refusal = clock.now(), refusal.code


def _taken() -> list[int]:
    """Ids of due letters, leased so that no other worker sends them meanwhile. Nothing is written where none is due."""
    due = sa.select(OutgoingMail).where(OutgoingMail.sent_at.is_(None), OutgoingMail.due_at <= clock.now(),
                                        *_not_held()).order_by(OutgoingMail.due_at).limit(BATCH)
    if db.session.scalar(due.with_only_columns(OutgoingMail.id).limit(1)) is None:
        db.session.rollback()
        return []
    with unlogged_transaction() as session:
        if not is_sqlite():
            due = due.with_for_update(skip_locked=True)
        mails, now = list(session.scalars(due)), clock.now()
        for mail in mails:
            mail.tries += 1
            mail.due_at = now + LEASE * 2 ** (mail.tries - 1) if mail.tries < TRIES else None
        return [mail.id for mail in mails]


def _not_held() -> list[sa.ColumnElement[bool]]:
    held = (which(clock.now()) for which in HELD.values())
    return [sa.not_(condition) for condition in held if condition is not None]


def _give_back(mail_ids: list[int]) -> None:
    """Give back what was taken and not tried: it is due as it was."""
    if mail_ids:
        with unlogged_transaction() as session:
            session.execute(sa.update(OutgoingMail).where(OutgoingMail.id.in_(mail_ids)).values(
                tries=OutgoingMail.tries - 1, due_at=clock.now()))


# Removal from the outbox: of who leaves, and what is old


def forgive(session, user_id: int) -> None:
    """Forget what was refused: the address was proven again."""
    session.execute(sa.update(OutgoingMail).where(OutgoingMail.user_id == user_id, OutgoingMail.refused_at.is_not(None))
                    .values(refused_at=None, refusal=None).execution_options(synchronize_session=False))


def forget(session, user_id: int, addresses: set[str]) -> None:
    """Delete what was sent or waits for somebody who leaves, inside the caller's transaction."""
    session.execute(sa.delete(OutgoingMail).where(sa.or_(
        OutgoingMail.user_id == user_id, OutgoingMail.recipient.in_(addresses))))


def forget_files(user_id: int) -> None:
    """Delete the files written for somebody who has left."""
    for path in files(f"*-{user_id}-*"):
        path.unlink(missing_ok=True)


def throw_away(days: int) -> int:
    """Delete letters older than so many days, sent or given up, and their files; returns how many rows."""
    before = clock.now() - timedelta(days=days)
    with use_case(None) as work:
        gone = work.session.execute(sa.delete(OutgoingMail).where(
            OutgoingMail.created_at < before, OutgoingMail.due_at.is_(None))).rowcount
    for path in files():
        if path.stat().st_mtime < (before - timedelta(seconds=clock.offset_seconds())).timestamp():
            path.unlink(missing_ok=True)
    return gone
