"""Sealed rows of those who answer, under subkeys of the key K of their consultation. All rows of a consultation have
one length, whatever they hold."""

import hmac
import json
import struct
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple, Self

from civic_forum.ballots.box.sealing import Damaged, open_sealed, seal

from .rules import AGE_BANDS, AGREE, DISAGREE, PASS, Basis

KEY_BYTES, ROW_KEY_BYTES = 32, 16
ROOMS = (256, 1_024, 4_096, 10_240)
"""Statements for which all rows of a consultation have room."""
FILLED = 0.75
"""Share of the room, from which on the next one is taken."""
ROUNDED = 4_096
"""Bytes to whose multiple what a result keeps is made longer."""
_LABEL, _PLACE = b"civic-forum/opinions/1/", b"opinion/1"
_HEAD, _POINT = struct.Struct(">IIB"), struct.Struct(">2sdd")
VALUES = (0, AGREE, DISAGREE, PASS)
"""By code; the first is not seen."""
_CODES = {value: code for code, value in enumerate(VALUES) if code}


class Point(NamedTuple):
    """Place of somebody in the last result."""

    group: str | None = None
    x: float = 0.0
    y: float = 0.0


class Content(NamedTuple):
    """Content of a row; two bits for each statement number, 0 not seen."""

    codes: bytes
    revision: int = 0
    neighbourhood_id: int | None = None
    age_band: str | None = None

    @property
    def answers(self) -> dict[int, int]:
        """Statement number → answer."""
        return {4 * at + part + 1: VALUES[code] for at, byte in enumerate(self.codes) if byte
                for part in range(4) if (code := byte >> 2 * part & 3)}

    def answering(self, answers: Mapping[int, int], room: int) -> Self:
        """The same with these answers alone."""
        codes = bytearray(room // 4)
        for number, value in answers.items():
            codes[(number - 1) // 4] |= _CODES[value] << 2 * ((number - 1) % 4)
        return self._replace(codes=bytes(codes))


NOTHING = Content(b"")


def room_of(statements: int) -> int:
    """Room that so many statements do not fill beyond `FILLED`, or the largest."""
    return next((room for room in ROOMS if statements <= FILLED * room), ROOMS[-1])


class Keys:
    """Subkeys of K: k(x) = HMAC-SHA256(K, "civic-forum/opinions/1/" ‖ x). Held no longer than the work at hand."""

    __slots__ = ("_key", "_subkeys", "consultation_id")

    def __init__(self, key: bytes, consultation_id: int) -> None:
        self._key, self.consultation_id = key, consultation_id
        self._subkeys: dict[str, bytes] = {}

    def subkey(self, purpose: str) -> bytes:
        """Purposes: row, seal, place, kept, letter, typed."""
        if purpose not in self._subkeys:
            self._subkeys[purpose] = hmac.digest(self._key, _LABEL + purpose.encode(), "sha256")
        return self._subkeys[purpose]

    def row_key(self, mark: bytes) -> bytes:
        """Name of the row of whoever has this mark."""
        return hmac.digest(self.subkey("row"), mark, "sha256")[:ROW_KEY_BYTES]

    def seal(self, purpose: str, content: bytes, *place: bytes | int) -> bytes:
        return seal(self.subkey(purpose), content, self._place(place))

    def open(self, purpose: str, sealed: bytes, *place: bytes | int) -> bytes:
        """Raises Damaged where one bit, its place or the key is another."""
        return open_sealed(self.subkey(purpose), sealed, self._place(place))

    def _place(self, parts: Iterable[bytes | int]) -> bytes:
        return _PLACE + b"".join(part if isinstance(part, bytes) else part.to_bytes(8, "big")
                                 for part in (self.consultation_id, *parts))

    def seal_row(self, row_key: bytes, basis: Basis, content: Content, room: int) -> bytes:
        age = 1 + AGE_BANDS.index(content.age_band) if content.age_band else 0
        head = _HEAD.pack(content.revision, content.neighbourhood_id or 0, age)
        return self.seal("seal", head + content.codes.ljust(room // 4, b"\0"), row_key, basis.encode())

    def open_row(self, row_key: bytes, basis: Basis, sealed: bytes) -> Content:
        """Raises Damaged."""
        opened = self.open("seal", sealed, row_key, basis.encode())
        revision, neighbourhood_id, age = _HEAD.unpack_from(opened)
        return Content(opened[_HEAD.size:], revision, neighbourhood_id or None, AGE_BANDS[age - 1] if age else None)

    def seal_kept(self, number: int, kept: Mapping[str, Any]) -> bytes:
        """The part of the result of this number that the next one needs."""
        text = json.dumps(kept)
        return self.seal("kept", text.ljust(-(-len(text) // ROUNDED) * ROUNDED).encode(), number)

    def open_kept(self, number: int, sealed: bytes) -> dict[str, Any]:
        """Nothing, where it does not open."""
        with suppress(Damaged):
            return json.loads(self.open("kept", sealed, number))
        return {}

    def seal_point(self, row_key: bytes, basis: Basis, point: Point = Point()) -> bytes:
        packed = _POINT.pack((point.group or "").encode(), point.x, point.y)
        return self.seal("place", packed, row_key, basis.encode())

    def open_point(self, row_key: bytes, basis: Basis, sealed: bytes) -> Point:
        """Nowhere, where it does not open."""
        with suppress(Damaged):
            group, x, y = _POINT.unpack(self.open("place", sealed, row_key, basis.encode()))
            return Point(group.rstrip(b"\0").decode() or None, x, y)
        return Point()
