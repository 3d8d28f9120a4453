"""Writers on SQLite take turns: those of one process, and those of several.

SQLite lets a writer try again and again until the lock happens to be free, so one of many may wait without end,
and meanwhile its whole process stands still. Here writers queue at a lock of the operating system, which serves
them in their order and is gone with a process that is killed.
"""

import fcntl
import math
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gevent import monkey

from .base import db, is_sqlite
from .errors import Unavailable
from .i18n import _

PATIENCE_S = 25
PAUSE_S = 0.004
_within = threading.Lock()
"""For the writers of this process (cooperative under gevent)."""


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold the only turn to write; nothing to wait for on PostgreSQL. Raises Unavailable when it never comes."""
    if not is_sqlite():
        yield
        return
    with _within, turn_at(Path(f"{db.engine.url.database}-turn"), PATIENCE_S):
        yield


@contextmanager
def turn_at(path: Path, patience_s: float = math.inf) -> Iterator[None]:
    """Hold the only turn at this file; whoever comes meanwhile waits. Raises Unavailable after so many seconds."""
    opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        _wait(opened, patience_s)
        yield
    finally:
        os.close(opened)


def is_taken(path: Path) -> bool:
    """True if somebody holds the turn at this file now."""
    try:
        opened = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(opened, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(opened)
    return False


def _wait(opened: int, patience_s: float) -> None:
    """Under gevent others go on being served; elsewhere the kernel keeps the queue."""
    if not monkey.is_module_patched("time"):
        fcntl.flock(opened, fcntl.LOCK_EX)
        return
    deadline = time.monotonic() + patience_s
    while True:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise Unavailable(_("지금은 처리할 수 없어요. 저장되지 않았으니 잠시 뒤에 다시 해 주세요.")) from None
            time.sleep(PAUSE_S)
