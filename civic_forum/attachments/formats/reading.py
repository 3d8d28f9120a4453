"""The way in for every uploaded file."""

from dataclasses import dataclass

from ..rules import FileRefused, Kind, Reason, check_claim, check_size, display_name
from .documents import check_document
from .pictures import Picture, read_picture
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


def read_upload(data: bytes, name: str) -> Upload:
    """The part of an uploaded file that may be kept, and its name; raises FileRefused.

    Costs up to a few seconds of CPU for a large picture: call it before the transaction.
    """
    check_size(len(data))
    try:
        kind = kind_of(data)
        if not kind.is_picture:
            check_document(data, kind)
    except FileRefused as refused:
        if refused.reason is Reason.UNKNOWN_KIND:
            check_claim(name, None)
        raise
    check_claim(name, kind)
    if not kind.is_picture:
        return Upload(kind, display_name(name, kind), data)
    picture = read_picture(data)
    return Upload(picture.kind, display_name(name, picture.kind), picture.data, picture)
