"""Hashes of passwords: Argon2id, one at a time in a bounded line, and never while a transaction is open.

A hash takes about a tenth of a second and 64 MB. Under gevent it runs in a real thread, behind
those that serve pages, so that everybody else goes on being served; that yields, and nothing may
yield while a change is being written.
"""

import math
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type, hash_secret_raw
from gevent import monkey
from gevent.threadpool import ThreadPool

from civic_forum.platform import plain_text, work
from civic_forum.platform.errors import Busy
from civic_forum.platform.i18n import _n

_hasher = PasswordHasher()
PATIENCE = 10
"""How far behind the loop that serves pages a hash stands (`nice`)."""
LONGEST_WAIT_S = 10
ALWAYS_WAIT, NEVER_WAIT = 16, 64
"""Places in the line that there are however long a hash takes, and however short."""


def hashed(password: str, *, first: bool = True) -> str:
    """The Argon2id hash with the parameters of today. Raises Busy.

    `first`: before all who are not known here. Known are those who confirm something, and devices that know the
    account.
    """
    return _apart(lambda: _hasher.hash(_bytes(password)), first)


def verify(password: str, known: str | None, *, first: bool = True) -> bool:
    """Is it the password of this hash? Takes as long where there is no hash. Raises Busy; `first` as in `hashed`."""
    stand_in = _stand_in()
    return _apart(lambda: _matches(known or stand_in, password), first) and bool(known)


def ask_for_room(*, first: bool) -> None:
    """Raise Busy where the line is full, before anything is counted or read."""
    _line().ask_for_room(first)


def needs_new_hash(known: str) -> bool:
    """True if it was made with weaker parameters than those of today."""
    return _hasher.check_needs_rehash(known)


def stretched(phrase: str, salt: bytes) -> bytes:
    """32 secret bytes of a pass phrase: Argon2id as RFC 9106 recommends it where memory is short. Files that are kept
    for years depend on these parameters."""
    return _apart(lambda: hash_secret_raw(_bytes(phrase), salt, time_cost=3, memory_cost=65_536, parallelism=4,
                                          hash_len=32, type=Type.ID))


def _bytes(password: str) -> bytes:
    return plain_text.secret(password).encode("utf-8", "surrogatepass")


def _matches(known: str, password: str) -> bool:
    try:
        return _hasher.verify(known, _bytes(password))
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _stand_in() -> str:
    return hashed("nobody's password")


class Line:
    """Turns, one at a time: of those who come first, then of the others, each in the order in which they came."""

    def __init__(self):
        self._lock, self._taken, self._turn_s = threading.Lock(), False, 0.2
        self._first: deque[threading.Event] = deque()
        self._others: deque[threading.Event] = deque()

    @contextmanager
    def turn(self, first: bool) -> Iterator[None]:
        """Wait for one's turn. Raises Busy at once where the line is full."""
        with self._lock:
            self.ask_for_room(first)
            mine, waiting = threading.Event(), self._first if first else self._others
            waiting.append(mine)
            if not self._taken:
                self._call_next()
        began = time.monotonic()
        try:
            mine.wait()
            began = time.monotonic()
            yield
        finally:
            with self._lock:
                if mine.is_set():
                    self._turn_s += (time.monotonic() - began - self._turn_s) / 8
                    self._call_next()
                else:  # stopped while it waited
                    waiting.remove(mine)

    def ask_for_room(self, first: bool) -> None:
        """Raise Busy where too many are before whoever comes now."""
        before = len(self._first) + (0 if first else len(self._others))
        wait_s = before * self._turn_s
        if before >= NEVER_WAIT or before >= ALWAYS_WAIT and wait_s > LONGEST_WAIT_S:
            seconds = max(1, math.ceil(wait_s))
            raise Busy(_n("지금 비밀번호를 확인하는 사람이 많아요. %(num)s초 뒤에 다시 해 주세요.",
                          "지금 비밀번호를 확인하는 사람이 많아요. %(num)s초 뒤에 다시 해 주세요.", seconds),
                       retry_after=seconds)

    def _call_next(self) -> None:
        waiting = self._first or self._others
        self._taken = bool(waiting)
        if waiting:
            waiting.popleft().set()


@lru_cache(maxsize=1)
def _line() -> Line:
    """Made at first use, when gevent has long decided what a lock is."""
    return Line()


@lru_cache(maxsize=1)
def _thread() -> ThreadPool:
    return ThreadPool(1)


def _apart(function: Callable, first: bool = True):
    if work.is_open():
        raise RuntimeError("a password is never hashed inside a transaction")
    with _line().turn(first):
        if monkey.is_module_patched("threading"):
            return _thread().apply(_behind_the_others, (function,))
        return function()


def _behind_the_others(function: Callable):
    """Linux gives each thread a priority of its own, and those that Argon2 starts inherit it."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, 0, PATIENCE)
    return function()
