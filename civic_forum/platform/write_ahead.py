"""SQLite's write-ahead log, cut off every ten seconds as long as it would tell in which order people did something.

What somebody goes on reading cannot be cut off. The site's own transactions are rolled back after 30 seconds by the
process that reads; another process is named in an alarm.
"""

import logging
import math
import os
import re
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import sqlalchemy as sa
from flask import Flask, current_app

from . import erasure
from .base import db, is_sqlite

log = logging.getLogger(__name__)
EVERY_S, LONGEST_READ_S, A_MINUTE_S = 10, 30, 60
_reading: dict[sqlite3.Connection, tuple[float, int]] = {}
"""Since when a connection of this process reads, and how many rows it had written before."""
_watched = threading.Lock()
"""Held while somebody is going to look at them."""
_ending = threading.RLock()
"""Held while one is ended: its connection is not given to anybody else meanwhile, who may be going to write."""
_stuck: list[float] = []
"""Since when nothing could be cut off."""
_reasons: list[Callable[[], object]] = []


def short_while(reason: Callable[[], object]) -> None:
    """Keep it short as long as this says anything, for instance while a vote is open. Filled while the application is
    put together, read-only afterwards."""
    if reason not in _reasons:
        _reasons.append(reason)


def keep_short() -> None:
    """Now, and every ten seconds of the minute until this is called again."""
    if not is_sqlite() or not _must_be_short():
        return
    _cut_off()
    for later in range(EVERY_S, A_MINUTE_S, EVERY_S):
        _later(later, _while_needed, current_app._get_current_object(), _cut_off)


def note_readers() -> None:
    """Before a process serves anybody: from then on it ends what it reads for too long."""
    if is_sqlite():
        app = current_app._get_current_object()
        sa.event.listen(db.engine, "begin", lambda connection: _note_reader(app, connection))
        sa.event.listen(db.engine, "checkin", lambda raw, _record: _forget_reader(raw))


def _must_be_short() -> bool:
    return any(reason() for reason in _reasons)


def _later(seconds: int, act: Callable[..., None], *arguments) -> None:
    timer = threading.Timer(seconds, act, arguments)
    timer.daemon = True
    timer.start()


def _while_needed(app: Flask, act: Callable[[], None]) -> None:
    with app.app_context():
        try:
            if _must_be_short():
                act()
        except sa.exc.SQLAlchemyError:  # the next one tries again
            log.exception("the write-ahead log was not cut off")
        finally:
            db.session.remove()


def _cut_off() -> None:
    """Cut it off, with an alarm each minute that this fails: no process of the site reads for so long."""
    if erasure.forget_deleted([]):
        _stuck.clear()
    elif not _stuck or time.monotonic() - _stuck[0] < A_MINUTE_S:
        _stuck.append(time.monotonic())
    else:
        _stuck[:] = [time.monotonic()]
        log.critical("ALARM: another process reads, so the write-ahead log cannot be cut off: %s",
                     _other_readers() or "not known which")


def _other_readers() -> str:
    """Processes that hold one of SQLite's read marks (bytes 124 to 127 of the index), as Linux names them."""
    with suppress(OSError):
        index, locks = os.stat(f"{db.engine.url.database}-shm").st_ino, Path("/proc/locks").read_text("ascii")
        pids = set(re.findall(rf"READ +(\d+) \S+:{index} 12[3-7] 12[4-7]\b", locks)) - {str(os.getpid())}
        return ", ".join(f"{pid} ({Path('/proc', pid, 'comm').read_text().strip()})" for pid in sorted(pids))
    return ""


def _note_reader(app: Flask, connection: sa.Connection) -> None:
    if "sqlite_begin" not in connection.get_execution_options():  # who takes the turn to write is no reader
        raw = connection.connection.dbapi_connection
        _reading[raw] = time.monotonic(), raw.total_changes
        if _watched.acquire(blocking=False):
            _later(EVERY_S, _watch, app)


def _forget_reader(raw: sqlite3.Connection) -> None:
    with _ending:
        _reading.pop(raw, None)


def _watch(app: Flask) -> None:
    _while_needed(app, _end_long_reads)
    if _reading:
        _later(EVERY_S, _watch, app)
    else:
        _watched.release()


def _end_long_reads() -> None:
    """Long reads rolled back; whoever goes on reads what is there now. Nothing is lost: whoever writes begins anew."""
    for raw in [*_reading]:
        with _ending, suppress(sqlite3.Error):  # where rows are still to be fetched the next one is refused
            since, written = _reading.get(raw, (math.inf, 0))
            if time.monotonic() - since > LONGEST_READ_S and raw.total_changes == written:
                raw.interrupt()
                raw.rollback()
