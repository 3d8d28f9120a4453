"""Slips of receipts, to read, print and photograph: every part as long as that of any other slip."""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

import segno
from flask import current_app

from ..rules.signing import ALPHABET, Receipt, key_fingerprint

DARK, LIGHT = "h1 0", "m1 0"
"""A module of the QR code as a part of an SVG path: a stroke or a step, of the same length."""
LETTER_BITS = 7
SAMPLE = "-".join([ALPHABET[0] * 4] * 3)
"""A tracker, from which the others are reckoned."""


class TrackerCodes:
    """The QR codes of `before` followed by any tracker: `size` modules wide, without the quiet border.

    Their texts differ in the tracker alone, so the code of one is made from that of another: with version and mask
    fixed a QR code is linear, every bit of its text turns over the same modules (its own and those of the Reed–Solomon
    code), whatever the other bits are. Making one by the book takes as long as all the rest of a cast.
    """

    def __init__(self, before: str) -> None:
        self.before = before
        first = segno.make(before + SAMPLE, mode="byte", error="m", micro=False, boost_error=False)
        self._version, self._mask, self.size = first.version, first.mask, len(first.matrix)
        self._first = _number(first)
        self._turned_by = {
            place: [self._first ^ self._made(SAMPLE[:place] + chr(ord(letter) ^ 1 << bit) + SAMPLE[place + 1:])
                    for bit in range(LETTER_BITS)] for place, letter in enumerate(SAMPLE) if letter != "-"}

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
        return _number(segno.make(self.before + text, mode="byte", error="m", version=self._version, mask=self._mask,
                                  micro=False, boost_error=False))


codes_after = lru_cache(maxsize=4)(TrackerCodes)
"""Made once in a process (84 codes)."""


@dataclass(frozen=True)
class ReceiptView:
    """Tracker and key of the site: with them anybody sees that a ballot is in the log, and nothing else."""

    tracker: str
    public_key: bytes
    receipt: Receipt | None = None
    """The content of the file to keep, with everything that a voter's own browser checks; at a kiosk there is none."""

    @classmethod
    def of(cls, receipt: Receipt) -> Self:
        """Slip of this receipt, with its file."""
        return cls(receipt.tracker, receipt.public_key, receipt)

    @classmethod
    def blank(cls) -> Self:
        """Slip of the same size, to be filled in by the script of the page."""
        return cls.of(Receipt(bytes(32), bytes(32), bytes(16), bytes(32), bytes(64)))

    @property
    def key_fingerprint(self) -> str:
        """Fingerprint of the key that the site signs with."""
        return grouped(key_fingerprint(self.public_key))

    @property
    def address(self) -> str:
        """The address at which everybody can look the receipt up."""
        return _codes().before + self.tracker

    @property
    def size(self) -> int:
        return _codes().size + 8

    @property
    def path(self) -> str:
        """The QR code of the address, as an SVG path to be stroked, with the quiet border of four modules."""
        rows = _codes().rows(self.tracker)
        drawn = "".join(rows).replace("1", "d").replace("0", f" {LIGHT}").replace("d", f" {DARK}")
        each = len(drawn) // len(rows)
        starts = range(0, len(drawn), each)
        return "".join([f"M4 {number:03d}.5{drawn[start:start + each]}" for number, start in enumerate(starts, 4)])

    @property
    def file(self) -> str:
        """Text of the file to keep."""
        return _file(self.receipt.to_json())

    def to_json(self) -> dict:
        """Slip, and receipt and file where there are any, for the script of the page."""
        receipt = self.receipt and self.receipt.to_json()
        kept = {"receipt": receipt, "file": _file(receipt)} if receipt else {}
        return kept | {"slip": {"tracker": self.tracker, "address": self.address,
                                "key_fingerprint": self.key_fingerprint, "path": self.path}}


def _file(receipt: dict) -> str:
    return json.dumps(receipt, indent=1, sort_keys=True) + "\n"


def _codes() -> TrackerCodes:
    return codes_after(f"{current_app.config['URL'].rstrip('/')}/receipts/")


def grouped(text: str) -> str:
    """Hex in groups of eight, to be read aloud and compared."""
    return " ".join(text[start:start + 8] for start in range(0, len(text), 8))


def _number(code: segno.QRCode) -> int:
    """All modules as the digits of one number."""
    return int("".join(str(module) for row in code.matrix for module in row), 2)
