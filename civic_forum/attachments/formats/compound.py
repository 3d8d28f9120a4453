"""Just enough of Microsoft's compound file ([MS-CFB]) to read one small stream by its name, and to find its bytes.

Every number in such a file is the sender's: each is bounded by the file's own length before it
is followed, and every chain of sectors is walked with a limit, so that loops end.
"""

import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from .sniffing import COMPOUND_SIGNATURE

_SPECIAL = 0xFFFFFFFA  # from here on a number names no sector
_FREE = 0xFFFFFFFF
_IN_HEADER = 109  # FAT sectors that the header itself lists
_MAX_ENTRIES = 10_000
_MINI = 64
_STREAM = 2
_ROOT = 5


class NotCompound(ValueError):
    """The bytes contradict themselves, or end too early."""


@dataclass(frozen=True)
class Entry:
    """One line of the directory: a stream, a storage, or the root."""

    name: str
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int


class CompoundFile:
    """A compound file opened for reading; raises NotCompound whenever something does not add up."""

    def __init__(self, data: bytes):
        if len(data) < 512 or not data.startswith(COMPOUND_SIGNATURE):
            raise NotCompound("no header")
        major, byte_order, shift, mini_shift = struct.unpack_from("<4H", data, 26)
        if (major, shift) not in {(3, 9), (4, 12)} or byte_order != 0xFFFE or mini_shift != 6:
            raise NotCompound("a version that does not exist")
        fat_sectors, directory = struct.unpack_from("<2I", data, 44)
        self._cutoff, self._mini_start, _, difat, _ = struct.unpack_from("<5I", data, 56)
        self._data, self._size = data, 1 << shift
        self._sectors = -(-len(data) // self._size) - 1
        self._fat = self._read_fat(fat_sectors, difat)
        if any(mark != _FREE for mark in self._fat[self._sectors:]):
            raise NotCompound("cut off")
        self._entries = self._read_directory(directory)

    def stream(self, name: str, at_most: int) -> bytes | None:
        """The stream of that name in the root; None where there is none."""
        places = self.places(name, at_most)
        return None if places is None else b"".join(
            self._data[at: at + length].ljust(length, b"\0") for at, length in places)

    def places(self, name: str, at_most: int) -> list[tuple[int, int]] | None:
        """Positions in the file, and lengths, of the pieces of that stream in their order; None where there is none."""
        entry = self.root_entries().get(name)
        if entry is None or entry.kind != _STREAM:
            return None
        if entry.size > at_most:
            raise NotCompound(f"{name} is too large")
        long = entry.size >= self._cutoff
        unit = self._size if long else _MINI
        starts = map(self._at, self._chain(entry.start)) if long else self._mini_places(entry.start)
        pieces, left = [], entry.size
        while left > 0:
            at = next(starts, None)
            if at is None:
                raise NotCompound("a stream that is too short")
            pieces.append((at, min(unit, left)))
            left -= unit
        return pieces

    def _mini_places(self, sector: int) -> Iterator[int]:
        root = self._entries[0]
        table = array("I", self._follow(self._mini_start))
        while True:
            if sector >= len(table) or sector * _MINI >= root.size:
                raise NotCompound("a mini sector that does not exist")
            step, offset = divmod(sector * _MINI, self._size)
            holder = next(islice(self._chain(root.start), step, None), None)
            if holder is None:
                raise NotCompound("a mini stream that is too short")
            yield self._at(holder) + offset
            sector = table[sector]

    def root_entries(self) -> dict[str, Entry]:
        """Entries directly in the root, by name."""
        entries, waiting, seen = {}, [self._entries[0].child], set()
        while waiting:
            number = waiting.pop()
            if number >= _SPECIAL:
                continue
            if number in seen or number >= len(self._entries):
                raise NotCompound("a directory that runs in a circle")
            seen.add(number)
            entry = self._entries[number]
            entries.setdefault(entry.name, entry)
            waiting += [entry.left, entry.right]
        return entries

    def _at(self, number: int) -> int:
        if number >= self._sectors:
            raise NotCompound("a sector that does not exist")
        return (number + 1) * self._size

    def _sector(self, number: int) -> bytes:
        at = self._at(number)
        return self._data[at: at + self._size].ljust(self._size, b"\0")

    def _read_fat(self, count: int, difat: int) -> array:
        if count > self._sectors:
            raise NotCompound("more tables than sectors")
        numbers = array("I", self._data[76: 76 + 4 * _IN_HEADER])
        while len(numbers) < count:
            block = array("I", self._sector(difat))
            difat = block.pop()
            numbers.extend(block)
        fat = array("I")
        for number in numbers[:count]:
            fat.frombytes(self._sector(number))
        return fat

    def _chain(self, start: int):
        steps, sector = 0, start
        while sector < _SPECIAL:
            if steps > self._sectors or sector >= len(self._fat):
                raise NotCompound("a chain that does not end")
            yield sector
            steps, sector = steps + 1, self._fat[sector]

    def _follow(self, start: int) -> bytes:
        return b"".join(map(self._sector, self._chain(start)))

    def _read_directory(self, start: int) -> list[Entry]:
        entries = []
        for sector in self._chain(start):
            block = self._sector(sector)
            for at in range(0, self._size, 128):
                entries.append(_entry(block[at: at + 128]))
            if len(entries) > _MAX_ENTRIES:
                raise NotCompound("too many entries")
        if not entries or entries[0].kind != _ROOT:
            raise NotCompound("no root")
        return entries


def _entry(line: bytes) -> Entry:
    length, kind = struct.unpack_from("<HB", line, 64)
    left, right, child = struct.unpack_from("<3I", line, 68)
    start, size = struct.unpack_from("<2I", line, 116)
    name = line[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
    return Entry(name, kind, left, right, child, start, size)
