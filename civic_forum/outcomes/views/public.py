"""Public pages: the list, one outcome, and its earlier versions."""

from typing import Any
from urllib.parse import urlencode

from flask import render_template, request

from civic_forum.blocks import sections
from civic_forum.blocks.listing import Chosen, Given, Link
from civic_forum.platform import clock, plain_text
from civic_forum.platform.i18n import _, local
from civic_forum.platform.policy import can
from civic_forum.platform.web import visitor
from civic_forum.proposals.differences import compare

from .. import labels
from ..queries import cards, detail, listing, records, subjects
from ..rules import Decision, Progress
from .blueprint import bp

COMPARED = ("title", "decision", "reasons", "what_follows", "decided_on", "promised_on", "cost", "cost_note",
            "documents", "links")
PICKED = ("year", "neighbourhood", "department")


@bp.get("/outcomes")
def index():
    return sections.page(_index, listing.OUTCOMES.given(request.args))


def _index(given: Given) -> tuple[str, dict[str, Any]]:
    totals = listing.totals(listing.OUTCOMES.of())
    wanted = listing.OUTCOMES.read(given, {"year": totals.years})
    counted = listing.totals(wanted) if wanted.values.keys() - listing.BY_NUMBER else totals
    page = listing.listed(wanted, given.get("after"))
    kinds = [kind for kind in wanted.choices("kind") if kind in totals.kinds or kind == wanted["kind"]]
    return "outcomes/list.html", {
        "cards": cards.of(page.items, _today()), "totals": counted, "wanted": wanted,
        "chips": _chips(wanted, counted), "kinds": wanted.links("kind", kinds), "pickers": wanted.pickers(*PICKED),
        "picked": PICKED, "csv_url": f"/data/outcomes.csv?{urlencode(wanted.said)}",
        "after_url": page.after and wanted.address(after=page.after)}


def _chips(wanted: Chosen, totals: listing.Totals) -> list[Link]:
    """Links by decision and by progress, each with its number."""
    def chip(label: object, total: int, decision: Decision | None = None, progress: Progress | None = None) -> Link:
        return Link(label, wanted.address(decision=decision, progress=progress),
                    (wanted["decision"], wanted["progress"]) == (decision, progress), total)

    return [chip(_("모두"), totals.all),
            *(chip(labels.SHORT[one], totals.decisions[one], decision=one) for one in Decision),
            *(chip(labels.PROGRESS[one], totals.progress[one], progress=one)
              for one in (Progress.IN_PROGRESS, Progress.DONE))]


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
