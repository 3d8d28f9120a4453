"""Texts, costs and codes of projects, and money as people write it. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


from ..rules import Phase

TITLE_LEAST, TITLE_MOST = 5, 100
TEXT_LEAST, TEXT_MOST = 20, 10_000
PLACE_MOST, SCOPE_MOST, COST_NOTE_MOST = 300, 1_000, 300
NOTE_LEAST, NOTE_MOST = 5, 300
LONGEST = {"title": TITLE_MOST, "text": TEXT_MOST, "place": PLACE_MOST, "scope": SCOPE_MOST,
           "cost_note": COST_NOTE_MOST}
KEPT = ("title", "text", "place", "scope", "cost")
"""What a version of a project keeps."""
MOST_COST = 10**13
"""Won: more than a country's budget is a slip of the finger."""


@dataclass(frozen=True)
class ProjectText:
    """Texts of a project. Markdown in `text`; `cost` in won."""

    title: str
    text: str
    cost: int
    place: str = ""
    scope: str = ""
    cost_note: str = ""


@dataclass(frozen=True)
class Belonging:
    """Place of a project: its money, neighbourhood, subject and kind."""

    envelope_id: int
    neighbourhood_id: int | None = None
    """None: the whole district."""
    category: str | None = None
    kind_id: int | None = None


class Hand(StrEnum):
    """In whose role somebody changes a project."""

    PROPOSER = "proposer"
    OFFICIAL = "official"
    MODERATOR = "moderator"


CHANGES: dict[Hand, frozenset[Phase]] = {
    Hand.PROPOSER: frozenset((Phase.COLLECTING, Phase.ADJUSTING)),
    Hand.OFFICIAL: frozenset((Phase.REVIEW, Phase.ADJUSTING)),
    Hand.MODERATOR: frozenset((Phase.REVIEW, Phase.ADJUSTING)),
}
"""In which phases of a round who may change its projects."""


def may_change(hands: Iterable[Hand], phases: Iterable[Phase]) -> Hand | None:
    """The first of these roles in which somebody may change a project now; None where there is none."""
    on = frozenset(phases)
    return next((hand for hand in hands if CHANGES[hand] & on), None)


def cap(*limits: int | None) -> int | None:
    """The lowest of the limits that there are, in won: the round's, the kind's, the money of the envelope."""
    return min((limit for limit in limits if limit is not None), default=None)


def letters(position: int) -> str:
    """First letters of an envelope's codes: A for the first, Z for the 26th, then AA."""
    if position < 1:
        raise ValueError("envelopes are counted from 1")
    code = ""
    while position:
        position, rest = divmod(position - 1, 26)
        code = chr(ord("A") + rest) + code
    return code


def next_code(position: int, taken: Iterable[str]) -> str:
    """The code after the highest of those in this round that begin with the letters of the envelope (A07 after A06).

    A number is never given twice, also not that of a project that was withdrawn.
    """
    start = letters(position)
    numbers = [int(rest) for code in taken if code.startswith(start) and (rest := code[len(start):]).isdecimal()]
    return f"{start}{max(numbers, default=0) + 1:02d}"


_TYPED_CODE = re.compile(r"(?<![0-9A-Z-])([A-Z]{1,2})-?0*([0-9]{1,4})(?![0-9A-Z-])")


def codes_in(text: str) -> list[str]:
    """Codes that stand in a text, with or without their zeros."""
    return [f"{start}{int(number):02d}" for start, number in _TYPED_CODE.findall(text)]


SUM = re.compile(r"(?:([0-9]{1,6})억)?(?:([0-9]{1,8})만)?([0-9]{1,14})?원?", re.ASCII)


def won_of(text: str) -> int | None:
    """The sum in won; None for what is no whole sum. Commas and spaces stand anywhere."""
    digits = text.replace(",", "").replace(" ", "")
    parts = SUM.fullmatch(digits)
    if parts is None or not any(parts.groups()):
        return None
    hundred_millions, ten_thousands, ones = (int(part or 0) for part in parts.groups())
    return hundred_millions * 10**8 + ten_thousands * 10**4 + ones
