"""Files that a page hands out: tables that are made while they are sent, and tables that are made already."""

from collections.abc import Iterable
from itertools import chain
from typing import BinaryIO

from flask import Response, send_file, stream_with_context

from . import clock
from .i18n import local
from .spreadsheets import CSV, csv_chunks


def csv_on_the_way(name: str, header: Iterable[object], rows: Iterable[Iterable[object]]) -> Response:
    """A table of any length. What reads its rows lets the database go in between."""
    answer = Response(stream_with_context(csv_chunks(chain([header], rows))), mimetype=CSV)
    answer.headers["Content-Disposition"] = f'attachment; filename="{dated(name)}.csv"'
    return answer


def stored(file: BinaryIO, name: str, media_type: str) -> Response:
    """A file that was written before, given out from its beginning and gone when it is sent."""
    file.seek(0)
    answer = send_file(file, mimetype=media_type, as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def dated(name: str) -> str:
    return f"{name}-{local(clock.now()):%Y%m%d}"
