"""Public pages of moderation: the ledger, one's own acts, reporting."""

from typing import Any
from urllib.parse import urlencode

from flask import current_app, redirect, render_template, request, url_for
from flask_login import login_required

from civic_forum.accounts.labels import ROLE
from civic_forum.blocks import sections
from civic_forum.blocks.listing import Given
from civic_forum.blocks.pages import handle, saved
from civic_forum.platform import clock
from civic_forum.platform.delivery import becomes_another
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.web import by_address, by_user, count_in_hours, never_cached, visitor, writer

from .. import labels, services
from ..forms import ReportForm
from ..pages import bp, concerned
from ..policy import may_read_action, may_report, may_take_back
from ..queries import actions
from ..queries import queue as queries
from ..queries.actions import appeal_section
from ..rules import APPEAL_DAYS, BLOCK_DAYS, Rule


@bp.get("/moderation/ledger")
def ledger():
    return sections.page(_ledger, actions.LEDGER.given(request.args))


def _ledger(given: Given) -> tuple[str, dict[str, Any]]:
    wanted, now = actions.LEDGER.read(given), clock.now()
    page, counted = wanted.page(given.get("after")), actions.counts(now)
    becomes_another(*[one.until for one in page.items if one.until])
    return "moderation/ledger.html", {
        "page": page, "rules": wanted.links("rule", every=_("모든 원칙")), "counted": counted,
        "months": {name: actions.named(name) for name in counted}, "wanted": wanted,
        "month": wanted["month"] and actions.named(wanted["month"]), "labels": labels, "roles": ROLE, "Rule": Rule,
        "now": now, "csv_url": f"/data/moderation.csv?{urlencode(wanted.said)}",
        "after_url": page.after and wanted.address(after=page.after)}


@bp.get("/moderation/rules")
def house_rules():
    return render_template("moderation/rules.html", labels=labels, Rule=Rule, appeal_days=APPEAL_DAYS,
                           block_days=BLOCK_DAYS)


@bp.get("/moderation/actions/<id:action_id>")
@never_cached
def action(action_id: int):
    """For whom it concerns, also where the account is blocked, and for moderators."""
    person = concerned()
    if person is None:
        return redirect(url_for("accounts.sign_in", next=request.path))
    found = actions.action(action_id)
    if may_read_action(person, found):
        raise actions.missing()
    section = appeal_section(found, person)
    return render_template(
        "moderation/action.html", action=found, thing=actions.thing(found), labels=labels, person=person,
        is_own=found.user_id == person.id, sections=[section] if section else [],
        can_end=found.ended_at is None and may_take_back(visitor(), found) is None)


@bp.get("/me/actions")
@never_cached
def own_actions():
    person = concerned()
    if person is None:
        return redirect(url_for("accounts.sign_in", next=request.path))
    return render_template("moderation/own_actions.html", acts=actions.about(person), labels=labels, person=person)


@bp.get("/me/reports")
@never_cached
@login_required
def own_reports():
    return render_template("moderation/own_reports.html", reports=actions.reports(visitor()), labels=labels)


@bp.get("/reports/new")
def report_form():
    """For visitors a page that says how: they sign in, or ask for the text to be taken down without an account."""
    thing = queries.reported_as(request.args.get("about", ""), visitor())
    if visitor().is_authenticated:
        require(visitor(), may_report, thing)
    return _page(ReportForm(formdata=None, about=thing.about), thing)


@bp.post("/reports/new")
@login_required
@by_address
@by_user
def report():
    form = ReportForm()
    thing = queries.reported_as(form.about.data or request.args.get("about", ""), visitor())

    def act():
        count_in_hours(1, "reports", writer(), int(current_app.config["LIMIT_REPORTS_USER"]))
        services.report(thing.kind, thing.id, rule=Rule(form.rule.data), sentence=form.sentence.data or "",
                        by=visitor())

    return handle(form, act, lambda: _page(form, thing), lambda made: saved(_("신고를 받았어요. 운영자가 살펴볼게요."), thing.url),
                  checks=True)


def _page(form: ReportForm, thing: queries.Reported):
    return render_template("moderation/report.html", form=form, thing=thing)
