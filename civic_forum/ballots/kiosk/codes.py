"""Codes of kiosks: eight digits that hold for ten minutes and are signed for in the numbered register of a desk.

A code opens a ballot here. What else it may open features above say (`TURNS`).
"""

from datetime import datetime, timedelta
from secrets import randbelow
from typing import NamedTuple

from civic_forum.accounts.rules import Role
from civic_forum.blocks.extensions import Extension
from civic_forum.district.queries import place_at

from .queries import Kiosk

LASTS = timedelta(minutes=10)
DIGITS = 8


class Handed(NamedTuple):
    """A code that the clerk reads out: eight digits, and until when they hold."""

    code: str
    until: datetime
    number: int = 0
    """The line of the desk's register on which the person signs."""
    opens: tuple[str, ...] = ()
    """Names of the ballots that it opens, where there are several."""

    @property
    def shown(self) -> str:
        """In groups of four, to be read aloud."""
        return f"{self.code[:4]} {self.code[4:]}"


class Turn(NamedTuple):
    """A person's turn at a kiosk: where it begins, and the cookie that says so."""

    address: str
    cookie: str
    secret: str
    lasts: timedelta


TURNS: Extension[[str, Kiosk], Turn] = Extension("turns at a kiosk that a code opens")


def desk_of(actor, neighbourhood_id: int | None) -> int | None:
    """The desk at which this member of staff serves somebody of this neighbourhood: one of their own, a moderator
    elsewhere that of the whole district (None)."""
    own = actor.neighbourhood_ids()
    if neighbourhood_id in own:
        return neighbourhood_id
    return None if actor.has(Role.MODERATOR) else min({place_at(place) for place in own}, default=None)


def new_code() -> str:
    return f"{randbelow(10 ** DIGITS):0{DIGITS}d}"


def digits_of(typed: str) -> str | None:
    """The digits of a code as somebody typed it, in groups or not; None where it has not as many."""
    digits = "".join(sign for sign in typed[:40] if sign.isdecimal() and sign.isascii())
    return digits if len(digits) == DIGITS else None
