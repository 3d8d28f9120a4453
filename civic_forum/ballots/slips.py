"""A receipt as a slip to read, print and photograph: every part as long as that of any other receipt."""

import json
from dataclasses import dataclass, field
from typing import Self

from flask import current_app

from .qr_codes import TrackerCodes, codes_after
from .rules.receipts import Receipt
from .rules.signing import key_fingerprint

DARK, LIGHT = "h1 0", "m1 0"
"""A module of the QR code as a part of an SVG path: a stroke or a step, of the same length."""


@dataclass(frozen=True)
class Slip:
    """What stands on a receipt. None of it depends on what was chosen, nor does its length."""

    receipt: Receipt
    found: dict = field(default_factory=dict)
    """After the close: number, inclusion proof and head, which the file then holds too."""

    @classmethod
    def blank(cls) -> Self:
        """Of the same size, to be filled in by the script of the page."""
        return cls(Receipt(bytes(32), bytes(32), bytes(32), bytes(64)))

    @property
    def tracker(self) -> str:
        return self.receipt.tracker

    @property
    def leaf(self) -> str:
        return grouped(self.receipt.leaf.hex())

    @property
    def signature(self) -> str:
        return grouped(self.receipt.signature.hex())

    @property
    def key_fingerprint(self) -> str:
        return grouped(key_fingerprint(self.receipt.public_key))

    @property
    def fingerprint(self) -> str:
        return grouped(self.receipt.fingerprint.hex())

    @property
    def file(self) -> str:
        """The text of the file to keep."""
        return json.dumps(self.receipt.to_json() | self.found, indent=1, sort_keys=True) + "\n"

    @property
    def address(self) -> str:
        """Where everybody can look the receipt up."""
        return _place() + self.tracker

    @property
    def size(self) -> int:
        return _codes().size + 8

    @property
    def path(self) -> str:
        """The QR code of the address, as an SVG path to be stroked, with the quiet border of four modules."""
        width = _codes().size
        modules = "".join(_codes().rows(self.tracker))
        drawn = modules.replace("1", "d").replace("0", f" {LIGHT}").replace("d", f" {DARK}")
        each = len(drawn) // width
        return "".join(f"M4 {number + 4:03d}.5{drawn[number * each:(number + 1) * each]}" for number in range(width))

    def to_json(self) -> dict:
        """For the script: the receipt, what is shown of it in groups, and the QR code."""
        return {"receipt": self.receipt.to_json(), "file": self.file,
                "slip": {"tracker": self.tracker, "address": self.address, "leaf": self.leaf,
                         "signature": self.signature, "fingerprint": self.fingerprint,
                         "key_fingerprint": self.key_fingerprint, "path": self.path}}


def _codes() -> TrackerCodes:
    return codes_after(_place())


def _place() -> str:
    return f"{current_app.config['URL'].rstrip('/')}/receipts/"


def grouped(text: str) -> str:
    """Hex in groups of eight, to be read aloud and compared."""
    return " ".join(text[start:start + 8] for start in range(0, len(text), 8))
