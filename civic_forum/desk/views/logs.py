"""Reading the audit log and the log of look-ups."""

from flask import render_template, request, url_for

from civic_forum.accounts.policy.staff import may_read_access_log, may_read_audit
from civic_forum.accounts.queries import people
from civic_forum.accounts.labels import TAKEN_OUT
from civic_forum.kernel import paging
from civic_forum.kernel.downloads import csv_on_the_way
from civic_forum.kernel.errors import Invalid
from civic_forum.kernel.web import visitor

from .. import filters, queries, services
from .gate import bp, shown_to

PAGE = 50
AUDIT = ("area", "subject", "actor", "since", "until")
ACCESS = ("by", "user", "since", "until")


@bp.get("/audit")
@shown_to(may_read_audit)
def audit():
    given, page, actors = _given(AUDIT), paging.Page([], None), {}
    wanted, trouble = _tried(filters.audit_filter, given)
    if wanted:
        page = paging.page_of(queries.audit_entries(wanted, PAGE + 1, _after()), PAGE, lambda entry: (entry.id,))
        actors = people.users({entry.actor_id for entry in page.items} - {None})
    return render_template("desk/audit.html", page=page, actors=actors, given=given, areas=filters.areas(),
                           next_url=page.after and url_for(".audit", **given, after=page.after),
                           trouble=trouble), 400 if trouble else 200


@bp.post("/audit/exports")
@shown_to(may_read_audit)
def export_audit():
    return csv_on_the_way("audit", *services.export_audit(filters.audit_filter(_given(AUDIT)), by=visitor()))


@bp.get("/access-log")
@shown_to(may_read_access_log)
def access_log():
    given, page, users = _given(ACCESS), paging.Page([], None), {}
    wanted, trouble = _tried(filters.access_filter, given)
    if wanted:
        page = paging.page_of(queries.access_records(wanted, PAGE + 1, _after()), PAGE, lambda record: (record.id,))
        users = people.users({record.by_id for record in page.items})
    return render_template("desk/access_log.html", page=page, users=users, given=given, taken_out=TAKEN_OUT,
                           next_url=page.after and url_for(".access_log", **given, after=page.after),
                           trouble=trouble), 400 if trouble else 200


@bp.post("/access-log/exports")
@shown_to(may_read_access_log)
def export_access_log():
    wanted = filters.access_filter(_given(ACCESS))
    return csv_on_the_way("access-log", *services.export_access_log(wanted, by=visitor()))


def _given(names: tuple[str, ...]) -> dict[str, str]:
    return {name: request.args[name][:60] for name in names if request.args.get(name)}


def _tried(read, given: dict[str, str]):
    """Filters, or the sentence that says why it cannot be."""
    try:
        return read(given), None
    except Invalid as wrong:
        return None, str(wrong)


def _after() -> int | None:
    after = paging.parts(request.args.get("after"), int)
    return after[0] if after else None

