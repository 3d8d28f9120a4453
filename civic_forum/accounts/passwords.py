"""Hashes of passwords: Argon2id, one at a time, and never while a transaction is open.

A hash takes about a tenth of a second and 64 MB. Under gevent it runs in a real thread, so that
everybody else goes on being served; that yields, and nothing may yield while a change is being
written.
"""

import threading
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from gevent import get_hub, monkey

from civic_forum.kernel import work

_hasher = PasswordHasher()


def hashed(password: str) -> str:
    """The Argon2id hash with the parameters of today."""
    return _apart(lambda: _hasher.hash(_bytes(password)))


def verify(password: str, known: str | None) -> bool:
    """Is it the password of this hash? Takes as long where there is no hash."""
    stand_in = _stand_in()
    return _apart(lambda: _matches(known or stand_in, password)) and bool(known)


def needs_new_hash(known: str) -> bool:
    """Whether it was made with weaker parameters than those of today."""
    return _hasher.check_needs_rehash(known)


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


def _apart(function: Callable):
    if work.is_open():
        raise RuntimeError("a password is never hashed inside a transaction")
    with _one_at_a_time():
        if monkey.is_module_patched("threading"):
            return get_hub().threadpool.apply(function)
        return function()
