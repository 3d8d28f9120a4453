"""Files and file names that mean harm, for the tests of every way a file can come in.

`FILES` says of each what must become of it: the reason it is refused for, or None where what is
kept is harmless. Nothing is made before it is asked for, as some are large.
"""

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from PIL import Image

from civic_forum.attachments.rules import Reason
from tests.attachments import making

SCRIPT = b"<script>window.__pwned(9001)</script>"
HTML = b"<!doctype html><html><body>" + SCRIPT + b"</body></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="window.__pwned(9002)"/>'
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class HostileFile:
    """A named case: the file's name as a client would send it, and how to make its bytes."""

    case: str
    name: str
    make: Callable[[], bytes]
    reason: Reason | None


@dataclass(frozen=True)
class HostileName:
    """A file name that must be shown harmlessly, and never used as a path or in a header as it is."""

    case: str
    name: str


def _zeros(megabytes: int) -> bytes:
    return bytes(megabytes * MEGABYTE)


def _packed(megabytes: int) -> bytes:
    return zlib.compress(_zeros(megabytes), 9)


def _png_of_zeros(width: int, height: int, colours: int = 6) -> bytes:
    row = bytes(1 + width * {0: 1, 2: 3, 6: 4}[colours])
    packer = zlib.compressobj(1)
    content = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, colours, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + making.png_chunk(b"IHDR", header) + making.png_chunk(b"IDAT", content)
            + making.png_chunk(b"IEND", b""))


