"""Telling what was done of what was promised."""

from flask import flash, redirect, render_template, url_for

from civic_forum.kernel import clock
from civic_forum.kernel.errors import Refusal
from civic_forum.kernel.i18n import _, local
from civic_forum.kernel.policy import require
from civic_forum.kernel.web import by_user, visitor

from .. import policy, services
from ..forms import ReportForm
from ..models import Outcome
from ..queries import records
from .blueprint import desk
from .gate import for_officials


@desk.get("/<id:outcome_id>/reports")
@for_officials
def report_form(outcome_id: int):
    outcome = records.public(outcome_id)
    require(visitor(), policy.may_report, outcome)
    told = records.reports(outcome.id)
    return _page(outcome, ReportForm(formdata=None, data={"seen": str(len(told)), "on": local(clock.now()).date()}))


@desk.post("/<id:outcome_id>/reports")
@for_officials
@by_user
def report(outcome_id: int):
    outcome, form = records.public(outcome_id), ReportForm()
    require(visitor(), policy.may_report, outcome)
    try:
        services.report(outcome.id, form.part(), seen=form.read_version, by=visitor())
    except Refusal as refusal:
        if refusal.status == 403:
            raise
        form.refuse(refusal)
        return _page(outcome, form), refusal.status
    flash(_("알렸어요. 결과 화면과 처리 과정에 보여요."), "success")
    return redirect(url_for("outcomes.show", outcome_id=outcome.id) + "#carried-out", 303)


def _page(outcome: Outcome, form: ReportForm) -> str:
    return render_template("outcomes/report.html", outcome=outcome, form=form, told=records.reports(outcome.id))
