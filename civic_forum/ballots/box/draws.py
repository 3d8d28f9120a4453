"""Draws that decide ties: the lottery or dice, named in the definition of a box."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from ..rules.encoding import Canonical, canonical_json, digest
from .keys import four_bytes

FIRST_LOTTERY = date(2002, 12, 7)
DRAWN_AT = time(11, 35, tzinfo=UTC)
"""Saturdays at 20:35 in Seoul."""
WAIT = timedelta(hours=24)
DICE = 20
TYPED = re.compile(r"[0-9\s,+]+", re.ASCII)


class DrawKind(StrEnum):
    """Draws that nobody in the office makes."""

    LOTTERY = "lottery"
    """로또 6/45."""
    DICE = "dice"
    """Twenty dice thrown before the observers."""


def lottery_number(closed_at: datetime) -> int:
    """Number of the first lottery draw later than 24 hours after the closing head's instant."""
    week = max((closed_at + WAIT - datetime.combine(FIRST_LOTTERY, DRAWN_AT)) // timedelta(weeks=1), -1)
    return week + 2


def lottery_held_at(number: int) -> datetime:
    """Instant of the lottery draw of this number."""
    return datetime.combine(FIRST_LOTTERY, DRAWN_AT) + timedelta(weeks=number - 1)


def typed(kind: DrawKind, text: str, closed_at: datetime) -> dict[str, Canonical]:
    """The draw as an official types it: six numbers and the bonus, or twenty faces; ValueError for what is none.
    `closed_at` is the closing head's instant, which says of which lottery draw the numbers are."""
    if not TYPED.fullmatch(text):
        raise ValueError("numbers alone")
    if kind is DrawKind.DICE:
        return dice(map(int, re.findall("[0-9]", text)))
    *numbers, bonus = map(int, re.findall("[0-9]+", text))
    return lottery(lottery_number(closed_at), numbers, bonus)


def lottery(number: int, numbers: Iterable[int], bonus: int) -> dict[str, Canonical]:
    """A lottery draw as it stands in the record; ValueError for what is none."""
    drawn = sorted(numbers)
    if number < 1 or len({*drawn, bonus}) != 7 or len(drawn) != 6 or not all(1 <= one <= 45 for one in (*drawn, bonus)):
        raise ValueError("six numbers and a bonus from 1 to 45, all different")
    return {"kind": DrawKind.LOTTERY.value, "number": number, "numbers": [*drawn], "bonus": bonus}


def dice(faces: Iterable[int]) -> dict[str, Canonical]:
    """Thrown dice, in the order thrown; ValueError for what are none."""
    thrown = list(faces)
    if len(thrown) != DICE or not all(1 <= face <= 6 for face in thrown):
        raise ValueError(f"{DICE} dice")
    return {"kind": DrawKind.DICE.value, "faces": [*thrown]}


def order(closing_root: bytes, draw: Mapping[str, Canonical], options: Iterable[int]) -> list[int]:
    """Option numbers in the order of the draw."""
    drawn = canonical_json(dict(draw))
    return sorted(options, key=lambda option: digest("lot/2", closing_root, drawn, four_bytes(option)))