def _png_with_palette(text: bytes) -> bytes:
    image = Image.new("P", (len(text) // 3, 1))
    image.putpalette(text[: len(text) // 3 * 3])
    image.putdata(range(len(text) // 3))
    return making.saved(image, "PNG")


def _jpeg_of_scans(count: int) -> bytes:
    data = making.jpeg(progressive=True)
    at = data.rindex(b"\xff\xda")
    return data[:at] + data[at:-2] * count + b"\xff\xd9"


def _gif_of_frames(count: int) -> bytes:
    head = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + bytes(6)
    frame = b"\x2c" + struct.pack("<4HB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    return head + frame * count + b";"


def _gif_of_size(width: int, height: int) -> bytes:
    return (b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + bytes(6)
            + b"\x2c" + struct.pack("<4HB", 0, 0, width, height, 0) + b"\x02\x02\x44\x01\x00;")


def _webp_of_size(width: int, height: int) -> bytes:
    flags = b"\x10\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + flags + making.webp(8, 8)[12:]
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _jpeg_of_size(width: int, height: int) -> bytes:
    data = making.jpeg(16, 16)
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + struct.pack(">HH", height, width) + data[at + 4:]


def _zip(*names: str, content: bytes = b"x") -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(ZipInfo(name), content)
    return out.getvalue()


def _hwpx_with(name: str) -> bytes:
    """ZipInfo tidies names, so the name is put in afterwards, as long as its place holder."""
    holder = "Contents/" + "q" * 60
    raw = name.encode().ljust(len(holder), b"z")
    return making.hwpx(**{holder: b"x"}).replace(holder.encode(), raw)


def _hwpx_flagged(flag: int) -> bytes:
    data = bytearray(making.hwpx())
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.rindex(signature) + at] |= flag
    return bytes(data)


def _hwpx_overlapping() -> bytes:
    """Two lines of the table of contents that name the same bytes: how small bombs grow large."""
    data = bytearray(making.hwpx())
    first = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", first + 4)
    third = data.index(b"PK\x01\x02", second + 4)
    data[third + 42: third + 46] = data[second + 42: second + 46]
    return bytes(data)


def _hwpx_of_two_directories() -> bytes:
    """A comment of the last line that other readers take for the way to another directory."""
    data, other = making.hwpx(), b"PK\x06\x07" + bytes(16)
    line, end = data.rindex(b"PK\x01\x02"), data.rindex(b"PK\x05\x06")
    [size] = struct.unpack_from("<I", data, end + 12)
    return _set(data[:end], line + 32, "<H", len(other)) + other + _set(data[end:], 12, "<I", size + len(other))


def _hwpx_of_entries(count: int) -> bytes:
    return making.hwpx(**{f"Contents/{number}": b"" for number in range(count)})


def _hwp_in_a_circle() -> bytes:
    """Every sector of the file follows itself."""
    data = bytearray(making.hwp5())
    data[512: 512 + 4 * 20] = struct.pack("<20I", *range(20))
    return bytes(data)


def _hwp_with_own_child() -> bytes:
    data = bytearray(making.hwp5())
    directory = 512 * (1 + struct.unpack_from("<I", data, 48)[0])
    struct.pack_into("<3I", data, directory + 128 + 68, 1, 1, 1)
    return bytes(data)


def _set(data: bytes, at: int, form: str, value: int) -> bytes:
    changed = bytearray(data)
    struct.pack_into(form, changed, at, value)
    return bytes(changed)


def _large(form: str, mode: str, size: tuple[int, int], **options) -> bytes:
    return making.saved(Image.new(mode, size, (1, 2, 3, 4)[: len(mode)]), form, **options)


_PDF_IN_GIF = making.gif()[:-1] + b"\x21\xfe\x08%PDF-1.7\x00;" + making.pdf()
_R = Reason

FILES = [
    # Not what may be attached at all
    HostileFile("empty", "empty.jpg", bytes, _R.EMPTY),
    HostileFile("html", "page.html", lambda: HTML, _R.UNKNOWN_KIND),
    HostileFile("html named as a photo", "photo.jpg", lambda: HTML, _R.MISNAMED),
    HostileFile("html named as a PDF", "plan.pdf", lambda: HTML, _R.MISNAMED),
    HostileFile("svg", "drawing.svg", lambda: SVG, _R.UNKNOWN_KIND),
    HostileFile("svg named as a PNG", "drawing.png", lambda: SVG, _R.MISNAMED),
    HostileFile("svg packed with gzip", "drawing.svgz", lambda: b"\x1f\x8b\x08" + _packed(1), _R.UNKNOWN_KIND),
    HostileFile("script", "run.js", lambda: b"window.__pwned(9003)", _R.UNKNOWN_KIND),
    HostileFile("shell script named as a picture", "run.png", lambda: b"#!/bin/sh\nid\n", _R.MISNAMED),
    HostileFile("windows program", "setup.exe", lambda: b"MZ" + bytes(500), _R.UNKNOWN_KIND),
    HostileFile("windows program named as HWP", "공고.hwp", lambda: b"MZ" + bytes(500), _R.MISNAMED),
    HostileFile("linux program", "tool", lambda: b"\x7fELF" + bytes(500), _R.UNKNOWN_KIND),
    HostileFile("zip", "things.zip", lambda: _zip("a.txt"), _R.UNKNOWN_KIND),
    HostileFile("word document", "plan.docx", lambda: _zip("[Content_Types].xml", "word/document.xml"),
                _R.UNKNOWN_KIND),
    HostileFile("zip named as HWPX", "계획.hwpx", lambda: _zip("a.txt"), _R.MISNAMED),
    HostileFile("old word document", "plan.doc", lambda: making.compound({"WordDocument": b"w" * 500}),
                _R.UNKNOWN_KIND),
    HostileFile("tiff", "scan.tif", lambda: making.saved(making.photo(), "TIFF"), _R.UNKNOWN_KIND),
    HostileFile("bmp", "scan.bmp", lambda: making.saved(making.photo(), "BMP"), _R.UNKNOWN_KIND),
    HostileFile("icon", "favicon.ico", lambda: making.saved(making.photo(32, 32), "ICO"), _R.UNKNOWN_KIND),
    HostileFile("postscript named as a photo", "photo.jpg", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n", _R.MISNAMED),
    HostileFile("heic", "IMG_0001.HEIC", lambda: b"\0\0\0\x18ftypheic" + bytes(500), _R.HEIC),
    HostileFile("avif", "photo.avif", lambda: b"\0\0\0\x18ftypavif" + bytes(500), _R.UNKNOWN_KIND),
    HostileFile("one byte", "a.png", lambda: b"\x89", _R.MISNAMED),
    HostileFile("signature alone, PNG", "a.png", lambda: b"\x89PNG\r\n\x1a\n", _R.BROKEN_PICTURE),
    HostileFile("signature alone, JPEG", "a.jpg", lambda: b"\xff\xd8\xff", _R.BROKEN_PICTURE),
    HostileFile("signature alone, GIF", "a.gif", lambda: b"GIF89a", _R.BROKEN_PICTURE),
    HostileFile("signature alone, WebP", "a.webp", lambda: b"RIFF\0\0\0\0WEBP", _R.BROKEN_PICTURE),
    HostileFile("signature alone, PDF", "a.pdf", lambda: b"%PDF-", _R.BROKEN_DOCUMENT),
    HostileFile("signature alone, HWP", "a.hwp", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _R.BROKEN_DOCUMENT),
    HostileFile("signature alone, HWP 3", "a.hwp", lambda: making.HWP3_SIGNATURE, _R.BROKEN_DOCUMENT),
    HostileFile("signature alone, zip", "a.hwpx", lambda: b"PK\x03\x04", _R.BROKEN_DOCUMENT),
    # One sort of file under the name of another
    HostileFile("photo named as a PDF", "plan.pdf", making.jpeg, _R.MISNAMED),
    HostileFile("PDF named as a photo", "photo.jpg", making.pdf, _R.MISNAMED),
    HostileFile("HWP named as a PDF", "plan.pdf", making.hwp5, _R.MISNAMED),
    HostileFile("PNG named as JPEG", "photo.jpg", making.png, None),
    # Two files in one
    HostileFile("zip after a JPEG", "photo.jpg", lambda: making.jpeg() + _zip("evil.html", content=HTML), None),
    HostileFile("html after a PNG", "photo.png", lambda: making.png() + HTML, None),
    HostileFile("PDF after a GIF", "photo.gif", lambda: _PDF_IN_GIF, None),
    HostileFile("html in a JPEG comment", "photo.jpg", lambda: making.jpeg(comment=HTML), None),
    HostileFile("script in a PNG text", "photo.png",
                lambda: making.png_with(making.png_chunk(b"tEXt", b"Comment\0" + SCRIPT)), None),
    HostileFile("script in a PNG palette", "photo.png",
                lambda: _png_with_palette(SCRIPT), None),
    HostileFile("html before a PDF", "plan.pdf", lambda: HTML + making.pdf(), _R.MISNAMED),
    HostileFile("junk before a PDF", "plan.pdf", lambda: b"junk" + making.pdf(), _R.MISNAMED),
    HostileFile("HWPX of two directories", "계획.hwpx", _hwpx_of_two_directories, _R.BROKEN_DOCUMENT),
    HostileFile("zip after HWPX", "계획.hwpx", lambda: making.hwpx() + b"more", _R.BROKEN_DOCUMENT),
    HostileFile("program before HWPX", "계획.hwpx", lambda: b"MZ" + making.hwpx(), _R.MISNAMED),
    # Pictures that grow
    HostileFile("PNG header of 60,000 × 60,000", "big.png", lambda: making.png_claiming(60_000, 60_000),
                _R.TOO_MANY_PIXELS),
    HostileFile("PNG header of 4 billion", "big.png", lambda: making.png_claiming(2**32 - 1, 2**32 - 1),
                _R.TOO_MANY_PIXELS),
    HostileFile("PNG of nothing", "none.png", lambda: making.png_claiming(0, 10), _R.BROKEN_PICTURE),
    HostileFile("PNG one pixel high, very wide", "line.png", lambda: making.png_claiming(39_000_000, 1),
                _R.TOO_MANY_PIXELS),
    HostileFile("PNG header that says more than there is", "lie.png", lambda: making.png_claiming(3000, 5000),
                _R.BROKEN_PICTURE),
    HostileFile("PNG of 40 megapixels in 150 kB", "flat.png",
                lambda: making.png_claiming(6300, 6300, bytes(6300 * (1 + 3 * 6300))), _R.TOO_MANY_PIXELS),
    HostileFile("PNG header that says less than there is", "lie.png",
                lambda: making.png_claiming(10, 10, _zeros(100)), None),
    HostileFile("PNG of 40 megapixels in 700 kB", "flat.png", lambda: _png_of_zeros(8000, 5000), None),
    HostileFile("PNG with iTXt that unpacks to 200 MB", "text.png", lambda: making.png_with(
        making.png_chunk(b"iTXt", b"k\0\1\0\0\0" + _packed(200))), None),
    HostileFile("PNG with zTXt that unpacks to 200 MB", "text.png", lambda: making.png_with(
        making.png_chunk(b"zTXt", b"k\0\0" + _packed(200))), None),
    HostileFile("PNG with a profile that unpacks to 200 MB", "profile.png", lambda: making.png_with(
        making.png_chunk(b"iCCP", b"k\0\0" + _packed(200))), _R.BROKEN_PICTURE),
    HostileFile("PNG with a wrong check sum", "sum.png",
                lambda: _set(making.png(), 29, "<I", 0), _R.BROKEN_PICTURE),
    HostileFile("PNG of 60,000 blocks", "blocks.png", lambda: making.png_with(
        making.png_chunk(b"tEXt", b"k\0v") * 60_000), _R.BROKEN_PICTURE),
    HostileFile("PNG with two headers", "two.png", lambda: making.png_with(making.png()[8:33]), _R.BROKEN_PICTURE),
    HostileFile("JPEG header of 65,535 × 65,535", "big.jpg", lambda: _jpeg_of_size(65_535, 65_535),
                _R.TOO_MANY_PIXELS),
    # The decoder paints the rest grey, as browsers do.
    HostileFile("JPEG header that says more than there is", "lie.jpg", lambda: _jpeg_of_size(6000, 6000), None),
    HostileFile("JPEG of 1,000 scans", "scans.jpg", lambda: _jpeg_of_scans(1000), _R.BROKEN_PICTURE),
    HostileFile("JPEG of 40 megapixels in scans", "scans.jpg",
                lambda: _large("JPEG", "RGB", (8000, 5000), progressive=True), None),
    HostileFile("JPEG of 40 megapixels in scans with full colour", "scans.jpg",
                lambda: _large("JPEG", "RGB", (8000, 5000), progressive=True, subsampling=0), _R.TOO_MANY_PIXELS),
    HostileFile("GIF of 100,000 frames", "film.gif", lambda: _gif_of_frames(100_000), _R.ANIMATED),
    HostileFile("GIF of 65,535 × 65,535", "big.gif", lambda: _gif_of_size(65_535, 65_535), _R.TOO_MANY_PIXELS),
    HostileFile("GIF of 40 megapixels and no content", "flat.gif", lambda: _gif_of_size(8000, 5000),
                _R.TOO_MANY_PIXELS),
    HostileFile("animated GIF", "film.gif", lambda: making.animated("GIF"), _R.ANIMATED),
    HostileFile("animated PNG", "film.png", lambda: making.animated("PNG"), _R.ANIMATED),
    HostileFile("animated WebP", "film.webp", lambda: making.animated("WEBP"), _R.ANIMATED),
    HostileFile("WebP of 16,384 × 16,384", "big.webp", lambda: _webp_of_size(16_384, 16_384), _R.TOO_MANY_PIXELS),
    HostileFile("WebP whose canvas is not its picture", "lie.webp", lambda: _webp_of_size(3000, 3000),
                _R.BROKEN_PICTURE),
    HostileFile("WebP of 12 megapixels", "flat.webp", lambda: _large("WEBP", "RGBA", (4000, 3000)), None),
    # Documents that are locked, grow, or run in circles
    HostileFile("locked PDF", "plan.pdf", lambda: making.pdf(trailer=b"/Encrypt 9 0 R "), _R.ENCRYPTED),
    HostileFile("PDF without an end", "plan.pdf", lambda: making.pdf()[:-40], _R.BROKEN_DOCUMENT),
    HostileFile("PDF with a script", "plan.pdf", lambda: making.pdf(
        b"/AA << /O << /S /JavaScript /JS (app.alert\\(1\\)) >> >>"), None),
    HostileFile("HWP with a password", "공고.hwp", lambda: making.hwp5(flags=0b11), _R.ENCRYPTED),
    HostileFile("HWP with DRM", "공고.hwp", lambda: making.hwp5(flags=0b10001), _R.ENCRYPTED),
    HostileFile("HWP 3 with a password", "공고.hwp", lambda: making.hwp3(locked=True), _R.ENCRYPTED),
    HostileFile("HWP cut in half", "공고.hwp", lambda: making.hwp5()[:4000], _R.BROKEN_DOCUMENT),
    HostileFile("HWP whose sectors follow themselves", "공고.hwp", _hwp_in_a_circle, _R.BROKEN_DOCUMENT),
    HostileFile("HWP whose entry is its own child", "공고.hwp", _hwp_with_own_child, _R.BROKEN_DOCUMENT),
    HostileFile("HWP with 4 billion tables", "공고.hwp",
                lambda: _set(making.hwp5(), 44, "<I", 2**32 - 1), _R.BROKEN_DOCUMENT),
    HostileFile("HWP whose directory is far outside", "공고.hwp",
                lambda: _set(making.hwp5(), 48, "<I", 2**31), _R.BROKEN_DOCUMENT),
    HostileFile("HWP with sectors of 32 kB", "공고.hwp",
                lambda: _set(making.hwp5(), 30, "<H", 15), _R.BROKEN_DOCUMENT),
    HostileFile("HWP with 15 MB of nothing after it", "공고.hwp", lambda: making.hwp5() + _zeros(15), None),
    HostileFile("HWPX that unpacks 1,000 to 1", "계획.hwpx",
                lambda: making.hwpx(**{"Contents/section1.xml": _zeros(30)}), _R.BOMB),
    HostileFile("HWPX with 5,000 parts", "계획.hwpx", lambda: _hwpx_of_entries(5000), _R.BOMB),
    HostileFile("HWPX with parts that overlap", "계획.hwpx", _hwpx_overlapping, _R.BROKEN_DOCUMENT),
    HostileFile("HWPX with a locked part", "계획.hwpx", lambda: _hwpx_flagged(1), _R.ENCRYPTED),
    HostileFile("HWPX with a password", "계획.hwpx", lambda: making.hwpx(
        **{"META-INF/manifest.xml": b"<odf:encryption-data/>"}), _R.ENCRYPTED),
    HostileFile("HWPX with a path upwards", "계획.hwpx", lambda: _hwpx_with("../../etc/passwd"), _R.BROKEN_DOCUMENT),
    HostileFile("HWPX with an absolute path", "계획.hwpx", lambda: _hwpx_with("/etc/passwd"), _R.BROKEN_DOCUMENT),
    HostileFile("HWPX with a windows path", "계획.hwpx", lambda: _hwpx_with("..\\..\\win.ini"), _R.BROKEN_DOCUMENT),
    HostileFile("HWPX with a drive", "계획.hwpx", lambda: _hwpx_with("C:/autoexec.bat"), _R.BROKEN_DOCUMENT),
    HostileFile("HWPX without a document", "계획.hwpx",
                lambda: making.hwpx({"mimetype": b"application/hwp+zip"}), _R.BROKEN_DOCUMENT),
    HostileFile("more than 20 MB", "big.pdf", lambda: making.pdf() + _zeros(20), _R.TOO_LARGE),
]

_LONG = "가" * 5000
NAMES = [
    HostileName("path upwards", "../../../../etc/passwd"),
    HostileName("path upwards, windows", "..\\..\\..\\windows\\system32\\cmd.exe"),
    HostileName("path upwards, both", "..\\../..\\../x.png"),
    HostileName("path upwards, doubled", "....//....//x.png"),
    HostileName("path upwards, escaped", "%2e%2e%2f%2e%2e%2fx.png"),
    HostileName("absolute", "/etc/cron.d/x"),
    HostileName("absolute, windows", "C:\\Users\\resident\\Desktop\\사진.jpg"),
    HostileName("network share", "\\\\server\\share\\x.png"),
    HostileName("a slash that looks like one", "..\u2215..\uff0fx.png"),
    HostileName("dots", ".."),
    HostileName("one dot", "."),
    HostileName("nothing", ""),
    HostileName("spaces", "   "),
    HostileName("hidden", ".htaccess"),
    HostileName("extension alone", ".png"),
    HostileName("NUL", "photo.php\0.png"),
    HostileName("line break", "photo\r\nSet-Cookie: stolen=1\r\n\r\n.png"),
    HostileName("header", 'x"; filename="evil.html'),
    HostileName("header parameter", "x.png; charset=utf-7"),
    HostileName("quote and backslash", 'a\\"b.png'),
    HostileName("script", "<script>window.__pwned(9101)</script>.png"),
    HostileName("image", "<img src=x onerror=window.__pwned(9102)>.png"),
    HostileName("attribute", '" autofocus onfocus=window.__pwned(9103) x=".png'),
    HostileName("attribute, single quote", "' onmouseover='window.__pwned(9104)'.png"),
    HostileName("script in Markdown", "](javascript:window.__pwned(9105)).png"),
    HostileName("template", "{{ 7*7 }}{% raw %}.png"),
    HostileName("shell", "$(touch /tmp/owned);`id`|id&.png"),
    HostileName("option", "--help.png"),
    HostileName("formula", "=HYPERLINK(\"http://example.org\").pdf"),
    HostileName("sql", "x'; DROP TABLE attachments; --.png"),
    HostileName("double extension", "사진.jpg.exe"),
    HostileName("program that reads backwards", "photo_\u202egpj.exe"),
    HostileName("isolates", "\u2066\u2067\u2068a\u2069.png"),
    HostileName("zero width", "ph\u200bo\u200cto\u200d\ufeff.png"),
    HostileName("control characters", "".join(map(chr, range(1, 32))) + "\x7f\x80\x9f.png"),
    HostileName("line separators", "a\u2028b\u2029c\x85d.png"),
    HostileName("decomposed Hangul", "\u1112\u1161\u11ab\u1100\u1173\u11af.hwp"),
    HostileName("flood of marks", "e" + "\u0301" * 500 + ".png"),
    HostileName("very long", _LONG + ".hwp"),
    HostileName("very long extension", "x." + "p" * 5000),
    HostileName("a million letters", "x" * 1_000_000 + ".png"),
    HostileName("half a pair", "a\ud800b\udfff.png"),
    HostileName("tags", "a\U000e0041\U000e0042.png"),
    HostileName("emoji family", "👨‍👩‍👧‍👦.png"),
    HostileName("windows device", "CON.png"),
    HostileName("windows device, small", "nul.tar.pdf"),
    HostileName("windows stream", "x.png::$DATA"),
    HostileName("trailing dots", "x.png. . ."),
    HostileName("private use", "\ue000\uf8ff.png"),
    HostileName("not a character", "\ufffe\uffff.png"),
    HostileName("percent and unicode escapes", "%c0%ae%c0%ae%c0%af\\u002e.png"),
    HostileName("format", "%s%n%d{0.__class__}.png"),
]
