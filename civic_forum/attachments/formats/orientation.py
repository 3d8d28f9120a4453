"""The orientation of a picture: the one tag of EXIF that is used, and the only one read."""

import struct

from PIL.Image import Transpose

_ORIENTATION = 0x0112
_SHORT = 3
TURNS = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}


def turn_of(exif: bytes) -> Transpose | None:
    """Turn that sets a picture with this EXIF block upright; None for a block that is broken or silent."""
    tiff = exif.removeprefix(b"Exif\0\0")
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None:
        return None
    try:
        start, = struct.unpack_from(order + "I", tiff, 4)
        count, = struct.unpack_from(order + "H", tiff, start)
        for line in range(count):
            tag, kind, _, value = struct.unpack_from(order + "HHIH", tiff, start + 2 + 12 * line)
            if (tag, kind) == (_ORIENTATION, _SHORT):
                return TURNS.get(value)
    except struct.error:
        return None  # cut off: without the tag the picture stands as it is
    return None
