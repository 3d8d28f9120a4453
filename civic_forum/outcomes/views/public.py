"""Public pages: the list, one outcome, and its earlier versions."""

from flask import render_template, request

from civic_forum.district.queries import neighbourhood_names
from civic_forum.kernel import clock, plain_text
from civic_forum.kernel.i18n import _, local
from civic_forum.kernel.policy import can
from civic_forum.kernel.web import visitor
from civic_forum.proposals.differences import compare

from .. import filters, labels
from ..queries import cards, detail, listing, records, subjects
from .blueprint import bp

COMPARED = ("title", "decision", "reasons", "what_follows", "decided_on", "promised_on", "cost", "cost_note",
            "documents", "links")


@bp.get("/outcomes")
def index():
    departments, names = listing.departments(), neighbourhood_names()
    totals = listing.totals(listing.OutcomeFilter())
    wanted = filters.wanted(request.args, departments, names, totals.years)
    others = any((wanted.subject, wanted.department_id, wanted.year)) or wanted.neighbourhood_id is not None
    counted = listing.totals(wanted) if others else totals
    page = listing.listed(wanted, request.args.get("after"))
    return render_template(
        "outcomes/list.html", cards=cards.of(page.items, _today()), totals=counted, wanted=wanted,
        chips=filters.chips(wanted, counted), kinds=filters.kinds(wanted), kept=filters.kept(wanted),
        selects=filters.selects(wanted, departments, names, totals.years), csv_url=filters.csv_address(wanted),
        after_url=page.after and filters.address(wanted, after=page.after))


@bp.get("/outcomes/<id:outcome_id>")
def show(outcome_id: int):
    found = detail.detail(outcome_id)
    viewer = visitor()
    acts = [(label, f"/desk/outcomes/{outcome_id}/{act}") for name, label, act in (
        ("outcomes.report", _("실행 알리기"), "reports"), ("outcomes.correct", _("바로잡기"), "correction"))
        if can(viewer, name, found.outcome)] if viewer.is_authenticated else []
    return render_template("outcomes/show.html", found=found, outcome=found.outcome, labels=labels, today=_today(),
                           promise=found.promise(_today()), acts=acts)


@bp.get("/outcomes/<id:outcome_id>/versions")
def versions(outcome_id: int):
    outcome = records.public(outcome_id)
    every = records.versions(outcome.id)
    newer = records.version(outcome.id, _wanted("to", every[0].version))
    older = records.version(outcome.id, _wanted("from", max(newer.version - 1, 1)))
    changed = [(name, compare(said(older.content, name), said(newer.content, name))) for name in COMPARED
               if older.content[name] != newer.content[name]]
    return render_template("outcomes/versions.html", outcome=outcome, versions=every, older=older, newer=newer,
                           changed=changed, labels=labels, about=subjects.about(outcome))


def _wanted(name: str, otherwise: int) -> int:
    return plain_text.version(request.args[name]) if request.args.get(name) else otherwise


def said(content: dict, name: str) -> str:
    """Text of a version there, so that it can be compared."""
    value = content[name]
    if name == "decision":
        return str(labels.DECISION[value])
    if name in ("documents", "links"):
        return "\n\n".join("\n".join(pair) for pair in value)
    if name == "cost":
        return "" if value is None else f"{value:,}"
    return value or ""


def _today():
    return local(clock.now()).date()
