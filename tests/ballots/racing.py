"""Many at once: threads that start together, a watcher of every snapshot, a box that closes in a moment."""

import threading
import time
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.ballots import keyring
from civic_forum.ballots.models import BallotBox, Cast, Participation
from civic_forum.ballots.queries import casts
from civic_forum.ballots.rules.boxes import Channel
from civic_forum.ballots.rules.receipts import Receipt
from civic_forum.ballots.rules.sealing import CastKind
from civic_forum.kernel.base import database_now, db, is_sqlite
from civic_forum.kernel.errors import Refusal

on_postgresql = pytest.mark.parametrize("app", [pytest.param("postgres", marks=pytest.mark.servers)], indirect=True)
CHOICES = [(), (1,), (2,), (3,), (4,), (1, 2), (1, 3), (1, 4), (2, 3), (2, 4), (3, 4)]


@contextmanager
def in_every_snapshot(app, made):
    """Look again and again, while the block runs, whether participations and live ballots agree."""
    seen, over, wrong = [], threading.Event(), []

    def look():
        with app.app_context():
            keys = keyring.box_keys(made.id)
            while not over.is_set() or not seen:
                online, live = snapshot(made, keys)
                seen.append(len(live))
                if online != live:
                    wrong.append((len(online), len(live)))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join(30)
    assert not wrong and len(seen) > 3, (wrong[:3], len(seen))


def snapshot(made, keys):
    """Row keys that take part online or assisted, and those with a live ballot, as of one moment."""
    level = {} if is_sqlite() else {"isolation_level": "REPEATABLE READ"}
    with db.engine.connect().execution_options(**level) as connection, connection.begin():
        online = set(connection.scalars(sa.select(Participation.row_key).where(
            Participation.box_id == made.id, Participation.channel.in_([Channel.ONLINE, Channel.ASSISTED]))))
        time.sleep(0.001)  # let others commit in between
        rows = connection.execute(sa.select(Cast.cast_id, Cast.row_key, Cast.revision, Cast.sealed)
                                  .where(Cast.box_id == made.id).order_by(Cast.revision)).all()
    newest = {row.row_key: casts.Sealed(*row) for row in rows}
    return online, {key for key, row in newest.items()
                    if casts.open_one(made.id, row, keys).kind is CastKind.BALLOT}


def sorted_out(answers):
    """Receipts by leaf, and the kinds of refusals."""
    receipts = Counter(answer.leaf for answer in answers if isinstance(answer, Receipt))
    refusals = Counter(type(answer) for answer in answers if isinstance(answer, Refusal))
    assert receipts.total() + refusals.total() == len(answers)
    return receipts, refusals


def closes_in(made, seconds):
    """Let the box close so many seconds from now, past what keeps opened boxes as they are; returns the moment."""
    closes_at = database_now() + timedelta(seconds=seconds)
    db.session.execute(sa.update(BallotBox.__table__).where(BallotBox.id == made.id).values(closes_at=closes_at))
    db.session.commit()
    db.session.remove()
    return closes_at
