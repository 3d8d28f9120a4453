"""Hashes of passwords: Argon2id, one at a time, and never while a transaction is open.

A hash takes about a tenth of a second and 64 MB. Under gevent it runs in a real thread, behind
those that serve pages, so that everybody else goes on being served; that yields, and nothing may
yield while a change is being written.
"""

import os
import sys
import threading
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type, hash_secret_raw
from gevent import monkey
from gevent.threadpool import ThreadPool

from civic_forum.platform import work

_hasher = PasswordHasher()
PATIENCE = 5
"""How far behind the loop that serves pages a hash stands (`nice`)."""


def hashed(password: str) -> str:
    """The Argon2id hash with the parameters of today."""
    return _apart(lambda: _hasher.hash(_bytes(password)))


def verify(password: str, known: str | None) -> bool:
    """Is it the password of this hash? Takes as long where there is no hash."""
    stand_in = _stand_in()
    return _apart(lambda: _matches(known or stand_in, password)) and bool(known)


def needs_new_hash(known: str) -> bool:
    """True if it was made with weaker parameters than those of today."""
    return _hasher.check_needs_rehash(known)


def stretched(phrase: str, salt: bytes) -> bytes:
    """32 secret bytes of a pass phrase: Argon2id as RFC 9106 recommends it where memory is short. Files that are kept
    for years depend on these parameters."""
    return _apart(lambda: hash_secret_raw(_bytes(phrase), salt, time_cost=3, memory_cost=65_536, parallelism=4,
                                          hash_len=32, type=Type.ID))


def _bytes(password: str) -> bytes:
    """One password, however a keyboard composes its syllables."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


def _matches(known: str, password: str) -> bool:
    try:
        return _hasher.verify(known, _bytes(password))
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _stand_in() -> str:
    return hashed("nobody's password")


@lru_cache(maxsize=1)
def _one_at_a_time() -> threading.Semaphore:
    """Made at first use, when gevent has long decided what a semaphore is."""
    return threading.Semaphore(1)


@lru_cache(maxsize=1)
def _thread() -> ThreadPool:
    return ThreadPool(1)


def _apart(function: Callable):
    if work.is_open():
        raise RuntimeError("a password is never hashed inside a transaction")
    with _one_at_a_time():
        if monkey.is_module_patched("threading"):
            return _thread().apply(_behind_the_others, (function,))
        return function()


def _behind_the_others(function: Callable):
    """Linux gives each thread a priority of its own, and those that Argon2 starts inherit it."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, 0, PATIENCE)
    return function()
