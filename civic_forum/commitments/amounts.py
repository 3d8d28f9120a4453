"""Sums of money as they are typed and shown. Pure."""

import re
from collections.abc import Iterable
from fractions import Fraction

from .rules import MOST_WON, Line, Unit

_AMOUNT = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(?:\.([0-9]{1,6}))?\s*(원|천\s?원|백만\s?원|만\s?원|억\s?원)?")
_UNITS = {"원": 1, "천원": 1_000, "만원": 10_000, "백만원": 1_000_000, "억원": 100_000_000}


def won_of(text: str, unit: Unit) -> int | None:
    """Won of a typed sum: in this unit, or in the one that stands behind it. None for what is no whole sum of won."""
    match = _AMOUNT.fullmatch(text.strip())
    if match is None:
        return None
    factor = _UNITS["".join(match[3].split())] if match[3] else unit.won
    amount = Fraction(match[1].replace(",", "") + (f".{match[2]}" if match[2] else "")) * factor
    return int(amount) if amount.denominator == 1 and amount <= MOST_WON else None


def in_unit(won: int, unit: Unit) -> str:
    """A sum of won in this unit, exactly: 36,400 or 1.6."""
    whole, part = divmod(abs(won), unit.won)
    digits = str(part).zfill(len(str(unit.won)) - 1).rstrip("0") if part else ""
    return f"{'-' if won < 0 else ''}{whole:,}{'.' if digits else ''}{digits}"


def thousandfold(before: Iterable[Line], after: Iterable[Line]) -> tuple[Line, str, int] | None:
    """The first sum that grew or shrank about a thousandfold, as if typed in another unit: its line, the column, and
    the sum that may have been meant, in won."""
    known = {line.key: line for line in before}
    for line in after:
        old = known.get(line.key)
        for name in ("planned", "secured", "executed") if old else ():
            was, now = getattr(old, name), getattr(line, name)
            if was and now and (ratio := Fraction(now, was)) and _about_thousand(ratio):
                return line, name, now // 1_000 if ratio > 1 else now * 1_000
    return None


def _about_thousand(ratio: Fraction) -> bool:
    return Fraction(300) <= max(ratio, 1 / ratio) <= Fraction(3_000)
