"""Exact numbers as text: a decimal where it ends, else a fraction in lowest terms."""

from fractions import Fraction


def text(value: Fraction | int) -> str:
    """`1500`, `1549.3` or `25000/21`; `number` reads it back."""
    value = Fraction(value)
    twos, rest = _factors(value.denominator, 2)
    fives, rest = _factors(rest, 5)
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    places = max(twos, fives)
    if places == 0:
        return str(value.numerator)
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def number(written: str) -> Fraction:
    """What `text` wrote; ValueError for anything else."""
    if not isinstance(written, str):
        raise ValueError("an exact number is written as text")
    value = Fraction(written)
    if text(value) != written:
        raise ValueError("not an exact number as it is written")
    return value


def _factors(value: int, prime: int) -> tuple[int, int]:
    count = 0
    while value % prime == 0:
        value //= prime
        count += 1
    return count, value
