"""Taking tables out for the work of the office."""

from flask import render_template, request
from flask_login import login_required

from civic_forum.platform.downloads import stored
from civic_forum.platform.errors import Refusal
from civic_forum.platform.policy import require
from civic_forum.platform.web import by_user, never_cached, shown_to, visitor

from .. import rules, services, tables
from ..forms import form_of
from ..policy import may_take
from .blueprint import desk


@desk.get("")
@shown_to(may_take)
def index():
    mine = [table for table in tables.TABLES.values() if table.why_not(visitor()) is None]
    return render_template("exports/list.html", tables=[table for table in mine if not table.personal],
                           personal=[table for table in mine if table.personal], kept=rules.KEPT_DAYS)


@desk.route("/<name>", methods=["GET", "POST"])
@never_cached
@login_required
@by_user
def take(name: str):
    table = tables.table(name)
    require(visitor(), table.why_not)
    status = 200
    if request.method == "GET":
        form = form_of(table, formdata=None, data=table.listing.read(request.args).said)
    else:
        form = form_of(table)
        try:
            taken = services.take(table, request.form, form.chosen_format(), reason=form.reason.data or "",
                                  by=visitor())
            return stored(taken.file, taken.name, taken.media_type)
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
    return render_template("exports/take.html", table=table, form=form, kept=rules.KEPT_DAYS), status
