"""Many at once: threads that start together, a watcher of every snapshot, a box that closes in a moment."""

import threading
import time
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.ballots.box import sealing as rows
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.rules.log import stamp
from civic_forum.ballots.rules.signing import Receipt
from civic_forum.ballots.models import Promise, Voter
from civic_forum.platform.base import database_now, db, is_sqlite
from civic_forum.platform.errors import Refusal

from . import boxes

on_postgresql = pytest.mark.parametrize("app", [pytest.param("postgres", marks=pytest.mark.servers)], indirect=True)
CHOICES = [(), (1,), (2,), (3,), (4,), (1, 2), (1, 3), (1, 4), (2, 3), (2, 4), (3, 4)]


@contextmanager
def in_every_snapshot(app, made):
    """Look again and again, while the block runs, whether every row opens and every online ballot has its promise."""
    seen, over, wrong = [], threading.Event(), []

    def look():
        with app.app_context():
            keys = keyring.box_keys(made.id)
            while not over.is_set() or not seen:
                online, promised = snapshot(made, keys)
                seen.append(len(online))
                if not online <= promised:
                    wrong.append((len(online), len(promised)))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join(30)
    assert not wrong and len(seen) > 3, (wrong[:3], len(seen))


def snapshot(made, keys):
    """Names of the promises of online ballots, and of all promises, as of one moment."""
    level = {} if is_sqlite() else {"isolation_level": "REPEATABLE READ"}
    with db.engine.connect().execution_options(**level) as connection, connection.begin():
        found = connection.execute(sa.select(Voter.row_key, Voter.channel, Voter.paper, Voter.sealed)
                                   .where(Voter.box_id == made.id)).all()
        time.sleep(0.001)  # let others commit in between
        promised = set(connection.scalars(sa.select(Promise.name).where(Promise.box_id == made.id)))
    opened = [rows.open_voter(keys, made.id, *row) for row in found]
    return {keys.name(voter.mine) for voter in opened if not voter.channel.on_paper}, promised


def sorted_out(answers):
    """Receipts by leaf, and the kinds of refusals."""
    receipts = Counter(answer.leaf for answer in answers if isinstance(answer, Receipt))
    refusals = Counter(type(answer) for answer in answers if isinstance(answer, Refusal))
    assert receipts.total() + refusals.total() == len(answers)
    return receipts, refusals


def closes_in(made, seconds):
    """Let the box close so many seconds from now, and up to one more: it is opened anew so; returns the moment."""
    closes_at = (database_now() + timedelta(seconds=seconds)).replace(microsecond=0) + timedelta(seconds=1)
    made.fingerprint = boxes.opened_anew(made.id, closes_at=stamp(closes_at))
    db.session.remove()
    return closes_at
