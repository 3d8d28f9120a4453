"""The way in for every uploaded file."""

from dataclasses import dataclass

from ..rules import FileRefused, Kind, Reason, check_claim, check_size, display_name
from .documents import cleaned
from .pictures import Picture, measured, read_picture
from .sniffing import kind_of


@dataclass(frozen=True)
class Upload:
    """A file that may be kept: `data` is what to store, never simply what was sent."""

    kind: Kind
    name: str
    data: bytes
    picture: Picture | None = None

    @property
    def media_type(self) -> str:
        return self.kind.media_type


def judge(data: bytes, name: str) -> int:
    """Pixels of an uploaded picture, 0 of a document, at first sight: nothing is unpacked. Raises FileRefused."""
    check_size(len(data))
    kind = _kind(data, name)
    if not kind.is_picture:
        return 0
    check_claim(name, kind)
    header = measured(data, kind)
    return header.width * header.height


def read_upload(data: bytes, name: str) -> Upload:
    """The part of an uploaded file that may be kept, and its name; raises FileRefused.

    Costs up to a few seconds of CPU for a large picture: call it before the transaction.
    """
    check_size(len(data))
    kind = _kind(data, name)
    try:
        document = None if kind.is_picture else cleaned(data, kind)
    except FileRefused as refused:
        _check_unknown(refused, name)
        raise
    check_claim(name, kind)
    if document is not None:
        return Upload(kind, display_name(name, kind), document)
    picture = read_picture(data)
    return Upload(picture.kind, display_name(name, picture.kind), picture.data, picture)


def read_or_refusal(data: bytes, name: str) -> Upload | FileRefused:
    """The same with a refusal handed over, for another process."""
    try:
        return read_upload(data, name)
    except FileRefused as refused:
        return refused


def _kind(data: bytes, name: str) -> Kind:
    try:
        return kind_of(data)
    except FileRefused as refused:
        _check_unknown(refused, name)
        raise


def _check_unknown(refused: FileRefused, name: str) -> None:
    if refused.reason is Reason.UNKNOWN_KIND:
        check_claim(name, None)
