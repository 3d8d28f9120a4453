"""Just enough of Microsoft's compound file ([MS-CFB]) to read one small stream by its name.

Every number in such a file is the sender's: each is bounded by the file's own length before it
is followed, and every chain of sectors is walked with a limit, so that loops end.
"""

import struct
from array import array
from dataclasses import dataclass

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
        entry = self.root_entries().get(name)
        if entry is None or entry.kind != _STREAM:
            return None
        if entry.size > at_most:
            raise NotCompound(f"{name} is too large")
        if entry.size >= self._cutoff:
            return self._follow(entry.start, entry.size)
        root = self._entries[0]
        table = array("I", self._follow(self._mini_start, None))
        pieces, sector = [], entry.start
        while len(pieces) * _MINI < entry.size:
            at = sector * _MINI
            if sector >= len(table) or at >= root.size:
                raise NotCompound("a mini sector that does not exist")
            pieces.append(self._slice(root.start, at, _MINI))
            sector = table[sector]
        return b"".join(pieces)[:entry.size]

    def root_entries(self) -> dict[str, Entry]:
        """Entries directly in the root, by name."""
        found, waiting, seen = {}, [self._entries[0].child], set()
        while waiting:
            number = waiting.pop()
            if number >= _SPECIAL:
                continue
            if number in seen or number >= len(self._entries):
                raise NotCompound("a directory that runs in a circle")
            seen.add(number)
            entry = self._entries[number]
            found.setdefault(entry.name, entry)
            waiting += [entry.left, entry.right]
        return found

    def _sector(self, number: int) -> bytes:
        if number >= self._sectors:
            raise NotCompound("a sector that does not exist")
        at = (number + 1) * self._size
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

    def _follow(self, start: int, size: int | None) -> bytes:
        pieces = []
        for sector in self._chain(start):
            pieces.append(self._sector(sector))
            if size is not None and len(pieces) * self._size >= size:
                break
        whole = b"".join(pieces)
        if size is not None and len(whole) < size:
            raise NotCompound("a stream that is too short")
        return whole if size is None else whole[:size]

    def _slice(self, start: int, at: int, length: int) -> bytes:
        """A few bytes out of the stream that begins at sector `start`, without reading the rest."""
        wanted, offset = divmod(at, self._size)
        for step, sector in enumerate(self._chain(start)):
            if step == wanted:
                return self._sector(sector)[offset: offset + length]
        raise NotCompound("a mini stream that is too short")

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
