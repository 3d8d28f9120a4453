"""The one way in which a record is a zip file, written member by member without keeping it in memory.

FORMAT.md, section 2: everything stored, version 20, no flags, attributes, times, extra fields, comments or
zip64, so that a verifier can write the file again and compare bytes. Python's zipfile does none of this.
"""

import hashlib
import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

LARGEST = 512 * 2**20
"""Bytes of a record; far below where zip needs other headers."""
VERSION, STORED, NO_FLAGS, NO_TIME, FIRST_DAY = 20, 0, 0, 0, 0x0021
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")


class TooLarge(Exception):
    """A record that no verifier would open."""


@dataclass
class _Member:
    name: bytes
    offset: int
    size: int = 0
    crc: int = 0

    @property
    def described(self) -> tuple[int, ...]:
        """Fields that both headers have, from the version needed to the length of the extra field."""
        return (VERSION, NO_FLAGS, STORED, NO_TIME, FIRST_DAY, self.crc, self.size, self.size, len(self.name), 0)

    def local_header(self) -> bytes:
        return _LOCAL.pack(b"PK\3\4", *self.described) + self.name

    def central_header(self) -> bytes:
        return _CENTRAL.pack(b"PK\1\2", VERSION, *self.described, 0, 0, 0, 0, self.offset) + self.name


class CanonicalZip:
    """Writes members in the order of the calls into a file that is open, empty and can be sought in."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._members: dict[str, _Member] = {}

    def add(self, name: str, parts: Iterable[bytes]) -> str:
        """Writes a member part by part; returns its SHA-256 in hex."""
        member = self._begin(name)
        content = hashlib.sha256()
        for part in parts:
            self._file.write(part)
            content.update(part)
            member.crc = zlib.crc32(part, member.crc)
            member.size += len(part)
            self._check_size(member.size)
        self._write_at(member.offset, member.local_header())
        return content.hexdigest()

    def reserve(self, name: str, size: int) -> None:
        """Leaves room for a member of this size, whose content depends on those that follow."""
        member = self._begin(name)
        member.size = size
        self._file.write(bytes(size))

    def fill(self, name: str, content: bytes) -> None:
        """Writes a member into its room; ValueError when it does not fit exactly."""
        member = self._members[name]
        if len(content) != member.size:
            raise ValueError("a member must fill the room that was left for it")
        member.crc = zlib.crc32(content)
        self._write_at(member.offset, member.local_header() + content)

    def close(self) -> None:
        """Writes the directory. The file itself stays open."""
        offset = self._file.tell()
        for member in self._members.values():
            self._file.write(member.central_header())
        size, count = self._file.tell() - offset, len(self._members)
        self._file.write(_END.pack(b"PK\5\6", 0, 0, count, count, size, offset, 0))
        self._check_size(self._file.tell())

    def _begin(self, name: str) -> _Member:
        if name in self._members:
            raise ValueError("a member stands twice")
        member = self._members[name] = _Member(name.encode("ascii"), self._file.tell())
        self._file.write(member.local_header())
        return member

    def _write_at(self, offset: int, data: bytes) -> None:
        end = self._file.tell()
        self._file.seek(offset)
        self._file.write(data)
        self._file.seek(end)

    def _check_size(self, size: int) -> None:
        if size > LARGEST:
            raise TooLarge("a record is at most 512 MiB")
