"""The archive as one list."""

from typing import Any

from flask import Blueprint, request

from civic_forum.blocks import sections
from civic_forum.blocks.listing import Given
from civic_forum.platform.web import by_address

from . import queries
from .queries import ARCHIVE
from .settings import KOGL, LICENCES, licence

bp = Blueprint("archive", __name__)


@bp.get("/archive")
@by_address
def show_list():
    return sections.page(_list, ARCHIVE.given(request.args))


def _list(words: Given) -> tuple[str, dict[str, Any]]:
    wanted = ARCHIVE.read(words)
    page, totals, chosen = queries.listed(wanted, words.get("after")), queries.totals(wanted), licence()
    among = sorted({*totals, *([wanted["year"]] if wanted["year"] else ())}, reverse=True)
    return "archive/list.html", {
        "wanted": wanted, "cards": page.items, "after_url": page.after and wanted.address(after=page.after),
        "years": wanted.links("year", among, {None: sum(totals.values()), **dict.fromkeys(among, 0), **totals}),
        "pickers": wanted.pickers("q", "neighbourhood", "what"), "licence": chosen and LICENCES[chosen],
        "licence_url": f"{KOGL}/info/licenseType{chosen}.do"}
