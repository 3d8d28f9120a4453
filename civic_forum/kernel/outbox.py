"""Mail leaves through a row written in the same transaction as its reason."""

import logging
import os
import smtplib
from datetime import datetime, timedelta
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Mapped, mapped_column

from . import clock, plain_text
from .base import Key, db, is_sqlite
from .work import use_case

log = logging.getLogger(__name__)
MOST_SUBJECT = 200
TRIES = 11
TROUBLE = (OSError, smtplib.SMTPException, MessageError, ValueError, IndexError)
"""Why a letter may not leave; the last three are how `email` refuses an address."""
LEASE = timedelta(minutes=5)
"""How long a letter belongs to the worker that took it; doubled with each try, so it is given up after three days."""


class OutgoingMail(db.Model):
    """One letter; the text is emptied once it has left."""

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        sa.Index("ix_outgoing_mail_due", "due_at", sqlite_where=sa.text("sent_at IS NULL"),
                 postgresql_where=sa.text("sent_at IS NULL")),
    )

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(sa.String(60))
    user_id: Mapped[int | None] = mapped_column(index=True)
    recipient: Mapped[str] = mapped_column(sa.String(254))
    subject: Mapped[str] = mapped_column(sa.String(MOST_SUBJECT))
    body: Mapped[str] = mapped_column(sa.Text)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(index=True)


def post(*, to: str, subject: str, body: str, kind: str, user_id: int | None = None) -> None:
    """Write a letter into the caller's transaction; a job delivers it. A subject is one line, whatever it quotes."""
    now, subject = clock.now(), plain_text.clean(subject)[:MOST_SUBJECT]
    db.session.add(OutgoingMail(kind=kind, user_id=user_id, recipient=to, subject=subject, body=body,
                                created_at=now, due_at=now))


def deliver_due(limit: int = 50) -> int:
    """Send what is due, oldest first; returns how many left. A failing letter waits longer each time.

    Only a worker that dies between sending and noting it makes a letter leave twice, with the same Message-ID.
    """
    sent = 0
    for mail_id in _taken(limit):
        mail = db.session.get(OutgoingMail, mail_id)
        if mail is None:
            continue  # its reader has left meanwhile
        try:
            message, user_id = _message(mail), mail.user_id
            db.session.rollback()
            _send(message, user_id)
        except TROUBLE as trouble:
            log.warning("mail %s did not leave: %s", mail_id, type(trouble).__name__)
            continue
        with use_case(None):
            if mail := db.session.get(OutgoingMail, mail_id):
                mail.sent_at, mail.due_at, mail.body, mail.recipient = clock.now(), None, "", ""
            sent += 1
    return sent


def _taken(limit: int) -> list[int]:
    """Ids of due letters, leased so that no other worker sends them meanwhile. Nothing is written where none is due."""
    due = sa.select(OutgoingMail).where(
        OutgoingMail.sent_at.is_(None), OutgoingMail.due_at <= clock.now()).order_by(OutgoingMail.due_at).limit(limit)
    if db.session.scalar(due.with_only_columns(OutgoingMail.id).limit(1)) is None:
        db.session.rollback()
        return []
    with use_case(None) as work:
        if not is_sqlite():
            due = due.with_for_update(skip_locked=True)
        mails = list(db.session.scalars(due))
        for mail in mails:
            mail.tries += 1
            mail.due_at = work.at + LEASE * 2 ** (mail.tries - 1) if mail.tries < TRIES else None
        return [mail.id for mail in mails]


def _message(mail: OutgoingMail) -> EmailMessage:
    message = EmailMessage()
    message["From"] = current_app.config["MAIL_FROM"]
    message["To"] = Address(addr_spec=mail.recipient)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = f"<{mail.created_at:%Y%m%d%H%M%S%f}.{mail.id}@civic-forum.invalid>"
    message.set_content(mail.body)
    return message


def _folder() -> Path:
    return Path(current_app.config["DATA"]) / "mail"


def _send(message: EmailMessage, user_id: int | None) -> None:
    address = current_app.config["SMTP_URL"]
    if not address:
        _write(bytes(message), f"{clock.now():%Y%m%dT%H%M%S}-{user_id or 0}-{uuid4().hex[:8]}.eml")
        return
    url = urlsplit(address)
    kind = smtplib.SMTP_SSL if url.scheme == "smtps" else smtplib.SMTP
    with kind(url.hostname, url.port or 25, timeout=20) as server:
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        server.send_message(message)


def _write(letter: bytes, name: str) -> None:
    """A file that is there only when it is whole, and only for its owner."""
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = _folder() / f".{name}"
    try:
        with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(letter)
        os.replace(fresh, _folder() / name)
    finally:
        fresh.unlink(missing_ok=True)


def forget(session, user_id: int, addresses: set[str]) -> None:
    """Delete what was sent or waits for somebody who leaves, inside the caller's transaction."""
    session.execute(sa.delete(OutgoingMail).where(sa.or_(
        OutgoingMail.user_id == user_id, OutgoingMail.recipient.in_(addresses))))


def forget_files(user_id: int) -> None:
    """Delete the .eml files written for somebody who has left."""
    for path in _folder().glob(f"*-{user_id}-*.eml"):
        path.unlink(missing_ok=True)


def throw_away(days: int) -> int:
    """Delete letters older than so many days, sent or given up, and their files; returns how many rows."""
    before = clock.now() - timedelta(days=days)
    with use_case(None) as work:
        gone = work.session.execute(sa.delete(OutgoingMail).where(
            OutgoingMail.created_at < before, OutgoingMail.due_at.is_(None))).rowcount
    for path in _folder().glob("*.eml"):
        if path.stat().st_mtime < (before - timedelta(seconds=clock.offset_seconds())).timestamp():
            path.unlink(missing_ok=True)
    return gone
