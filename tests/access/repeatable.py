"""A stopped clock and numbers that come out alike in every run, so that two runs say the same to the letter."""

import os
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timezone
from hashlib import shake_256
from itertools import count
from unittest.mock import patch

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from itsdangerous import TimestampSigner

from civic_forum.platform import clock

MOMENT = datetime(2026, 11, 24, 1, 30, tzinfo=timezone.utc)
"""A Tuesday morning in Seoul."""


FIRST_TICK = 500_000
"""Microseconds after that moment at which each request begins; what it is about was made before."""


class Numbers:
    """Bytes that follow from a text and from how often as many of them were asked for since."""

    def __init__(self):
        self.begin("")

    def begin(self, text: str) -> None:
        self.text, self.asked = text, Counter()
        _Stopped.ticks = count(FIRST_TICK if text else 0)

    def __call__(self, size: int) -> bytes:
        self.asked[size] += 1
        return shake_256(f"{self.text} {size} {self.asked[size]}".encode()).digest(size)


class _Stopped(datetime):
    """Moments a microsecond apart: what is sorted by them keeps its order."""

    ticks = count()

    @classmethod
    def now(cls, tz=None):
        return MOMENT.replace(microsecond=next(cls.ticks) % 1_000_000)


@contextmanager
def repeatable() -> Iterator[Numbers]:
    """The numbers of this process inside the block; `begin` before each request makes it independent of others."""
    numbers = Numbers()
    with ExitStack() as stack:
        for what, name, instead in (
                (os, "urandom", numbers), (random, "_urandom", numbers), (clock, "datetime", _Stopped),
                (X25519PrivateKey, "generate", lambda: X25519PrivateKey.from_private_bytes(numbers(32))),
                (TimestampSigner, "get_timestamp", lambda _signer: int(MOMENT.timestamp()))):
            stack.enter_context(patch.object(what, name, instead))
        yield numbers
