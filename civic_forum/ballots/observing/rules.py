"""Observers named before a vote, and their statements on the result that they recounted (`observed/2`)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple, Self

from ..rules import signing
from ..rules.log import KEPT_FORMAT

LEAST = 2
"""Observers of a vote of which everybody gets the totals alone."""
MOST = 100
LONGEST_NAME = 100
_LENGTHS = {"edition_sha256": 64, "fingerprint": 64, "public_key": 64, "result_sha256": 64, "signature": 128}
_NAMES = frozenset((*_LENGTHS, "agrees", "format", "text"))


class Observer(NamedTuple):
    """Somebody who recounts a vote: a public name and the public half of their own key."""

    name: str
    key: bytes


class Said(NamedTuple):
    """Signatures of the observers of a vote so far."""

    agreed: int
    refused: int


@dataclass(frozen=True)
class Statement:
    """An observer's signature on a result and on the edition with choices, with what they say of it."""

    fingerprint: str
    result_sha256: str
    edition_sha256: str
    agrees: int
    text: str
    public_key: str
    signature: str

    @classmethod
    def from_json(cls, value: object) -> Self:
        """A statement as `verify.py sign` wrote it. Raises ValueError for anything else; says nothing yet of its
        signature: ask `holds`."""
        if not isinstance(value, dict) or set(value) != _NAMES or value["format"] != KEPT_FORMAT:
            raise ValueError("not a statement")
        hexes = all(_is_hex(value[name], digits) for name, digits in _LENGTHS.items())
        text, agrees = value["text"], value["agrees"]
        if not hexes or type(agrees) is not int or agrees not in (0, 1) or not isinstance(text, str):
            raise ValueError("not a statement")
        if len(text) > signing.LONGEST_REMARK:
            raise ValueError("the text is too long")
        text.encode()  # half a character, as JSON can spell it, is signed by nobody
        return cls(**{name: value[name] for name in _NAMES - {"format"}})

    def to_json(self) -> dict[str, Any]:
        """Statement as it is published."""
        return {"format": KEPT_FORMAT} | asdict(self)

    def holds(self) -> bool:
        """True if the key that it names signed it; whose key that is must be compared apart."""
        fingerprint, result, edition = (bytes.fromhex(text) for text in (
            self.fingerprint, self.result_sha256, self.edition_sha256))
        message = signing.observed(fingerprint, result, edition, agrees=bool(self.agrees), text=self.text)
        return signing.verify(bytes.fromhex(self.public_key), message, bytes.fromhex(self.signature))


def observers_of(definition: Mapping[str, Any]) -> list[Observer]:
    """Observers that a box was defined with."""
    return [Observer(observer["name"], bytes.fromhex(observer["key"])) for observer in definition["observers"]]


def why_not(observers: Iterable[Observer], signatures: int, publishes: str, *, rehearsal: bool) -> str | None:
    """Reason of the format against these observers, in a word: `many`, `twice`, `key`, `few` or `signatures`."""
    named = list(observers)
    needed = publishes == "totals" and not rehearsal
    if len(named) > MOST:
        return "many"
    if min(len({observer.name for observer in named}), len({observer.key for observer in named})) < len(named):
        return "twice"
    if any(len(observer.key) != 32 or not 1 <= len(observer.name) <= LONGEST_NAME for observer in named):
        return "key"
    if needed and len(named) < LEAST:
        return "few"
    return None if needed <= signatures <= len(named) - needed else "signatures"


def verdicts(statements: Iterable[Statement]) -> dict[bytes, bool]:
    """Key of each observer who signed, and whether they agree; whoever signed both ways refuses."""
    agreed: dict[bytes, bool] = {}
    for statement in statements:
        key = bytes.fromhex(statement.public_key)
        agreed[key] = bool(statement.agrees) and agreed.get(key, True)
    return agreed


def said(statements: Iterable[Statement]) -> Said:
    """Numbers of those who agreed and who refused."""
    agreements = [*verdicts(statements).values()]
    return Said(agreements.count(True), agreements.count(False))


def _is_hex(text: object, digits: int) -> bool:
    return isinstance(text, str) and re.fullmatch(f"[0-9a-f]{{{digits}}}", text) is not None
