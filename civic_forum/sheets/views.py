"""Pages of sheets, and their files."""

import io

from flask import Blueprint, render_template, request, url_for

from civic_forum.blocks import sheets
from civic_forum.platform.downloads import stored
from civic_forum.platform.i18n import whole_language, speaking
from civic_forum.platform.web import by_address, by_download, never_cached, visitor

from . import making, parts, services

bp = Blueprint("sheets", __name__, url_prefix="/sheets")


@bp.get("/<kind>/<key>")
@never_cached
@by_address
def show(kind: str, key: str):
    declared = sheets.kind_of(kind)
    book = services.load(declared, key, request.args, visitor())
    query = f"?{request.query_string.decode('ascii', 'replace')}" if request.query_string else ""
    return render_template("sheets/show.html", kind=declared, book=book, papers=parts.papers(book), files={
        ending: url_for("sheets.file", kind=kind, key=key, ending=ending) + query for ending in making.TYPES})


@bp.get(f"/<kind>/<key>.<any({','.join(making.TYPES)}):ending>")
@never_cached
@by_address
@by_download
def file(kind: str, key: str, ending: str):
    book = services.load(sheets.kind_of(kind), key, request.args, visitor())
    with speaking(whole_language()):
        made = services.file(ending, parts.papers(book), book.title)
    return stored(io.BytesIO(made), f"{parts.clean(book.slug, parts.LONGEST_NAME)}.{ending}", making.TYPES[ending])
