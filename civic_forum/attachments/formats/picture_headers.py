"""Headers of pictures, read before anything is decoded.

Decoders allocate what the header asks for, so size and number of frames are read here first,
by walking the file's own blocks, with a bound on how many.
"""

import re
import struct
from dataclasses import dataclass

from ..rules import FileRefused, Kind, Reason, check_packing

MAX_SIDE = 20_000
MAX_MEGAPIXELS = 40
# The WebP decoder holds the whole picture four times over.
MAX_MEGAPIXELS_WEBP = 12
_MAX_BLOCKS = 50_000
# A progressive JPEG comes in about ten scans; each costs a pass over the whole picture.
_MAX_SCANS = 40
# With more than one scan the decoder keeps two bytes for every sample of the whole picture.
_MAX_SAMPLES_IN_SCANS = 60_000_000
_MAX_ANCILLARY = 4 * 1024 * 1024
# What of a PNG is needed to show it; all text, time and private chunks are left out unread.
_PNG_NEEDED = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"gAMA", b"cHRM", b"sRGB", b"iCCP"})
_PNG_ONCE = frozenset({b"IHDR", b"PLTE", b"tRNS", b"iCCP", b"eXIf"})
_JPEG_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_MARKER = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])", re.DOTALL)


@dataclass(frozen=True)
class Header:
    """Sides in pixels, the bytes that the decoder is to see, and the block that tells which way is up."""

    width: int
    height: int
    data: bytes
    exif: bytes = b""


@dataclass(frozen=True)
class Picture:
    """A picture fit for a page, and a small one for lists, as WebP."""

    kind: Kind
    data: bytes
    width: int
    height: int
    thumb: bytes

    @property
    def media_type(self) -> str:
        return self.kind.media_type


def measured(data: bytes, kind: Kind) -> Header:
    """Header of a picture that may be decoded; raises FileRefused. Nothing is unpacked."""
    header = read_header(data, kind)
    limit = MAX_MEGAPIXELS_WEBP if kind is Kind.WEBP else MAX_MEGAPIXELS
    if not header.width or not header.height:
        raise FileRefused(Reason.BROKEN_PICTURE)
    if max(header.width, header.height) > MAX_SIDE or header.width * header.height > limit * 1_000_000:
        raise FileRefused(Reason.TOO_MANY_PIXELS, megapixels=limit)
    check_packing(kind, header.width * header.height, len(data))
    return header


def read_header(data: bytes, kind: Kind) -> Header:
    """Raise FileRefused for animations and for what cannot be a picture of that kind."""
    try:
        return _READERS[kind](data)
    except (struct.error, IndexError) as fault:
        raise FileRefused(Reason.BROKEN_PICTURE) from fault


def _read_jpeg(data: bytes) -> Header:
    sizes, scans, at = [], 0, 2
    kept, exif, first_scan = [data[:2]], b"", 0
    for _ in range(_MAX_BLOCKS):
        match = _JPEG_MARKER.search(data, at)
        if not match or match[1] == b"\xd9":
            break
        marker, at = match[1][0], match.end()
        if marker in {0x01, 0xD8}:
            continue
        length, = struct.unpack_from(">H", data, at)
        if marker in _JPEG_SIZES:
            sizes.append((*struct.unpack_from(">HH", data, at + 3), _samples_per_pixel(data, at)))
        if marker == 0xDA:
            scans, first_scan = scans + 1, first_scan or at - 2
        elif not first_scan:
            segment = data[at - 2: at + length]
            if marker == 0xE1 and segment[4:10] == b"Exif\0\0":
                exif = exif or segment[4:]
            if _is_needed(marker, segment):
                kept.append(segment)
        at += length
    if len(sizes) != 1 or not 1 <= scans <= _MAX_SCANS:
        raise FileRefused(Reason.BROKEN_PICTURE)
    height, width, samples = sizes[0]
    if scans > 1 and width * height * samples > _MAX_SAMPLES_IN_SCANS:
        raise FileRefused(Reason.TOO_MANY_PIXELS, megapixels=int(_MAX_SAMPLES_IN_SCANS / samples / 1_000_000))
    return Header(width, height, b"".join([*kept, data[first_scan:]]), exif)


