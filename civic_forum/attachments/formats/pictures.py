"""Pictures are never kept as sent: they are decoded, made smaller and written anew.

What was hidden in them (place and camera, comments, a second file after the end) does not
survive, because only pixels do. Memory stays below 300 MB: a picture is measured before it is
decoded, and a large one is reduced in strips.
"""

import struct
import warnings
from io import BytesIO

from PIL import GifImagePlugin, Image, ImageCms, ImageFile, JpegImagePlugin, PngImagePlugin, WebPImagePlugin
from PIL.Image import Transpose

from ..rules import FileRefused, Kind, Reason
from .picture_headers import MAX_MEGAPIXELS, Header, Picture, measured
from .sniffing import kind_of

PAGE_SIDE = 2000
THUMB_SIDE = 640

_MAX_PROFILE = 4 * 1024 * 1024
_STRIP = 256
_QUALITY, _THUMB_QUALITY = 85, 75
# Plugins are named one by one, so that no other format and no guessing of Pillow's is reachable.
_PLUGINS = {
    Kind.JPEG: JpegImagePlugin.JpegImageFile,
    Kind.PNG: PngImagePlugin.PngImageFile,
    Kind.WEBP: WebPImagePlugin.WebPImageFile,
    Kind.GIF: GifImagePlugin.GifImageFile,
}
_SRGB = ImageCms.createProfile("sRGB")

Image.preinit()  # what it would import when the first picture is saved
# Second lines of defence, for the whole process.
Image.MAX_IMAGE_PIXELS = MAX_MEGAPIXELS * 1_000_000
ImageFile.LOAD_TRUNCATED_IMAGES = False
warnings.simplefilter("error", Image.DecompressionBombWarning)


def read_picture(data: bytes) -> Picture:
    """The picture in these bytes: upright, in sRGB, at most 2000 px a side, without any metadata.

    Raises FileRefused for what is no picture, is broken, moves, or is too large to decode.
    """
    kind = kind_of(data)
    if not kind.is_picture:
        raise FileRefused(Reason.UNKNOWN_KIND)
    header = measured(data, kind)
    try:
        image = _decode(header, kind)
        page_kind, page = _encode(image, kind)
        thumb = _write(_fit(image, THUMB_SIDE), Kind.WEBP, _THUMB_QUALITY)
    except Exception as fault:
        # Decoders meet hostile bytes here and raise nearly anything, SyntaxError and MemoryError included.
        raise FileRefused(Reason.BROKEN_PICTURE) from fault
    return Picture(page_kind, page, image.width, image.height, thumb)


def _decode(header: Header, kind: Kind) -> Image.Image:
    """The picture as RGB or RGBA, at most 2000 px a side, upright."""
    image = _PLUGINS[kind](BytesIO(header.data))
    if image.width > header.width or image.height > header.height:
        raise FileRefused(Reason.BROKEN_PICTURE)
    profile = image.info.get("icc_profile")
    if kind is Kind.JPEG:
        image.draft(None, (PAGE_SIDE, PAGE_SIDE))  # lets the decoder itself halve a large picture
    image.load()
    image = _direct(image)
    if (factor := max(image.size) // (2 * PAGE_SIDE)) > 1:
        image = _reduce(image, factor)  # and the large one is let go before the next copy is made
    image = _fit(image, PAGE_SIDE)
    image = _to_srgb(image, profile)
    turn = turn_of(header.exif)
    image = image.transpose(turn) if turn is not None else image
    return image.convert("RGB") if image.mode == "RGB" or image.getchannel("A").getextrema()[0] == 255 else image


def _direct(image: Image.Image) -> Image.Image:
    """In a mode that can be made smaller smoothly, with transparency as a channel of its own."""
    if image.mode.startswith("I;16"):
        return image.point(lambda sample: sample / 256).convert("L")
    if "transparency" in image.info:
        return image.convert("RGBA")
    return image if image.mode in {"L", "LA", "RGB", "RGBA", "CMYK"} else image.convert("RGB")


def _fit(image: Image.Image, side: int) -> Image.Image:
    """A copy whose longer side is at most `side`."""
    if max(image.size) <= side:
        return image
    scale = side / max(image.size)
    size = tuple(max(1, round(length * scale)) for length in image.size)
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _reduce(image: Image.Image, factor: int) -> Image.Image:
    """`Image.reduce`, strip by strip: on the whole it would copy a picture with transparency twice."""
    premultiplied = {"LA": "La", "RGBA": "RGBa"}.get(image.mode)
    small = Image.new(image.mode, tuple(-(-length // factor) for length in image.size))
    step = _STRIP * factor
    for top in range(0, image.height, step):
        strip = image.crop((0, top, image.width, min(top + step, image.height)))
        if premultiplied:
            strip = strip.convert(premultiplied).reduce(factor).convert(image.mode)
        else:
            strip = strip.reduce(factor)
        small.paste(strip, (0, top // factor))
    return small


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    alpha = image.getchannel("A") if image.mode in {"LA", "RGBA"} else None
    colours = image.convert({"LA": "L", "RGBA": "RGB"}[image.mode]) if alpha else image
    if profile and len(profile) <= _MAX_PROFILE:
        try:
            colours = ImageCms.profileToProfile(colours, BytesIO(profile), _SRGB, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            colours = colours.convert("RGB")  # a broken profile shifts colours; the picture is still good
    colours = colours.convert("RGB")
    if alpha:
        colours.putalpha(alpha)
    return colours


def _encode(image: Image.Image, sent: Kind) -> tuple[Kind, bytes]:
    """The format that suits: a photo as JPEG, a drawing as PNG, transparency kept."""
    if image.mode == "RGBA":
        kind = Kind.WEBP if sent is Kind.WEBP else Kind.PNG
        return kind, _write(image, kind)
    photo = _write(image, Kind.JPEG)
    if sent in {Kind.PNG, Kind.GIF}:
        drawing = _write(image, Kind.PNG)
        if len(drawing) <= len(photo):
            return Kind.PNG, drawing
    return Kind.JPEG, photo


def _write(image: Image.Image, kind: Kind, quality: int = _QUALITY) -> bytes:
    bare = Image.frombytes(image.mode, image.size, image.tobytes())  # pixels alone: no `info` comes along
    out = BytesIO()
    if kind is Kind.JPEG:
        bare.save(out, "JPEG", quality=quality, progressive=True, optimize=True)
    elif kind is Kind.PNG:
        bare.save(out, "PNG")
    else:
        bare.save(out, "WEBP", quality=quality, method=4)
    return out.getvalue()


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
