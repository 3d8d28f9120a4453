"""Open data: what everybody may read anyway, as tables with their columns explained."""

from flask import render_template, request

from civic_forum.platform.downloads import csv_on_the_way
from civic_forum.platform.web import by_address, by_download, never_cached, visitor

from .. import tables
from .blueprint import bp


@bp.get("")
def index():
    return render_template("exports/data.html", tables=tables.open_tables())


@bp.get("/<name>.csv")
@never_cached
@by_address
@by_download
def file(name: str):
    table = tables.open_table(name)
    chosen = table.listing.read(request.args)
    return csv_on_the_way(table.name, [str(column.label) for column in table.columns], table.rows(chosen, visitor()))
