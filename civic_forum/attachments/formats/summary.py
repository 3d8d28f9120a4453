"""Summary of an old document (HWP 5): title, author, last author and the like, blanked where they stand.

Only characters change and nothing moves, so every table of the file stays right ([MS-OLEPS]).
"""

import struct

from ..rules import MEGABYTE, FileRefused, Reason
from .compound import CompoundFile, NotCompound

_SUMMARIES = ("\x05HwpSummaryInformation", "\x05SummaryInformation", "\x05DocumentSummaryInformation")
_STRINGS = {30: 1, 31: 2}  # type of a property → bytes of a character
_MOST_PROPERTIES = 1000


def blanked(data: bytes, compound: CompoundFile) -> bytes:
    """The same document with empty words in its summaries; raises FileRefused where one of them cannot be read."""
    out = bytearray(data)
    try:
        for name in _SUMMARIES:
            places = compound.places(name, MEGABYTE)
            if places is None:
                continue
            blank = _blank(compound.stream(name, MEGABYTE) or b"")
            for at, length in places:
                out[at: at + length], blank = blank[:length], blank[length:]
    except (NotCompound, struct.error) as fault:
        raise FileRefused(Reason.BROKEN_DOCUMENT) from fault
    return bytes(out[:len(data)])


def _blank(stream: bytes) -> bytes:
    out = bytearray(stream)
    sections, = struct.unpack_from("<I", stream, 24)
    for number in range(min(sections, 2)):  # there are never more
        start, = struct.unpack_from("<I", stream, 28 + 20 * number + 16)
        count, = struct.unpack_from("<I", stream, start + 4)
        for place in range(min(count, _MOST_PROPERTIES)):
            at = start + struct.unpack_from("<I", stream, start + 8 + 8 * place + 4)[0]
            kind, length = struct.unpack_from("<2I", stream, at)
            if kind in _STRINGS:
                end = min(at + 8 + length * _STRINGS[kind], len(out))
                out[at + 8: end] = bytes(end - at - 8)
    return bytes(out)
