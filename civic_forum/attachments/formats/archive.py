"""The table of contents of a zip, read and checked without unpacking anything.

Stricter than a zip tool: the archive must begin at the first byte and end at the last one, its
parts must neither overlap nor be larger than the file, and no name may leave its folder. What
tools understand differently from one another is refused.
"""

import struct
import zlib
from dataclasses import dataclass

from ..rules import MEGABYTE, FileRefused, Reason
from .sniffing import ZIP_SIGNATURE

MAX_ENTRIES = 2_000
MAX_UNPACKED = 200 * MEGABYTE
MAX_RATIO = 100
# Below this an entry may be packed as tightly as it likes: blank tables and pictures are.
SMALL = MEGABYTE

_END = struct.Struct("<4s4H2IH")
_LINE = struct.Struct("<4s6H3I5H2I")
_LOCAL = struct.Struct("<4s5H3I2H")
_STORED, _DEFLATED = 0, 8
_OTHER_END, _OTHER_END_SIZE = b"PK\x06\x07", 20
"""Right before the end of the directory it leads to another one, which other readers take."""


@dataclass(frozen=True)
class Packed:
    """One entry: where its bytes lie in the file, and what it says of itself."""

    name: str
    method: int
    at: int
    packed: int
    unpacked: int


def contents(data: bytes) -> dict[str, Packed]:
    """The entries of an archive by name; raises FileRefused for bombs, encryption and trickery."""
    lines = list(_central_directory(data))
    entries = {}
    reach = 0
    for line in sorted(lines, key=lambda line: line[-1]):
        entry, reach = _entry(data, line, reach)
        if entries.setdefault(entry.name, entry) is not entry:
            raise FileRefused(Reason.BROKEN_DOCUMENT)
    _refuse_bombs(entries.values())
    return entries


def unpack(data: bytes, entry: Packed, at_most: int) -> bytes:
    """The first `at_most` bytes of an entry, whatever size it claims."""
    raw = data[entry.at: entry.at + entry.packed]
    if entry.method == _STORED:
        return raw[:at_most]
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(raw, at_most)
    except zlib.error as fault:
        raise FileRefused(Reason.BROKEN_DOCUMENT) from fault


def _central_directory(data: bytes):
    at = data.rfind(b"PK\x05\x06", -65_557)
    if at < 0 or len(data) - at < _END.size:
        raise FileRefused(Reason.BROKEN_DOCUMENT)
    _, disk, first_disk, here, count, size, start, comment = _END.unpack_from(data, at)
    if (disk, first_disk, here) != (0, 0, count) or at + _END.size + comment != len(data) or start + size != at or (
            data.startswith(_OTHER_END, max(at - _OTHER_END_SIZE, 0))):
        raise FileRefused(Reason.BROKEN_DOCUMENT)
    if count > MAX_ENTRIES:
        raise FileRefused(Reason.BOMB)
    for _ in range(count):
        if start + _LINE.size > at:
            raise FileRefused(Reason.BROKEN_DOCUMENT)
        (signature, _, _, flags, method, _, _, _, packed, unpacked,
         name, extra, note, _, _, _, offset) = _LINE.unpack_from(data, start)
        if signature != b"PK\x01\x02":
            raise FileRefused(Reason.BROKEN_DOCUMENT)
        yield data[start + _LINE.size: start + _LINE.size + name], flags, method, packed, unpacked, offset
        start += _LINE.size + name + extra + note
    if start != at:
        raise FileRefused(Reason.BROKEN_DOCUMENT)


def _entry(data: bytes, line: tuple, reach: int) -> tuple[Packed, int]:
    """The entry that a line of the directory describes, and where it ends. `reach`: where the last one ended."""
    raw_name, flags, method, packed, unpacked, offset = line
    if flags & 0b1000001:
        raise FileRefused(Reason.ENCRYPTED)
    if offset < reach or offset + _LOCAL.size > len(data) or method not in {_STORED, _DEFLATED}:
        raise FileRefused(Reason.BROKEN_DOCUMENT)
    signature, _, _, local_method, _, _, _, _, _, name, extra = _LOCAL.unpack_from(data, offset)
    at = offset + _LOCAL.size + name + extra
    same_name = data[offset + _LOCAL.size: offset + _LOCAL.size + name] == raw_name
    if signature != ZIP_SIGNATURE or local_method != method or not same_name or at + packed > len(data):
        raise FileRefused(Reason.BROKEN_DOCUMENT)
    if method == _STORED and packed != unpacked:
        raise FileRefused(Reason.BROKEN_DOCUMENT)
    return Packed(_safe_name(raw_name, flags), method, at, packed, unpacked), at + packed


def _safe_name(raw: bytes, flags: int) -> str:
    name = raw.decode("utf-8" if flags & 0x800 else "cp437", "replace")
    parts = name.removesuffix("/").split("/")
    if "\\" in name or "\0" in name or ":" in name or any(part in {"", ".", ".."} for part in parts):
        raise FileRefused(Reason.BROKEN_DOCUMENT)
    return name


def _refuse_bombs(entries) -> None:
    if sum(entry.unpacked for entry in entries) > MAX_UNPACKED:
        raise FileRefused(Reason.BOMB)
    for entry in entries:
        if entry.unpacked > SMALL and entry.unpacked > MAX_RATIO * entry.packed:
            raise FileRefused(Reason.BOMB)
