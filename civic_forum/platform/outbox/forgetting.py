"""Removal from the outbox: of who leaves, and what is old."""

from datetime import timedelta

import sqlalchemy as sa

from .. import clock
from ..carriers import files
from ..work import use_case
from .letters import OutgoingMail


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
