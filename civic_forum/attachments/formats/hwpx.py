"""HWPX written anew: without its people, its scripts, and the places and cameras of its photos."""

import re
from contextlib import suppress
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from ..rules import FileRefused, Kind, Reason
from . import archive
from .picture_headers import read_header
from .sniffing import kind_of

_PACKAGE = re.compile(r"Contents/[^/]+\.hpf")
_XML = re.compile(r"Contents/[^/]+\.xml")
_METADATA = re.compile(rb"(<(?:\w+:)?metadata\b[^>]*(?<!/)>).*?(</(?:\w+:)?metadata\s*>)", re.DOTALL)
_CHANGED_BY = re.compile(rb"(<(?:\w+:)?trackChangeAuthor\b[^>]*?\bname\s*=\s*)(\"[^\"]*\"|'[^']*')")
_NOTED_BY = re.compile(rb"(<(?:\w+:)?stringParam\b[^>]*\bname\s*=\s*[\"'](?:Author|MemoAuthor)[\"'][^>]*(?<!/)>)[^<]*")
_BEARS_PLACES = frozenset((Kind.JPEG, Kind.PNG))


def cleaned(data: bytes, entries: dict[str, archive.Packed]) -> bytes:
    """The same document, its entries in their order and without times; raises FileRefused for what is broken."""
    out = BytesIO()
    with ZipFile(out, "w") as kept:
        for name, entry in entries.items():
            content = archive.unpack(data, entry, entry.unpacked + 1)
            if len(content) != entry.unpacked:
                raise FileRefused(Reason.BROKEN_DOCUMENT)
            kept.writestr(ZipInfo(name), _without_people(name, content),
                          ZIP_STORED if name == "mimetype" else ZIP_DEFLATED)
    return out.getvalue()


def _without_people(name: str, content: bytes) -> bytes:
    if name.lower().startswith("scripts/"):
        return b""
    if _PACKAGE.fullmatch(name):
        return _METADATA.sub(rb"\1\2", content)
    if _XML.fullmatch(name):
        return _NOTED_BY.sub(rb"\1", _CHANGED_BY.sub(rb'\1""', content))
    with suppress(FileRefused):
        if (kind := kind_of(content)) in _BEARS_PLACES:
            return read_header(content, kind).data
    return content
