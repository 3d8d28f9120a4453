"""A first look at an uploaded file, before anything of it is unpacked."""

from dataclasses import dataclass

from ..rules import FileRefused, Kind, Reason, check_claim, check_size
from .picture_headers import Picture, measured
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
    kind = kind_claimed(data, name)
    if not kind.is_picture:
        return 0
    check_claim(name, kind)
    header = measured(data, kind)
    return header.width * header.height


def kind_claimed(data: bytes, name: str) -> Kind:
    try:
        return kind_of(data)
    except FileRefused as refused:
        check_unknown(refused, name)
        raise


def check_unknown(refused: FileRefused, name: str) -> None:
    if refused.reason is Reason.UNKNOWN_KIND:
        check_claim(name, None)
