"""The way in for every uploaded file, in a process of its own: only there Pillow and pikepdf are imported."""

from ..rules import FileRefused, check_claim, check_size, display_name
from .documents import cleaned
from .judging import Upload, check_unknown, kind_claimed
from .pictures import read_picture


def read_upload(data: bytes, name: str) -> Upload:
    """The part of an uploaded file that may be kept, and its name; raises FileRefused.

    Costs up to a few seconds of CPU for a large picture: call it before the transaction.
    """
    check_size(len(data))
    kind = kind_claimed(data, name)
    try:
        document = None if kind.is_picture else cleaned(data, kind)
    except FileRefused as refused:
        check_unknown(refused, name)
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
