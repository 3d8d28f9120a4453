"""HWPX written anew: without its people, its scripts, and the places and cameras of its photos."""

from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from xml.parsers import expat
from xml.sax.saxutils import quoteattr
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from ..rules import FileRefused, Kind, Reason
from . import archive
from .picture_headers import read_header
from .sniffing import kind_of

_XML = (".xml", ".hpf")
_AUTHORS = frozenset(("Author", "MemoAuthor"))
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
    if content and name.lower().endswith(_XML):
        return _Part(content).cleaned()
    with suppress(FileRefused):
        if (kind := kind_of(content)) in _BEARS_PLACES:
            return read_header(content, kind).data
    return content


class _Part:
    """An XML part in UTF-8 as expat goes through it: everything stays byte by byte but what names people."""

    def __init__(self, content: bytes):
        self._content, self._kept, self._kept_to = content, BytesIO(), 0
        self._depth = 0
        self._at_tag_end: Callable[[int], None] | None = None
        self._parser = expat.ParserCreate("utf-8")
        self._parser.StartElementHandler, self._parser.EndElementHandler = self._start, self._end
        self._parser.DefaultHandler = lambda _text: self._reached()
        self._parser.StartDoctypeDeclHandler = self._refuse

    def cleaned(self) -> bytes:
        """Raises FileRefused for what is no XML, or declares a type and so entities."""
        try:
            self._parser.Parse(self._content, True)
        except expat.ExpatError as fault:
            raise FileRefused(Reason.BROKEN_DOCUMENT) from fault
        self._keep(len(self._content))
        return self._kept.getvalue()

    def _refuse(self, *_declared: object) -> None:
        raise FileRefused(Reason.BROKEN_DOCUMENT)

    def _keep(self, end: int) -> None:
        self._kept.write(self._content[self._kept_to:end])

    def _reached(self) -> int:
        """Place of this event, which is the end of the tag before it."""
        place = self._parser.CurrentByteIndex
        if self._at_tag_end:
            self._at_tag_end(place)
            self._at_tag_end = None
        return place

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        place, element = self._reached(), name.rpartition(":")[2]
        if self._depth:
            self._depth += 1
        elif element == "metadata" or element == "stringParam" and attributes.get("name") in _AUTHORS:
            self._depth, self._at_tag_end = 1, self._begin_emptying
        elif element == "trackChangeAuthor":
            self._keep(place)
            nameless = "".join(f" {key}={quoteattr('' if key == 'name' else text)}" for key, text in attributes.items())
            self._at_tag_end = lambda end: self._replace(f"<{name}{nameless}", end)

    def _begin_emptying(self, place: int) -> None:
        self._keep(place)
        self._kept_to = place

    def _replace(self, tag: str, end: int) -> None:
        closing = "/>" if self._content.startswith(b"/", end - 2) else ">"
        self._kept.write(f"{tag}{closing}".encode())
        self._kept_to = end

    def _end(self, _name: str) -> None:
        place = self._reached()
        if self._depth:
            self._depth -= 1
            if not self._depth:
                self._kept_to = place
