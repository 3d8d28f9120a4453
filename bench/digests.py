"""Time of the digests of a whole district: what waits is written into the outbox, person after person."""

import statistics
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

import config
from civic_forum.accounts.models import User
from civic_forum.app import create_app
from civic_forum.platform import clock, migrations
from civic_forum.platform.base import db
from civic_forum.platform.i18n import SEOUL
from civic_forum.notifications import services as digesting
from civic_forum.platform.outbox import Carrier, OutgoingMail
from civic_forum.notifications.models import Delivery, Notice
from civic_forum.notifications.rules import Channel, Frequency, NoticeKind
from tests.servers import postgres

from .figures import Figure

PEOPLE, EACH = 50_000, 4
"""Four notices wait for each."""
ABOUT = 500
"""Different things that they are about."""
GOAL_S = 300
ROWS = 10_000
"""Written at once."""


def digests(_districts) -> list[Figure]:
    """On SQLite and on PostgreSQL, beside as many bare inserts into the table of outgoing mail."""
    with tempfile.TemporaryDirectory(prefix="civic-forum-digests-") as folder:
        figures = _measured("SQLite", Path(folder) / "sqlite")
        with postgres.running(durable=True) as url:
            figures += _measured("PostgreSQL", Path(folder) / "postgres", DATABASE_URL=url)
    return figures


def _measured(name: str, data: Path, **given) -> list[Figure]:
    config.mark_as_sample(data)
    app = create_app(config.load({}, DATA=str(data), SECRET_KEY="only for the bench", **given))
    with app.app_context():
        migrations.upgrade()
        _fill()
        bare = _bare_inserts()
        morning = datetime.now(SEOUL).replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(days=1)
        clock.shift(int((morning - datetime.now(SEOUL)).total_seconds()))
        turns = _turns()
        began = time.monotonic()
        written = digesting.write_due()
        took = time.monotonic() - began
        clock.shift(0)
        if written != PEOPLE or db.session.scalar(sa.select(sa.func.count()).where(Delivery.sent_at.is_(None))):
            raise RuntimeError(f"{written} digests were written, not {PEOPLE}")
        db.session.remove()
        db.engine.dispose()
    return [
        Figure(f"{PEOPLE:,} digests of {EACH} notices, {name}", round(took, 1), "s", f"≤ {GOAL_S}", round(bare, 1),
               round(took / bare, 1)),
        Figure(f"one turn of {digesting.DIGEST_BATCH} people, longest, {name}", round(1000 * max(turns)), "ms", ""),
        Figure(f"one turn of {digesting.DIGEST_BATCH} people, median, {name}", round(1000 * statistics.median(turns)),
               "ms", ""),
    ]


def _fill() -> None:
    now = clock.now()
    _insert(User, ({"sign_in_name": f"reader{n}", "sign_in_key": f"reader{n}", "nickname": f"이웃 {n}",
                    "language": "en" if n % 20 == 0 else "ko", "confirmed_email": f"reader{n}@example.org",
                    "created_at": now, "is_resident": True} for n in range(PEOPLE)))
    ids = list(db.session.scalars(sa.select(User.id).order_by(User.id)))
    _insert(Notice, ({"user_id": user_id, "kind": NoticeKind.SUPPORTED, "about": f"user:{(user_id * 7 + n) % ABOUT}",
                      "step": ("answered", "grouped", "in_agenda", "decided")[n],
                      "title": f"골목길 보도블록을 고쳐 주세요 {n}", "url": f"/proposals/2026-{n:04d}", "details": {},
                      "once": f"bench:{n}", "at": now} for user_id in ids for n in range(EACH)))
    found = db.session.execute(sa.select(Notice.id, Notice.user_id).order_by(Notice.id)).all()
    _insert(Delivery, ({"notice_id": notice_id, "user_id": user_id, "channel": Channel.MAIL,
                        "frequency": Frequency.DAILY} for notice_id, user_id in found))
    db.session.commit()


def _insert(table, rows) -> None:
    waiting = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == ROWS:
            db.session.execute(sa.insert(table), waiting)
            waiting.clear()
    if waiting:
        db.session.execute(sa.insert(table), waiting)


def _bare_inserts() -> float:
    """Seconds for the letters alone, in transactions as large, which are taken back out afterwards."""
    now, body = clock.now(), "소식\n" * 60
    rows = [{"kind": "bench", "carrier": Carrier.MAIL, "recipient": f"reader{n}@example.org", "subject": "소식",
             "body": body, "created_at": now, "due_at": now, "tries": 0} for n in range(digesting.DIGEST_BATCH)]
    began = time.monotonic()
    for _batch in range(-(-PEOPLE // digesting.DIGEST_BATCH)):
        db.session.execute(sa.insert(OutgoingMail), rows)
        db.session.commit()
    took = time.monotonic() - began
    db.session.execute(sa.delete(OutgoingMail))
    db.session.commit()
    return took


def _turns() -> list[float]:
    """Fills while digests are written: for how long nobody else gets the turn to write."""
    turns, use_case = [], digesting.use_case

    class Timed:
        def __init__(self, by):
            self.inner = use_case(by)

        def __enter__(self):
            self.began = time.monotonic()
            return self.inner.__enter__()

        def __exit__(self, *trouble):
            done = self.inner.__exit__(*trouble)
            turns.append(time.monotonic() - self.began)
            return done

    digesting.use_case = Timed
    return turns
