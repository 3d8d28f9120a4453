"""Reports of somebody: written, and how they ended."""

from flask import current_app, render_template, request
from flask_login import login_required

from civic_forum.blocks.pages import handle, saved
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.web import by_address, by_user, count_in_hours, never_cached, visitor, writer

from .. import labels, services
from ..forms import ReportForm
from ..pages import bp
from ..policy import may_report
from ..queries import actions
from ..queries import queue as reports
from ..rules import Rule


@bp.get("/me/reports")
@never_cached
@login_required
def own_reports():
    return render_template("moderation/own_reports.html", reports=actions.reports(visitor()), labels=labels)


@bp.get("/reports/new")
def report_form():
    """For visitors a page that says how: they sign in, or ask for the text to be taken down without an account."""
    thing = reports.reported_as(request.args.get("about", ""), visitor())
    if visitor().is_authenticated:
        require(visitor(), may_report, thing)
    return _page(ReportForm(formdata=None, about=thing.about), thing)


@bp.post("/reports/new")
@login_required
@by_address
@by_user
def report():
    form = ReportForm()
    thing = reports.reported_as(form.about.data or request.args.get("about", ""), visitor())

    def act():
        count_in_hours(1, "reports", writer(), int(current_app.config["LIMIT_REPORTS_USER"]))
        services.reports.report(thing.kind, thing.id, rule=Rule(form.rule.data), sentence=form.sentence.data or "",
                        by=visitor())

    return handle(form, act, lambda: _page(form, thing),
                  lambda made: saved(_("신고를 받았어요. 운영자가 살펴볼게요."), thing.url), checks=True)


def _page(form: ReportForm, thing: reports.Reported):
    return render_template("moderation/report.html", form=form, thing=thing)
