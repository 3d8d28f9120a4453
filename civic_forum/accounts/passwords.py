"""Hashes of passwords: Argon2id, one at a time in a lane, and never while a transaction is open.

A hash takes about a tenth of a second and 64 MB. Under gevent it runs in a real thread, behind
those that serve pages, so that everybody else goes on being served; that yields, and nothing may
yield while a change is being written.
"""

import os
import sys
from collections.abc import Callable
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type, hash_secret_raw
from flask import has_request_context, session
from gevent import monkey
from gevent.threadpool import ThreadPool

from civic_forum.platform import plain_text, work
from civic_forum.platform.i18n import _n
from civic_forum.platform.lanes import AGAIN_S, Lane

_hasher = PasswordHasher()
PATIENCE = 10
"""How far behind the loop that serves pages a hash stands (`nice`)."""


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
    """Raise Busy or TooMany where there is no place in the lane, before anything is counted or read."""
    LANE.ask_for_room(*_browser(), first=first)


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


def _crowded() -> str:
    return _n("지금 비밀번호를 확인하는 사람이 많아요. %(num)s초 뒤에 다시 해 주세요.",
              "지금 비밀번호를 확인하는 사람이 많아요. %(num)s초 뒤에 다시 해 주세요.", AGAIN_S)


LANE = Lane(places=1, most=64, most_of_one=4, patience_s=10, crowded=_crowded, enough=_crowded)


def _browser() -> tuple[str, ...]:
    """Whoever signs in has no account yet: a browser is known by what its forms carry."""
    return (f"browser:{session.get('_user_id') or session.get('csrf_token')}",) if has_request_context() else ()


@lru_cache(maxsize=1)
def _thread() -> ThreadPool:
    return ThreadPool(1)


def _apart(function: Callable, first: bool = True):
    if work.is_open():
        raise RuntimeError("a password is never hashed inside a transaction")
    with LANE.turn(*_browser(), first=first):
        if monkey.is_module_patched("threading"):
            return _thread().apply(_behind_the_others, (function,))
        return function()


def _behind_the_others(function: Callable):
    """Linux gives each thread a priority of its own, and those that Argon2 starts inherit it."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, 0, PATIENCE)
    return function()
