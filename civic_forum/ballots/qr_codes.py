"""QR codes of receipts. Their addresses differ in the tracker alone, so the code of one is made from that of another.

With version and mask fixed a QR code is linear: every bit of its text turns over the same modules (its own and those
of the Reed–Solomon code), whatever the other bits are. Making one by the book takes as long as all the rest of a cast.
"""

from functools import lru_cache

import segno

from .rules.receipts import ALPHABET

LETTER_BITS = 7
SAMPLE = "-".join([ALPHABET[0] * 4] * 3)
"""A tracker, from which the others are reckoned."""


class TrackerCodes:
    """The QR codes of `before` followed by any tracker: `size` modules wide, without the quiet border."""

    def __init__(self, before: str) -> None:
        self._before = before
        first = segno.make(before + SAMPLE, mode="byte", error="m", micro=False, boost_error=False)
        self._version, self._mask, self.size = first.version, first.mask, len(first.matrix)
        self._first = _number(first)
        self._turned_by = {place: [self._first ^ self._made(_with_bit(place, bit)) for bit in range(LETTER_BITS)]
                           for place, letter in enumerate(SAMPLE) if letter != "-"}

    def rows(self, tracker: str) -> list[str]:
        """Each row from the top as text: 1 for a dark module, 0 for a light one."""
        modules = self._first
        for place, turned in self._turned_by.items():
            differs = ord(tracker[place]) ^ ord(SAMPLE[place])
            for bit in range(LETTER_BITS):
                if differs >> bit & 1:
                    modules ^= turned[bit]
        text = f"{modules:0{self.size ** 2}b}"
        return [text[start:start + self.size] for start in range(0, len(text), self.size)]

    def _made(self, text: str) -> int:
        return _number(segno.make(self._before + text, mode="byte", error="m", version=self._version, mask=self._mask,
                                  micro=False, boost_error=False))


@lru_cache(maxsize=4)
def codes_after(before: str) -> TrackerCodes:
    """Made once in a process (84 codes)."""
    return TrackerCodes(before)


def _with_bit(place: int, bit: int) -> str:
    return SAMPLE[:place] + chr(ord(SAMPLE[place]) ^ 1 << bit) + SAMPLE[place + 1:]


def _number(code: segno.QRCode) -> int:
    """All modules as the digits of one number."""
    return int("".join(str(module) for row in code.matrix for module in row), 2)
