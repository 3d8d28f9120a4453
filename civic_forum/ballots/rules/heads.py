"""Signed heads of the log: what the site committed itself to, and when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from . import signing
from .encoding import instant, stamp
from .signing import HeadKind


@dataclass(frozen=True)
class SignedHead:
    """One head of a box's log. `at` is in whole seconds."""

    fingerprint: bytes
    kind: HeadKind
    size: int
    root: bytes
    at: datetime
    public_key: bytes
    signature: bytes

    @classmethod
    def sign(
        cls, seed: bytes, fingerprint: bytes, kind: HeadKind, *, size: int, root: bytes, at: datetime
    ) -> Self:
        """Parts of a second are cut off before signing."""
        whole = at.replace(microsecond=0)
        message = signing.head_message(fingerprint, kind, kind.number, size, root, whole)
        return cls(fingerprint, kind, size, root, whole, signing.public_key(seed), signing.sign(seed, message))

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Reads a head that somebody kept, with its consistency proof or without; ValueError for another thing."""
        try:
            head = cls(
                kind=HeadKind(value["kind"]),
                size=value["size"],
                at=instant(value["at"]),
                **{name: bytes.fromhex(value[name]) for name in ("fingerprint", "root", "public_key", "signature")},
            )
        except (TypeError, KeyError) as error:
            raise ValueError("not a head") from error
        if head.to_json() != {name: found for name, found in value.items() if name != "consistency"}:
            raise ValueError("not a head")
        return head

    @property
    def number(self) -> int:
        return self.kind.number

    def holds(self) -> bool:
        """Whether the key that it names signed it; whose key that is must be compared apart."""
        message = signing.head_message(self.fingerprint, self.kind, self.number, self.size, self.root, self.at)
        return signing.verify(self.public_key, message, self.signature)

    def to_json(self) -> dict[str, str | int]:
        """The stable form for people; the record adds `consistency`."""
        return {
            "at": stamp(self.at),
            "fingerprint": self.fingerprint.hex(),
            "format": 1,
            "kind": self.kind.value,
            "number": self.number,
            "public_key": self.public_key.hex(),
            "root": self.root.hex(),
            "signature": self.signature.hex(),
            "size": self.size,
        }
