"""Real files, made in memory: pictures by Pillow, documents byte by byte."""

import struct
import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from PIL import Image

HWP3_SIGNATURE = b"HWP Document File V3.00 \x1a\x01\x02\x03\x04\x05"
_FREE, _END, _FAT_SECTOR, _NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF


def photo(width=120, height=80) -> Image.Image:
    """Something with gradients: red to the right, green downwards."""
    across = Image.linear_gradient("L").rotate(90).resize((width, height))
    down = Image.linear_gradient("L").resize((width, height))
    return Image.merge("RGB", (across, down, Image.new("L", (width, height), 90)))


def saved(image: Image.Image, form: str, **options) -> bytes:
    out = BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def jpeg(width=120, height=80, **options) -> bytes:
    return saved(photo(width, height), "JPEG", **options)


def png(width=120, height=80, **options) -> bytes:
    return saved(photo(width, height), "PNG", **options)


def webp(width=120, height=80, **options) -> bytes:
    return saved(photo(width, height), "WEBP", **options)


def gif(width=120, height=80, **options) -> bytes:
    return saved(photo(width, height), "GIF", **options)


def animated(form: str) -> bytes:
    frames = [Image.new("RGB", (20, 20), (shade, 0, 0)) for shade in (0, 120, 250)]
    return saved(frames[0], form, save_all=True, append_images=frames[1:], duration=100)


def exif(orientation: int, note: bytes = b"") -> bytes:
    """An EXIF block by hand: the orientation, and a camera name."""
    camera = note.ljust(5, b" ") + b"\0"
    lines = struct.pack(">HHII", 0x010F, 2, len(camera), 38) + struct.pack(">HHIHxx", 0x0112, 3, 1, orientation)
    return b"Exif\0\0MM\0*\0\0\0\x08" + struct.pack(">H", 2) + lines + bytes(4) + camera


def png_chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png_with(*chunks: bytes, of: bytes | None = None) -> bytes:
    """A PNG with these chunks after its header."""
    data = of or png()
    return data[:33] + b"".join(chunks) + data[33:]


def png_claiming(width: int, height: int, content: bytes = b"\0" * 100, colours: int = 2) -> bytes:
    """A PNG whose header says one size, whatever its content is."""
    header = struct.pack(">IIBBBBB", width, height, 8, colours, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header)
            + png_chunk(b"IDAT", zlib.compress(content, 9)) + png_chunk(b"IEND", b""))


def pdf(extra: bytes = b"", trailer: bytes = b"") -> bytes:
    """One empty page, with a true table of positions."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
               b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>" + extra]
    out, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", []
    for number, thing in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, thing)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + (b"xref\n0 4\n0000000000 65535 f \n%strailer\n<< /Size 4 /Root 1 0 R %s>>\nstartxref\n%d\n%%%%EOF\n"
                  % (table, trailer, len(out)))


def hwp3(locked: bool = False) -> bytes:
    information = bytearray(128)
    information[96] = locked
    return HWP3_SIGNATURE + bytes(information) + bytes(1008) + "한글 문서".encode("johab") * 20


def hwp_header(flags: int = 1) -> bytes:
    return (b"HWP Document File".ljust(32, b"\0") + bytes([0, 0, 0, 5]) + struct.pack("<I", flags)).ljust(256, b"\0")


def hwp5(flags: int = 1) -> bytes:
    return compound({"DocInfo": b"d" * 300, "BodyText": b"b" * 5000, "FileHeader": hwp_header(flags)})


def _line(name: str, kind: int, left=_NONE, right=_NONE, child=_NONE, start=_END, size=0) -> bytes:
    raw = name.encode("utf-16-le") + b"\0\0"
    return (raw.ljust(64, b"\0") + struct.pack("<HBB3I", len(raw), kind, 1, left, right, child)
            + bytes(36) + struct.pack("<IIQ", start, size, 0)[:12])[:128]


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file, version 3: sector 0 is the FAT, streams below 4,096 bytes lie in the mini stream."""
    fat, sectors = [_FAT_SECTOR], [b""]

    def store(content: bytes) -> int:
        if not content:
            return _END
        first = len(sectors)
        for at in range(0, len(content), 512):
            sectors.append(content[at: at + 512].ljust(512, b"\0"))
            fat.append(len(sectors))
        fat[-1] = _END
        return first

    mini, mini_fat, lines = b"", [], []
    for number, (name, content) in enumerate(streams.items(), 1):
        right = number + 1 if number < len(streams) else _NONE
        if len(content) >= 4096:
            lines.append(_line(name, 2, right=right, start=store(content), size=len(content)))
            continue
        first = len(mini_fat)
        mini += content + bytes(-len(content) % 64)
        mini_fat += [*range(first + 1, len(mini) // 64), _END]
        lines.append(_line(name, 2, right=right, start=first, size=len(content)))
    root = _line("Root Entry", 5, child=1, start=store(mini), size=len(mini))
    table = store(struct.pack(f"<{len(mini_fat)}I", *mini_fat))
    directory = store(b"".join([root, *lines]))
    sectors[0] = struct.pack("<128I", *fat, *[_FREE] * (128 - len(fat)))
    header = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
              + struct.pack("<9I", 0, 1, directory, 0, 4096, table, 1, _END, 0)
              + struct.pack("<109I", 0, *[_FREE] * 108))
    return header + b"".join(sectors)


HWPX_PARTS = {
    "mimetype": b"application/hwp+zip",
    "version.xml": b"<version/>",
    "Contents/content.hpf": b"<package/>",
    "Contents/section0.xml": f"<sec>{'한글 문서 ' * 50}</sec>".encode(),
    "META-INF/manifest.xml": b"<manifest/>",
}


def hwpx(parts: dict[str, bytes] | None = None, **more: bytes) -> bytes:
    """A zip as Hancom writes it: the type first and unpacked, then the rest."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in ((HWPX_PARTS if parts is None else parts) | more).items():
            archive.writestr(ZipInfo(name), content, ZIP_STORED if name == "mimetype" else ZIP_DEFLATED)
    return out.getvalue()
