"""Limits on files: kinds, number, size and name. No database, no web, no clock."""

import re
import unicodedata
from collections.abc import Sequence
from enum import StrEnum
from urllib.parse import quote

from civic_forum.platform.folding import fewer_marks
from civic_forum.platform.plain_text import clean

MEGABYTE = 1024 * 1024
MAX_FILES = 5
MAX_BYTES_EACH = 20 * MEGABYTE
MAX_BYTES_TOGETHER = 25 * MEGABYTE
MAX_NAME_CHARACTERS = 120
TABLE_BYTES, TABLE_COLUMNS = 2 * MEGABYTE, 30
CELL_LONGEST = 2_001
"""Characters of a cell of a table; what is longer is cut, and nothing that long is right."""
SMALL_MEGAPIXELS = 4
"""A picture that is read within half a second, whatever is in it."""
PACKED_MEGAPIXELS, MAX_PACKING = 16, 300
"""Megapixels, and how many times its bytes, from which a PNG or GIF only costs time: nothing is drawn in it."""


class Kind(StrEnum):
    """A kind of file that may be kept. Old and new HWP are one kind to people."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    GIF = "gif"
    PDF = "pdf"
    HWP = "hwp"
    HWPX = "hwpx"

    @property
    def is_picture(self) -> bool:
        return self in PICTURES

    @property
    def media_type(self) -> str:
        return _MEDIA_TYPES[self]

    @property
    def extension(self) -> str:
        return _EXTENSIONS[self][0]


PICTURES = frozenset({Kind.JPEG, Kind.PNG, Kind.WEBP, Kind.GIF})
_PACKED = frozenset({Kind.PNG, Kind.GIF})
_HANGUL = frozenset({Kind.HWP, Kind.HWPX})
_MEDIA_TYPES = {
    Kind.JPEG: "image/jpeg",
    Kind.PNG: "image/png",
    Kind.WEBP: "image/webp",
    Kind.GIF: "image/gif",
    Kind.PDF: "application/pdf",
    Kind.HWP: "application/x-hwp",
    Kind.HWPX: "application/hwp+zip",
}
_EXTENSIONS = {
    Kind.JPEG: ("jpg", "jpeg", "jpe", "jfif"),
    Kind.PNG: ("png",),
    Kind.WEBP: ("webp",),
    Kind.GIF: ("gif",),
    Kind.PDF: ("pdf",),
    Kind.HWP: ("hwp",),
    Kind.HWPX: ("hwpx",),
}
_KIND_OF_EXTENSION = {extension: kind for kind, all_of in _EXTENSIONS.items() for extension in all_of}
# For the `accept` attribute of the file field: a convenience for people, never a check.
ACCEPT = "image/jpeg,image/png,image/webp,image/gif,.pdf,.hwp,.hwpx"


class Reason(StrEnum):
    """Reason why a file is refused; `sentences.py` has the words, the parameters stand here."""

    TOO_MANY = "too_many"  # limit
    TOO_LARGE = "too_large"  # megabytes
    TOO_LARGE_TOGETHER = "too_large_together"  # megabytes
    EMPTY = "empty"
    UNKNOWN_KIND = "unknown_kind"
    HEIC = "heic"
    MISNAMED = "misnamed"  # extension: the one that the name claims
    BROKEN_PICTURE = "broken_picture"
    BROKEN_DOCUMENT = "broken_document"
    NO_TABLE = "no_table"  # line
    TOO_MANY_PIXELS = "too_many_pixels"  # megapixels
    BOMB = "bomb"
    ENCRYPTED = "encrypted"
    ANIMATED = "animated"
    ONLY_A_SHELL = "only_a_shell"
    UNREADABLE = "unreadable"
    INFECTED = "infected"


class FileRefused(Exception):
    """A file we looked at and will not keep: a reason, and the values its sentence needs."""

    def __init__(self, reason: Reason, **parameters: object):
        self.reason = reason
        self.parameters = parameters


def check_sizes(sizes: Sequence[int]) -> None:
    """Raise FileRefused unless files of these many bytes may hang together on one thing."""
    check_number(len(sizes))
    for size in sizes:
        check_size(size)
    if sum(sizes) > MAX_BYTES_TOGETHER:
        raise FileRefused(Reason.TOO_LARGE_TOGETHER, megabytes=MAX_BYTES_TOGETHER // MEGABYTE)


def check_number(number: int) -> None:
    """Raise FileRefused unless so many files may hang together on one thing."""
    if number > MAX_FILES:
        raise FileRefused(Reason.TOO_MANY, limit=MAX_FILES)


def check_packing(kind: Kind, pixels: int, size: int) -> None:
    """Raise FileRefused for a large picture in far fewer bytes than one that shows something: three a pixel."""
    if kind in _PACKED and pixels > PACKED_MEGAPIXELS * 1_000_000 and 3 * pixels > MAX_PACKING * size:
        raise FileRefused(Reason.TOO_MANY_PIXELS, megapixels=PACKED_MEGAPIXELS)


def check_size(size: int) -> None:
    if size == 0:
        raise FileRefused(Reason.EMPTY)
    if size > MAX_BYTES_EACH:
        raise FileRefused(Reason.TOO_LARGE, megabytes=MAX_BYTES_EACH // MEGABYTE)


def claimed_kind(name: str) -> Kind | None:
    """The kind that a file's name claims, if it claims one that we know."""
    return _KIND_OF_EXTENSION.get(_clean(name).rpartition(".")[2].lower()) if "." in name else None


