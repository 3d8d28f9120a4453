"""Reporting what breaks a rule."""

from flask import current_app, flash, redirect, render_template, request
from flask_login import login_required

from civic_forum.kernel.errors import Refusal
from civic_forum.kernel.i18n import _
from civic_forum.kernel.policy import require
from civic_forum.kernel.web import by_address, by_user, count_in_hours, visitor, when_again, writer

from .. import services
from ..forms import ReportForm
from ..policy import may_report
from ..queries import reports as queries
from ..rules import Rule
from .blueprint import bp


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
    if not form.validate():
        return _page(form, thing, 422)
    try:
        count_in_hours(1, "reports", writer(), int(current_app.config["LIMIT_REPORTS_USER"]))
        services.report(thing.kind, thing.id, rule=Rule(form.rule.data), sentence=form.sentence.data or "",
                        by=visitor())
    except Refusal as refusal:
        form.refuse(refusal)
        return *_page(form, thing, refusal.status), when_again(refusal)
    flash(_("신고를 받았어요. 운영자가 살펴볼게요."), "success")
    return redirect(thing.url, 303)


def _page(form: ReportForm, thing: queries.Reported, status: int = 200):
    return render_template("moderation/report.html", form=form, thing=thing), status
