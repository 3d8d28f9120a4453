"""Exact numbers as text: a decimal where it ends, else a fraction in lowest terms."""

import re
from fractions import Fraction

PIECE = 4000
LONG = 10**PIECE
WRITTEN = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+)|/([0-9]*[1-9][0-9]*))?")
LONGEST = 100_000
"""Characters of a number that is read."""


def text(value: Fraction | int) -> str:
    """`1500`, `1549.3` or `25000/21`; `number` reads it back."""
    value = Fraction(value)
    twos, rest = _factors(value.denominator, 2)
    fives, rest = _factors(rest, 5)
    if rest != 1:
        return f"{_digits(value.numerator)}/{_digits(value.denominator)}"
    places = max(twos, fives)
    if places == 0:
        return _digits(value.numerator)
    digits = _digits(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def number(written: str) -> Fraction:
    """The number that `text` wrote; ValueError for anything else."""
    if not isinstance(written, str) or len(written) > LONGEST:
        raise ValueError("an exact number is written as text")
    found = WRITTEN.fullmatch(written)
    if found is None:
        raise ValueError("not an exact number")
    sign, whole, decimals, below = found.groups()
    value = Fraction(_integer(whole + (decimals or "")), _integer(below) if below else 10 ** len(decimals or ""))
    value = -value if sign else value
    if text(value) != written:
        raise ValueError("not an exact number as it is written")
    return value


def _digits(value: int) -> str:
    """Python itself refuses to write numbers of thousands of digits, which prices after many rounds can have."""
    if abs(value) < LONG:
        return str(value)
    above, below = divmod(abs(value), LONG)
    return ("-" if value < 0 else "") + _digits(above) + str(below).rjust(PIECE, "0")


def _integer(digits: str) -> int:
    value = 0
    for start in range(0, len(digits), PIECE):
        piece = digits[start:start + PIECE]
        value = value * 10 ** len(piece) + int(piece)
    return value


def _factors(value: int, prime: int) -> tuple[int, int]:
    count = 0
    while value % prime == 0:
        value //= prime
        count += 1
    return count, value