def check_claim(name: str, kind: Kind | None) -> None:
    """Refuse a name that promises one sort of file over the content of another.

    A picture named as another kind of picture is everyday and harmless (its extension is put
    right), and so is HWP named HWPX; a document named as a picture is not. `kind` is None
    where the content is nothing that we know.
    """
    claimed = claimed_kind(name)
    if claimed is None or claimed is kind:
        return
    if any({claimed, kind} <= family for family in (PICTURES, _HANGUL)):
        return
    raise FileRefused(Reason.MISNAMED, extension=_EXTENSIONS[claimed][0])


_SEPARATORS = re.compile(r"[/\\]")
# What Windows refuses in a name, and what looks like a separator or becomes one.
_UNSAFE = re.compile(r'[<>:"|?*\u2044\u2215\u29f5\u29f8\u29f9\ufe68\uff0f\uff3c]')
_MAX_MARKS = 3  # on one letter
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
UNNAMED = "file"


def display_name(name: str, kind: Kind) -> str:
    """A client's file name as it may be shown: never a path, never used as one.

    NFC, without control, bidi and private characters, the last part of a path only, at most
    120 characters, with the extension of the true kind.
    """
    stem = _clean(name)
    head, dot, extension = stem.rpartition(".")
    if extension.lower() in _KIND_OF_EXTENSION and (dot or name.endswith("." + extension)):
        stem = head
    suffix = "." + kind.extension
    stem = stem[: MAX_NAME_CHARACTERS - len(suffix)].rstrip(" .") or UNNAMED
    return stem + suffix


def download_header(name: str) -> str:
    """The value of Content-Disposition for a file to be saved under `name` (RFC 6266, RFC 5987)."""
    shown = _clean(name) or UNNAMED
    plain = unicodedata.normalize("NFKD", shown).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", plain).strip(" ._") or UNNAMED
    extension = shown.rpartition(".")[2].lower()
    if extension in _KIND_OF_EXTENSION and not plain.lower().endswith("." + extension):
        plain = f"{UNNAMED}.{extension}"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(shown, safe='')}"


def _clean(name: str) -> str:
    base = _SEPARATORS.split(name[-4096:])[-1]
    shown = "".join(letter for letter in clean(base) if unicodedata.category(letter)[0] != "C")
    # Once more: a mark may have come to stand behind its letter.
    base = _UNSAFE.sub("_", unicodedata.normalize("NFC", fewer_marks(shown, _MAX_MARKS)))
    base = " ".join(base.split()).lstrip(" .-").rstrip(" .")
    return _RESERVED.sub(r"\1_\2", base)
