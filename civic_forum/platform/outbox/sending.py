"""The job that sends what is due."""

import logging
import time
from datetime import timedelta

import sqlalchemy as sa

from .. import clock
from ..base import db, is_sqlite
from ..carriers import AWAY, Carriers, TurnedAway, opened
from ..work import unlogged_transaction
from .envelopes import leaving
from .letters import HELD, REWRITTEN, OutgoingMail, one_line

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
    write = next(one for begins, one in REWRITTEN.items() if mail.kind.startswith(begins))
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
    due = sa.select(OutgoingMail).where(
        OutgoingMail.sent_at.is_(None), OutgoingMail.due_at <= clock.now(), *_not_held()).order_by(
        OutgoingMail.due_at).limit(BATCH)
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