def _is_needed(marker: int, segment: bytes) -> bool:
    """Of the segments for programs only those that say how colours are meant; no comments."""
    if marker == 0xE2:
        return segment[4:16] == b"ICC_PROFILE\0"
    return marker in {0xE0, 0xEE} or not (0xE0 <= marker <= 0xEF or marker == 0xFE)


def _samples_per_pixel(data: bytes, at: int) -> float:
    """3 where colour is stored in full, 1.5 where it is halved both ways, as cameras do."""
    factors = [(byte >> 4, byte & 15) for byte in data[at + 9: at + 8 + 3 * data[at + 7]: 3]]
    most = max((wide for wide, _ in factors), default=0) * max((high for _, high in factors), default=0)
    if not most:
        raise FileRefused(Reason.BROKEN_PICTURE)
    return sum(wide * high for wide, high in factors) / most


def _read_png(data: bytes) -> Header:
    width, height = struct.unpack_from(">II", data, 16)
    kept, seen, exif, at = [data[:8]], set(), b"", 8
    for _ in range(_MAX_BLOCKS):
        length, name = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data) or (at == 8) != (name == b"IHDR") or (name in _PNG_ONCE and name in seen):
            raise FileRefused(Reason.BROKEN_PICTURE)
        if name == b"acTL":
            raise FileRefused(Reason.ANIMATED)
        if name == b"eXIf":
            exif = data[at + 8: end - 4]
        if name in _PNG_NEEDED and (name == b"IDAT" or length <= _MAX_ANCILLARY):
            kept.append(data[at:end])
        seen.add(name)
        if name == b"IEND":
            return Header(width, height, b"".join(kept), exif)
        at = end
    raise FileRefused(Reason.BROKEN_PICTURE)


def _read_webp(data: bytes) -> Header:
    end = 8 + struct.unpack_from("<I", data, 4)[0]
    sizes, exif, at = [], b"", 12
    for _ in range(_MAX_BLOCKS):
        if at + 8 > min(end, len(data)):
            break
        name, length = struct.unpack_from("<4sI", data, at)
        if name in {b"ANIM", b"ANMF"} or (name == b"VP8X" and data[at + 8] & 0x02):
            raise FileRefused(Reason.ANIMATED)
        if name in _WEBP_SIZES:
            sizes.append(_WEBP_SIZES[name](data, at + 8))
        if name == b"EXIF":
            exif = data[at + 8: at + 8 + length]
        at += 8 + length + length % 2
    if not sizes or end > len(data):
        raise FileRefused(Reason.BROKEN_PICTURE)
    return Header(max(width for width, _ in sizes), max(height for _, height in sizes), data[:end], exif)


def _vp8x_size(data: bytes, at: int) -> tuple[int, int]:
    return (int.from_bytes(data[at + 4: at + 7], "little") + 1, int.from_bytes(data[at + 7: at + 10], "little") + 1)


def _vp8_size(data: bytes, at: int) -> tuple[int, int]:
    width, height = struct.unpack_from("<HH", data, at + 6)
    return width & 0x3FFF, height & 0x3FFF


def _vp8l_size(data: bytes, at: int) -> tuple[int, int]:
    bits, = struct.unpack_from("<I", data, at + 1)
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1


_WEBP_SIZES = {b"VP8X": _vp8x_size, b"VP8 ": _vp8_size, b"VP8L": _vp8l_size}


def _read_gif(data: bytes) -> Header:
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    at = 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    frames = 0
    for _ in range(_MAX_BLOCKS):
        block = data[at]
        if block == 0x3B:
            break
        if block == 0x21:
            at = _past_gif_blocks(data, at + 2)
        elif block == 0x2C:
            left, top, wide, high, flags = struct.unpack_from("<4HB", data, at + 1)
            width, height, frames = max(width, left + wide), max(height, top + high), frames + 1
            if frames > 1:
                raise FileRefused(Reason.ANIMATED)
            at = _past_gif_blocks(data, at + 11 + (3 << (flags & 7) + 1 if flags & 0x80 else 0))
        else:
            break  # junk after the last block: viewers stop here as well
    if not frames:
        raise FileRefused(Reason.BROKEN_PICTURE)
    return Header(width, height, data[:at] + b";")


def _past_gif_blocks(data: bytes, at: int) -> int:
    while data[at]:
        at += 1 + data[at]
    return at + 1


_READERS = {Kind.JPEG: _read_jpeg, Kind.PNG: _read_png, Kind.WEBP: _read_webp, Kind.GIF: _read_gif}
