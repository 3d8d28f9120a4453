"""Taking files in, before any transaction; throwing away what nothing names any more."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from werkzeug.datastructures import FileStorage

from civic_forum.accounts.models import User
from civic_forum.platform import clock, plain_text, storage, subprocess_call, work
from civic_forum.platform.csv_tables import Row
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.personal_numbers import refuse_secret
from civic_forum.platform.subprocess_call import Apart
from civic_forum.platform.work import use_case

from . import allowance, lanes, queries, scanner
from .formats.judging import Upload, judge
from .formats.picture_headers import Picture
from .prepared import PreparedFile
from .rules import MAX_BYTES_EACH, SMALL_MEGAPIXELS, TABLE_BYTES, FileRefused, Kind, Reason, check_number
from .sentences import sentence

UNNAMED_FOR = timedelta(days=1)
"""How long a blob may lie there without a row that names it: a form may still be on its way."""
NAME_SHOWN = 60
PDF = "application/pdf"
MEGABYTES = 1024
"""Of memory for one file; a large picture takes up to three seconds and 300."""
READ = (Upload, Picture, Kind, FileRefused, Reason, Row)
"""Classes of the answers of another process about a file."""
READ_FILE = Apart("civic_forum.attachments.formats.reading:read_or_refusal")
READ_TABLE = Apart("civic_forum.attachments.formats.tables:rows_or_refusal")


@dataclass(frozen=True)
class _Sent:
    """A file as it came, after a first look."""

    data: bytes
    name: str
    pixels: int

    @property
    def lanes(self) -> tuple[lanes.ReadingLane, ...]:
        return (lanes.QUICK, lanes.SLOW) if self.pixels <= SMALL_MEGAPIXELS * 1_000_000 else (lanes.SLOW,)


def prepare(file: FileStorage, *, by: User | None = None) -> PreparedFile:
    """One file of `prepare_all`."""
    return prepare_all([file], by=by)[0]


def prepare_document(file: FileStorage | None, description: str, *, by: User) -> PreparedFile:
    """A PDF or a picture that an office shows, with a sentence of what is in it. Raises as `prepare_all`, and Refusal
    at `file` or `description`."""
    refuse_secret(description=description)
    if file is None:
        raise Refusal(_("파일을 골라 주세요."), field="file")
    try:
        prepared = prepare(file, by=by)
    except Refusal as refusal:
        refusal.field = "file"
        raise
    if not prepared.is_picture and prepared.media_type != PDF:
        raise Refusal(_("PDF와 그림 파일(JPG, PNG, WEBP, GIF)만 올릴 수 있어요."), field="file")
    if not plain_text.clean(description):
        raise Refusal(_("무엇이 담긴 자료인지 한 문장으로 적어 주세요."), field="description")
    return prepared


def prepare_all(files: Sequence[FileStorage], *, by: User | None = None, held: int = 0) -> list[PreparedFile]:
    """Judge uploaded files by their content, write pictures and documents anew, and keep what may be kept. All are
    looked at before the first is unpacked; `held` files hang there already, and `by` pays with their allowance.

    Takes up to a few seconds each, so never inside a transaction. Raises Refusal with a sentence that names the file,
    TooMany, Unavailable; OSError when the disk is full.
    """
    if work.is_open():
        raise RuntimeError("a file is never read inside a transaction")
    try:
        check_number(held + len(files))
    except FileRefused as refused:
        raise Refusal(sentence(refused), field="files") from refused
    sent = [_looked_at(file) for file in files]
    if by is not None:
        allowance.spend(by, sum(file.pixels for file in sent), sum(len(file.data) for file in sent))
    work.let_go()
    return [_kept(_rewritten(file, by)) for file in sent]


def _looked_at(file: FileStorage) -> _Sent:
    data, name = file.stream.read(MAX_BYTES_EACH + 1), file.filename or ""
    try:
        return _Sent(data, name, judge(data, name))
    except FileRefused as refused:
        raise _refusal(refused, name) from refused


def _rewritten(sent: _Sent, by: User | None) -> Upload:
    if (malware := scanner.found_in(sent.data)) is not None:
        with use_case(by) as doing:
            doing.record("attachments.infected", f"user:{by.id if by else 0}",
                         found=plain_text.clean(malware)[:NAME_SHOWN], size=len(sent.data))
        raise _refusal(FileRefused(Reason.INFECTED), sent.name)
    upload = _read(sent.lanes, by, READ_FILE, sent.data, sent.name)
    if isinstance(upload, FileRefused):
        raise _refusal(upload, sent.name) from upload
    return upload


def _refusal(refused: FileRefused, name: str) -> Refusal:
    return Refusal(sentence(refused, plain_text.clean(name)[-NAME_SHOWN:]), field="files")


def _read(through: Sequence[lanes.ReadingLane], by: User | None, function: Callable, *arguments: object):
    """Answer of a function of `formats`, in a process of its own; a refusal is handed over, not raised. What takes too
    long for a lane is read in the next one, and who sent it pays for all that it took."""
    who = [f"user:{by.id}"] if by else []
    for reading in through:
        work.let_go()
        with reading.lane.turn(*who):
            try:
                answer, seconds = subprocess_call.call_confined(reading.seconds, MEGABYTES, READ, function, *arguments)
            except subprocess_call.NoAnswer as ended:
                answer, seconds = None, ended.seconds
        if by is not None:
            allowance.charge(by, seconds)
        if answer is not None:
            return answer
    return FileRefused(Reason.UNREADABLE)


def table_rows(file: FileStorage | None, most: int, *, field: str, by: User) -> list[Row]:
    """Rows of an uploaded table that are not empty; the file is kept nowhere. Raises Refusal at this field, also for
    more than so many rows."""
    if file is None or not file.filename:
        raise Refusal(_("표가 든 파일을 골라 주세요."), field=field)
    data = file.stream.read(TABLE_BYTES + 1)
    allowance.spend(by, 0, len(data))
    rows = _read((lanes.QUICK, lanes.SLOW), by, READ_TABLE, data, most)
    if isinstance(rows, FileRefused):
        raise Refusal(_("엑셀 파일(.xlsx)이나 CSV(UTF-8이나 CP949)로 저장해서 올려 주세요. 암호가 걸려 있으면 먼저 풀어 주세요.")
                      if rows.reason is Reason.UNKNOWN_KIND else sentence(rows), field=field) from rows
    if len(rows) > most:
        raise Refusal(_("한 번에 %(most)s줄까지 올릴 수 있어요. 파일을 나눠 주세요.", most=f"{most:,}"), field=field)
    return rows


def _kept(upload: Upload) -> PreparedFile:
    picture = upload.picture
    return PreparedFile(
        name=upload.name, media_type=upload.media_type, is_picture=picture is not None, size=len(upload.data),
        digest=storage.keep(upload.data), thumbnail_digest=storage.keep(picture.thumb) if picture else None,
        width=picture.width if picture else None, height=picture.height if picture else None)


def forget_unnamed() -> int:
    """Delete the blobs that no row names, and what was never whole; returns how many blobs."""
    on_disk = clock.now() - timedelta(seconds=clock.offset_seconds())
    storage.forget_unfinished(on_disk - UNNAMED_FOR)
    old = list(storage.untouched_since(on_disk - UNNAMED_FOR))
    unnamed = set(old) - queries.named(old)
    for digest in unnamed:
        storage.forget(digest)
    return len(unnamed)
