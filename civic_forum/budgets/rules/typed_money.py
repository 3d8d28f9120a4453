"""Money as people write it: 30,000,000원, 3,000만 원, 1억 2,000만 원. Pure."""

import re

SUM = re.compile(r"(?:([0-9]{1,6})억)?(?:([0-9]{1,8})만)?([0-9]{1,14})?원?", re.ASCII)


def won_of(text: str) -> int | None:
    """The sum in won; None for what is no whole sum. Commas and spaces stand anywhere."""
    digits = text.replace(",", "").replace(" ", "")
    found = SUM.fullmatch(digits)
    if found is None or not any(found.groups()):
        return None
    hundred_millions, ten_thousands, ones = (int(part or 0) for part in found.groups())
    return hundred_millions * 10**8 + ten_thousands * 10**4 + ones
