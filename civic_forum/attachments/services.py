"""Taking files in, before any transaction; throwing away what nothing names any more."""

import threading
from collections.abc import Callable
from datetime import timedelta

from gevent import get_hub, monkey
from werkzeug.datastructures import FileStorage

from civic_forum.platform import clock, plain_text, storage, work
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _

from . import queries
from .formats import tables
from .formats.reading import Upload, read_upload
from .prepared import PreparedFile
from .rules import MAX_BYTES_EACH, FileRefused, Reason
from .sentences import sentence

UNNAMED_FOR = timedelta(days=1)
"""How long a blob may lie there without a row that names it: a form may still be on its way."""
NAME_SHOWN = 60
_one_at_a_time = threading.Semaphore(1)
"""A large picture takes up to 300 MB while it is read."""


def prepare(file: FileStorage) -> PreparedFile:
    """Judge an uploaded file by its content, write a picture anew, and keep what may be kept.

    Takes up to a few seconds, so never inside a transaction. Raises Refusal with a sentence that
    names the file; OSError when the disk is full.
    """
    if work.is_open():
        raise RuntimeError("a file is never read inside a transaction")
    data = file.stream.read(MAX_BYTES_EACH + 1)
    name = file.filename or ""
    upload = _apart(lambda: _judged(data, name))
    if isinstance(upload, FileRefused):
        raise Refusal(sentence(upload, plain_text.clean(name)[-NAME_SHOWN:]), field="files") from upload
    return _kept(upload)


def _judged(data: bytes, name: str) -> Upload | FileRefused:
    """A refusal is handed over, not raised: gevent logs the trace of whatever a thread raises."""
    try:
        return read_upload(data, name)
    except FileRefused as refused:
        return refused


def table_rows(file: FileStorage | None, most: int, *, field: str) -> list[tables.Row]:
    """Rows of an uploaded table that are not empty; the file is kept nowhere. Raises Refusal at this field, also for
    more than so many rows."""
    if file is None or not file.filename:
        raise Refusal(_("표가 든 파일을 골라 주세요."), field=field)
    data = file.stream.read(tables.MOST_BYTES + 1)
    found = _apart(lambda: _rows(data, most))
    if isinstance(found, FileRefused):
        raise Refusal(_("엑셀 파일(.xlsx)이나 CSV로 저장해서 올려 주세요. 암호가 걸려 있으면 먼저 풀어 주세요.")
                      if found.reason is Reason.UNKNOWN_KIND else sentence(found), field=field) from found
    if len(found) > most:
        raise Refusal(_("한 번에 %(most)s줄까지 올릴 수 있어요. 파일을 나눠 주세요.", most=f"{most:,}"), field=field)
    return found


def _rows(data: bytes, most: int) -> list[tables.Row] | FileRefused:
    try:
        return tables.rows_of(data, most)
    except FileRefused as refused:
        return refused


def _kept(upload: Upload) -> PreparedFile:
    picture = upload.picture
    return PreparedFile(
        name=upload.name, media_type=upload.media_type, is_picture=picture is not None, size=len(upload.data),
        digest=storage.keep(upload.data), thumbnail_digest=storage.keep(picture.thumb) if picture else None,
        width=picture.width if picture else None, height=picture.height if picture else None)


def _apart(function: Callable):
    """Run it in a real thread under gevent, so that everybody else goes on being served."""
    with _one_at_a_time:
        if monkey.is_module_patched("threading"):
            return get_hub().threadpool.apply(function)
        return function()


def forget_unnamed() -> int:
    """Delete the blobs that no row names, and what was never whole; returns how many blobs."""
    on_disk = clock.now() - timedelta(seconds=clock.offset_seconds())
    storage.forget_unfinished(on_disk - UNNAMED_FOR)
    old = list(storage.untouched_since(on_disk - UNNAMED_FOR))
    unnamed = set(old) - queries.named(old)
    for digest in unnamed:
        storage.forget(digest)
    return len(unnamed)
