"""Sealed rows of those who answer, under subkeys of the key K of their consultation. All rows of a consultation have
one length, whatever they hold."""

import hmac
import struct
from collections.abc import Mapping
from typing import NamedTuple, Self

from civic_forum.ballots.box.sealing import Damaged, open_sealed, seal

from .rules import AGES, AGREE, DISAGREE, PASS

KEY_BYTES, ROW_KEY_BYTES = 32, 16
ROOMS = (256, 1_024, 4_096, 10_240)
"""Statements for which all rows of a consultation have room."""
FILLED = 0.75
"""Share of the room, from which on the next one is taken."""
VALUES = (0, AGREE, DISAGREE, PASS)
"""Answers by code; the first is not seen."""
_HEAD, _POINT = struct.Struct(">IIB"), struct.Struct(">2sdd")
_AGES = (None, *AGES)


class Point(NamedTuple):
    """Place of somebody in the last result."""

    group: str | None = None
    x: float = 0.0
    y: float = 0.0


class Content(NamedTuple):
    """Content of a row; two bits for each statement number."""

    codes: bytes = b""
    revision: int = 0
    neighbourhood_id: int | None = None
    age_band: str | None = None

    @property
    def answers(self) -> dict[int, int]:
        """Statement number → answer."""
        return {4 * at + part + 1: VALUES[code] for at, byte in enumerate(self.codes) if byte
                for part in range(4) if (code := byte >> 2 * part & 3)}

    def answering(self, answers: Mapping[int, int], room: int) -> Self:
        """The same with these answers alone. Raises OverflowError for one for which there is no room."""
        codes = sum(VALUES.index(answer, 1) << 2 * (number - 1) for number, answer in answers.items())
        return self._replace(codes=codes.to_bytes(room // 4, "little"))


def room_of(statements: int) -> int:
    """Room that so many statements do not fill beyond `FILLED`, or the largest."""
    return next((room for room in ROOMS if statements <= FILLED * room), ROOMS[-1])


class Keys:
    """Subkeys of K: k(x) = HMAC-SHA256(K, "civic-forum/opinions/1/" ‖ x), x in row, seal, place, kept, letter, typed.
    Held no longer than the work at hand. A `row` has a row key and a basis."""

    def __init__(self, key: bytes, consultation_id: int) -> None:
        self._key, self.consultation_id = key, consultation_id

    def subkey(self, purpose: str) -> bytes:
        return hmac.digest(self._key, b"civic-forum/opinions/1/" + purpose.encode(), "sha256")

    def row_key(self, mark: bytes) -> bytes:
        """Name of the row of whoever has this mark."""
        return hmac.digest(self.subkey("row"), mark, "sha256")[:ROW_KEY_BYTES]

    def seal(self, purpose: str, content: bytes, *place: bytes | int) -> bytes:
        return seal(self.subkey(purpose), content, self._place(*place))

    def open(self, purpose: str, sealed: bytes, *place: bytes | int) -> bytes | None:
        """None where one bit, its place or the key is another."""
        try:
            return open_sealed(self.subkey(purpose), sealed, self._place(*place))
        except Damaged:
            return None

    def _place(self, *parts: bytes | int) -> bytes:
        return b"opinion/1" + b"".join(part if isinstance(part, bytes) else part.to_bytes(8, "big")
                                       for part in (self.consultation_id, *parts))

    def seal_row(self, row, content: Content, room: int) -> bytes:
        head = _HEAD.pack(content.revision, content.neighbourhood_id or 0, _AGES.index(content.age_band))
        return self.seal("seal", head + content.codes.ljust(room // 4, b"\0"), row.row_key, row.basis.encode())

    def open_row(self, row) -> Content | None:
        """None for a damaged one."""
        if (opened := self.open("seal", row.sealed, row.row_key, row.basis.encode())) is None:
            return None
        revision, place, age = _HEAD.unpack_from(opened)
        return Content(opened[_HEAD.size:], revision, place or None, _AGES[age])

    def seal_point(self, row, point: Point = Point()) -> bytes:
        packed = _POINT.pack((point.group or "").encode(), point.x, point.y)
        return self.seal("place", packed, row.row_key, row.basis.encode())

    def open_point(self, row) -> Point:
        """Nowhere for a damaged one."""
        opened = self.open("place", row.place, row.row_key, row.basis.encode()) or bytes(_POINT.size)
        group, x, y = _POINT.unpack(opened)
        return Point(group.rstrip(b"\0").decode() or None, x, y)
