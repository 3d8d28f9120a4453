"""Money of any place, exact: elections from elsewhere are counted in their own currency."""

from fractions import Fraction

from civic_forum.platform.i18n import won

from ..counting.outcome import text

WON = ("", "KRW")


def money(amount: Fraction | int, currency: str = "KRW") -> str:
    """`1,200만 원`, or `2,532,645.83 PLN`; what is not a whole number of won stands as it is."""
    amount = Fraction(amount)
    if amount.denominator == 1 and currency in WON:
        return won(int(amount))
    whole, point, rest = text(amount).partition(".")
    written = f"{int(whole):,}{point}{rest}" if "/" not in whole else f"{float(amount):,.2f}"
    return f"{written} {currency or 'KRW'}"
