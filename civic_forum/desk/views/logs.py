"""The audit log and the log of look-ups, to read."""

from typing import Any

from flask import render_template, request

from civic_forum.accounts.labels import TAKEN_OUT
from civic_forum.accounts.policy import may_read_access_log, may_read_audit
from civic_forum.accounts.queries import people as accounts
from civic_forum.blocks.listing import Listing, SORT
from civic_forum.platform.downloads import csv_on_the_way
from civic_forum.platform.errors import Invalid
from civic_forum.platform.paging import Page
from civic_forum.platform.web import visitor

from .. import queries, services
from ..pages import bp, shown_to


@bp.get("/audit")
@shown_to(may_read_audit)
def audit():
    page, shown = _shown(queries.AUDIT)
    actors = accounts.users({entry.actor_id for entry in page.items} - {None})
    return render_template("desk/audit.html", page=page, actors=actors, **shown), 400 if shown["trouble"] else 200


@bp.post("/audit/exports")
@shown_to(may_read_audit)
def export_audit():
    return csv_on_the_way("audit", *services.export_audit(queries.AUDIT.read(_given(queries.AUDIT)), by=visitor()))


@bp.get("/access-log")
@shown_to(may_read_access_log)
def access_log():
    page, shown = _shown(queries.ACCESS)
    users = accounts.users({record.by_id for record in page.items})
    return render_template("desk/access_log.html", page=page, users=users, taken_out=TAKEN_OUT,
                           **shown), 400 if shown["trouble"] else 200


@bp.post("/access-log/exports")
@shown_to(may_read_access_log)
def export_access_log():
    wanted = queries.ACCESS.read(_given(queries.ACCESS))
    return csv_on_the_way("access-log", *services.export_access_log(wanted, by=visitor()))


def _given(log: Listing) -> dict[str, str]:
    return {name: request.args[name][:60] for name in (*log.by_key, SORT) if request.args.get(name)}


def _shown(log: Listing) -> tuple[Page[Any], dict[str, Any]]:
    """A page of a log and what its form says; where a filter cannot be, what was typed and the sentence that says
    why."""
    words, trouble, page, next_url = _given(log), None, Page[Any]([], None), None
    try:
        wanted = log.read(words)
    except Invalid as wrong:
        trouble = str(wrong)
    else:
        page = queries.page(wanted, request.args.get("after"))
        next_url = page.after and wanted.address(after=page.after)
    return page, {"given": words, "trouble": trouble, "fields": log.of().pickers(), "next_url": next_url}
