"""Lines of a log about what was refused at the door. Of a kind and network address there is at most one a minute, of a
kind at most so many, however often somebody tries; each has how many they were. None names anybody or quotes what was
sent: an address is a keyed hash, another one every day.
"""

import hmac
import logging
import time
from collections import Counter
from enum import StrEnum
from hashlib import sha256

from flask import Flask, current_app, g, request

from . import clock
from .networks import network

log = logging.getLogger("civic_forum.security")
NAME = "security_log"
A_MINUTE = 60
MOST = 30
"""Addresses with lines of their own, of each kind and minute; those beyond share one."""
MANY = "many"
MARK = 12
"""Characters of a hash."""


class Refused(StrEnum):
    SIGN_IN = "wrong-sign-in"
    SECOND_FACTOR = "wrong-second-factor"
    PROOF = "proof-refused"
    TOKEN = "forged-token"
    RIGHT = "right-refused"
    NOT_THERE = "not-there"
    """Nothing is there, or not for this person."""
    LIMIT = "limit-reached"
    MADE_UP = "made-up-request"
    SOCKET = "broken-socket"


OF_STATUS = {400: Refused.MADE_UP, 403: Refused.RIGHT, 404: Refused.NOT_THERE, 429: Refused.LIMIT}


class SecurityLog:
    """The lines of one process. What follows a line within its minute is written once something is noted after it."""

    def __init__(self, app: Flask):
        self.app, self.minute = app, 0
        self.told: set[tuple[Refused, str]] = set()
        """Addresses that have their line of this minute."""
        self.waiting: dict[tuple[Refused, str], tuple[int, str]] = {}
        """Those after it: how many, and the page of the last."""

    def note(self, kind: Refused, address: str, page: str) -> None:
        self._next_minute()
        if (kind, address) not in self.told and Counter(other for other, _address in self.told)[kind] >= MOST:
            address = MANY
        key = kind, address
        if key in self.told:
            self.waiting[key] = self.waiting.get(key, (0, ""))[0] + 1, page
        else:
            self.told.add(key)
            self._write(kind, address, 1, page)

    def _next_minute(self) -> None:
        minute = int(time.monotonic()) // A_MINUTE
        if minute != self.minute:
            waiting, self.waiting = self.waiting, {}
            self.minute, self.told = minute, set(waiting)
            for key, (count, page) in waiting.items():
                self._write(*key, count, page)

    def _write(self, kind: Refused, address: str, count: int, page: str) -> None:
        log.warning("security: %s from=%s count=%s page=%s", kind, self._mark(address), count, page)

    def _mark(self, address: str) -> str:
        if address == MANY:
            return MANY
        text = f"civic-forum/security-log/{clock.now().date()}/{address}"
        return hmac.digest(self.app.config["SECRET_KEY"].encode(), text.encode(), sha256).hex()[:MARK]


def init_app(app: Flask) -> None:
    app.extensions[NAME] = SecurityLog(app)


def note(kind: Refused) -> None:
    """Note that the request that is being answered was refused, once; never of a ballot or what tells of one."""
    if "noted" in g:
        return
    g.noted = True
    if not hasattr(current_app.view_functions.get(request.endpoint or ""), "traceless"):
        current_app.extensions[NAME].note(kind, network(request.remote_addr), request.endpoint or "-")


def note_answer(status: int) -> None:
    """Note an answer of a page with this status, one of OF_STATUS, unless it was noted why."""
    if request.endpoint:
        note(OF_STATUS[status])


def leave_out() -> None:
    """Note nothing of the request that is being answered: it is refused by its status alone."""
    g.noted = True
